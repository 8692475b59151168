"""Sums of one or several teams together, under one measure and weight, from their ledgers."""

from collections.abc import Iterable, Sequence
from datetime import date

from tracker.domain.calendar import FiscalCalendar, Period, PeriodKind
from tracker.domain.folding import Fold, Grid, Totals, added
from tracker.domain.intervals import Confidence
from tracker.domain.mix import Measure, Mix, PeriodMix, Weight
from tracker.domain.overview import Attention, Limits, Point, TriggerSum
from tracker.domain.policy import reported_mix
from tracker.domain.standing import pool_of
from tracker.domain.totals import (
    confidence_of,
    interval_of,
    period_mix_of,
    point_of,
    sum_of_points,
    triggers_of,
)
from tracker.domain.zone import Band, Zone
from tracker.queries.ledgers import TeamLedger


class Series:
    """Answers for any periods, without a further query."""

    def __init__(
        self,
        kept: Iterable[TeamLedger],
        measure: Measure,
        weight: Weight,
        fiscal: FiscalCalendar,
        before: date,
    ) -> None:
        teams = list(kept)
        self.ledgers = [each.ledger for each in teams]
        self.policies = [each.policy for each in teams]
        self.team_ids = [each.team.pk for each in teams]
        self.measure, self.weight, self.fiscal, self.before = measure, weight, fiscal, before
        self._folds: dict[Grid, list[Fold]] = {}

    def first_day(self, since: date) -> date | None:
        """Return the first day from ``since`` on with data, None without any."""
        days = [ledger.first(self.measure, since, self.before) for ledger in self.ledgers]
        return min((day for day in days if day is not None), default=None)

    def totals(self, period: Period) -> Totals:
        """Return the sums of a period."""
        key = period.start.toordinal()
        return added(fold.totals(key) for fold in self._of_kind(period.kind))

    def stretch(self, start: date, end: date, before: date | None = None) -> Totals:
        """Return the sums of ``[start, end)``, as known ahead of ``before``."""
        grid = Grid.of(start, end)
        folds = [each.fold(self.measure, grid, before or self.before) for each in self.ledgers]
        return added(fold.totals(grid.start) for fold in folds)

    def points(self, periods: Sequence[Period]) -> tuple[Point, ...]:
        """Return a point a period; they are of one kind."""
        if not periods:
            return ()
        folds = self._of_kind(periods[0].kind)
        if len(folds) != 1:
            return tuple(self._point(period, self.totals(period)) for period in periods)
        return tuple(self._own_points(folds[0], periods))

    def shares(self, periods: Sequence[Period]) -> tuple[Point, ...]:
        """Return points as ``points`` does, of several teams without their effective numbers."""
        folds = self._of_kind(periods[0].kind)
        if len(folds) == 1:
            return tuple(self._own_points(folds[0], periods))
        lines = [self._own_points(fold, periods) for fold in folds]
        return tuple(map(sum_of_points, zip(*lines, strict=True)))

    def _own_points(self, fold: Fold, periods: Sequence[Period]) -> list[Point]:
        """Return the points of one team, kept beside its sums until one of them changes."""
        made, found = fold.made, []
        for period in periods:
            key = period.start.toordinal()
            known = made.setdefault(key, {})
            point = known.get(self.weight)
            if point is None:
                point = known[self.weight] = self._point(period, fold.totals(key))
            found.append(point)
        return found

    @property
    def is_headline(self) -> bool:
        """Tell whether it is about capacity by effort."""
        return self.measure == Measure.CAPACITY and self.weight is Weight.EFFORT

    def period_mix(self, period: Period) -> PeriodMix:
        """Return every weight's mix and coverage."""
        return period_mix_of(period, self.measure, self.totals(period))

    def interval(self, period: Period) -> Limits | None:
        """Return the interval of the rate behind the share."""
        return interval_of(self.totals(period), self.weight)

    def confidence(self, period: Period, zone: Zone, band: Band) -> Confidence | None:
        """Return how sure a zone is, from the initiatives of the trailing three months."""
        pool = pool_of(period, self.before)
        return confidence_of(self.stretch(pool.start, pool.end), self.weight, zone, band)

    def is_closed(self, period: Period) -> bool:
        """Tell whether all teams that worked in a period have closed it."""
        return self.reported(period) is not None

    def reported(self, period: Period) -> Mix | None:
        """Return what the teams reported of a period, None unless all that worked closed it.

        It is the headline, capacity by effort in mpd.
        """
        if not any(policy.closed for policy in self.policies):
            return None
        key = period.start.toordinal()
        worked = (bool(fold.sums.get(key)) for fold in self._of_kind(period.kind))
        return reported_mix(self.policies, period, worked)

    def triggers(self, period: Period) -> tuple[TriggerSum, ...]:
        """Return what each trigger brought of the opportunistic work of a period."""
        key = period.start.toordinal()
        sums = (
            row for fold in self._of_kind(period.kind) for row in fold.sums.get(key, {}).items()
        )
        return triggers_of(sums, self.weight)

    def attention(self, moment: float) -> Attention:
        """Count what wants attention; active initiatives untouched since the moment are stale."""
        return Attention(
            all=sum(len(ledger) for ledger in self.ledgers),
            unclassified=sum(ledger.unclassified for ledger in self.ledgers),
            unestimated=sum(ledger.unestimated for ledger in self.ledgers),
            stale=sum(ledger.untouched_since(moment) for ledger in self.ledgers),
        )

    def _of_kind(self, kind: PeriodKind) -> list[Fold]:
        grid = Grid(kind, self.fiscal)
        if grid not in self._folds:
            self._folds[grid] = [
                ledger.fold(self.measure, grid, self.before) for ledger in self.ledgers
            ]
        return self._folds[grid]

    def _point(self, period: Period, totals: Totals) -> Point:
        return point_of(period, totals, self.weight, self.before)
