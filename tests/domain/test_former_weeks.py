"""Calendars that know the weekdays a team had before: counts equal a walk over the days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.closing import calendar_version
from tracker.domain.workdays import WorkCalendar

near = st.dates(date(2025, 1, 1), date(2026, 12, 31))
weeks = st.frozensets(st.integers(0, 6), min_size=1)
former = st.dictionaries(near, weeks, max_size=3).map(lambda found: tuple(sorted(found.items())))
calendars = st.builds(WorkCalendar, weeks, st.frozensets(near, max_size=5), former)


@given(calendars, near, st.integers(0, 400))
def test_working_days_are_those_of_the_week_that_held_then(
    calendar: WorkCalendar, start: date, length: int
) -> None:
    days = [start + timedelta(days=ahead) for ahead in range(length)]
    by_hand = sum(
        day.weekday() in calendar.week_on(day) and day not in calendar.holidays for day in days
    )

    assert calendar.working_days(start, start + timedelta(days=length)) == by_hand
    assert sum(calendar.is_working_day(day) for day in days) == by_hand


@given(calendars, near, st.integers(1, 60))
def test_the_nth_working_day_is_one_and_has_the_others_before_it(
    calendar: WorkCalendar, start: date, n: int
) -> None:
    day = calendar.nth_working_day(start, n)

    assert calendar.is_working_day(day)
    assert calendar.working_days(start + timedelta(days=1), day) == n - 1


def test_a_change_leaves_the_days_before_it_alone() -> None:
    april = date(2026, 4, 1)
    before = WorkCalendar()
    after = WorkCalendar(frozenset({0, 1, 2, 3}), former=((april, before.weekdays),))

    first_quarter = (date(2026, 1, 1), april)
    assert after.working_days(*first_quarter) == before.working_days(*first_quarter) == 64
    assert after.working_days(april, date(2026, 5, 1)) == 18


def test_the_name_of_a_calendar_without_former_weeks_is_what_it_always_was() -> None:
    assert calendar_version(WorkCalendar()) == (
        "2482d689c2360c0d6ffac726eddcfef10114cdd7b2059125f04a88c50473d7fe"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        ((date(2026, 2, 1), frozenset({0})), (date(2026, 1, 1), frozenset({0}))),
        ((date(2026, 2, 1), frozenset()),),
    ],
)
def test_former_weeks_out_of_order_or_without_a_day_are_refused(
    wrong: tuple[tuple[date, frozenset[int]], ...],
) -> None:
    with pytest.raises(ValueError, match=r"week|order"):
        WorkCalendar(former=wrong)
