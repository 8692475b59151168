"""How figures write shares, amounts, periods and zones; None is "no data", never 0 %."""

from collections.abc import Sequence
from fractions import Fraction

from tracker.domain.calendar import Period, PeriodKind
from tracker.domain.mix import Mix, Weight
from tracker.domain.wording import (
    NO_DATA,
    THIN,
    ZONES,
    band_words,
    edge,
    pd_number,
    percent,
    tenths,
)
from tracker.domain.words import label_of

__all__ = [
    "NO_DATA",
    "THIN",
    "THIS",
    "WEIGHTS",
    "ZONES",
    "Unit",
    "band_words",
    "edge",
    "interval_words",
    "listed",
    "percent",
    "period_words",
    "tenths",
    "trigger_words",
]

WEIGHTS = {Weight.EFFORT: "effort", Weight.COUNT: "count", Weight.VALUE: "value"}
THIS = {
    PeriodKind.WEEK: "this week",
    PeriodKind.MONTH: "this month",
    PeriodKind.QUARTER: "this quarter",
    PeriodKind.HALF: "this half-year",
    PeriodKind.YEAR: "this year",
}


def interval_words(interval: tuple[float, float]) -> str:
    """Return ``32–55 %``."""
    low, high = (int(end * 100 + 0.5) for end in interval)
    return f"{low}–{high}{THIN}%"


def trigger_words(trigger: str) -> str:
    """Return a trigger's name; one may be missing."""
    return label_of(trigger) if trigger else "No trigger given"


def period_words(period: Period, *, to_date: bool) -> str:
    """Return ``2026 Q3``, marked where it still runs."""
    return f"{period.label} to date" if to_date else period.label


class Unit:
    """How amounts of a weight are written and drawn."""

    def __init__(self, weight: Weight, currency: str) -> None:
        self.weight = weight
        self.name = {Weight.EFFORT: "pd", Weight.COUNT: "", Weight.VALUE: currency}[weight]

    def number(self, amount: int) -> str:
        """Return an amount without its unit: mpd as pd, everything else as it is."""
        return pd_number(amount) if self.weight is Weight.EFFORT else f"{amount:,}"

    def amount(self, amount: int) -> str:
        """Return ``87 pd``, ``11 initiatives`` or ``310 EUR``."""
        if self.weight is Weight.COUNT:
            return f"{amount:,} initiative{'' if amount == 1 else 's'}"
        return f"{self.short(amount)} {self.name}"

    def short(self, amount: int) -> str:
        """Return money from 10,000 on in thousands or millions, anything else in full."""
        if self.weight is not Weight.VALUE or amount < 10_000:
            return self.number(amount)
        scale, letter = (1_000_000, "M") if amount >= 10_000_000 else (1_000, "k")
        return f"{tenths(Fraction(amount, scale))}{letter}"

    def of(self, mix: Mix) -> str:
        """Return numerator and denominator: ``87 of 212 pd``."""
        return f"{self.short(mix.opportunistic)} of {self.amount(mix.classified)}"

    def drawn(self, amount: int) -> float | int:
        """Return the amount as the axis counts it."""
        return amount / 1000 if self.weight is Weight.EFFORT else amount

    def tick(self, number: float) -> str:
        """Return a number of the axis, short: ``40 pd`` or ``1.2M EUR``."""
        for size, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
            if number >= size:
                scale = 1e3 if letter == "k" else size
                return f"{tenths(Fraction(number) / Fraction(scale))}{letter} {self.name}".rstrip()
        return f"{tenths(number)} {self.name}".rstrip()


def listed(words: Sequence[str]) -> str:
    """Return ``one, two and three``."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
