"""A period that is still running: how far it has come, and what its schedule holds."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from tracker.domain.calendar import Period
from tracker.domain.capacity import Segment, frozen_fte, worked_mpd
from tracker.domain.facts import Item
from tracker.domain.shares import Mix, Origin, sum_mixes
from tracker.domain.workdays import WorkCalendar


def is_to_date(period: Period, before: date) -> bool:
    """Tell whether the as-of day, the day ahead of ``before``, lies in the period."""
    return period.start < before <= period.end


def is_closed(period: Period, before: date) -> bool:
    """Tell whether the as-of day lies after the period's last day."""
    return before > period.end


def elapsed_working_days(period: Period, before: date, calendar: WorkCalendar) -> int:
    """Return the working days of the period ahead of the as-of bound."""
    return calendar.working_days(period.start, min(before, period.end))


def same_point_in(period: Period, elapsed: int, calendar: WorkCalendar) -> date:
    """Return the as-of bound at which an earlier period had as many working days behind it.

    It lies in the period or on its end, so that a shorter period is taken whole.
    """
    if elapsed <= 0:
        return period.start
    one = timedelta(days=1)
    return min(period.end, calendar.nth_working_day(period.start - one, elapsed) + one)


def schedule_projection(
    items: Iterable[Item],
    period: Period,
    *,
    before: date,
    calendar_of_team: Mapping[int, WorkCalendar],
    default_milli: int = 1000,
) -> Mix:
    """Return the period's mix in mpd if exactly what is scheduled at ``before`` happens.

    ``items`` are the facts as known then. Segments run to their end; an open one runs to the
    item's target or, where that is missing or past, to the end of the period. Committed work
    that has not started begins on its planned day at the FTE it would be frozen at. Estimates
    never cut a schedule short. The share is biased low: future opportunities are not scheduled.
    """
    mixes = []
    for item in items:
        calendar = calendar_of_team[item.team]
        mpd = sum(
            worked_mpd(segment, period.start, period.end, before=period.end, calendar=calendar)
            for segment in _schedule(item, before, calendar, default_milli)
        )
        mixes.append(Mix.of(Origin(item.origin), mpd))
    return sum_mixes(mixes)


def _schedule(
    item: Item, before: date, calendar: WorkCalendar, default_milli: int
) -> tuple[Segment, ...]:
    known = item.committed_on is not None and item.committed_on < before
    over = any(
        day is not None and day < before
        for day in (item.delivered_on, item.cancelled_on, item.deferred_on)
    )
    if not known or over:
        return tuple(replace(s, end=min(s.end or before, before)) for s in item.segments)
    until = item.target_on + timedelta(days=1) if item.target_on else None
    if until is not None and until <= before:
        until = None
    if item.segments:
        return tuple(s if s.end else replace(s, end=until) for s in item.segments)
    if item.planned_on is None:
        return ()
    start = max(item.planned_on, before)
    fte, assumed = frozen_fte(item.intake_mpd, start, item.target_on, calendar, default_milli)
    return (Segment(start, until, fte, assumed),)
