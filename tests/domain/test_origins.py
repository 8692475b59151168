"""The derived origin: membership, lineage, the line, ratified, carried, overridden."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.plans import baselines, ids, lineages, near
from tests.domain.strategies import origins
from tracker.domain.baseline import Baseline, BaselineItem, BaselineKind, PlanCycle, Snapshot
from tracker.domain.lineage import (
    Lineage,
    ancestors,
    completed_on,
    merged_origin,
    split_growth_mpd,
)
from tracker.domain.origins import (
    Basis,
    Derived,
    Override,
    OverrideReason,
    Suggestion,
    Tagged,
    birth_origin,
    derive_origins,
    effective_origin,
    override_report,
)
from tracker.domain.shares import Mix, Origin

CYCLE = PlanCycle(date(2026, 1, 1), date(2027, 1, 1))
LATER = date(2026, 12, 1)
PLAN = Snapshot((BaselineItem(1, 1), BaselineItem(2, 2), BaselineItem(3, 3, above_line=False)))
OP2 = Baseline(1, 1, 0, BaselineKind.OP2, date(2025, 12, 12), date(2025, 12, 12), PLAN)
PEOPLE_KNOW = Override(Origin.PLANNED, OverrideReason.AGREED_OUTSIDE_PLAN, "Agreed in May", "Ada")


def amended(number: int, on: date, *items: int) -> Baseline:
    entries = tuple(BaselineItem(item, rank) for rank, item in enumerate(items, 1))
    return Baseline(1, 1, number, BaselineKind.AMENDMENT, on, on, Snapshot(entries))


def suggestion(
    item: int,
    committed: date | None = date(2026, 1, 20),
    *,
    lineage: Lineage | None = None,
    chain: tuple[Baseline, ...] = (OP2,),
    before: date = LATER,
) -> Suggestion:
    found = derive_origins({item: committed}, CYCLE, chain, lineage=lineage or {}, before=before)
    return found[item]


def test_an_item_above_the_line_is_planned_by_its_rank() -> None:
    found = suggestion(2)

    assert (found.origin, found.evidence.basis) == (Derived.PLANNED, Basis.LISTED)
    assert (found.evidence.listed, found.evidence.rank) == (2, 2)


def test_a_part_of_a_planned_item_is_planned_by_its_ancestor() -> None:
    found = suggestion(9, lineage={9: (8,), 8: (1,)})

    assert (found.origin, found.evidence.basis) == (Derived.PLANNED, Basis.DESCENDED)
    assert (found.evidence.listed, found.evidence.rank) == (1, 1)


def test_a_merge_is_planned_by_any_of_its_ancestors() -> None:
    assert suggestion(9, lineage={9: (7, 2)}).origin == Derived.PLANNED


def test_the_parent_of_a_planned_part_is_not_planned_by_it() -> None:
    assert suggestion(9, lineage={1: (9,)}).origin == Derived.OPPORTUNISTIC


def test_an_item_kept_below_the_line_was_not_planned_and_the_evidence_says_so() -> None:
    found = suggestion(3)

    assert (found.origin, found.evidence.basis) == (Derived.OPPORTUNISTIC, Basis.BELOW_LINE)
    assert (found.evidence.listed, found.evidence.rank) == (3, 3)


def test_work_carried_over_without_a_place_in_the_plan_is_opportunistic_and_carried() -> None:
    found = suggestion(9, date(2025, 11, 1))

    assert found.origin == Derived.OPPORTUNISTIC
    assert found.evidence.carried
    assert not suggestion(9, CYCLE.start).evidence.carried


def test_without_a_lock_the_origin_is_unknown() -> None:
    found = suggestion(1, chain=())

    assert (found.origin, found.evidence.basis) == (Derived.UNKNOWN, Basis.NO_LOCK)


def test_an_adopted_opportunity_is_planned_only_in_the_next_cycle() -> None:
    chain = (OP2, amended(1, date(2026, 3, 1), 1, 2), amended(2, date(2026, 4, 1), 1, 9))
    following = PlanCycle(date(2027, 1, 1), date(2028, 1, 1))

    found = suggestion(9, chain=chain)
    then = derive_origins({9: None}, following, chain, lineage={}, before=date(2027, 2, 1))[9]

    assert found.origin == Derived.OPPORTUNISTIC
    assert found.evidence.ratified is not None
    assert found.evidence.ratified.number == 2
    assert then.origin == Derived.PLANNED
    assert then.evidence.ratified is None


def test_an_item_an_amendment_removed_stays_planned() -> None:
    assert suggestion(1, chain=(OP2, amended(1, date(2026, 3, 1), 2))).origin == Derived.PLANNED


def test_an_amendment_ratifies_nothing_before_it_is_known() -> None:
    chain = (OP2, amended(1, date(2026, 3, 1), 9))

    assert suggestion(9, chain=chain, before=date(2026, 3, 1)).evidence.ratified is None
    assert suggestion(9, chain=chain, before=date(2026, 3, 2)).evidence.ratified is not None


@given(
    st.lists(baselines, max_size=4, unique_by=lambda b: b.number),
    st.sets(ids),
    lineages,
    near,
    st.randoms(use_true_random=False),
)
def test_the_order_of_baselines_and_items_does_not_matter(
    chain: list[Baseline],
    items: set[int],
    lineage: dict[int, tuple[int, ...]],
    before: date,
    chance: random.Random,
) -> None:
    committed = dict.fromkeys(items)
    shuffled = chance.sample(chain, len(chain))
    again = dict.fromkeys(chance.sample(sorted(items), len(items)))

    found = derive_origins(committed, CYCLE, chain, lineage=lineage, before=before)

    assert found == derive_origins(again, CYCLE, shuffled, lineage=lineage, before=before)


@given(st.sets(ids), lineages, st.sets(ids))
def test_amendments_inside_a_cycle_never_launder_an_origin(
    items: set[int], lineage: dict[int, tuple[int, ...]], adopted: set[int]
) -> None:
    committed = dict.fromkeys(items)
    chain = (OP2, amended(1, date(2026, 3, 1), *adopted))

    alone = derive_origins(committed, CYCLE, (OP2,), lineage=lineage, before=LATER)
    with_amendment = derive_origins(committed, CYCLE, chain, lineage=lineage, before=LATER)

    assert {i: s.origin for i, s in with_amendment.items()} == {
        i: s.origin for i, s in alone.items()
    }


@given(lineages, ids)
def test_a_loop_in_a_lineage_ends(lineage: dict[int, tuple[int, ...]], item: int) -> None:
    found = ancestors(item, lineage)

    assert item not in found
    assert len(set(found)) == len(found)
    assert set(lineage.get(item, ())) <= {item, *found}


def test_the_effective_origin_is_overridden_else_derived_else_declared() -> None:
    planned, opportunistic = Origin.PLANNED, Origin.OPPORTUNISTIC

    assert effective_origin(opportunistic, Derived.OPPORTUNISTIC, PEOPLE_KNOW) == planned
    assert effective_origin(planned, Derived.OPPORTUNISTIC, None) == opportunistic
    assert effective_origin(planned, Derived.UNKNOWN, None) == planned
    assert effective_origin(Origin.UNCLASSIFIED, Derived.PLANNED, None) == planned


@pytest.mark.parametrize(
    ("origin", "text", "by"),
    [(Origin.PLANNED, " ", "Ada"), (Origin.PLANNED, "so", ""), (Origin.UNCLASSIFIED, "so", "Ada")],
)
def test_an_override_needs_a_person_and_a_reason(origin: Origin, text: str, by: str) -> None:
    with pytest.raises(ValueError, match="verride"):
        Override(origin, OverrideReason.OTHER, text, by)


def test_a_disagreement_is_open_until_somebody_settles_it() -> None:
    differing = Tagged(1, Origin.PLANNED, Derived.OPPORTUNISTIC)

    assert differing.disagrees
    assert not Tagged(1, Origin.PLANNED, Derived.OPPORTUNISTIC, PEOPLE_KNOW).disagrees
    assert not Tagged(1, Origin.PLANNED, Derived.PLANNED).disagrees
    assert not Tagged(1, Origin.PLANNED, Derived.UNKNOWN).disagrees
    assert not Tagged(1, Origin.UNCLASSIFIED, Derived.PLANNED).disagrees


def test_the_override_rate_stands_beside_the_share_without_overrides() -> None:
    report = override_report(
        [
            Tagged(1, Origin.OPPORTUNISTIC, Derived.OPPORTUNISTIC, PEOPLE_KNOW, 30),
            Tagged(2, Origin.OPPORTUNISTIC, Derived.OPPORTUNISTIC, None, 20),
            Tagged(3, Origin.PLANNED, Derived.PLANNED, PEOPLE_KNOW, 40),
            Tagged(4, Origin.PLANNED, Derived.UNKNOWN, None, 10),
        ]
    )

    assert (report.overridden, report.suggested, report.unknown) == (1, 3, 1)
    assert report.mix == Mix(opportunistic=20, planned=80)
    assert report.mix_without == Mix(opportunistic=50, planned=50)
    assert override_report([]).rate is None


@given(st.lists(st.tuples(origins, st.sampled_from(list(Derived)), st.integers(0, 99))))
def test_without_overrides_both_mixes_are_the_same(
    rows: list[tuple[Origin, Derived, int]],
) -> None:
    report = override_report(
        Tagged(i, declared, derived, None, mpd) for i, (declared, derived, mpd) in enumerate(rows)
    )

    assert report.mix == report.mix_without
    assert report.overridden == 0


def test_the_birth_origin_is_that_of_the_first_cycle_that_classified_it() -> None:
    by_cycle = [
        (date(2027, 1, 1), Origin.PLANNED),
        (date(2026, 1, 1), Origin.OPPORTUNISTIC),
        (date(2025, 1, 1), Origin.UNCLASSIFIED),
    ]

    assert birth_origin(by_cycle) == Origin.OPPORTUNISTIC
    assert birth_origin([]) == Origin.UNCLASSIFIED


def test_a_merge_across_origins_is_refused() -> None:
    assert merged_origin([Origin.PLANNED, Origin.PLANNED]) == Origin.PLANNED
    for mixed in ([Origin.PLANNED, Origin.OPPORTUNISTIC], []):
        with pytest.raises(ValueError, match="same origin"):
            merged_origin(mixed)


def test_what_a_split_holds_beyond_its_parent_is_scope_growth() -> None:
    assert split_growth_mpd(30_000, [10_000, 25_000]) == 5_000
    assert split_growth_mpd(30_000, [30_000]) == 0


def test_a_split_item_is_done_with_the_last_of_its_parts() -> None:
    first, last = date(2026, 3, 1), date(2026, 4, 1)
    parts = {1: (2, 3), 3: (4,)}

    assert completed_on(1, parts, {2: last, 4: first}) == last
    assert completed_on(1, parts, {2: last}) is None
    assert completed_on(1, parts, {1: first}) == first
    assert completed_on(1, {1: (1,)}, {}) is None
