"""Funding: unfunded by x, never more than is left, and the law that holds it all together."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.conservation import (
    Conservation,
    Ending,
    PlanOutcome,
    Term,
    conserve,
)
from tracker.domain.funding import (
    Caps,
    Excess,
    Funding,
    FundingSum,
    Ledger,
    Manner,
    Source,
    by_need,
    excesses,
    funding_sum,
    known_before,
    left_to_take,
    losses,
    remaining_plan,
    taken_by_item,
)

DAY = date(2026, 3, 2)


def displaced(opportunity: int, item: int, mpd: int) -> Funding:
    return Funding(opportunity, Source.DISPLACED, mpd, DAY, item, Manner.DELAY)


def reserve(opportunity: int, mpd: int) -> Funding:
    return Funding(opportunity, Source.RESERVE, mpd, DAY)


def added(opportunity: int, mpd: int) -> Funding:
    return Funding(opportunity, Source.ADDED_CAPACITY, mpd, DAY)


entries = st.one_of(
    st.builds(displaced, st.integers(1, 3), st.integers(11, 14), st.integers(1, 9000)),
    st.builds(reserve, st.integers(1, 3), st.integers(1, 9000)),
    st.builds(added, st.integers(1, 3), st.integers(1, 9000)),
)
ledgers = st.lists(entries, max_size=12)


def ledger_of(one: int, rows: Sequence[Funding], effort: int | None = 20_000) -> Ledger:
    return Ledger(one, effort, tuple(row for row in rows if row.opportunity == one))


def test_what_no_source_covers_is_unfunded() -> None:
    ledger = ledger_of(1, [displaced(1, 11, 12_000), reserve(1, 3_000), added(1, 1_000)])

    assert (ledger.displaced_mpd, ledger.reserve_mpd, ledger.added_mpd) == (12_000, 3_000, 1_000)
    assert (ledger.funded_mpd, ledger.unfunded_mpd, ledger.excess_mpd) == (16_000, 4_000, 0)


def test_a_ledger_that_covers_everything_is_not_unfunded() -> None:
    assert ledger_of(1, [reserve(1, 20_000)]).unfunded_mpd == 0
    assert ledger_of(1, [reserve(1, 21_000)]).unfunded_mpd == 0
    assert ledger_of(1, [reserve(1, 21_000)]).excess_mpd == 1_000


def test_without_an_estimate_nobody_knows_what_is_unfunded() -> None:
    ledger = ledger_of(1, [reserve(1, 5)], effort=None)

    assert ledger.unfunded_mpd is None
    assert ledger.excess_mpd == 0


@pytest.mark.parametrize(
    ("source", "mpd", "item", "manner"),
    [
        (Source.RESERVE, 0, None, None),
        (Source.RESERVE, -5, None, None),
        (Source.RESERVE, 5, 11, None),
        (Source.ADDED_CAPACITY, 5, None, Manner.DROP),
        (Source.DISPLACED, 5, None, None),
        (Source.DISPLACED, 5, 11, None),
        (Source.DISPLACED, 5, 1, Manner.DROP),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused(
    source: Source, mpd: int, item: int | None, manner: Manner | None
) -> None:
    with pytest.raises(ValueError, match=r"effort|gives way|give way"):
        Funding(1, source, mpd, DAY, item, manner)


def test_nobody_takes_more_of_a_planned_item_than_the_others_left() -> None:
    caps = Caps({11: 10_000}, 8_000)
    others = [displaced(2, 11, 6_000), reserve(2, 3_000)]

    asked = ledger_of(1, [displaced(1, 11, 3_000), displaced(1, 11, 2_000), reserve(1, 5_001)])

    assert excesses(asked, caps, others) == (
        Excess(11, 5_000, 4_000),
        Excess(None, 5_001, 5_000),
    )
    assert excesses(ledger_of(1, [displaced(1, 11, 4_000), reserve(1, 5_000)]), caps, others) == ()


def test_an_item_outside_the_plan_has_nothing_to_give() -> None:
    assert excesses(ledger_of(1, [displaced(1, 99, 1)]), Caps({})) == (Excess(99, 1, 0),)


def test_added_capacity_has_no_cap() -> None:
    assert excesses(ledger_of(1, [added(1, 10**9)]), Caps({})) == ()


def test_a_planned_item_gives_at_most_what_was_not_yet_worked() -> None:
    assert remaining_plan(45_000, 12_000) == 33_000
    assert remaining_plan(45_000, 50_000) == 0


def test_entries_from_the_bound_on_are_not_yet_known() -> None:
    assert known_before([reserve(1, 5)], DAY) == ()
    assert known_before([reserve(1, 5)], date(2026, 3, 3)) == (reserve(1, 5),)


@given(
    ledgers, st.dictionaries(st.integers(11, 14), st.integers(0, 20_000)), st.integers(0, 20_000)
)
def test_ledgers_admitted_one_by_one_never_exceed_the_caps(
    rows: list[Funding], remaining: dict[int, int], cap: int
) -> None:
    caps = Caps(remaining, cap)
    standing: list[Funding] = []

    for one in (1, 2, 3):
        ledger = ledger_of(one, rows)
        if not excesses(ledger, caps, standing):
            standing.extend(ledger.entries)

    taken = taken_by_item(standing)
    assert all(mpd <= remaining.get(item, 0) for item, mpd in taken.items())
    assert sum(row.mpd for row in standing if row.source == Source.RESERVE) <= cap
    left = left_to_take(caps, standing)
    assert all(left.remaining_mpd[i] == mpd - taken.get(i, 0) for i, mpd in remaining.items())


@given(ledgers)
def test_what_items_lost_and_the_other_sources_gave_is_the_funding(rows: list[Funding]) -> None:
    for one in (1, 2, 3):
        ledger = ledger_of(one, rows)
        lost = sum(losses(item, rows).get(one, 0) for item in range(11, 15))

        assert lost + ledger.reserve_mpd + ledger.added_mpd == ledger.funded_mpd
    assert sum(taken_by_item(rows).values()) == sum(
        mpd for item in range(11, 15) for mpd in losses(item, rows).values()
    )


@given(ledgers, ledgers)
def test_sums_of_ledgers_add_up_over_teams(one: list[Funding], two: list[Funding]) -> None:
    ours = [ledger_of(i, one) for i in (1, 2, 3)]
    theirs = [ledger_of(i, two, None) for i in (1, 2, 3)]

    assert funding_sum(ours) + funding_sum(theirs) == funding_sum(ours + theirs)
    assert funding_sum([]) == FundingSum()
    assert funding_sum(theirs).unestimated == 3


def test_the_largest_gap_comes_first_and_the_funded_not_at_all() -> None:
    small, large = Ledger(1, 5_000), Ledger(2, 9_000)
    unknown, funded = Ledger(3, None), Ledger(4, 10, (reserve(4, 10),))

    assert by_need([funded, unknown, small, large]) == (large, small, unknown)


@st.composite
def complete_outcomes(draw: st.DrawFn) -> PlanOutcome:
    """Draw an item whose fate is recorded: delivered, cut, or accounted for to the last mpd."""
    worked, lost, cut = (draw(st.integers(0, 50_000)) for _ in range(3))
    ending = draw(st.sampled_from(list(Ending)))
    gap = 0 if ending == Ending.OPEN else draw(st.integers(-worked - lost - cut, 50_000))
    return PlanOutcome(worked + lost + cut + gap, worked, lost, cut, ending)


terms = st.integers(0, 100_000)


@given(st.lists(complete_outcomes(), max_size=8), terms, st.integers(-50_000, 50_000), terms)
def test_with_complete_ledgers_the_law_leaves_no_residual(
    outcomes: list[PlanOutcome], reserve_mpd: int, change: int, other: int
) -> None:
    plan = sum(row.planned_mpd for row in outcomes)
    planned = sum(row.worked_mpd for row in outcomes)
    opportunistic = plan + reserve_mpd + change - planned - other

    found = conserve(
        outcomes,
        opportunistic_mpd=opportunistic,
        reserve_mpd=reserve_mpd,
        capacity_change_mpd=change,
        other_mpd=other,
    )

    assert (found.residual, found.plan_residual, found.capacity_residual) == (0, 0, 0)
    assert sum(mpd for _, mpd in found.steps) == opportunistic


@given(st.lists(complete_outcomes(), min_size=1, max_size=8), st.integers(1, 50_000), terms)
def test_what_a_ledger_forgets_shows_as_the_residual(
    outcomes: list[PlanOutcome], forgotten: int, reserve_mpd: int
) -> None:
    still_open = PlanOutcome(forgotten + 500, 500)  # it gave way, and nobody recorded for what
    rows = [*outcomes, still_open]
    capacity = sum(row.planned_mpd for row in rows) + reserve_mpd
    opportunistic = capacity - sum(row.worked_mpd for row in rows)

    found = conserve(rows, opportunistic_mpd=opportunistic, reserve_mpd=reserve_mpd, other_mpd=0)

    assert found.residual == forgotten
    assert dict(found.steps)[Term.UNEXPLAINED] == forgotten


@given(st.builds(Conservation, *[terms] * 10), st.builds(Conservation, *[terms] * 10))
def test_the_law_adds_up_over_teams(one: Conservation, two: Conservation) -> None:
    both = one + two

    assert both.residual == one.residual + two.residual
    assert both.residual == both.plan_residual - both.capacity_residual
    for field in fields(both):
        assert getattr(both, field.name) == getattr(one, field.name) + getattr(two, field.name)


def test_capacity_that_nothing_took_is_other_or_idle_and_never_below_nothing() -> None:
    idle = conserve([PlanOutcome(100, 60, ending=Ending.DELIVERED)], opportunistic_mpd=10)
    overtime = conserve([PlanOutcome(100, 90, ending=Ending.DELIVERED)], opportunistic_mpd=30)

    assert (idle.other, idle.residual) == (30, 0)
    assert overtime.other == 0
    assert overtime.capacity_residual == -20
    assert overtime.residual == 20


def test_an_item_cut_by_choice_gives_what_was_not_worked_and_an_overrun_takes() -> None:
    found = conserve(
        [
            PlanOutcome(50, 10, displaced_mpd=5, cut_mpd=3, ending=Ending.CUT),
            PlanOutcome(50, 70, ending=Ending.OPEN),
        ],
        opportunistic_mpd=0,
        other_mpd=0,
    )

    assert (found.displaced, found.cut, found.over_run, found.under_run) == (5, 35, 20, 0)


def test_nothing_over_nothing_is_no_data() -> None:
    empty = Conservation()

    assert empty.displacement_rate is None
    assert empty.plan_loss is None
    assert replace(empty, opportunistic=10, displaced=15).displacement_rate == Fraction(3, 2)
