"""Closing periods: what was reported is stored for good.

A close replays what was recorded up to its moment, so that the same facts can be read again.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tracker.actions.period_report import Closing, report_of
from tracker.domain.calendar import FiscalCalendar, Period
from tracker.domain.closing import (
    CLOSED_KINDS,
    closes_on,
    ended_periods,
    inputs_hash,
    is_due,
)
from tracker.domain.facts import Item
from tracker.domain.mix import Measure, Origin, Weight, entries, period_mix
from tracker.domain.record import Replay
from tracker.domain.reporting import Rules, finding_words, mixes_of, plain_mixes, zoned_share
from tracker.domain.standing import confidence, pool_of
from tracker.domain.zone import Zone, states_under
from tracker.models import Organisation, PeriodClose, Team, TeamCounter, User
from tracker.models.periods import Bands, first_days
from tracker.models.record import Record

ONE = timedelta(days=1)
LONGEST_BACK = timedelta(days=12 * 366)
EARLY = time(6)


def close(
    *,
    by: User,
    team: Team,
    period: Period,
    closed_on: date,
    closed_at: datetime | None = None,
) -> list[PeriodClose]:
    """Close a period by hand, with those of its kind before it that are still open.

    Returns what was closed, the period asked for last; nothing where that was closed already.
    Facts recorded from ``closed_at`` (now) on are not in it. ``by`` must have been let in as a
    lead. Raises ValidationError while the period runs and where the team had no work by its end.
    """
    fiscal = _fiscal()
    if period.kind not in CLOSED_KINDS:
        raise ValidationError("Weeks are not closed. Close a month, quarter, half-year or year.")
    if period.end > closed_on:
        raise ValidationError(f"{period.label} is not over yet. Close it from {period.end} on.")
    first = _first_day(team, closed_on)
    if first is None or first >= period.end:
        raise ValidationError(f"{team} had no work by the end of {period.label}.")
    with transaction.atomic():
        closing = _Closing(team, fiscal, closed_at)
        ran = ended_periods(first, closed_on, fiscal, period.kind)
        wanted = [one for one in ran if one == period or first <= one.start < period.start]
        return closing.store([(one, closed_on, closing.moment) for one in wanted], by)


def close_due(
    today: date,
    *,
    closed_at: datetime | None = None,
    team_ids: Collection[int] | None = None,
    since: date | None = None,
    each_on_its_day: bool = False,
) -> list[PeriodClose]:
    """Close what is due for all teams, or some: five working days after a period's end.

    Months, quarters, half-years and years, from the first that began after a team's first work,
    oldest first. Again or on two workers at once it closes nothing twice. ``closed_at`` is the
    moment up to which records count. ``since`` leaves out periods that began before it, and
    ``each_on_its_day`` closes each as of the day it was due: both are for a history that is
    told afterwards.
    """
    teams = Team.objects.order_by("pk")
    if team_ids is not None:
        teams = teams.filter(pk__in=list(team_ids))
    fiscal = _fiscal()
    found: list[PeriodClose] = []
    known = first_days([team.pk for team in teams])
    for team in teams:
        if team.pk in known:
            first = max(known[team.pk], since or today - LONGEST_BACK)
            due = _due(team, first, today, fiscal)
            if due:
                found += _close_team(
                    team,
                    due,
                    today,
                    fiscal,
                    closed_at=closed_at,
                    each_on_its_day=each_on_its_day,
                )
    return found


def _close_team(
    team: Team,
    due: Sequence[Period],
    today: date,
    fiscal: FiscalCalendar,
    *,
    closed_at: datetime | None,
    each_on_its_day: bool,
) -> list[PeriodClose]:
    with transaction.atomic():
        closing = _Closing(team, fiscal, closed_at)
        wanted = []
        for period in due:
            day, moment = today, closing.moment
            if each_on_its_day:
                day = closes_on(period, team.calendar)
                moment = min(datetime.combine(day, EARLY, tzinfo=UTC), moment)
            wanted.append((period, day, moment))
        return closing.store(wanted, None)


def _due(team: Team, first: date, today: date, fiscal: FiscalCalendar) -> list[Period]:
    """Return what should have been closed by today and is not, oldest first."""
    closed = set(PeriodClose.objects.filter(team=team).values_list("kind", "starts_on"))
    ended = [one for kind in CLOSED_KINDS for one in ended_periods(first, today, fiscal, kind)]
    due = [
        one
        for one in ended
        if one.start >= first
        and (one.kind.value, one.start) not in closed
        and is_due(one, team.calendar, today)
    ]
    return sorted(due, key=lambda one: (one.end, -one.start.toordinal()))


def _first_day(team: Team, today: date) -> date | None:
    first = first_days([team.pk]).get(team.pk)
    return max(first, today - LONGEST_BACK) if first else None


def _fiscal() -> FiscalCalendar:
    organisation = Organisation.current()
    return organisation.fiscal if organisation else FiscalCalendar()


class _Closing:
    """Closes of one team in one transaction, with the team's counter locked."""

    def __init__(self, team: Team, fiscal: FiscalCalendar, closed_at: datetime | None) -> None:
        self.team, self.fiscal = team, fiscal
        # The lock makes a second worker wait, and then see that there is nothing left to do.
        TeamCounter.objects.select_for_update().get(team=team)
        self.moment = closed_at or timezone.now()
        self.bands = Bands(team)
        self.before: dict[str, list[PeriodClose]] = {}
        for row in PeriodClose.objects.filter(team=team).order_by("starts_on"):
            self.before.setdefault(row.kind, []).append(row)

    def store(
        self, wanted: Iterable[tuple[Period, date, datetime]], by: User | None
    ) -> list[PeriodClose]:
        """Write the closes that are not there yet, and return them."""
        new = [one for one in wanted if not self._is_closed(one[0])]
        if not new:
            return []
        record = Record([self.team.pk], max(moment for _, _, moment in new))
        replays: dict[datetime, Replay] = {}
        found = []
        for period, day, moment in new:
            if moment not in replays:
                replays = {moment: record.replay(moment)}
            found.append(self._store(period, day, moment, replays[moment], by))
        TeamCounter.bump(self.team.pk)
        return found

    def _is_closed(self, period: Period) -> bool:
        rows = self.before.get(period.kind.value, [])
        return any(row.starts_on == period.start or row.slug == period.slug for row in rows)

    def _store(
        self, period: Period, day: date, moment: datetime, replay: Replay, by: User | None
    ) -> PeriodClose:
        rules = Rules.of(period, self.bands.of_open(period), self.team.calendar, replay.cycles)
        items = replay.items
        mixes = mixes_of(items.values(), period, rules.calendar, day + ONE)
        mix = mixes[Measure.CAPACITY]
        effort = mix.mixes[Weight.EFFORT]
        zone = self._zone(period, rules, zoned_share(mix))
        sure = _confidence(items.values(), period, self.team, zone, rules)
        row = PeriodClose.objects.create(
            team=self.team,
            kind=period.kind.value,
            slug=period.slug,
            label=period.label,
            starts_on=period.start,
            ends_before=period.end,
            closed_on=day,
            closed_at=moment,
            closed_by=by,
            closed_by_name=str(by) if by else "",
            planned=effort.planned,
            opportunistic=effort.opportunistic,
            unclassified=effort.unclassified,
            assumed=mix.assumed_mpd,
            zone=zone.value,
            finding=finding_words(effort, zone, period, rules.band)[:500],
            figures={**plain_mixes(mixes), "confidence": sure},
            report=report_of(Closing(self.team, period, rules, replay, day + ONE, moment)),
            rules=rules.plain(),
            definition=rules.definition,
            calendar=rules.calendar_version,
            inputs=inputs_hash(items.values()),
        )
        self.before.setdefault(row.kind, []).append(row)
        return row

    def _zone(self, period: Period, rules: Rules, share: Fraction | None) -> Zone:
        """Return the zone after the period, by the hysteresis of those before it."""
        rows = self.before.get(period.kind.value, [])
        past = [row for row in rows if row.starts_on < period.start]
        past.sort(key=lambda row: row.starts_on)
        told = [(zoned_share(row.mix()), row.rules_held.band) for row in past]
        zones = states_under([*told, (share, rules.band)])
        return Zone.NO_DATA if share is None else zones[-1]


def _confidence(
    items: Iterable[Item], period: Period, team: Team, zone: Zone, rules: Rules
) -> str | None:
    """Return the word for how sure the zone is, from the initiatives of the last three months."""
    pool = pool_of(period, period.end + ONE)
    members = entries(
        tuple(items),
        pool,
        Measure.CAPACITY,
        before=period.end,
        calendar_of_team={team.pk: team.calendar},
    )
    mix = period_mix(pool, Measure.CAPACITY, members)
    weights = [e.effort_mpd for e in members if e.effort_mpd and e.origin != Origin.UNCLASSIFIED]
    found = confidence(mix.mixes[Weight.EFFORT].share, weights, zone, rules.band)
    return found.value if found else None
