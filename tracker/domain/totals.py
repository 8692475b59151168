"""What sums of initiatives say: mixes, coverage, the size of the sample, points of a line."""

from collections.abc import Iterable, Sequence
from datetime import date

from tracker.domain.calendar import Period
from tracker.domain.compact import Sort
from tracker.domain.folding import (
    ASSUMED,
    EFFORT,
    ESTIMATED,
    ITEMS,
    LINEAGES,
    SQUARES,
    VALUE,
    VALUE_SQUARES,
    VALUED,
    VALUED_EFFORT,
    Sum,
    Totals,
)
from tracker.domain.intervals import Confidence, confidence_label, jeffreys, wilson, zone_masses
from tracker.domain.mix import Coverage, Measure, Mix, Origin, PeriodMix, Weight
from tracker.domain.overview import Point, TriggerSum
from tracker.domain.progress import is_closed, is_to_date
from tracker.domain.zone import Band, Zone

AMOUNTS = {Weight.EFFORT: EFFORT, Weight.COUNT: LINEAGES, Weight.VALUE: VALUE}
KNOWN = {Weight.EFFORT: ESTIMATED, Weight.COUNT: ITEMS, Weight.VALUE: VALUED}


def mix_of_totals(totals: Totals, weight: Weight) -> Mix:
    """Return the mix under a weight."""
    place = AMOUNTS[weight]
    return Mix(totals[0][place], totals[1][place], totals[2][place])


def effort_of(totals: Totals) -> int:
    """Return the classified effort in mpd."""
    return totals[0][EFFORT] + totals[1][EFFORT]


def sample_of(totals: Totals, weight: Weight) -> float | None:
    """Return how many equal initiatives would say as much as these do, None for none (Kish)."""
    if weight is Weight.COUNT:
        count = totals[0][LINEAGES] + totals[1][LINEAGES]
        return float(count) if count else None
    places = (EFFORT, SQUARES) if weight is Weight.EFFORT else (VALUE, VALUE_SQUARES)
    amount, squares = (totals[0][place] + totals[1][place] for place in places)
    return amount * amount / squares if squares else None


def known_of(totals: Totals, weight: Weight) -> int:
    """Return how many classified initiatives the weight covers."""
    return totals[0][KNOWN[weight]] + totals[1][KNOWN[weight]]


def interval_of(totals: Totals, weight: Weight) -> tuple[float, float] | None:
    """Return the interval of the rate: 80 % by effort, 95 % by count, None by value."""
    mix = mix_of_totals(totals, weight)
    if weight is Weight.COUNT:
        return wilson(mix.opportunistic, mix.classified)
    return jeffreys(mix.share, sample_of(totals, weight)) if weight is Weight.EFFORT else None


def confidence_of(pooled: Totals, weight: Weight, zone: Zone, band: Band) -> Confidence | None:
    """Return how sure a zone is, from the initiatives of the pool; see ``standing.pool_of``."""
    share = mix_of_totals(pooled, weight).share
    masses = zone_masses(share, sample_of(pooled, weight), band)
    return confidence_label(masses[zone]) if masses and zone in masses else None


def period_mix_of(period: Period, measure: Measure, totals: Totals) -> PeriodMix:
    """Return every weight's mix and coverage; what ``domain.mix.period_mix`` says of entries."""
    both = [one + two for one, two in zip(totals[0], totals[1], strict=True)]
    items, effort = both[ITEMS], both[EFFORT]
    return PeriodMix(
        period,
        measure,
        {weight: mix_of_totals(totals, weight) for weight in Weight},
        {
            Weight.EFFORT: Coverage(both[ESTIMATED], items, effort, effort),
            Weight.COUNT: Coverage(items, items, effort, effort),
            Weight.VALUE: Coverage(both[VALUED], items, both[VALUED_EFFORT], effort),
        },
        items=both[ESTIMATED],
        sum_w=effort,
        sum_w2=both[SQUARES],
        assumed_mpd=both[ASSUMED],
    )


def point_of(period: Period, totals: Totals, weight: Weight, before: date) -> Point:
    """Return a point of a line."""
    return Point(
        period,
        mix_of_totals(totals, weight),
        effort_of(totals),
        is_closed(period, before),
        is_to_date(period, before),
        None if weight is Weight.VALUE else sample_of(totals, weight),
    )


def sum_of_points(points: Sequence[Point]) -> Point:
    """Return the point of several teams together, without their effective number."""
    lucky = planned = unclassified = effort = 0
    for point in points:
        mix = point.mix
        lucky += mix.opportunistic
        planned += mix.planned
        unclassified += mix.unclassified
        effort += point.effort_mpd
    one = points[0]
    return Point(
        one.period, Mix(lucky, planned, unclassified), effort, one.closed, one.to_date, None
    )


def triggers_of(sums: Iterable[tuple[Sort, Sum]], weight: Weight) -> tuple[TriggerSum, ...]:
    """Return what each trigger brought of the opportunistic work, largest first."""
    found: dict[str, tuple[int, int]] = {}
    for (origin, trigger), amounts in sums:
        if origin == Origin.OPPORTUNISTIC and amounts[KNOWN[weight]]:
            amount, count = found.get(trigger, (0, 0))
            found[trigger] = amount + amounts[AMOUNTS[weight]], count + amounts[KNOWN[weight]]
    rows = [TriggerSum(trigger, *both) for trigger, both in found.items()]
    return tuple(sorted(rows, key=lambda row: (-row.amount, -row.count, row.trigger)))
