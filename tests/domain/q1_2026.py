"""The worked example of docs/metrics.md section 1: seven initiatives in the first quarter of 2026.

Dates here are written as people write them, inclusive; the segments hold exclusive ends.
"""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tracker.domain.calendar import FiscalCalendar, Period, PeriodKind, WorkCalendar, period_of
from tracker.domain.capacity import Segment
from tracker.domain.facts import Entry, Item
from tracker.domain.mix import Measure, Origin, PeriodMix, entries, period_mix

CALENDAR = WorkCalendar(frozenset(range(5)), frozenset({date(2026, 1, 1)}))
CALENDARS = {1: CALENDAR}
FISCAL = FiscalCalendar()
Q1 = period_of(date(2026, 1, 1), PeriodKind.QUARTER, FISCAL)
AFTERWARDS = date(2026, 6, 1)
A, B, C, D, E, F, G = range(1, 8)


def work(first: tuple[int, int], last: tuple[int, int] | None, fte: int) -> Segment:
    """Return a segment of 2026 from inclusive (month, day) pairs; December is of 2025."""
    year = 2025 if first[0] == 12 else 2026
    end = date(2026, *last) + timedelta(days=1) if last else None
    return Segment(date(year, *first), end, fte)


def item(number: int, origin: Origin, weeks: int, value: int, **facts: Any) -> Item:
    """Return an item of team 1 whose estimate in person-weeks was frozen at its commitment."""
    mpd = weeks * 5000
    return Item(
        number,
        number,
        1,
        origin,
        commit_effort_mpd=mpd,
        effort_mpd=mpd,
        commit_value=value,
        **facts,
    )


def planned(number: int, weeks: int, value: int, start: date, **facts: Any) -> Item:
    """Return a planned item, committed before the quarter."""
    known = date(2025, 12, 1)
    return item(number, Origin.PLANNED, weeks, value, planned_on=start, committed_on=known, **facts)


def opportunity(number: int, weeks: int, value: int, commit: date, **facts: Any) -> Item:
    """Return an opportunistic item."""
    return item(number, Origin.OPPORTUNISTIC, weeks, value, committed_on=commit, **facts)


ITEMS = (
    planned(
        A, 9, 120, date(2025, 12, 15), segments=(work((12, 15), (2, 13), 1000),),
        delivered_on=date(2026, 2, 13),
    ),
    planned(B, 32, 400, date(2026, 1, 5), segments=(work((1, 5), (4, 24), 2000),)),
    planned(
        C, 9, 90, date(2026, 2, 2),
        segments=(work((2, 2), (2, 27), 1500), work((3, 16), (3, 27), 1500)),
        delivered_on=date(2026, 3, 27),
    ),
    opportunity(
        D, 8, 150, date(2026, 1, 20), segments=(work((1, 26), (2, 20), 2000),),
        delivered_on=date(2026, 2, 20),
    ),
    opportunity(
        E, 6, 60, date(2026, 2, 10), segments=(work((2, 16), (3, 6), 1000),),
        cancelled_on=date(2026, 3, 7),
    ),
    opportunity(F, 8, 100, date(2026, 3, 9), segments=(work((3, 16), (4, 10), 2000),)),
    planned(G, 10, 80, date(2026, 3, 2), deferred_on=date(2026, 3, 2)),
)  # fmt: skip


def members(measure: Measure, period: Period = Q1, before: date = AFTERWARDS) -> tuple[Entry, ...]:
    """Return the example's entries of a measure."""
    return entries(ITEMS, period, measure, before=before, calendar_of_team=CALENDARS)


def mix_of(measure: Measure, period: Period = Q1, before: date = AFTERWARDS) -> PeriodMix:
    """Return the example's mix of a measure."""
    return period_mix(period, measure, members(measure, period, before))


def percent(share: Fraction | float | None) -> str:
    """Write a share as the screens do, with one decimal, half up."""
    if share is None:
        return "no data"
    tenths = int(Fraction(share) * 1000 + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}"
