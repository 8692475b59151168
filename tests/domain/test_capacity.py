"""Capacity: work by segment equals counting day by day, and closed periods never change."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.brute import worked_mix
from tests.domain.strategies import FIRST, LAST, calendars, days, fiscals, kinds, origins, segments
from tracker.domain.calendar import FiscalCalendar, Period, PeriodKind, WorkCalendar, periods
from tracker.domain.capacity import Segment, frozen_fte, worked_mpd
from tracker.domain.mix import Mix, Origin, sum_mixes

WEEK = WorkCalendar()
rows = st.lists(st.tuples(segments(), origins), max_size=12)
Rows = list[tuple[Segment, Origin]]


def day_by_day(drawn: Rows, period: Period, before: date, calendar: WorkCalendar) -> Mix:
    mixes = []
    for segment, origin in drawn:
        day, mpd = period.start, 0
        while day < min(period.end, before):
            active = segment.start <= day and (segment.end is None or day < segment.end)
            mpd += segment.fte_milli if active and calendar.is_working_day(day) else 0
            day += timedelta(days=1)
        mixes.append(Mix.of(origin, mpd))
    return sum_mixes(mixes)


@given(rows, calendars, days, fiscals, st.sampled_from([PeriodKind.QUARTER, PeriodKind.YEAR]))
def test_work_equals_counting_day_by_day(
    drawn: Rows, calendar: WorkCalendar, before: date, fiscal: FiscalCalendar, kind: PeriodKind
) -> None:
    for period in periods(kind, date(2025, 5, 1), date(2026, 12, 1), fiscal):
        expected = day_by_day(drawn, period, before, calendar)
        assert worked_mix(drawn, period, before, calendar) == expected


@given(rows, calendars, days, kinds)
def test_splitting_a_period_preserves_its_sums(
    drawn: Rows, calendar: WorkCalendar, before: date, kind: PeriodKind
) -> None:
    parts = periods(kind, FIRST, LAST, FiscalCalendar())
    whole = replace(parts[0], end=parts[-1].end)

    by_part = [worked_mix(drawn, part, before, calendar) for part in parts]

    assert sum_mixes(by_part) == worked_mix(drawn, whole, before, calendar)


@given(rows, calendars, days, days, st.randoms(use_true_random=False))
def test_the_order_and_the_cutting_of_work_do_not_matter(
    drawn: Rows, calendar: WorkCalendar, before: date, cut: date, chance: random.Random
) -> None:
    pieces: Rows = []
    for segment, origin in drawn:
        if segment.start < cut and (segment.end is None or cut < segment.end):
            pieces += [
                (replace(segment, end=cut), origin),
                (replace(segment, start=cut), origin),
            ]
        else:
            pieces.append((segment, origin))
    chance.shuffle(pieces)

    for period in periods(PeriodKind.QUARTER, FIRST, LAST, FiscalCalendar()):
        found = worked_mix(pieces, period, before, calendar)
        assert found == worked_mix(drawn, period, before, calendar)


@given(segments(), calendars, days, days)
def test_no_work_is_counted_twice_or_after_the_as_of_bound(
    segment: Segment, calendar: WorkCalendar, start: date, before: date
) -> None:
    end = start + timedelta(days=200)

    worked = worked_mpd(segment, start, end, before=before, calendar=calendar)

    alone = worked_mpd(segment, start, min(end, max(before, start)), before=end, calendar=calendar)
    assert worked == alone
    assert 0 <= worked <= segment.fte_milli * calendar.working_days(start, end)


@pytest.mark.parametrize(
    ("estimate", "target", "expected"),
    [
        (45_000, date(2026, 1, 30), (2250, False)),  # 20 working days
        (10_000, date(2026, 1, 9), (2000, False)),
        (1, date(2026, 1, 9), (1, False)),  # never a segment without work
        (2502, date(2026, 1, 8), (626, False)),  # 625.5 rounds up
        (None, date(2026, 1, 30), (1000, True)),
        (45_000, None, (1000, True)),
        (45_000, date(2026, 1, 4), (1000, True)),  # the target lies before the start
        (100_000_000, date(2026, 1, 5), (1000, True)),  # 100,000 people: a mistake
        (5000, date.max, (1, False)),
    ],
)
def test_the_fte_is_frozen_at_the_start(
    estimate: int | None, target: date | None, expected: tuple[int, bool]
) -> None:
    assert frozen_fte(estimate, date(2026, 1, 5), target, WEEK) == expected


def test_the_team_chooses_the_fte_that_is_assumed() -> None:
    assert frozen_fte(None, date(2026, 1, 5), None, WEEK, default_milli=500) == (500, True)
    target = date(2026, 1, 11)
    assert frozen_fte(5000, date(2026, 1, 10), target, WEEK) == (1000, True)  # a weekend


@given(st.integers(0, 300), st.integers(1000, 10**6), st.integers(1000, 10**6))
def test_a_slip_or_a_reestimate_leaves_closed_periods_as_they_were(
    slip: int, first_estimate: int, second_estimate: int
) -> None:
    (january,) = periods(PeriodKind.MONTH, date(2026, 1, 1), date(2026, 2, 1), FiscalCalendar())
    start, target = date(2026, 1, 5), date(2026, 2, 13)
    fte, assumed = frozen_fte(first_estimate, start, target, WEEK)
    segment = Segment(start, target + timedelta(days=1), fte, assumed)
    slipped = replace(segment, end=target + timedelta(days=1 + slip))
    bound = date(2027, 6, 1)

    reported = worked_mix([(segment, Origin.PLANNED)], january, bound, WEEK)
    today = worked_mix([(slipped, Origin.PLANNED)], january, bound, WEEK)

    assert today == reported
    # Spreading the new estimate over the new duration is what would restate January.
    spread, _ = frozen_fte(second_estimate, start, target + timedelta(days=slip), WEEK)
    assert spread == fte or replace(segment, fte_milli=spread) != segment
