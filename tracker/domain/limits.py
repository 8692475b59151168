"""Control limits: what the process does by itself, apart from what the band asks for.

Laney's p' chart (2002), with the larger of the two estimates of its spread; runs by Anhoj (2020).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise
from math import log2, sqrt
from statistics import fmean, median, stdev

from tracker.domain.calendar import PeriodKind

FULL_BASELINE = 12
PROVISIONAL_BASELINE = 6
SIGMAS = 3.0
D2 = 1.128  # expected moving range of two, in standard deviations


class Rule(StrEnum):
    """Which limits a chart has earned."""

    NONE = "none"
    PROVISIONAL = "provisional"
    FULL = "full"


class Signal(StrEnum):
    """What stands out from the noise."""

    ABOVE_LIMIT = "above-limit"
    BELOW_LIMIT = "below-limit"
    LONG_RUN = "long-run"


@dataclass(frozen=True, slots=True)
class ClosedPoint:
    """A closed period: two sums in any one unit, and its effective number of initiatives."""

    opportunistic: int
    total: int
    n_eff: float | None = None

    @property
    def share(self) -> float | None:
        """Return the share, None for no data."""
        return self.opportunistic / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Baseline:
    """The frozen behaviour of the process: the centre and Laney's spread factor."""

    rule: Rule
    centre: float
    sigma_z: float | None = None

    def limits(self, point: ClosedPoint) -> tuple[float, float] | None:
        """Return the lower and upper limit for a point of this size, clipped to 0 and 1."""
        size = point.total if self.rule is Rule.FULL else point.n_eff
        if self.rule is Rule.NONE or not size:
            return None
        spread = SIGMAS * (self.sigma_z or 1.0) * sqrt(self.centre * (1 - self.centre) / size)
        return max(0.0, self.centre - spread), min(1.0, self.centre + spread)


@dataclass(frozen=True, slots=True)
class Finding:
    """A signal and the position of the point that shows it: the last one of a run."""

    index: int
    signal: Signal


@dataclass(frozen=True, slots=True)
class ControlChart:
    """A baseline, the limits of each point (None: none) and what stands out."""

    rule: Rule
    baseline: Baseline | None
    limits: tuple[tuple[float, float] | None, ...]
    findings: tuple[Finding, ...]


def control_chart(
    kind: PeriodKind, points: Sequence[ClosedPoint], window: range | None = None
) -> ControlChart:
    """Return limits and signals of closed periods in order.

    ``window`` holds the positions of the frozen baseline. By default it is the first twelve
    periods with data, so that later periods never move their own limits. Only months have
    limits: weeks are too dependent on each other, longer periods too few.
    """
    known = [index for index, point in enumerate(points) if point.total]
    chosen = known[:FULL_BASELINE] if window is None else [i for i in known if i in window]
    baseline = freeze(kind, [points[index] for index in chosen])
    if baseline is None:
        return ControlChart(Rule.NONE, None, (None,) * len(points), ())
    limits = tuple(baseline.limits(point) if point.total else None for point in points)
    return ControlChart(baseline.rule, baseline, limits, _findings(points, limits))


def freeze(kind: PeriodKind, points: Sequence[ClosedPoint]) -> Baseline | None:
    """Return the baseline of closed periods, or None where the rules grant no limits.

    Fewer than 6 months with data earn none, 6 to 11 provisional ones. Periods that never
    varied (all of one origin) say nothing about variation and earn none either.
    """
    used = [point for point in points if point.total]
    if kind is not PeriodKind.MONTH or len(used) < PROVISIONAL_BASELINE:
        return None
    centre = sum(p.opportunistic for p in used) / sum(p.total for p in used)
    if not 0 < centre < 1:
        return None
    if len(used) < FULL_BASELINE:
        return Baseline(Rule.PROVISIONAL, centre)
    spread = max(spread_by_range(used, centre), spread_by_deviation(used, centre))
    return Baseline(Rule.FULL, centre, spread) if spread else None


def spread_by_range(points: Sequence[ClosedPoint], centre: float) -> float:
    """Return Laney's sigma_z from the mean moving range of the z scores."""
    scores = _scores(points, centre)
    return fmean(abs(later - earlier) for earlier, later in pairwise(scores)) / D2


def spread_by_deviation(points: Sequence[ClosedPoint], centre: float) -> float:
    """Return sigma_z as the sample standard deviation of the z scores."""
    return stdev(_scores(points, centre))


def longest_run(shares: Sequence[float]) -> tuple[int, int]:
    """Return the length of the longest run on one side of the median, and its last position.

    Points on the median neither break nor lengthen a run.
    """
    if not shares:
        return 0, -1
    middle = median(shares)
    useful = [(index, share > middle) for index, share in enumerate(shares) if share != middle]
    runs = [list(run) for _, run in groupby(useful, key=lambda point: point[1])]
    longest = max(runs, key=len, default=[])
    return (len(longest), longest[-1][0]) if longest else (0, -1)


def run_limit(n: int) -> int:
    """Return how long a run of ``n`` points off the median may be without being a signal."""
    return round(log2(n) + 3) if n else 0


def _scores(points: Sequence[ClosedPoint], centre: float) -> list[float]:
    noise = centre * (1 - centre)
    return [(p.opportunistic / p.total - centre) / sqrt(noise / p.total) for p in points]


def _findings(
    points: Sequence[ClosedPoint], limits: Sequence[tuple[float, float] | None]
) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for index, (point, pair) in enumerate(zip(points, limits, strict=True)):
        if pair is not None and point.share is not None and point.share > pair[1]:
            found.append(Finding(index, Signal.ABOVE_LIMIT))
        elif pair is not None and point.share is not None and point.share < pair[0]:
            found.append(Finding(index, Signal.BELOW_LIMIT))
    return (*found, *_run_findings(points))


def _run_findings(points: Sequence[ClosedPoint]) -> tuple[Finding, ...]:
    known = [(index, point.share) for index, point in enumerate(points) if point.share is not None]
    shares = [share for _, share in known]
    length, last = longest_run(shares)
    middle = median(shares) if shares else 0.0
    useful = sum(share != middle for share in shares)
    if length <= run_limit(useful):
        return ()
    return (Finding(known[last][0], Signal.LONG_RUN),)
