"""Hypothesis strategies for the domain: calendars, segments, initiatives."""

from datetime import date, timedelta

from hypothesis import strategies as st

from tracker.domain.calendar import FiscalCalendar, PeriodKind, WorkCalendar
from tracker.domain.capacity import Segment
from tracker.domain.facts import Item
from tracker.domain.mix import Origin

FIRST, LAST = date(2024, 1, 1), date(2028, 12, 31)

days = st.dates(FIRST, LAST)
kinds = st.sampled_from(list(PeriodKind))
origins = st.sampled_from(list(Origin))
fiscals = st.builds(FiscalCalendar, st.integers(1, 12), st.sampled_from(["start", "end"]))
calendars = st.builds(
    WorkCalendar,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.frozensets(days, max_size=30),
)


@st.composite
def segments(draw: st.DrawFn) -> Segment:
    """Draw a segment, open or closed."""
    start = draw(days)
    length = draw(st.none() | st.integers(1, 400))
    end = None if length is None else start + timedelta(days=length)
    return Segment(start, end, draw(st.integers(1, 4000)), draw(st.booleans()))


items = st.builds(
    Item,
    item=st.integers(1, 10**6),
    root=st.integers(1, 5),
    team=st.just(1),
    origin=origins,
    trigger=st.sampled_from(["", "incident", "market"]),
    planned_on=st.none() | days,
    committed_on=st.none() | days,
    delivered_on=st.none() | days,
    cancelled_on=st.none() | days,
    deferred_on=st.none() | days,
    commit_effort_mpd=st.none() | st.integers(1, 10**6),
    effort_mpd=st.none() | st.integers(1, 10**6),
    actual_mpd=st.none() | st.integers(0, 10**6),
    commit_value=st.none() | st.integers(0, 10**6),
    segments=st.lists(segments(), max_size=3).map(tuple),
)
portfolios = st.lists(items, max_size=12, unique_by=lambda item: item.item)
