"""The facts of an initiative that the measures read, and what it contributes to a period."""

from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.capacity import Segment
from tracker.domain.shares import Origin


@dataclass(frozen=True, slots=True)
class Shift:
    """The days ``[start, end)`` of a cycle in which another origin counts than the declared one."""

    start: date
    end: date
    origin: Origin


@dataclass(frozen=True, slots=True)
class Item:
    """The facts of one initiative that decide where it belongs.

    Effort in mpd; value in whole currency units, as expected at the commitment. ``planned_on``
    is the baseline's start, else the target start, else the commit date. ``cancelled_on`` and
    ``deferred_on`` are the first day without work, ``delivered_on`` and ``target_on`` the last
    day with it. ``parent`` is the item it was split from. ``origin`` is the declared one, and
    ``shifts`` tells in which cycles it does not count.
    """

    item: int
    root: int
    team: int
    origin: Origin
    trigger: str = ""
    planned_on: date | None = None
    committed_on: date | None = None
    delivered_on: date | None = None
    cancelled_on: date | None = None
    deferred_on: date | None = None
    commit_effort_mpd: int | None = None
    effort_mpd: int | None = None
    actual_mpd: int | None = None
    commit_value: int | None = None
    segments: tuple[Segment, ...] = ()
    target_on: date | None = None
    parent: int | None = None
    shifts: tuple[Shift, ...] = ()

    def origin_on(self, day: date) -> Origin:
        """Return the origin that counts on a day."""
        for shift in self.shifts:
            if shift.start <= day < shift.end:
                return shift.origin
        return self.origin

    @property
    def entered_on(self) -> date | None:
        """Return the day it enters the intake, None while it is only proposed.

        What is planned enters on its planned day, everything else when it was committed.
        """
        day = self.planned_on or self.committed_on
        if self.committed_on is None or day is None:
            return None
        return day if self.origin_on(day) == Origin.PLANNED else self.committed_on

    @property
    def by_origin(self) -> tuple["Item", ...]:
        """Return the item once for each origin under which it was worked on, with that work."""
        if not self.shifts:
            return (self,)
        work: dict[Origin, list[Segment]] = {}
        for segment in self.segments:
            for piece in _cut(segment, self.shifts):
                work.setdefault(self.origin_on(piece.start), []).append(piece)
        return tuple(
            replace(self, origin=origin, segments=tuple(pieces), shifts=())
            for origin, pieces in work.items()
        )

    @property
    def intake_mpd(self) -> int | None:
        """Return the effort frozen at the commitment; filling in a missing one corrects it."""
        return self.effort_mpd if self.commit_effort_mpd is None else self.commit_effort_mpd

    @property
    def delivered_mpd(self) -> int | None:
        """Return the actual effort, else the last estimate."""
        return self.effort_mpd if self.actual_mpd is None else self.actual_mpd


def _cut(segment: Segment, shifts: tuple[Shift, ...]) -> list[Segment]:
    """Cut a segment where another origin begins to count."""
    days = {day for shift in shifts for day in (shift.start, shift.end)}
    inside = [day for day in days if segment.start < day and (not segment.end or day < segment.end)]
    starts = [segment.start, *sorted(inside)]
    ends = [*starts[1:], segment.end]
    return [replace(segment, start=s, end=e) for s, e in zip(starts, ends, strict=True)]


@dataclass(frozen=True, slots=True)
class Entry:
    """What one initiative contributes to one period; None is unestimated or unvalued."""

    item: int
    root: int
    team: int
    origin: Origin
    trigger: str
    effort_mpd: int | None
    value: int | None
    assumed_mpd: int = 0
