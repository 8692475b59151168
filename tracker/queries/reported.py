"""A line of periods in which closed ones stand as they were reported."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from tracker.domain.calendar import Period, PeriodKind
from tracker.domain.intervals import Confidence, jeffreys, wilson
from tracker.domain.mix import PeriodMix, Weight, sum_period_mixes
from tracker.domain.overview import Limits, Point, TriggerSum
from tracker.domain.zone import Band, Zone
from tracker.models import PeriodClose
from tracker.queries.series import Series


class Reported(Series):
    """Answers as ``Series`` does, with the reports of closed periods in place of the facts.

    A period of several teams stands as reported where all that worked in it have closed it.
    One query for each kind of period.
    """

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._closes: dict[PeriodKind, dict[date, list[PeriodClose]]] = {}

    def points(self, periods: Sequence[Period]) -> tuple[Point, ...]:
        """Return a point a period; they are of one kind."""
        return tuple(map(self._as_reported, super().points(periods)))

    def shares(self, periods: Sequence[Period]) -> tuple[Point, ...]:
        """Return points as ``points`` does."""
        return tuple(map(self._as_reported, super().shares(periods)))

    def period_mix(self, period: Period) -> PeriodMix:
        """Return every weight's mix and coverage."""
        return self._report(period) or super().period_mix(period)

    def interval(self, period: Period) -> Limits | None:
        """Return the interval of the rate behind the share."""
        found = self._report(period)
        if found is None:
            return super().interval(period)
        mix = found.mixes[self.weight]
        if self.weight is Weight.COUNT:
            return wilson(mix.opportunistic, mix.classified)
        return jeffreys(mix.share, found.n_eff) if self.weight is Weight.EFFORT else None

    def confidence(self, period: Period, zone: Zone, band: Band) -> Confidence | None:
        """Return how sure the zone is; the report of one team tells how sure it was."""
        if self._report(period) is None:
            return super().confidence(period, zone, band)
        rows = self._of(period)
        word = rows[0].figures.get("confidence") if len(rows) == 1 else None
        return Confidence(word) if word and self.is_headline else None

    def triggers(self, period: Period) -> tuple[TriggerSum, ...]:
        """Return what each trigger brought; of a reported period only the headline's are known."""
        if self._report(period) is None:
            return super().triggers(period)
        if not self.is_headline:
            return ()
        sums: dict[str, tuple[int, int]] = {}
        for row in self._of(period):
            for one in row.report["opportunities"]:
                if one["worked"]:
                    amount, count = sums.get(one["trigger"], (0, 0))
                    sums[one["trigger"]] = (amount + one["worked"], count + 1)
        found = [TriggerSum(trigger, *both) for trigger, both in sums.items()]
        return tuple(sorted(found, key=lambda row: (-row.amount, -row.count, row.trigger)))

    def _as_reported(self, point: Point) -> Point:
        found = self._report(point.period)
        if found is None:
            return point
        effort = found.mixes[Weight.EFFORT].classified
        mix = found.mixes[self.weight]
        size = {Weight.EFFORT: found.n_eff, Weight.COUNT: float(mix.classified)}.get(self.weight)
        return replace(point, mix=mix, effort_mpd=effort, n_eff=size)

    def _report(self, period: Period) -> PeriodMix | None:
        if not self.is_closed(period):
            return None
        mixes = (row.mix(self.measure) for row in self._of(period))
        return sum_period_mixes(replace(mix, period=period) for mix in mixes)

    def _of(self, period: Period) -> list[PeriodClose]:
        if period.kind not in self._closes:
            found: dict[date, list[PeriodClose]] = {}
            rows = PeriodClose.objects.filter(team_id__in=self.team_ids, kind=period.kind.value)
            for row in rows:
                found.setdefault(row.starts_on, []).append(row)
            self._closes[period.kind] = found
        return self._closes[period.kind].get(period.start, [])
