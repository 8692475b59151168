"""What the portfolio holds: a row a team, the roll-up of those below it, and all together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tracker.domain.calendar import Period
from tracker.domain.folding import Totals
from tracker.domain.intervals import Confidence
from tracker.domain.mix import Mix, Weight
from tracker.domain.overview import Point
from tracker.domain.question import Question
from tracker.domain.standing import Standing, standing
from tracker.domain.totals import confidence_of, interval_of, known_of, mix_of_totals
from tracker.domain.zone import Band, Zone

SPARK = 8
OUTSIDE = (Zone.DERAILED, Zone.STRETCHED, Zone.RIGID)


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


@dataclass(frozen=True, slots=True)
class Sums:
    """What adds up over teams: a line that ends with the focus, the focus, and the pool.

    The pool is the stretch that says how sure a zone is; see ``standing.pool_of``.
    """

    line: Sequence[Point]
    now: Totals
    pool: Totals


def row_of(
    named: Named,
    sums: Sums,
    question: Question,
    before: date,
    band_of: Callable[[Period], Band] | None = None,
) -> Row:
    """Judge sums against a band; ``band_of`` gives earlier periods theirs."""
    weight = question.weight
    mix = mix_of_totals(sums.now, weight)
    shares = [(point.period, point.zoned_share) for point in sums.line]
    stand = standing(shares, question.focus, named.band, before, band_of)
    return Row(
        named.name,
        named.slug,
        named.depth,
        named.is_group,
        named.band,
        mix,
        known_of(sums.now, weight),
        stand,
        interval_of(sums.now, weight),
        # By value nothing says how much one initiative weighs.
        None
        if weight is Weight.VALUE
        else confidence_of(sums.pool, weight, stand.zone, named.band),
        tuple(point.share for point in sums.line[-SPARK:]),
    )
