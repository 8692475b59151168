"""Capacity: what was worked, as FTE times working days, in thousandths of a person-day (mpd).

One thousandth of an FTE for one working day is one mpd, so everything stays a whole number.
"""

from dataclasses import dataclass
from datetime import date

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
