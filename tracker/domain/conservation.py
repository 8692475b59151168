"""The conservation law: nothing new enters a plan without something as large leaving it.

    O = D + K + U - V + Rsv + dC - X

After Mironov, "Magical Thinking and the Zero-Sum Roadmap". Per team and cycle, in mpd; all terms
add up over teams. What the ledgers do not explain is published as the residual, never forced to 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction


class Term(StrEnum):
    """What opportunistic work was made of, in the order of the waterfall."""

    DISPLACED = "displaced"
    CUT = "cut"
    UNDER_RUN = "under-run"
    OVER_RUN = "over-run"
    RESERVE = "reserve"
    CAPACITY_CHANGE = "capacity-change"
    OTHER = "other"
    UNEXPLAINED = "unexplained"


class Ending(StrEnum):
    """How a planned item stands at the end: delivered, left out by choice, or neither."""

    DELIVERED = "delivered"
    CUT = "cut"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class PlanOutcome:
    """What became of one planned item in its cycle.

    ``worked_mpd`` is what it took, in a running cycle with what it is still expected to take.
    ``displaced_mpd`` is what its ledger says it lost, ``cut_mpd`` what was cut from it by choice
    while the rest went on.
    """

    planned_mpd: int
    worked_mpd: int
    displaced_mpd: int = 0
    cut_mpd: int = 0
    ending: Ending = Ending.OPEN

    @property
    def gap_mpd(self) -> int:
        """Return the plan less what was worked, displaced and cut; below 0 it took more."""
        return self.planned_mpd - self.worked_mpd - self.displaced_mpd - self.cut_mpd


@dataclass(frozen=True, slots=True)
class Conservation:
    """The terms of the law, in mpd. Only ``capacity_change`` and the residuals may be negative."""

    plan: int = 0
    reserve: int = 0
    capacity_change: int = 0
    planned: int = 0
    opportunistic: int = 0
    other: int = 0
    displaced: int = 0
    cut: int = 0
    under_run: int = 0
    over_run: int = 0

    @property
    def capacity(self) -> int:
        """Return C0, the capacity at the opening: plan and reserve."""
        return self.plan + self.reserve

    @property
    def explained(self) -> int:
        """Return the right side of the law, D + K + U - V + Rsv + dC - X."""
        left = self.displaced + self.cut + self.under_run - self.over_run
        return left + self.reserve + self.capacity_change - self.other

    @property
    def residual(self) -> int:
        """Return the opportunistic work that the terms do not explain; 0 where all is recorded."""
        return self.opportunistic - self.explained

    @property
    def plan_residual(self) -> int:
        """Return the part of the plan neither worked nor accounted for."""
        left = self.displaced + self.cut + self.under_run - self.over_run
        return self.plan - self.planned - left

    @property
    def capacity_residual(self) -> int:
        """Return the capacity that nobody accounts for; below 0 more was worked than there was.

        ``residual`` is ``plan_residual`` less this.
        """
        done = self.planned + self.opportunistic + self.other
        return self.capacity + self.capacity_change - done

    @property
    def displacement_rate(self) -> Fraction | None:
        """Return D / O: 0 absorbed by the reserve, 1 a swap, above 1 a knock-on cost."""
        return Fraction(self.displaced, self.opportunistic) if self.opportunistic else None

    @property
    def plan_loss(self) -> Fraction | None:
        """Return D / B, the part of the plan that gave way."""
        return Fraction(self.displaced, self.plan) if self.plan else None

    @property
    def steps(self) -> tuple[tuple[Term, int], ...]:
        """Return the signed steps of the waterfall; they sum to the opportunistic work."""
        return (
            (Term.DISPLACED, self.displaced),
            (Term.CUT, self.cut),
            (Term.UNDER_RUN, self.under_run),
            (Term.OVER_RUN, -self.over_run),
            (Term.RESERVE, self.reserve),
            (Term.CAPACITY_CHANGE, self.capacity_change),
            (Term.OTHER, -self.other),
            (Term.UNEXPLAINED, self.residual),
        )

    def __add__(self, other: "Conservation") -> "Conservation":
        """Return the sums of both, such as two teams."""
        names = [field.name for field in fields(self)]
        return Conservation(**{name: getattr(self, name) + getattr(other, name) for name in names})


def conserve(
    outcomes: Iterable[PlanOutcome],
    *,
    opportunistic_mpd: int,
    reserve_mpd: int = 0,
    capacity_change_mpd: int = 0,
    other_mpd: int | None = None,
) -> Conservation:
    """Return the terms from what became of each planned item.

    A delivered item's gap is an under-run or over-run; the gap of one left out by choice was
    cut. An open item that took less than its plan without a record of why stays unexplained.
    ``other_mpd`` is logged other work; for None it is the capacity that nothing took, at least 0.
    """
    rows = tuple(outcomes)
    plan, planned = sum(row.planned_mpd for row in rows), sum(row.worked_mpd for row in rows)
    if other_mpd is None:
        capacity = plan + reserve_mpd + capacity_change_mpd
        other_mpd = max(0, capacity - planned - opportunistic_mpd)
    return Conservation(
        plan=plan,
        reserve=reserve_mpd,
        capacity_change=capacity_change_mpd,
        planned=planned,
        opportunistic=opportunistic_mpd,
        other=other_mpd,
        displaced=sum(row.displaced_mpd for row in rows),
        cut=sum(row.cut_mpd for row in rows) + _short(rows, Ending.CUT),
        under_run=_short(rows, Ending.DELIVERED),
        over_run=sum(max(0, -row.gap_mpd) for row in rows),
    )


def _short(rows: Iterable[PlanOutcome], ending: Ending) -> int:
    return sum(max(0, row.gap_mpd) for row in rows if row.ending == ending)
