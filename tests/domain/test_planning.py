"""Planning: capacity by month, the running sum, and where the line falls."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.q1_2026 import CALENDAR
from tracker.domain.baseline import BaselineItem
from tracker.domain.planning import (
    Placement,
    PlanSum,
    RankedItem,
    available_mpd,
    capacity_mpd,
    carry_over,
    month_capacities,
    place,
)

EIGHT_FTE = {date(2026, month, 1): 8000 for month in (1, 2, 3)}
rankings = st.lists(
    st.builds(
        RankedItem,
        st.integers(1, 50),
        st.integers(1, 50),
        st.none() | st.integers(1, 9000),
        st.booleans(),
    ),
    max_size=12,
    unique_by=(lambda entry: entry.item, lambda entry: entry.rank),
)


def ranked(*estimates: int | None) -> list[RankedItem]:
    return [RankedItem(i, i, estimate) for i, estimate in enumerate(estimates, 1)]


def placements(found: PlanSum) -> list[Placement]:
    return [row.placement for row in found.rows]


def test_capacity_is_fte_times_working_days_without_holidays() -> None:
    months = month_capacities(date(2026, 1, 1), date(2026, 4, 1), EIGHT_FTE, CALENDAR)

    assert [month.working_days for month in months] == [21, 20, 22]
    assert capacity_mpd(months) == 8000 * 63


def test_a_month_that_the_cycle_cuts_counts_only_its_part() -> None:
    months = month_capacities(date(2026, 1, 19), date(2026, 2, 7), EIGHT_FTE, CALENDAR)

    assert [(month.month.label, month.working_days) for month in months] == [
        ("Jan 2026", 10),
        ("Feb 2026", 5),
    ]


def test_a_capacity_is_unknown_while_a_month_is() -> None:
    months = month_capacities(date(2026, 3, 1), date(2026, 5, 1), EIGHT_FTE, CALENDAR)

    assert [month.mpd for month in months] == [8000 * 22, None]
    assert capacity_mpd(months) is None
    assert capacity_mpd([]) is None
    assert available_mpd(None, 10) is None


def test_a_team_of_nobody_has_no_capacity_which_is_not_unknown() -> None:
    months = month_capacities(date(2026, 1, 1), date(2026, 2, 1), {date(2026, 1, 1): 0}, CALENDAR)

    assert capacity_mpd(months) == 0


def test_the_line_falls_where_the_running_sum_overflows_capacity_less_reserve() -> None:
    available = available_mpd(100, 20)

    found = place(ranked(50, 30, 10, 1), available)

    assert placements(found) == [Placement.ABOVE] * 2 + [Placement.OVERFLOW] * 2
    assert [(row.running_mpd, row.room_mpd) for row in found.rows] == [
        (50, 30),
        (80, 0),  # an exact fit is in
        (90, -10),
        (91, -11),
    ]
    assert (found.line_at, found.planned_mpd, found.room_mpd) == (2, 80, 0)
    assert found.overflow_mpd == 11


def test_a_small_item_does_not_slip_in_past_a_large_one_that_does_not_fit() -> None:
    assert placements(place(ranked(50, 60, 1), 80)) == [
        Placement.ABOVE,
        Placement.OVERFLOW,
        Placement.OVERFLOW,
    ]


def test_items_held_below_take_no_room_and_come_last() -> None:
    held = RankedItem(9, 1, 500, held_below=True)

    found = place([held, *ranked(50, 30)], 80)

    assert [row.item for row in found.rows] == [1, 2, 9]
    assert placements(found) == [Placement.ABOVE, Placement.ABOVE, Placement.HELD]
    assert found.rows[-1].running_mpd == 80


def test_without_a_known_capacity_nothing_overflows() -> None:
    found = place(ranked(50, 10**9), None)

    assert found.line_at == 2
    assert found.room_mpd is None
    assert found.rows[0].room_mpd is None


def test_items_without_an_estimate_are_counted_and_take_no_room() -> None:
    found = place(ranked(None, 80, None, 1, None), 80)

    assert (found.line_at, found.planned_mpd, found.unestimated) == (3, 80, 2)


@pytest.mark.parametrize("available", [0, -10])
def test_where_the_reserve_takes_everything_all_estimated_items_are_below(available: int) -> None:
    assert place(ranked(1, 1), available).line_at == 0


@given(rankings, st.integers(0, 40_000), st.randoms(use_true_random=False))
def test_what_is_above_the_line_fits_and_the_order_of_rows_does_not_matter(
    items: list[RankedItem], available: int, chance: random.Random
) -> None:
    found = place(items, available)

    assert found.planned_mpd <= available
    assert sum(row.estimate_mpd or 0 for row in found.rows if row.placement != Placement.HELD) == (
        found.planned_mpd + found.overflow_mpd
    )
    assert place(chance.sample(items, len(items)), available) == found
    assert all(row.placement == Placement.ABOVE for row in found.rows[: found.line_at])


@given(rankings, st.integers(0, 40_000), st.integers(0, 5000))
def test_more_capacity_never_lowers_the_line(
    items: list[RankedItem], available: int, more: int
) -> None:
    assert place(items, available + more).line_at >= place(items, available).line_at


def test_unfinished_work_is_offered_by_rank_and_what_is_planned_already_is_not() -> None:
    last = (
        BaselineItem(1, 4),
        BaselineItem(2, 3, above_line=False),
        BaselineItem(3, 2),
        BaselineItem(4, 1),
    )

    offered = carry_over(last, unfinished={1, 2, 3}, planned={3})

    assert [entry.item for entry in offered] == [1, 2]
