"""Capacity: what was worked, as FTE times working days, in thousandths of a person-day (mpd).

One thousandth of an FTE for one working day is one mpd, so everything stays a whole number.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from tracker.domain.calendar import Period
from tracker.domain.shares import Mix, Origin
from tracker.domain.workdays import WorkCalendar

MOST_FTE_MILLI = 1_000_000


@dataclass(frozen=True, slots=True)
class Segment:
    """Active work from ``start`` until the day before ``end`` (None: still open).

    ``fte_milli`` is in thousandths of a full-time person; ``assumed`` marks a team's default.
    """

    start: date
    end: date | None
    fte_milli: int
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Delta:
    """A change of the FTE at work: +fte on a segment's first day, -fte on its exclusive end."""

    day: date
    origin: Origin
    trigger: str
    fte_milli: int


def worked_mpd(
    segment: Segment, start: date, end: date, *, before: date, calendar: WorkCalendar
) -> int:
    """Return the mpd worked on a segment in ``[start, end)`` and before the as-of bound."""
    until = min(end, before, segment.end or end)
    return segment.fte_milli * calendar.working_days(max(start, segment.start), until)


def frozen_fte(
    estimate_mpd: int | None,
    start: date,
    target_last_day: date | None,
    calendar: WorkCalendar,
    default_milli: int = 1000,
) -> tuple[int, bool]:
    """Return ``(fte_milli, assumed)`` for work that starts without a given FTE.

    It is the estimate over the working days from start to target, rounded half up to a
    thousandth and at least one. Without an estimate, a target or a working day between them,
    or where it would take more than 1,000 people, the team's default is assumed.
    """
    if estimate_mpd is None or target_last_day is None:
        return default_milli, True
    days = calendar.working_days_through(start, target_last_day)
    if not days or estimate_mpd > days * MOST_FTE_MILLI:
        return default_milli, True
    return max(1, (2 * estimate_mpd + days) // (2 * days)), False


def segment_deltas(segment: Segment, origin: Origin, trigger: str = "") -> tuple[Delta, ...]:
    """Return the one or two deltas that stand for a segment."""
    opening = Delta(segment.start, origin, trigger, segment.fte_milli)
    if segment.end is None:
        return (opening,)
    return opening, Delta(segment.end, origin, trigger, -segment.fte_milli)


def capacity_by_period(
    deltas: Iterable[Delta], periods: Sequence[Period], before: date, calendar: WorkCalendar
) -> tuple[Mix, ...]:
    """Return one mix in mpd for each period, in the order of ``periods``.

    ``deltas`` may be summed over (day, origin, trigger) by a GROUP BY. With W(x) the working
    days up to x, work before x is W(x) * sum(fte) - sum(fte * W(day)): two running sums answer
    every bound, so the cost is O(deltas + periods) for deltas in order of day.
    """
    bounds = {min(day, before) for period in periods for day in (period.start, period.end)}
    done = _worked_before(deltas, bounds, calendar)
    return tuple(
        _difference(done[min(period.end, before)], done[min(period.start, before)])
        for period in periods
    )


def triggers_by_period(
    deltas: Iterable[Delta], periods: Sequence[Period], before: date, calendar: WorkCalendar
) -> dict[str, tuple[int, ...]]:
    """Return opportunistic mpd a period by trigger, which is "" where none was given."""
    by_trigger: dict[str, list[Delta]] = {}
    for delta in deltas:
        if delta.origin == Origin.OPPORTUNISTIC:
            by_trigger.setdefault(delta.trigger, []).append(delta)
    return {
        trigger: tuple(
            mix.opportunistic for mix in capacity_by_period(own, periods, before, calendar)
        )
        for trigger, own in sorted(by_trigger.items())
    }


def _worked_before(
    deltas: Iterable[Delta], bounds: set[date], calendar: WorkCalendar
) -> dict[date, Mix]:
    queue = sorted(deltas, key=attrgetter("day"))
    level = dict.fromkeys(Origin, 0)
    offset = dict.fromkeys(Origin, 0)
    done: dict[date, Mix] = {}
    position = 0
    for bound in sorted(bounds):
        while position < len(queue) and queue[position].day < bound:
            delta = queue[position]
            level[delta.origin] += delta.fte_milli
            offset[delta.origin] += delta.fte_milli * calendar.working_days(date.min, delta.day)
            position += 1
        days = calendar.working_days(date.min, bound)
        done[bound] = Mix(**{str(key): days * level[key] - offset[key] for key in Origin})
    return done


def _difference(later: Mix, earlier: Mix) -> Mix:
    return Mix(
        later.opportunistic - earlier.opportunistic,
        later.planned - earlier.planned,
        later.unclassified - earlier.unclassified,
    )
