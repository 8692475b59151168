"""The initiatives behind a figure's marks: one reading answers sum, triggers and confidence."""

from collections.abc import Sequence
from datetime import date

from tracker.domain.calendar import Period
from tracker.domain.contributions import Contribution, Named, contributions, mix_of
from tracker.domain.facts import Entry
from tracker.domain.intervals import Confidence, jeffreys, kish, wilson
from tracker.domain.mix import Measure, Origin, PeriodMix, Weight, sum_period_mixes
from tracker.domain.overview import TriggerSum
from tracker.domain.standing import confidence, pool_of
from tracker.domain.zone import Band, Zone
from tracker.models import Initiative, Team
from tracker.queries.calendars import calendars_of
from tracker.queries.facts import ItemsByTeam, entries_of, items_between
from tracker.queries.tally import Tally

MOST_IDS = 900


class Behind:
    """The entries of teams in a period under a measure, and in the stretch it is judged by."""

    def __init__(
        self, teams: Sequence[Team], period: Period, measure: Measure, *, before: date
    ) -> None:
        self.teams, self.period, self.measure, self.before = teams, period, measure, before
        calendars_of(teams)
        self._pool = pool_of(period, before)
        self._items: ItemsByTeam = items_between(teams, measure, self._pool.start, self._pool.end)
        self.entries = self._entries(period)
        self._parts: dict[Weight, tuple[Contribution, ...]] = {}

    def _entries(self, period: Period) -> tuple[Entry, ...]:
        return entries_of(self._items, self.teams, period, self.measure, before=self.before)

    def parts(self, weight: Weight) -> tuple[Contribution, ...]:
        """Return what each initiative adds to the period under a weight."""
        if weight not in self._parts:
            self._parts[weight] = contributions(self.entries, weight)
        return self._parts[weight]

    def mix(self) -> PeriodMix:
        """Return the mix of the period under every weight, summed team by team."""
        tallies = {team.pk: Tally() for team in self.teams}
        for entry in self.entries:
            tallies[entry.team].add(
                entry.root, entry.origin, entry.effort_mpd, entry.value, entry.assumed_mpd
            )
        total = sum_period_mixes(tally.mix(self.period, self.measure) for tally in tallies.values())
        return total if total is not None else Tally().mix(self.period, self.measure)

    def triggers(self, weight: Weight) -> tuple[TriggerSum, ...]:
        """Return what each trigger brought of the opportunistic work, largest first."""
        sums: dict[str, list[int]] = {}
        for part in self.parts(weight):
            if part.entry.origin == Origin.OPPORTUNISTIC and part.amount is not None:
                found = sums.setdefault(part.entry.trigger, [0, 0])
                found[0] += part.amount
                found[1] += 1
        rows = [TriggerSum(trigger, *found) for trigger, found in sums.items()]
        return tuple(sorted(rows, key=lambda row: (-row.amount, -row.count, row.trigger)))

    def confidence(self, weight: Weight, zone: Zone, band: Band) -> Confidence | None:
        """Return how sure the zone is, from the initiatives of the trailing three months."""
        same = self._pool.start == self.period.start
        pooled = self.parts(weight) if same else contributions(self._entries(self._pool), weight)
        return confidence(mix_of(pooled).share, _weights(pooled), zone, band)

    def interval(self, weight: Weight) -> tuple[float, float] | None:
        """Return the interval of the rate: 80 % by effort, 95 % by count, None by value."""
        parts = self.parts(weight)
        mix = mix_of(parts)
        if weight is Weight.COUNT:
            return wilson(mix.opportunistic, mix.classified)
        return jeffreys(mix.share, kish(_weights(parts))) if weight is Weight.EFFORT else None


def _weights(parts: Sequence[Contribution]) -> list[int]:
    return [
        part.amount for part in parts if part.amount and part.entry.origin != Origin.UNCLASSIFIED
    ]


def named(teams: Sequence[Team], parts: Sequence[Contribution]) -> list[Named]:
    """Return contributions with keys and titles, largest first, in one query."""
    of = {team.pk: team for team in teams}
    # By team and not by id: a list of ids may be longer than a statement can hold.
    rows = Initiative.objects.filter(team_id__in=list(of)).order_by()
    wanted = {part.entry.item for part in parts}
    if len(wanted) < MOST_IDS:
        rows = rows.filter(pk__in=wanted)
    facts = {pk: rest for pk, *rest in rows.values_list("pk", "number", "title", "status")}
    found = [
        Named(
            part,
            f"{of[part.entry.team].key_prefix}-{facts[part.entry.item][0]}",
            facts[part.entry.item][1],
            facts[part.entry.item][2],
            of[part.entry.team].name,
        )
        for part in parts
        if part.entry.item in facts
    ]
    return sorted(found, key=lambda row: (-(row.part.amount or 0), row.key))
