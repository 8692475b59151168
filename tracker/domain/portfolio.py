"""What the portfolio holds: a row a team, the roll-up of those below it, and all together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tracker.domain.calendar import Period
from tracker.domain.intervals import Confidence, confidence_label, jeffreys, wilson, zone_masses
from tracker.domain.mix import Mix, PeriodMix, Weight
from tracker.domain.question import Question
from tracker.domain.standing import Standing, standing
from tracker.domain.zone import Band, Zone, classifiable

SPARK = 8
OUTSIDE = (Zone.DERAILED, Zone.STRETCHED, Zone.RIGID)


@dataclass(frozen=True, slots=True)
class Sums:
    """What adds up over teams.

    ``line`` holds the mix in the weight's unit and the classified effort in mpd, a period of
    the question's kind each, the last one in focus; it may begin earlier for one team than for
    another. ``pool`` is the stretch that says how sure a zone is, ``first_day`` begins the first
    period with any initiative, None for none.
    """

    line: tuple[tuple[Mix, int], ...]
    now: PeriodMix
    pool: PeriodMix
    first_day: date | None

    def __add__(self, other: "Sums") -> "Sums":
        """Return the sums of both: a ratio of sums, never a mean of ratios."""
        longer, shorter = sorted((self.line, other.line), key=len, reverse=True)
        ahead = len(longer) - len(shorter)
        pairs = zip(longer[ahead:], shorter, strict=True)
        both = ((mine + theirs, a + b) for (mine, a), (theirs, b) in pairs)
        days = [day for day in (self.first_day, other.first_day) if day is not None]
        return Sums(
            (*longer[:ahead], *both),
            self.now + other.now,
            self.pool + other.pool,
            min(days, default=None),
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A team, a group with all below it, or everything together.

    ``interval`` is for the rate behind the share: 80 % by effort, 95 % by count, None by value.
    ``items`` counts the classified initiatives that the weight covers; ``spark`` the shares of
    the last periods, None for no data.
    """

    name: str
    slug: str
    depth: int
    is_group: bool
    band: Band
    mix: Mix
    items: int
    standing: Standing
    interval: tuple[float, float] | None
    confidence: Confidence | None
    spark: tuple[Fraction | None, ...]

    @property
    def share(self) -> Fraction | None:
        """Return the share, None for no data."""
        return self.mix.share

    @property
    def zone(self) -> Zone:
        """Return where the row stands."""
        return self.standing.zone

    @property
    def is_outside(self) -> bool:
        """Tell whether the row stands outside its band."""
        return self.zone in OUTSIDE

    @property
    def is_clear(self) -> bool:
        """Tell whether the whole interval lies outside the band, on one side of it."""
        if self.interval is None or not self.is_outside:
            return False
        low, high = self.interval
        return high < self.band.lower or low > self.band.upper


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Rows in the order of the tree, each below its parent, and the ratio of all sums."""

    question: Question
    before: date
    rows: tuple[Row, ...]
    total: Row
    first_day: date | None

    @property
    def teams(self) -> tuple[Row, ...]:
        """Return the teams proper, without the groups that roll them up."""
        return tuple(row for row in self.rows if not row.is_group)

    @property
    def groups(self) -> tuple[Row, ...]:
        """Return the groups."""
        return tuple(row for row in self.rows if row.is_group)


@dataclass(frozen=True, slots=True)
class Named:
    """What a row is called, where it stands in the tree, and its band."""

    name: str
    slug: str
    depth: int
    is_group: bool
    band: Band


def row_of(
    named: Named, sums: Sums, history: Sequence[Period], question: Question, before: date
) -> Row:
    """Judge sums against a band; ``history`` ends with the periods of their line."""
    weight, focus = question.weight, question.focus
    mix = sums.now.mixes[weight]
    shares = [classifiable(mix.share, effort) for mix, effort in sums.line]
    own = list(zip(history[-len(shares) :], shares, strict=True))
    stand = standing(own, focus, named.band, before)
    return Row(
        named.name,
        named.slug,
        named.depth,
        named.is_group,
        named.band,
        mix,
        sums.now.coverage[weight].known_items,
        stand,
        _interval(sums.now, weight),
        _confidence(sums.pool, weight, stand.zone, named.band),
        tuple(mix.share for mix, _ in sums.line[-SPARK:]),
    )


def _interval(now: PeriodMix, weight: Weight) -> tuple[float, float] | None:
    mix = now.mixes[weight]
    if weight is Weight.COUNT:
        return wilson(mix.opportunistic, mix.classified)
    return jeffreys(mix.share, now.n_eff) if weight is Weight.EFFORT else None


def _confidence(pool: PeriodMix, weight: Weight, zone: Zone, band: Band) -> Confidence | None:
    """Return how sure the zone is; by value nothing says how much one initiative weighs."""
    mix = pool.mixes[weight]
    size = {Weight.EFFORT: pool.n_eff, Weight.COUNT: float(mix.classified)}.get(weight)
    masses = zone_masses(mix.share, size, band)
    return confidence_label(masses[zone]) if masses and zone in masses else None
