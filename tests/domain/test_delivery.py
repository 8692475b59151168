"""Plan against actual: what counts as delivered, how far off, and who made it late."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.plans import snapshots
from tests.domain.q1_2026 import Q1
from tests.domain.strategies import calendars, days
from tracker.domain.baseline import BaselineItem, Snapshot
from tracker.domain.calendar import WorkCalendar
from tracker.domain.comparison import compare
from tracker.domain.delivery import (
    Accuracy,
    Churn,
    Growth,
    SayDo,
    accuracy,
    churn,
    commitments,
    say_do,
    scope_growth,
)
from tracker.domain.lifecycle import Status
from tracker.domain.slips import (
    Attribution,
    Derailed,
    attribute,
    derailment_index,
    own_slip,
    slip_days,
    total_attribution,
    working_days_between,
)

WEEK = WorkCalendar()
LATER = date(2026, 6, 1)
MARCH_2 = date(2026, 3, 2)
DUE = (BaselineItem(1, 1, 5000, due_on=MARCH_2), BaselineItem(2, 2, None, due_on=MARCH_2))
takings = st.dictionaries(st.integers(1, 6), st.integers(0, 90_000), max_size=5)


def test_a_delivery_after_the_period_or_not_yet_known_is_not_done() -> None:
    for day, before, done in (
        (Q1.last_day, LATER, 1),
        (Q1.end, LATER, 0),
        (date(2026, 3, 9), date(2026, 3, 9), 0),
        (date(2026, 3, 9), date(2026, 3, 10), 1),
    ):
        assert say_do(DUE, {1: day}, Q1, before=before).done == done


def test_commitments_without_an_estimate_count_by_number_and_are_named() -> None:
    found = say_do(DUE, {2: MARCH_2}, Q1, before=LATER)

    assert found.by_count == Fraction(1, 2)
    assert found.by_effort == 0
    assert (found.unestimated, found.missed) == (1, (1,))


def test_items_below_the_line_or_due_elsewhere_are_no_commitments() -> None:
    plan = Snapshot(
        (
            BaselineItem(1, 1, due_on=MARCH_2, above_line=False),
            BaselineItem(2, 2),
            BaselineItem(3, 3, due_on=Q1.end),
            BaselineItem(4, 4, due_on=Q1.last_day),
        )
    )

    assert [entry.item for entry in commitments(plan, Q1)] == [4]


def test_nothing_due_or_delivered_is_no_data() -> None:
    assert (SayDo().by_count, SayDo().by_effort) == (None, None)
    empty = Accuracy()
    assert (empty.accuracy, empty.bias, empty.typical_log_ratio) == (None, None, None)
    assert (Growth().rate, Churn().rate, Churn().net) == (None, None, None)


def test_accuracy_leaves_out_items_without_a_plan_or_an_actual() -> None:
    found = accuracy([(10, 20), (None, 5), (5, None)])

    assert found.items == 1
    assert found.accuracy == 0
    assert found.bias == 1


def test_twice_and_half_the_plan_are_equally_wrong_by_the_typical_factor() -> None:
    twice, half = accuracy([(10, 20)]), accuracy([(20, 10)])

    assert twice.typical_log_ratio == pytest.approx(half.typical_log_ratio)
    assert twice.typical_log_ratio is not None
    assert exp(twice.typical_log_ratio) == pytest.approx(2)
    assert accuracy([(10, 0)]).typical_log_ratio is None


efforts = st.integers(1, 10**6)
pairs = st.lists(st.tuples(efforts, efforts), max_size=6)


@given(pairs, pairs)
def test_figures_of_two_teams_add_up_to_those_of_both(
    one: list[tuple[int, int]], two: list[tuple[int, int]]
) -> None:
    assert accuracy(one) + accuracy(two) == accuracy([*one, *two])
    ours, theirs = (
        [BaselineItem(n, n, p, due_on=MARCH_2) for n, (p, _) in enumerate(rows, first)]
        for rows, first in ((one, 1), (two, 100))
    )
    done = {entry.item: MARCH_2 for entry in (*ours, *theirs) if entry.item % 2}
    both = say_do([*ours, *theirs], done, Q1, before=LATER)
    assert say_do(ours, done, Q1, before=LATER) + say_do(theirs, done, Q1, before=LATER) == both


def test_growth_leaves_out_what_was_removed_or_has_no_estimate() -> None:
    plan = Snapshot((BaselineItem(1, 1, 100), BaselineItem(2, 2, 50), BaselineItem(3, 3, None)))

    assert scope_growth(plan, {1: 130, 3: 10}) == Growth(1, 100, 130)
    assert scope_growth(plan, {1: 130}).rate == Fraction(30, 100)
    assert scope_growth(plan, {1: None}).rate is None


def test_an_item_that_falls_below_the_line_leaves_the_plan() -> None:
    old = Snapshot((BaselineItem(1, 1, 60), BaselineItem(2, 2, 40, above_line=False)))
    new = Snapshot((BaselineItem(2, 1, 40), BaselineItem(1, 2, 60, above_line=False)))

    assert churn(old, new) == Churn(60, 40, 60)


@given(snapshots, snapshots)
def test_churn_and_growth_together_make_the_new_plan(old: Snapshot, new: Snapshot) -> None:
    moved, back = churn(old, new), churn(new, old)
    grown = sum(
        change.growth_mpd
        for change in compare(old, new).changes
        if change.old and change.new and change.old.above_line and change.new.above_line
    )

    assert (moved.added_mpd, moved.removed_mpd) == (back.removed_mpd, back.added_mpd)
    assert old.planned_mpd + moved.added_mpd - moved.removed_mpd + grown == new.planned_mpd


@given(days, days, calendars)
def test_a_slip_turned_round_is_as_early_as_it_was_late(
    due: date, ended: date, calendar: WorkCalendar
) -> None:
    found = working_days_between(due, ended, calendar)

    assert found == -working_days_between(ended, due, calendar)
    assert found >= 0 if ended >= due else found <= 0


def test_a_weekend_is_no_slip() -> None:
    friday = date(2026, 3, 20)

    assert working_days_between(friday, friday + timedelta(days=2), WEEK) == 0
    assert working_days_between(friday, friday + timedelta(days=3), WEEK) == 1
    assert working_days_between(friday, friday - timedelta(days=1), WEEK) == -1


@pytest.mark.parametrize(
    ("status", "delivered", "expected"),
    [
        (Status.DELIVERED, date(2026, 3, 9), 5),
        (Status.DELIVERED, date(2026, 2, 27), -1),
        (Status.ACTIVE, None, 10),  # open: late so far, up to 16 March
        (Status.DELIVERED, date(2026, 3, 30), 10),  # delivered later than is known
        (Status.CANCELLED, None, None),
        (Status.DEFERRED, None, None),
    ],
)
def test_the_slip_runs_to_the_delivery_or_to_the_as_of_day(
    status: Status, delivered: date | None, expected: int | None
) -> None:
    bound = date(2026, 3, 17)

    found = slip_days(MARCH_2, status, delivered, before=bound, calendar=WEEK)

    assert found == expected


def test_what_is_not_due_yet_or_never_due_has_no_slip() -> None:
    assert slip_days(MARCH_2, Status.ACTIVE, None, before=MARCH_2, calendar=WEEK) is None
    assert slip_days(MARCH_2, Status.ACTIVE, None, before=date(2026, 3, 3), calendar=WEEK) is None
    assert slip_days(None, Status.DELIVERED, MARCH_2, before=LATER, calendar=WEEK) is None


@given(st.integers(-60, 200), takings, st.integers(1, 9000))
def test_opportunities_never_account_for_more_than_the_slip_or_than_they_took(
    slip: int, taken: Mapping[int, int], fte: int
) -> None:
    found = attribute(slip, taken, fte)

    assert found.slip == max(slip, 0)
    assert found.early == max(-slip, 0)
    assert found.opportunistic <= max(slip, 0)
    assert found.opportunistic <= Fraction(sum(taken.values()), fte)
    assert found.other >= 0
    for one, part in found.by_opportunity.items():
        assert part == found.opportunistic * taken[one] / sum(taken.values())


@given(st.lists(st.tuples(st.integers(-60, 200), takings), max_size=6), st.integers(1, 9000))
def test_attributed_slips_add_up_over_items_in_any_order(
    rows: list[tuple[int, dict[int, int]]], fte: int
) -> None:
    found = [attribute(slip, taken, fte) for slip, taken in rows]

    total = total_attribution(found)

    assert total == total_attribution(reversed(found))
    assert total.slip == sum(max(slip, 0) for slip, _ in rows)
    assert total_attribution([]) == Attribution()


def test_nothing_is_attributed_without_the_fte_of_the_plan() -> None:
    with pytest.raises(ValueError, match="FTE"):
        attribute(5, {1: 5}, 0)


def test_a_chain_adds_only_what_exceeds_its_latest_predecessor() -> None:
    assert own_slip(15, [10, 4]) == 5
    assert own_slip(5, [10]) == 0
    assert own_slip(5, []) == 5
    assert own_slip(5, [-3]) == 5


@given(st.lists(st.builds(Derailed, efforts, st.fractions(-9, 99), st.booleans()), max_size=6))
def test_the_derailment_index_lies_between_0_and_100(rows: list[Derailed]) -> None:
    found = derailment_index(rows, 63)

    assert found is None if not rows else found is not None and 0 <= found <= 100


def test_a_cycle_without_working_days_has_no_derailment_index() -> None:
    with pytest.raises(ValueError, match="working day"):
        derailment_index([], 0)
