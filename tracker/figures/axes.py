"""Ticks: periods along the bottom, round numbers along the side."""

from collections.abc import Sequence
from math import ceil, floor, log10

from tracker.domain.calendar import Period, PeriodKind
from tracker.figures.words import Unit

MOST_TICKS = 18


def period_ticks(periods: Sequence[Period]) -> tuple[list[int], list[str]]:
    """Return places and texts; the year stands below the first tick and where it changes."""
    places = list(range(0, len(periods), ceil(len(periods) / MOST_TICKS) or 1))
    texts, last = [], ""
    for place in places:
        year, rest = _parts(periods[place])
        texts.append(f"{rest}<br>{year}" if year and year != last else rest)
        last = year
    return places, texts


def _parts(period: Period) -> tuple[str, str]:
    if period.kind is PeriodKind.YEAR:
        return "", period.label
    first, _, second = period.label.partition(" ")
    return (second, first) if period.kind is PeriodKind.MONTH else (first, second)


def amount_ticks(most: float, unit: Unit) -> tuple[list[float], list[str]]:
    """Return zero and one to three round numbers up to ``most``."""
    if most <= 0:
        return [0], ["0"]
    power = 10.0 ** floor(log10(most / 2))
    step = next(power * times for times in (1, 2, 2.5, 4, 5, 10) if most / (power * times) < 3.001)
    if step < 1 and unit.name != "pd":
        step = 1.0
    places = [step * count for count in range(int(most / step) + 1)]
    return places, ["0", *(unit.tick(place) for place in places[1:])]
