"""The golden values of docs/metrics-plan.md on baselines and restatements, digit for digit."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tests.domain.q1_2026 import AFTERWARDS, CALENDAR, CALENDARS, ITEMS, Q1, A, E, percent
from tracker.domain.baseline import (
    Baseline,
    BaselineItem,
    BaselineKind,
    PlanCycle,
    Snapshot,
    baseline_hash,
    opening_baseline,
)
from tracker.domain.closing import closes_on
from tracker.domain.facts import Item
from tracker.domain.mix import Measure, Mix, Weight, entries, period_mix
from tracker.domain.origins import Basis, Derived, derive_origins
from tracker.domain.restatement import Cause, Restatement, Revision, restate

FY27 = PlanCycle(date(2027, 1, 1), date(2028, 1, 1))
OP1 = Baseline(
    1, 27, 0, BaselineKind.OP1, date(2026, 7, 1), date(2026, 7, 1),
    Snapshot((BaselineItem(1, 1, 45_000), BaselineItem(2, 2, 160_000))),
)  # fmt: skip
OP2 = Baseline(
    1, 27, 1, BaselineKind.OP2, date(2026, 12, 12), date(2026, 12, 12),
    Snapshot((BaselineItem(1, 1, 45_000), BaselineItem(3, 2, 45_000))),
)  # fmt: skip
AMENDMENT = Baseline(
    1, 27, 2, BaselineKind.AMENDMENT, date(2027, 2, 1), date(2027, 2, 1),
    Snapshot((BaselineItem(1, 1, 45_000), BaselineItem(3, 2, 45_000), BaselineItem(4, 3, 9_000))),
)  # fmt: skip
CHAIN = (OP1, OP2, AMENDMENT)


def test_golden_op2_opens_the_cycle_and_not_op1_or_the_amendment() -> None:
    opening = opening_baseline(CHAIN, FY27, before=date(2027, 6, 1))

    assert opening is not None
    assert opening.baseline == OP2
    assert not opening.locked_late


def test_golden_not_in_op2_locked_12_dec_first_committed_20_jan_is_opportunistic() -> None:
    committed = date(2027, 1, 20)

    found = derive_origins({4: committed}, FY27, CHAIN, lineage={}, before=date(2027, 6, 1))[4]

    assert found.origin == Derived.OPPORTUNISTIC
    assert found.evidence.basis == Basis.ABSENT
    assert found.evidence.lock is not None
    assert found.evidence.lock.kind == BaselineKind.OP2
    assert found.evidence.lock.locked_on == date(2026, 12, 12)
    assert found.evidence.committed_on == committed


def test_golden_an_item_an_amendment_adopts_stays_opportunistic_and_is_ratified() -> None:
    found = derive_origins({4: None}, FY27, CHAIN, lineage={}, before=date(2027, 6, 1))[4]

    assert found.origin == Derived.OPPORTUNISTIC
    assert found.evidence.ratified is not None
    assert found.evidence.ratified.number == AMENDMENT.number


def test_golden_hash_of_a_baseline_never_changes() -> None:
    # Stored hashes must stay valid: a new field needs a default, a new spelling a new form.
    assert baseline_hash(OP2) == (
        "0ce1fcd3673d5ee560ad309d5a365daf9c20d8d697e1205554cbe7d17ed5f587"
    )


def test_golden_close_of_q1_2026_is_reported_8_april() -> None:
    assert closes_on(Q1, CALENDAR) == date(2026, 4, 8)


def points(share: Fraction | None, decimals: str = "0.01") -> str:
    """Write a difference of shares in percentage points, half up."""
    assert share is not None
    exact = Decimal(share.numerator * 100) / share.denominator
    return f"{exact.quantize(Decimal(decimals), ROUND_HALF_UP):+}"


def mix_of_facts(facts: Mapping[int, Item]) -> Mix:
    members = entries(
        tuple(facts.values()), Q1, Measure.CAPACITY, before=AFTERWARDS, calendar_of_team=CALENDARS
    )
    return period_mix(Q1, Measure.CAPACITY, members).mixes[Weight.EFFORT]


def q1_restated() -> Restatement:
    """Return the story: E entered late, then A's end corrected; given out of order."""
    facts = {item.item: item for item in ITEMS}
    late = facts.pop(E)
    first = facts[A].segments[0]
    corrected = replace(facts[A], segments=(replace(first, end=date(2026, 2, 7)),))
    revisions = [
        Revision(datetime(2026, 4, 20, 9, tzinfo=UTC), 2, A, corrected),
        Revision(datetime(2026, 4, 10, 9, tzinfo=UTC), 1, E, late),
    ]
    return restate(facts, revisions, mix_of_facts)


def test_golden_q1_is_reported_as_64_of_264() -> None:
    reported = q1_restated().reported

    assert (reported.opportunistic, reported.classified) == (64_000, 264_000)
    assert percent(reported.share) == "24.2"


def test_golden_late_entry_adds_15_pd_and_4_07_points() -> None:
    step = q1_restated().steps[0]

    assert (step.item, step.cause) == (E, Cause.LATE_ENTRY)
    assert step.after.total - step.before.total == 15_000
    assert (step.after.opportunistic, step.after.classified) == (79_000, 279_000)
    assert points(step.contribution) == "+4.07"


def test_golden_date_correction_takes_5_pd_and_adds_0_52_points() -> None:
    step = q1_restated().steps[1]

    assert (step.item, step.cause) == (A, Cause.DATE_CORRECTION)
    assert step.after.total - step.before.total == -5_000
    assert (step.after.opportunistic, step.after.classified) == (79_000, 274_000)
    assert percent(step.after.share) == "28.8"
    assert points(step.contribution) == "+0.52"


def test_golden_restatement_totals_4_59_points() -> None:
    restated = q1_restated()

    assert points(restated.total) == "+4.59"
    assert restated.total == sum(step.contribution or 0 for step in restated.steps)


def test_golden_sentence_says_28_8_restated_by_4_6_from_24_2_as_reported_8_april() -> None:
    restated = q1_restated()

    assert percent(restated.current.share) == "28.8"
    assert points(restated.total, "0.1") == "+4.6"
    assert percent(restated.reported.share) == "24.2"
    assert restated.causes == {Cause.LATE_ENTRY: 1, Cause.DATE_CORRECTION: 1}
