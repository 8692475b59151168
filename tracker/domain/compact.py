"""The facts of initiatives as a worker keeps them by thousands: plain tuples, days as ordinals."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tracker.domain.shares import Origin

Sort = tuple[str, str]


class Work(NamedTuple):
    """Work from ``start`` until the day before ``end`` (None: still open)."""

    start: int
    end: int | None
    fte_milli: int
    assumed: bool


class OtherOrigin(NamedTuple):
    """The days ``[start, end)`` in which another origin counts than the declared one."""

    start: int
    end: int
    origin: str


class Facts(NamedTuple):
    """What the measures read of one initiative; see ``domain.facts.Item``. Days are ordinals.

    ``sort`` is the declared origin and the trigger. ``gone`` is the first day without work of
    what was given up, ``touched`` the moment of the last change while it is active, in seconds
    since 1970.
    """

    item: int
    root: int | None
    parent: int | None
    sort: Sort
    entered: int | None = None
    committed: int | None = None
    delivered: int | None = None
    gone: int | None = None
    intake_mpd: int | None = None
    delivered_mpd: int | None = None
    value: int | None = None
    is_estimated: bool = False
    touched: float | None = None
    works: tuple[Work, ...] = ()
    shifts: tuple[OtherOrigin, ...] = ()

    def sort_on(self, day: int) -> Sort:
        """Return the origin that counts on a day, and the trigger."""
        for shift in self.shifts:
            if shift.start <= day < shift.end:
                return shift.origin, self.sort[1]
        return self.sort

    @property
    def pieces(self) -> Iterator[tuple[Sort, Work]]:
        """Yield the work, cut where another origin begins to count."""
        for work in self.works:
            days = {day for shift in self.shifts for day in (shift.start, shift.end)}
            inside = (day for day in days if work.start < day < (work.end or day + 1))
            starts = [work.start, *sorted(inside)]
            for start, end in zip(starts, [*starts[1:], work.end], strict=True):
                yield self.sort_on(start or 0), work._replace(start=start or 0, end=end)


def entered_day(
    sort: Sort, committed: int | None, planned: int | None, shifts: Sequence[OtherOrigin] = ()
) -> int | None:
    """Return the day an initiative enters the intake: ``domain.facts.Item.entered_on``."""
    if committed is None or planned is None:
        return committed
    origin = Facts(0, None, None, sort, shifts=tuple(shifts)).sort_on(planned)[0]
    return planned if origin == Origin.PLANNED else committed
