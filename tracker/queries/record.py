"""Figures of the past: what was known on a day, and why a closed period's figure differs now."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tracker.domain.calendar import Period
from tracker.domain.compact import Facts as Compact
from tracker.domain.compact import OtherOrigin, Work
from tracker.domain.contributions import Contribution, Named
from tracker.domain.facts import Entry, Item
from tracker.domain.ledger import Ledger
from tracker.domain.mix import Measure, Mix, Weight, entries, period_mix
from tracker.domain.record import Words
from tracker.domain.reporting import Rules
from tracker.domain.restatement import Cause, Facts, Restatement, Step, restate
from tracker.models import PeriodClose, Team
from tracker.models.record import Record, end_of
from tracker.queries.calendars import calendars_of
from tracker.queries.ledgers import TeamLedger, ledgers
from tracker.queries.policies import policies_of

BAND = ("band_lower", "band_upper", "band_derail")
AFTERWARDS = date.max


def known_ledgers(team_ids: Collection[int], moment: datetime) -> dict[int, TeamLedger]:
    """Return the ledgers of teams from what was recorded ahead of a moment.

    Bands and closes are those set by then; the working days are today's. Few queries, however many
    teams, and slow for large ones, since all that was ever recorded of them is read.
    """
    teams = list(Team.objects.filter(pk__in=list(team_ids)))
    calendars = calendars_of(teams)
    items: dict[int, list[Compact]] = {team.pk: [] for team in teams}
    for item in Record(list(items), moment).replay(moment).items.values():
        items[item.team].append(compact(item))
    _give_bands(teams, moment)
    policies = policies_of(teams, moment)
    return {
        pk: TeamLedger(team, 0, Ledger(calendars[pk], items[pk]), policy=policies[pk])
        for team in teams
        for pk in (team.pk,)
    }


@contextmanager
def ledgers_as_asked(
    stamps: Mapping[int, int], known: date | None, zone: str
) -> Iterator[dict[int, TeamLedger]]:
    """Give the ledgers of teams as known at the end of a day in a zone, as of now for None."""
    if known is not None:
        yield known_ledgers(list(stamps), end_of(known, zone))
        return
    with ledgers(stamps) as kept:
        yield kept


@dataclass(frozen=True, slots=True)
class KnownEntries:
    """What initiatives contributed to a period as known on a day, and what they were called."""

    entries: tuple[Entry, ...]
    words: Mapping[int, Words]
    teams: Mapping[int, str]

    def named(self, parts: Iterable[Contribution]) -> list[Named]:
        """Return contributions with keys and titles as they were then, largest first."""
        found = [
            Named(part, words.key, words.title, words.status, self.teams[part.entry.team])
            for part in parts
            if (words := self.words.get(part.entry.item))
        ]
        return sorted(found, key=lambda row: (-(row.part.amount or 0), row.key))


def entries_known(
    teams: Sequence[Team], period: Period, measure: Measure, known: date, zone: str
) -> KnownEntries:
    """Return what each initiative of the teams contributed to a period as known at a day's end."""
    calendars = calendars_of(teams)
    before, moment = known + timedelta(days=1), end_of(known, zone)
    replay = Record([team.pk for team in teams], moment).replay(moment)
    by_team: dict[int, list[Item]] = {team.pk: [] for team in teams}
    for _, item in sorted(replay.items.items()):
        by_team[item.team].append(item)
    found = tuple(
        entry
        for own in by_team.values()
        for entry in entries(own, period, measure, before=before, calendar_of_team=calendars)
    )
    return KnownEntries(found, replay.words, {team.pk: team.name for team in teams})


def _give_bands(teams: Sequence[Team], moment: datetime) -> None:
    """Set the band each team had at a moment; one that was not recorded by then keeps its own."""
    rows = Team.history.filter(id__in=[team.pk for team in teams], history_date__lt=moment)
    latest = {
        pk: edges
        for pk, *edges in rows.order_by("history_date", "history_id").values_list("id", *BAND)
    }
    for team in teams:
        for name, edge in zip(BAND, latest.get(team.pk, ()), strict=False):
            setattr(team, name, edge)


def compact(item: Item) -> Compact:
    """Return facts as ledgers take them."""
    given_up = [day for day in (item.cancelled_on, item.deferred_on) if day is not None]
    return Compact(
        item.item,
        item.root if item.root != item.item else None,
        item.parent,
        (item.origin.value, item.trigger),
        _ordinal(item.entered_on),
        _ordinal(item.committed_on),
        _ordinal(item.delivered_on),
        _ordinal(min(given_up, default=None)),
        item.intake_mpd,
        item.delivered_mpd,
        item.commit_value,
        item.effort_mpd is not None,
        None,
        tuple(
            Work(one.start.toordinal(), _ordinal(one.end), one.fte_milli, one.assumed)
            for one in item.segments
        ),
        tuple(
            OtherOrigin(one.start.toordinal(), one.end.toordinal(), one.origin.value)
            for one in item.shifts
        ),
    )


def _ordinal(day: date | None) -> int | None:
    return None if day is None else day.toordinal()


@dataclass(frozen=True, slots=True)
class Restated:
    """A closed period's figure as reported and now, and what moved it, with names.

    ``words`` tells what the initiatives of the steps are called today.
    """

    found: Restatement
    words: Mapping[int, Words]


def restatement_of(close: PeriodClose) -> Restated:
    """Replay what was recorded since a close, under the rules of the close; eight queries.

    The figure is the headline, capacity by effort.
    """
    rules = close.rules_held
    record = Record([close.team_id], cycles=rules.cycles)
    replay = record.replay(close.closed_at)
    facts = dict(replay.items)
    revisions = replay.revisions(record.since(close.closed_at))
    found = restate(facts, revisions, measure_of(close.period, rules))
    reported = Mix(close.opportunistic, close.planned, close.unclassified)
    return Restated(_from_report(found, reported, close.closed_at), replay.words)


def _from_report(found: Restatement, reported: Mix, at: datetime) -> Restatement:
    """Begin with the report, where a write that the close could not see was recorded before it."""
    if found.reported == reported:
        return found
    before, after = reported.share, found.reported.share
    moved = after - before if before is not None and after is not None else None
    first = Step(at, 0, "", Cause.OTHER, reported, found.reported, moved)
    return replace(found, reported=reported, steps=(first, *found.steps))


def measure_of(period: Period, rules: Rules) -> Callable[[Facts], Mix]:
    """Return what gives a period's capacity by effort from facts; it remembers each item's part."""
    parts: dict[int, tuple[Item, Mix]] = {}

    def part_of(item: Item) -> Mix:
        known = parts.get(item.item)
        if known is None or known[0] is not item:
            members = entries(
                (item,),
                period,
                Measure.CAPACITY,
                before=AFTERWARDS,
                calendar_of_team={item.team: rules.calendar},
            )
            mix = period_mix(period, Measure.CAPACITY, members).mixes[Weight.EFFORT]
            known = parts[item.item] = (item, mix)
        return known[1]

    def measure(facts: Facts) -> Mix:
        lucky = planned = unclassified = 0
        for item in facts.values():
            mix = part_of(item)
            lucky += mix.opportunistic
            planned += mix.planned
            unclassified += mix.unclassified
        return Mix(lucky, planned, unclassified)

    return measure
