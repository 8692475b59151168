"""The status of a team: where its share stands against its two-sided band."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

HYSTERESIS = Fraction(2, 100)
MINIMUM_MPD = 10_000


class Zone(StrEnum):
    """Where a share stands. Rigid is as much outside the band as derailed."""

    RIGID = "rigid"
    ON_TARGET = "on-target"
    STRETCHED = "stretched"
    DERAILED = "derailed"
    NO_DATA = "no-data"


_RANK = {Zone.RIGID: 0, Zone.ON_TARGET: 1, Zone.STRETCHED: 2, Zone.DERAILED: 3}


@dataclass(frozen=True, slots=True)
class Band:
    """A policy: rigid below ``lower``, on target to ``upper``, derailed above ``derail``.

    Exact fractions with 0 <= lower <= upper <= derail <= 1; ValueError otherwise.
    """

    lower: Fraction = Fraction(1, 5)
    upper: Fraction = Fraction(7, 20)
    derail: Fraction = Fraction(1, 2)
    ratios: tuple[tuple[int, int], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse edges that are not in order."""
        edges = (self.lower, self.upper, self.derail)
        object.__setattr__(self, "ratios", tuple(edge.as_integer_ratio() for edge in edges))
        if not 0 <= self.lower <= self.upper <= self.derail <= 1:
            raise ValueError(
                "The band's edges must rise from 0 to 100 %: from, to, derailed above."
            )

    @classmethod
    def of_thousandths(cls, lower: int, upper: int, derail: int) -> "Band":
        """Return the band of three edges in thousandths: 200 is 20 %."""
        return cls(Fraction(lower, 1000), Fraction(upper, 1000), Fraction(derail, 1000))


DEFAULT_BAND = Band()


def classifiable(
    share: Fraction | None, total_mpd: int, *, minimum_mpd: int = MINIMUM_MPD
) -> Fraction | None:
    """Return the share, or None where too little was worked to name a zone."""
    return share if total_mpd >= minimum_mpd else None


def raw_zone(share: Fraction | None, band: Band) -> Zone:
    """Return the zone of a share without memory; edges belong to the band."""
    if share is None:
        return Zone.NO_DATA
    # In whole numbers, since pages ask it for every period of every team.
    part, whole = share.as_integer_ratio()
    (lower, of_lower), (upper, of_upper), (derail, of_derail) = band.ratios
    if part * of_lower < lower * whole:
        return Zone.RIGID
    if part * of_upper <= upper * whole:
        return Zone.ON_TARGET
    return Zone.STRETCHED if part * of_derail <= derail * whole else Zone.DERAILED


def states(
    shares: Iterable[Fraction | None], band: Band, h: Fraction = HYSTERESIS
) -> tuple[Zone, ...]:
    """Return the zone after each closed period, held by a hysteresis of ``h``.

    A period without data keeps the zone and forgets what the period before it said.
    """
    return states_under(((share, band) for share in shares), h)


def states_under(
    periods: Iterable[tuple[Fraction | None, Band]], h: Fraction = HYSTERESIS
) -> tuple[Zone, ...]:
    """Return the zone after each closed period as ``states``, where each has a band of its own."""
    zones: list[Zone] = []
    current, leaning = Zone.NO_DATA, 0
    for share, band in periods:
        current, leaning = _step(current, leaning, share, band, h)
        zones.append(current)
    return tuple(zones)


def _step(
    current: Zone, leaning: int, share: Fraction | None, band: Band, h: Fraction
) -> tuple[Zone, int]:
    """Return the next zone, and -1, 0 or 1 for the side on which the raw zone lay beyond it."""
    if share is None:
        return current, 0
    raw = raw_zone(share, band)
    if current is Zone.NO_DATA or raw is current:
        return raw, 0
    side = 1 if _RANK[raw] > _RANK[current] else -1
    eased = raw_zone(share - side * h, band)
    if side * (_RANK[eased] - _RANK[current]) > 0:
        return eased, side
    return (raw if leaning == side else current), side
