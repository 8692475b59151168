"""A plan while it is made: what the team can do, what was ranked, and where the line falls."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.domain.baseline import BaselineItem
from tracker.domain.calendar import FiscalCalendar, Period, PeriodKind, periods
from tracker.domain.workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class MonthCapacity:
    """One month of a cycle: FTE in thousandths (None: not yet known) and its working days."""

    month: Period
    working_days: int
    fte_milli: int | None

    @property
    def mpd(self) -> int | None:
        """Return the capacity in mpd, None where the FTE is not yet known."""
        return None if self.fte_milli is None else self.fte_milli * self.working_days


class Placement(StrEnum):
    """Where a ranked item stands: in the plan, beyond what fits, or kept below by choice."""

    ABOVE = "above"
    OVERFLOW = "overflow"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class RankedItem:
    """An item of a plan; ``held_below`` keeps it below the line whether or not it fits."""

    item: int
    rank: int
    estimate_mpd: int | None = None
    held_below: bool = False


@dataclass(frozen=True, slots=True)
class PlacedItem:
    """A ranked item with the running sum in mpd up to and including it.

    ``room_mpd`` is what is left for the items after it, less than 0 beyond the line and None
    where the capacity is not known. Held items do not add to the sum.
    """

    item: int
    rank: int
    estimate_mpd: int | None
    running_mpd: int
    room_mpd: int | None
    placement: Placement


@dataclass(frozen=True, slots=True)
class PlanSum:
    """A ranking against what is available; held items come last.

    ``planned_mpd`` is the effort above the line and ``unestimated`` counts the items there
    that add nothing to it since nobody has estimated them.
    """

    rows: tuple[PlacedItem, ...]
    available_mpd: int | None
    planned_mpd: int
    unestimated: int

    @property
    def line_at(self) -> int:
        """Return how many rows stand above the line, which is drawn below them."""
        return sum(row.placement == Placement.ABOVE for row in self.rows)

    @property
    def room_mpd(self) -> int | None:
        """Return what is still free above the line, None where the capacity is not known."""
        return None if self.available_mpd is None else self.available_mpd - self.planned_mpd

    @property
    def overflow_mpd(self) -> int:
        """Return the effort that was ranked but does not fit."""
        beyond = (row for row in self.rows if row.placement == Placement.OVERFLOW)
        return sum(row.estimate_mpd or 0 for row in beyond)


def month_capacities(
    start: date, end: date, fte_by_month: Mapping[date, int], calendar: WorkCalendar
) -> tuple[MonthCapacity, ...]:
    """Return the months of the cycle ``[start, end)``; a month it cuts counts only its part.

    ``fte_by_month`` gives thousandths of an FTE by the first day of each calendar month.
    """
    return tuple(
        MonthCapacity(
            month,
            calendar.working_days(max(start, month.start), min(end, month.end)),
            fte_by_month.get(month.start),
        )
        for month in periods(PeriodKind.MONTH, start, end, FiscalCalendar())
    )


def capacity_mpd(months: Iterable[MonthCapacity]) -> int | None:
    """Return the capacity of a plan, None while a month is not yet known or there is none."""
    known = [month.mpd for month in months]
    return sum(mpd or 0 for mpd in known) if known and None not in known else None


def available_mpd(capacity: int | None, reserve: int) -> int | None:
    """Return the mpd that planned items may take, None where the capacity is not known."""
    return None if capacity is None else capacity - reserve


def place(items: Iterable[RankedItem], available: int | None) -> PlanSum:
    """Draw the line where the running sum of the ranked items overflows ``available`` mpd.

    The first item that does not fit and all after it are below, even a small one that would
    fill the gap: the ranking decides. An exact fit is above. Without a known capacity nothing
    overflows.
    """
    rows: list[PlacedItem] = []
    running = 0
    for entry in sorted(items, key=lambda one: (one.held_below, one.rank, one.item)):
        running += 0 if entry.held_below else entry.estimate_mpd or 0
        is_over = available is not None and running > available  # and so for all that follow
        where = Placement.OVERFLOW if is_over else Placement.ABOVE
        where = Placement.HELD if entry.held_below else where
        room = None if available is None else available - running
        rows.append(PlacedItem(entry.item, entry.rank, entry.estimate_mpd, running, room, where))
    efforts = [row.estimate_mpd for row in rows if row.placement == Placement.ABOVE]
    planned = sum(effort or 0 for effort in efforts)
    return PlanSum(tuple(rows), available, planned, efforts.count(None))


def carry_over(
    last: Sequence[BaselineItem], unfinished: Collection[int], planned: Collection[int]
) -> tuple[BaselineItem, ...]:
    """Return what the last cycle may hand on: its unfinished items, by rank, not yet planned.

    They are offered, never taken over by themselves; items below the line come last.
    """
    offered = (entry for entry in last if entry.item in unfinished and entry.item not in planned)
    return tuple(sorted(offered, key=lambda entry: (not entry.above_line, entry.rank)))
