"""What teams took in and delivered, summed by day in the database."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from tracker.domain.calendar import Period
from tracker.domain.facts import Item
from tracker.domain.mix import Measure, PeriodMix, entries
from tracker.models import Initiative, Team
from tracker.queries.facts import DATED, ENTERED_ON, item_of
from tracker.queries.tally import Sums, Tally

# Sums of squares and of money could overflow 64 bits in the database, so both are summed in
# parts that can't, and put together here.
EFFORT_PART, VALUE_PART = 10_000, 1_000_000
SUMS = ("items", "estimated", "effort_sum", "high", "mixed", "low")
VALUES = ("valued", "value_high", "value_low", "valued_effort")


class DayLedger:
    """Intake or delivery of teams by day, ahead of ``before``.

    Two queries, three where initiatives have been split; the parts of a split and their
    parents are kept one by one, since which of them count depends on the period.
    """

    def __init__(self, teams: Sequence[Team], measure: Measure, since: date, before: date) -> None:
        self.measure, self.before = measure, before
        self.team_ids = [team.pk for team in teams]
        self.lineages: dict[int, list[Item]] = {team.pk: [] for team in teams}
        self.days: dict[int, list[tuple[date, date | None, str, Sums]]] = {
            team.pk: [] for team in teams
        }
        rows = Initiative.objects.filter(team_id__in=self.team_ids).order_by()
        split = self._read_lineages(rows)
        dated = self._dated(rows.exclude(_is_split()) if split else rows, since)
        for team, day, gone, origin, *sums in dated:
            self.days[team].append((day, gone, origin, _sums(*sums)))

    def _read_lineages(self, rows: Any) -> bool:
        if not rows.filter(Q(parent__isnull=False) | Q(root__isnull=False)).exists():
            return False
        for row in rows.filter(_is_split()).values_list(*DATED):
            self.lineages[row[0]].append(item_of(row))
        return True

    def _dated(self, rows: Any, since: date) -> Iterable[Any]:
        """Return ``(team, day, gone on, origin, sums...)``; gone is None but for net intake."""
        delivered = self.measure == Measure.DELIVERED
        known = "actual_mpd" if delivered else "committed_effort_mpd"
        day = F("delivered_on") if delivered else ENTERED_ON
        rows = rows.annotate(
            day=day,
            gone=Coalesce("cancelled_on", "deferred_on"),
            effort=Coalesce(known, "estimate_mpd"),
        ).filter(day__gte=since, day__lt=self.before)
        if not delivered:
            rows = rows.filter(committed_on__lt=self.before)
        return _grouped(rows)  # type: ignore[no-any-return]

    @property
    def first_day(self) -> date | None:
        """Return the first day on which anything happened, None without any."""
        days = [day for own in self.days.values() for day, *_ in own]
        for item in (item for own in self.lineages.values() for item in own):
            day = item.delivered_on if self.measure == Measure.DELIVERED else item.entered_on
            if day is not None and day < self.before:
                days.append(day)
        return min(days, default=None)

    def series(self, periods: Sequence[Period]) -> dict[int, tuple[PeriodMix, ...]]:
        """Return the mixes of each team; the periods are in order and don't overlap."""
        return {
            team: tuple(
                tally.mix(period, self.measure)
                for period, tally in zip(periods, self._tallies(team, periods), strict=True)
            )
            for team in self.team_ids
        }

    def _tallies(self, team: int, periods: Sequence[Period]) -> list[Tally]:
        tallies = [Tally() for _ in periods]
        starts = [period.start for period in periods]
        for day, gone, origin, sums in self.days[team]:
            index = bisect_right(starts, day) - 1
            if index < 0 or day >= periods[index].end:
                continue
            left = gone is not None and gone < min(self.before, periods[index].end)
            if not left or self.measure != Measure.INTAKE_NET:
                tallies[index].add_sums(origin, sums)
        if self.lineages[team]:
            self._add_lineages(team, periods, tallies)
        return tallies

    def _add_lineages(self, team: int, periods: Sequence[Period], tallies: list[Tally]) -> None:
        for period, tally in zip(periods, tallies, strict=True):
            # Working days matter to capacity alone, so no calendar is needed.
            own = entries(
                self.lineages[team],
                period,
                self.measure,
                before=self.before,
                calendar_of_team={},
            )
            for entry in own:
                tally.add(entry.root, entry.origin, entry.effort_mpd, entry.value)


def _is_split() -> Any:
    """Tell, in SQL, the part of a split, or a parent of one, from what stands alone."""
    children = Initiative.objects.filter(parent=OuterRef("pk"), team=OuterRef("team"))
    return Q(parent__isnull=False) | Q(root__isnull=False) | Q(Exists(children))


def _grouped(rows: Any) -> Any:
    high, low = F("effort") / EFFORT_PART, F("effort") % EFFORT_PART
    value = F("committed_value")
    sums = {
        "items": Count("pk"),
        "estimated": Count("effort"),
        "effort_sum": Sum("effort"),
        "high": _sum(high * high),
        "mixed": _sum(high * low),
        "low": _sum(low * low),
        "valued": Count("committed_value"),
        "value_high": _sum(value / VALUE_PART),
        "value_low": _sum(value % VALUE_PART),
        "valued_effort": Sum("effort", filter=Q(committed_value__isnull=False)),
    }
    return (
        rows.values("team_id", "day", "gone", "origin")
        .annotate(**sums)
        .values_list("team_id", "day", "gone", "origin", *SUMS, *VALUES)
    )


def _sum(expression: Any) -> Sum:
    return Sum(ExpressionWrapper(expression, output_field=BigIntegerField()))


def _sums(*columns: Any) -> Sums:
    """Put the sums of parts together; the database says None for a sum of nothing."""
    items, estimated, effort, high, mixed, low, valued, value_high, value_low, valued_effort = (
        int(column or 0) for column in columns
    )
    return Sums(
        items=items,
        estimated=estimated,
        effort=effort,
        squares=high * EFFORT_PART**2 + 2 * mixed * EFFORT_PART + low,
        valued=valued,
        value=value_high * VALUE_PART + value_low,
        valued_effort=valued_effort,
    )
