"""The facts of an initiative that the measures read, and what it contributes to a period."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.capacity import Segment
from tracker.domain.shares import Origin


@dataclass(frozen=True, slots=True)
class Item:
    """The facts of one initiative that decide where it belongs.

    Effort in mpd; value in whole currency units, as expected at the commitment. ``planned_on``
    is the baseline's start, else the target start, else the commit date. ``cancelled_on`` and
    ``deferred_on`` are the first day without work, ``delivered_on`` and ``target_on`` the last
    day with it. ``parent`` is the item it was split from.
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

    @property
    def entered_on(self) -> date | None:
        """Return the day it enters the intake, None while it is only proposed."""
        if self.committed_on is None or self.origin != Origin.PLANNED:
            return self.committed_on
        return self.planned_on or self.committed_on

    @property
    def intake_mpd(self) -> int | None:
        """Return the effort frozen at the commitment; filling in a missing one corrects it."""
        return self.effort_mpd if self.commit_effort_mpd is None else self.commit_effort_mpd

    @property
    def delivered_mpd(self) -> int | None:
        """Return the actual effort, else the last estimate."""
        return self.effort_mpd if self.actual_mpd is None else self.actual_mpd


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
