"""Comparing snapshots: both directions tell the same, and nothing changes in silence."""

from dataclasses import replace
from datetime import date

from hypothesis import given

from tests.domain.plans import snapshots
from tracker.domain.baseline import BaselineItem, Snapshot
from tracker.domain.comparison import ChangeKind, Comparison, compare, re_ranked


def plan(*items: int) -> Snapshot:
    return Snapshot(tuple(BaselineItem(item, rank, 1000) for rank, item in enumerate(items, 1)))


def moved(old: Snapshot, new: Snapshot) -> set[int]:
    return set(re_ranked(old.by_item, new.by_item))


def kinds_of(comparison: Comparison) -> dict[int, tuple[ChangeKind, ...]]:
    return {change.item: change.kinds for change in comparison.changes}


def test_each_way_of_changing_has_its_word() -> None:
    entry = BaselineItem(1, 1, 1000, date(2026, 1, 5), date(2026, 2, 27), 50, 1000)
    changed = {
        ChangeKind.RE_ESTIMATED: replace(entry, effort_mpd=2000),
        ChangeKind.RE_DATED: replace(entry, due_on=date(2026, 3, 6)),
        ChangeKind.RE_VALUED: replace(entry, value=None),
        ChangeKind.RE_STAFFED: replace(entry, fte_milli=500),
        ChangeKind.RE_WORDED: replace(entry, outcome="Half the tickets"),
        ChangeKind.LOWERED: replace(entry, above_line=False),
    }

    for kind, other in changed.items():
        found = compare(Snapshot((entry,)), Snapshot((other,)))
        assert kinds_of(found) == {1: (kind,)}
        assert (found.changes[0].old, found.changes[0].new) == (entry, other)


def test_added_and_removed_items_are_told_with_what_they_held() -> None:
    found = compare(plan(1, 2), plan(2, 3))

    assert kinds_of(found) == {3: (ChangeKind.ADDED,), 1: (ChangeKind.REMOVED,)}
    assert [change.growth_mpd for change in found.changes] == [1000, -1000]
    assert found.counts == {ChangeKind.ADDED: 1, ChangeKind.REMOVED: 1}
    assert [change.item for change in found.of_kind(ChangeKind.ADDED)] == [3]


def test_an_item_pulled_to_the_top_is_one_move_and_not_five() -> None:
    assert moved(plan(1, 2, 3, 4, 5), plan(5, 1, 2, 3, 4)) == {5}


def test_an_added_or_removed_item_moves_nobody() -> None:
    assert moved(plan(1, 2, 3), plan(9, 1, 2, 3)) == set()
    assert moved(plan(1, 2, 3), plan(2, 3)) == set()


def test_a_swap_is_one_move_in_both_directions() -> None:
    assert moved(plan(1, 2), plan(2, 1)) == moved(plan(2, 1), plan(1, 2)) == {2}


def test_a_change_of_capacity_or_reserve_alone_is_a_difference() -> None:
    old = plan(1)

    assert not compare(old, replace(old, capacity_mpd=5)).is_empty
    assert not compare(old, replace(old, reserve_mpd=5)).is_empty
    assert compare(old, old).is_empty


@given(snapshots, snapshots)
def test_both_directions_tell_the_same_changes(old: Snapshot, new: Snapshot) -> None:
    assert compare(old, new).reversed() == compare(new, old)


@given(snapshots, snapshots)
def test_a_comparison_is_empty_only_where_both_plans_say_the_same(
    old: Snapshot, new: Snapshot
) -> None:
    def said(snapshot: Snapshot) -> tuple[object, ...]:
        ordered = sorted(snapshot.items, key=lambda entry: entry.rank)
        numbers = snapshot.capacity_mpd, snapshot.reserve_mpd
        return [replace(entry, rank=0) for entry in ordered], *numbers

    assert compare(old, new).is_empty == (said(old) == said(new))
    assert compare(old, old).is_empty


@given(snapshots, snapshots)
def test_the_growth_of_all_items_is_the_growth_of_the_plan(old: Snapshot, new: Snapshot) -> None:
    def effort(snapshot: Snapshot) -> int:
        return sum(entry.effort_mpd or 0 for entry in snapshot.items)

    grown = sum(change.growth_mpd for change in compare(old, new).changes)

    assert grown == effort(new) - effort(old)


@given(snapshots, snapshots)
def test_who_did_not_move_stands_in_the_same_order(old: Snapshot, new: Snapshot) -> None:
    before, after = old.by_item, new.by_item
    stayed = (before.keys() & after.keys()) - moved(old, new)

    assert sorted(stayed, key=lambda item: before[item].rank) == sorted(
        stayed, key=lambda item: after[item].rank
    )


def test_two_plans_of_400_items_in_opposite_order_are_compared_at_once() -> None:
    forwards, backwards = plan(*range(400)), plan(*reversed(range(400)))

    assert len(moved(forwards, backwards)) == 399
    assert moved(forwards, plan(*range(1, 400), 0)) == {0}
