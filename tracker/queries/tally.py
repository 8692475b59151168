"""A running sum that ends as a period's mix; the quick twin of ``domain.mix.period_mix``."""

from dataclasses import dataclass, field

from tracker.domain.calendar import Period
from tracker.domain.mix import Coverage, Measure, Mix, Origin, PeriodMix, Weight


@dataclass(slots=True)
class Sums:
    """What one origin adds up to. ``count`` is in lineages, ``items`` in initiatives."""

    items: int = 0
    count: int = 0
    estimated: int = 0
    effort: int = 0
    squares: int = 0
    valued: int = 0
    value: int = 0
    valued_effort: int = 0
    assumed: int = 0


@dataclass(slots=True)
class Tally:
    """Sums by origin; lineages are counted once for each origin."""

    sums: dict[str, Sums] = field(default_factory=lambda: {origin: Sums() for origin in Origin})
    lineages: set[tuple[int, str]] = field(default_factory=set)

    def add(
        self, root: int, origin: str, effort: int | None, value: int | None, assumed: int = 0
    ) -> None:
        """Add one initiative; None is unestimated or unvalued."""
        sums = self.sums[origin]
        sums.items += 1
        if (root, origin) not in self.lineages:
            self.lineages.add((root, origin))
            sums.count += 1
        if effort is not None:
            sums.estimated += 1
            sums.effort += effort
            sums.squares += effort * effort
        if value is not None:
            sums.valued += 1
            sums.value += value
            sums.valued_effort += effort or 0
        sums.assumed += assumed

    def add_sums(self, origin: str, more: Sums) -> None:
        """Add what the database has summed over initiatives that are lineages of their own."""
        sums = self.sums[origin]
        sums.items += more.items
        sums.count += more.items
        sums.estimated += more.estimated
        sums.effort += more.effort
        sums.squares += more.squares
        sums.valued += more.valued
        sums.value += more.value
        sums.valued_effort += more.valued_effort

    def mix(self, period: Period, measure: Measure) -> PeriodMix:
        """Return what has been added as the mix of a period."""
        planned, lucky = self.sums[Origin.PLANNED], self.sums[Origin.OPPORTUNISTIC]
        items, effort = planned.items + lucky.items, planned.effort + lucky.effort
        estimated = planned.estimated + lucky.estimated
        return PeriodMix(
            period,
            measure,
            {
                Weight.EFFORT: self._mix("effort"),
                Weight.COUNT: self._mix("count"),
                Weight.VALUE: self._mix("value"),
            },
            {
                Weight.EFFORT: Coverage(estimated, items, effort, effort),
                Weight.COUNT: Coverage(items, items, effort, effort),
                Weight.VALUE: Coverage(
                    planned.valued + lucky.valued,
                    items,
                    planned.valued_effort + lucky.valued_effort,
                    effort,
                ),
            },
            items=estimated,
            sum_w=effort,
            sum_w2=planned.squares + lucky.squares,
            assumed_mpd=planned.assumed + lucky.assumed,
        )

    def _mix(self, name: str) -> Mix:
        return Mix(**{origin.value: getattr(self.sums[origin], name) for origin in Origin})
