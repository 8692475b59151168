"""A line of periods of one or several teams together, under one measure and weight."""

from collections.abc import Mapping, Sequence
from datetime import date

from tracker.domain.calendar import Period, PeriodKind
from tracker.domain.limits import FULL_BASELINE, PROVISIONAL_BASELINE
from tracker.domain.mix import Measure, Mix, PeriodMix, Weight, sum_mixes, sum_period_mixes
from tracker.domain.overview import Point
from tracker.domain.progress import is_closed, is_to_date
from tracker.models import Team
from tracker.queries.capacity import EffortLedger, WorkLedger
from tracker.queries.mix import ledger


class Series:
    """Answers for any periods in ``[since, before)``, after one reading of the database."""

    def __init__(
        self, teams: Sequence[Team], measure: Measure, weight: Weight, since: date, before: date
    ) -> None:
        self.teams, self.measure, self.weight, self.before = teams, measure, weight, before
        quick = measure == Measure.CAPACITY and weight is Weight.EFFORT
        self._effort = EffortLedger(teams, since, before) if quick else None
        self._full = None if quick else ledger(teams, measure, since, before)

    @property
    def first_day(self) -> date | None:
        """Return the first day with data, None without any."""
        if self._effort:
            return self._effort.first_day
        return self._full.first_day if self._full else None

    def points(self, periods: Sequence[Period]) -> tuple[Point, ...]:
        """Return a point a period; the periods are in order and don't overlap."""
        if self._full:
            return self._whole(periods, self._full.series(periods))
        mixes = self.quick_mixes(periods, self.before)
        return tuple(self._point(p, mix, mix.classified) for p, mix in zip(periods, mixes))  # noqa: B905

    def quick_mixes(self, periods: Sequence[Period], before: date) -> list[Mix]:
        """Return capacity by effort as known at an earlier bound, empty for anything else."""
        if self._effort is None:
            return []
        by_team = self._effort.mixes(periods, before)
        return [sum_mixes(own[i] for own in by_team.values()) for i in range(len(periods))]

    def weighed(self, points: Sequence[Point]) -> tuple[Point, ...]:
        """Return months with their effective numbers where their limits depend on them."""
        known = [point for point in points if point.closed and point.mix.classified]
        few = PROVISIONAL_BASELINE <= len(known) < FULL_BASELINE
        if not few or self._effort is None or known[0].period.kind is not PeriodKind.MONTH:
            return tuple(points)
        periods = [point.period for point in points]
        work = WorkLedger(self.teams, periods[0].start, self.before)
        return self._whole(periods, work.series(periods))

    def _whole(
        self, periods: Sequence[Period], by_team: Mapping[int, tuple[PeriodMix, ...]]
    ) -> tuple[Point, ...]:
        found = []
        for index, period in enumerate(periods):
            total = sum_period_mixes(own[index] for own in by_team.values())
            mix = total.mixes[self.weight] if total else Mix()
            effort = total.mixes[Weight.EFFORT].classified if total else 0
            found.append(self._point(period, mix, effort, self._number(total, mix)))
        return tuple(found)

    def _number(self, total: PeriodMix | None, mix: Mix) -> float | None:
        if total is None or self.weight is Weight.VALUE:
            return None
        return float(mix.classified) if self.weight is Weight.COUNT else total.n_eff

    def _point(self, period: Period, mix: Mix, effort: int, n_eff: float | None = None) -> Point:
        closed, to_date = is_closed(period, self.before), is_to_date(period, self.before)
        return Point(period, mix, effort, closed, to_date, n_eff)
