"""The mix as a ratio of sums, and the words that name its measures."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache


class Origin(StrEnum):
    """Whether work was planned, came as an opportunity or need, or is not yet classified."""

    PLANNED = "planned"
    OPPORTUNISTIC = "opportunistic"
    UNCLASSIFIED = "unclassified"


class Measure(StrEnum):
    """At which stage the mix is taken; capacity is the headline."""

    CAPACITY = "capacity"
    INTAKE_GROSS = "intake-gross"
    INTAKE_NET = "intake-net"
    DELIVERED = "delivered"


class Weight(StrEnum):
    """What an initiative weighs in a mix."""

    EFFORT = "effort"
    COUNT = "count"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Mix:
    """Sums by origin, in one unit: mpd, initiatives or currency."""

    opportunistic: int = 0
    planned: int = 0
    unclassified: int = 0

    @classmethod
    def of(cls, origin: Origin, amount: int) -> "Mix":
        """Return a mix of one origin."""
        return cls(**{Origin(origin).value: amount})

    @property
    def classified(self) -> int:
        """Return the denominator of the share; unclassified work stays outside."""
        return self.opportunistic + self.planned

    @property
    def total(self) -> int:
        """Return everything, unclassified work included."""
        return self.classified + self.unclassified

    @property
    def share(self) -> Fraction | None:
        """Return opportunistic over classified, exactly, or None for no data."""
        return _ratio(self.opportunistic, self.opportunistic + self.planned)

    def __add__(self, other: "Mix") -> "Mix":
        """Return the sums of both: a ratio of sums, never a mean of ratios."""
        return Mix(
            self.opportunistic + other.opportunistic,
            self.planned + other.planned,
            self.unclassified + other.unclassified,
        )


@lru_cache(maxsize=8192)
def _ratio(part: int, whole: int) -> Fraction | None:
    """Return the exact ratio, kept since a page asks several times for that of each mark."""
    return Fraction(part, whole) if whole else None


def sum_mixes(mixes: Iterable[Mix]) -> Mix:
    """Return the sum of mixes, an empty one for none."""
    return sum(mixes, Mix())
