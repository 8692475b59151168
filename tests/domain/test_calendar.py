"""Periods and working days."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import calendars, days, fiscals, kinds
from tracker.domain.calendar import (
    FiscalCalendar,
    PeriodKind,
    WorkCalendar,
    civil_date,
    last_periods,
    period_from_slug,
    period_of,
    periods,
)

JANUARY = FiscalCalendar()
JULY_BY_END = FiscalCalendar(7, "end")
JULY_BY_START = FiscalCalendar(7, "start")
DAY = date(2026, 9, 3)


@pytest.mark.parametrize(
    ("kind", "fiscal", "label", "slug", "start", "last"),
    [
        ("week", JANUARY, "2026 W36", "2026-w36", date(2026, 8, 31), date(2026, 9, 6)),
        ("month", JANUARY, "Sep 2026", "2026-09", date(2026, 9, 1), date(2026, 9, 30)),
        ("quarter", JANUARY, "2026 Q3", "2026-q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("half", JANUARY, "2026 H2", "2026-h2", date(2026, 7, 1), date(2026, 12, 31)),
        ("year", JANUARY, "2026", "2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("month", JULY_BY_END, "Sep 2026", "2026-09", date(2026, 9, 1), date(2026, 9, 30)),
        ("quarter", JULY_BY_END, "FY27 Q1", "2027-q1", date(2026, 7, 1), date(2026, 9, 30)),
        ("half", JULY_BY_END, "FY27 H1", "2027-h1", date(2026, 7, 1), date(2026, 12, 31)),
        ("year", JULY_BY_END, "FY27", "2027", date(2026, 7, 1), date(2027, 6, 30)),
        ("year", JULY_BY_START, "FY26", "2026", date(2026, 7, 1), date(2027, 6, 30)),
    ],
)
def test_a_period_has_its_label_slug_and_days(
    kind: str, fiscal: FiscalCalendar, label: str, slug: str, start: date, last: date
) -> None:
    period = period_of(DAY, PeriodKind(kind), fiscal)

    assert (period.label, period.slug, period.start, period.last_day) == (label, slug, start, last)
    assert period.end == last + timedelta(days=1)


def test_a_day_before_the_fiscal_start_belongs_to_the_running_year() -> None:
    assert period_of(date(2026, 6, 30), PeriodKind.YEAR, JULY_BY_END).label == "FY26"
    assert period_of(date(2026, 6, 30), PeriodKind.QUARTER, JULY_BY_END).label == "FY26 Q4"


def test_the_first_days_of_january_can_lie_in_the_last_iso_week_of_the_year_before() -> None:
    assert period_of(date(2027, 1, 1), PeriodKind.WEEK, JANUARY).slug == "2026-w53"


@given(kinds, days, days, fiscals)
def test_periods_cover_a_range_without_gap_or_overlap(
    kind: PeriodKind, one: date, other: date, fiscal: FiscalCalendar
) -> None:
    start, end = sorted((one, other))

    found = periods(kind, start, end, fiscal)

    assert all(earlier.end == later.start for earlier, later in pairwise(found))
    if start == end:
        assert found == ()
    else:
        assert found[0].contains(start)
        assert found[-1].contains(end - timedelta(days=1))


@given(kinds, days, fiscals)
def test_the_slug_leads_back_to_the_same_period(
    kind: PeriodKind, day: date, fiscal: FiscalCalendar
) -> None:
    period = period_of(day, kind, fiscal)

    assert period_from_slug(period.slug, fiscal) == period


@pytest.mark.parametrize(
    "slug",
    ["", "2026-q5", "2026-q0", "2026-13", "2026-00", "2025-w53", "2026-w00", "2026-h3", "26-q1",
     "2026-Q3", " 2026", "2026\n", "9999", "0000", "9999-12", "9999-w52", "٢٠٢٦", "x" * 5000],
)  # fmt: skip
def test_a_slug_that_names_no_period_is_refused_with_examples(slug: str) -> None:
    with pytest.raises(ValueError, match="There is no period") as error:
        period_from_slug(slug, JANUARY)

    assert len(str(error.value)) < 200


@given(kinds, days, fiscals, st.integers(0, 30))
def test_the_last_periods_end_with_the_one_of_today(
    kind: PeriodKind, day: date, fiscal: FiscalCalendar, n: int
) -> None:
    found = last_periods(n, kind, day, fiscal)

    assert len(found) == n
    if n:
        assert found[-1].contains(day)
        assert found == periods(kind, found[0].start, found[-1].end, fiscal)


@pytest.mark.parametrize("kind", list(PeriodKind))
@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_edges_of_the_calendar_are_refused_and_never_crash(kind: PeriodKind, day: date) -> None:
    for ask in (
        lambda: period_of(day, kind, JULY_BY_END),
        lambda: last_periods(3, kind, day, JULY_BY_END),
        lambda: periods(kind, date(9998, 1, 1), date.max, JULY_BY_END),
    ):
        try:
            ask()
        except ValueError as error:
            assert "year" in str(error)


def test_a_range_of_thousands_of_years_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        periods(PeriodKind.WEEK, date(1, 1, 1), date(9000, 1, 1), JANUARY)


@pytest.mark.parametrize(("month", "rule"), [(0, "end"), (13, "end"), (1, "middle")])
def test_a_fiscal_calendar_that_cannot_be_is_refused(month: int, rule: str) -> None:
    with pytest.raises(ValueError, match="fiscal year"):
        FiscalCalendar(month, rule)


def test_an_instant_without_zone_or_with_an_unknown_one_has_no_date() -> None:
    with pytest.raises(ValueError, match="needs its zone"):
        civil_date(datetime(2026, 4, 1, 3, 30), "Europe/Berlin")
    for name in ("Europe/Atlantis", "../../etc/passwd", "", "Europe"):
        with pytest.raises(ValueError, match="is no time zone"):
            civil_date(datetime(2026, 4, 1, 3, 30, tzinfo=UTC), name)


def brute_force(calendar: WorkCalendar, start: date, end: date) -> int:
    return sum(
        calendar.is_working_day(start + timedelta(days=n)) for n in range((end - start).days)
    )


@given(calendars, days, days)
def test_working_days_equal_counting_them_one_by_one(
    calendar: WorkCalendar, start: date, end: date
) -> None:
    assert calendar.working_days(start, end) == brute_force(calendar, start, end)
    through = brute_force(calendar, start, end + timedelta(days=1))
    assert calendar.working_days_through(start, end) == through


@given(calendars, days, st.integers(0, 300))
def test_the_nth_working_day_has_n_working_days_behind_it(
    calendar: WorkCalendar, start: date, n: int
) -> None:
    found = calendar.nth_working_day(start, n)

    one = timedelta(days=1)
    assert calendar.working_days(start + one, found + one) == n
    assert found == start if n == 0 else calendar.is_working_day(found)


def test_working_days_are_counted_over_weekends_and_holidays() -> None:
    calendar = WorkCalendar(frozenset(range(5)), frozenset({date(2026, 4, 3), date(2026, 4, 5)}))

    assert calendar.nth_working_day(date(2026, 4, 2), 1) == date(2026, 4, 6)
    assert calendar.working_days(date(2026, 4, 1), date(2026, 4, 8)) == 4


def test_a_calendar_without_a_working_day_and_counting_backwards_are_refused() -> None:
    for weekdays in (frozenset[int](), frozenset({7}), frozenset({-1, 2})):
        with pytest.raises(ValueError, match="at least one weekday"):
            WorkCalendar(weekdays)
    with pytest.raises(ValueError, match="forwards"):
        WorkCalendar().nth_working_day(DAY, -1)
    with pytest.raises(ValueError, match="outside the calendar"):
        WorkCalendar().nth_working_day(date(9999, 12, 1), 500)
