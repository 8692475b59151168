"""Running sums of work against the fold they stand for."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import FIRST, LAST, calendars, days, kinds, origins, segments
from tracker.domain.calendar import FiscalCalendar, PeriodKind, WorkCalendar, periods
from tracker.domain.capacity import Segment, capacity_by_period, segment_deltas
from tracker.domain.mix import Origin
from tracker.domain.running import RunningWork


@given(st.lists(st.tuples(segments(), origins), max_size=8), calendars, kinds, days)
def test_running_work_equals_the_fold_over_deltas(
    work: list[tuple[Segment, Origin]], calendar: WorkCalendar, kind: PeriodKind, before: date
) -> None:
    deltas = [delta for segment, origin in work for delta in segment_deltas(segment, origin)]
    asked = periods(kind, FIRST, LAST, FiscalCalendar())

    running = RunningWork([(d.day, d.origin, d.fte_milli) for d in deltas], calendar)

    assert running.mixes(asked, before) == capacity_by_period(deltas, asked, before, calendar)
