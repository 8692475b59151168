"""The golden values of docs/metrics-plan.md on plan against actual and funding, digit for digit."""

from datetime import date
from fractions import Fraction
from math import log

import pytest

from tests.domain.q1_2026 import Q1, A, C, D, G, percent
from tracker.domain.baseline import BaselineItem, Snapshot
from tracker.domain.calendar import WorkCalendar
from tracker.domain.conservation import Conservation, Ending, PlanOutcome, conserve
from tracker.domain.delivery import (
    Churn,
    SayDo,
    accuracy,
    churn,
    commitments,
    say_do,
    scope_growth,
)
from tracker.domain.slips import Derailed, attribute, derailment_index, working_days_between

WEEK = WorkCalendar()
LATER = date(2026, 6, 1)
PW = 5000
# G's only date is 2 March; B ends in April, and so is due in the next quarter.
PLAN = Snapshot(
    (
        BaselineItem(A, 1, 9 * PW, due_on=date(2026, 2, 13)),
        BaselineItem(2, 2, 32 * PW, due_on=date(2026, 4, 24)),
        BaselineItem(C, 3, 9 * PW, due_on=date(2026, 3, 27)),
        BaselineItem(G, 4, 10 * PW, due_on=date(2026, 3, 2)),
    )
)
DELIVERED = {A: date(2026, 2, 13), C: date(2026, 3, 27), D: date(2026, 2, 20)}


def q1_say_do() -> SayDo:
    return say_do(commitments(PLAN, Q1), DELIVERED, Q1, before=LATER)


def test_golden_commitments_due_in_q1_are_a_c_and_g() -> None:
    assert [entry.item for entry in commitments(PLAN, Q1)] == [A, C, G]


def test_golden_say_do_by_count_is_2_of_3() -> None:
    found = q1_say_do()

    assert (found.done, found.due, found.missed) == (2, 3, (G,))
    assert percent(found.by_count) == "66.7"


def test_golden_say_do_by_effort_is_90_of_140_pd() -> None:
    found = q1_say_do()

    assert (found.done_mpd, found.due_mpd) == (90_000, 140_000)
    assert percent(found.by_effort) == "64.3"


def test_golden_opportunistic_deliveries_never_enter_the_numerator() -> None:
    without_d = {item: day for item, day in DELIVERED.items() if item != D}

    assert say_do(commitments(PLAN, Q1), without_d, Q1, before=LATER) == q1_say_do()


def test_golden_accuracy_is_89_6_percent_and_bias_plus_1_6() -> None:
    found = accuracy([(45_000, 44_000), (45_000, 60_000), (160_000, 150_000)])

    assert found.accuracy == Fraction(896, 1000)
    assert found.bias == Fraction(16, 1000)
    assert found.typical_log_ratio == pytest.approx(log(160 / 150))


def test_golden_churn_is_53_3_percent_and_net_plus_20() -> None:
    baseline = Snapshot((BaselineItem(1, 1, 50 * PW), BaselineItem(2, 2, 10 * PW)))
    current = Snapshot((BaselineItem(1, 1, 50 * PW), BaselineItem(3, 2, 22 * PW)))

    found = churn(baseline, current)

    assert found == Churn(60 * PW, 22 * PW, 10 * PW)
    assert percent(found.rate) == "53.3"
    assert percent(found.net) == "20.0"


def test_golden_scope_growth_is_over_surviving_items() -> None:
    current = {A: 50_000, 2: 160_000, C: 40_000, D: 99_000}

    found = scope_growth(PLAN, current)

    assert (found.baseline_mpd, found.current_mpd) == (250_000, 250_000)
    assert found.rate == 0


LAW = Conservation(
    plan=240, reserve=60, capacity_change=-10, planned=200, opportunistic=79, other=11,
    displaced=30, cut=18, under_run=4, over_run=12,
)  # fmt: skip


def test_golden_conservation_30_18_4_12_60_10_11_gives_79() -> None:
    assert LAW.capacity == 300
    assert LAW.explained == 30 + 18 + 4 - 12 + 60 - 10 - 11 == 79
    assert (LAW.residual, LAW.plan_residual, LAW.capacity_residual) == (0, 0, 0)
    assert sum(mpd for _, mpd in LAW.steps) == 79


def test_golden_conservation_follows_from_what_became_of_each_item() -> None:
    outcomes = [
        PlanOutcome(100, 70, displaced_mpd=30, ending=Ending.DELIVERED),
        PlanOutcome(18, 0, ending=Ending.CUT),
        PlanOutcome(44, 40, ending=Ending.DELIVERED),
        PlanOutcome(78, 90, ending=Ending.DELIVERED),
    ]

    found = conserve(
        outcomes, opportunistic_mpd=79, reserve_mpd=60, capacity_change_mpd=-10, other_mpd=11
    )

    assert found == LAW


def test_golden_displacement_rate_is_30_of_79() -> None:
    assert LAW.displacement_rate == Fraction(30, 79)
    assert f"{float(Fraction(30, 79)):.2f}" == "0.38"


def test_golden_plan_loss_is_12_5_percent() -> None:
    assert percent(LAW.plan_loss) == "12.5"


def test_golden_slip_from_20_march_to_10_april_is_15_working_days() -> None:
    assert working_days_between(date(2026, 3, 20), date(2026, 4, 10), WEEK) == 15


def test_golden_attribution_of_15_days_is_6_and_4_and_5_other() -> None:
    found = attribute(15, {4: 12_000, 5: 8_000}, 2000)

    assert found.by_opportunity == {4: 6, 5: 4}
    assert found.opportunistic == 10
    assert found.other == 5


def test_golden_derailment_index_is_25_1() -> None:
    rows = [
        Derailed(50_000, is_pushed_out=True),
        Derailed(160_000, Fraction(10)),
        Derailed(45_000),
        Derailed(45_000),
    ]

    index = derailment_index(rows, 63)

    assert index is not None
    assert f"{float(index):.1f}" == "25.1"
