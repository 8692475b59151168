"""Baselines: their hashes, which one opens a cycle, and that nothing launders an opportunity."""

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.plans import baselines, snapshots
from tests.domain.q1_2026 import ITEMS, Q1
from tracker.domain.baseline import (
    Baseline,
    BaselineItem,
    BaselineKind,
    PlanCycle,
    Snapshot,
    baseline_hash,
    chain_hashes,
    current_baseline,
    opening_baseline,
)
from tracker.domain.closing import Definition, Reported, breaks, calendar_version, inputs_hash
from tracker.domain.fingerprint import canonical, fingerprint
from tracker.domain.shares import Mix
from tracker.domain.workdays import WorkCalendar
from tracker.domain.zone import Band

CYCLE = PlanCycle(date(2026, 1, 1), date(2027, 1, 1))
FOR_EVER = date(2030, 1, 1)


def lock(number: int, effective: date, locked: date | None = None, *items: int) -> Baseline:
    kind = list(BaselineKind)[min(number, 2)]
    entries = tuple(BaselineItem(item, rank) for rank, item in enumerate(items, 1))
    return Baseline(1, 1, number, kind, effective, locked or effective, Snapshot(entries))


def test_the_last_lock_in_force_at_the_start_opens_the_cycle() -> None:
    first, second = lock(0, date(2025, 7, 1)), lock(1, date(2026, 1, 1))
    later = lock(2, date(2026, 1, 2))

    opening = opening_baseline([later, first, second], CYCLE, before=FOR_EVER)

    assert opening is not None
    assert opening.baseline == second


@pytest.mark.parametrize(("grace", "number"), [(0, 0), (13, 0), (14, 1)])
def test_grace_days_let_a_late_plan_open_the_cycle(grace: int, number: int) -> None:
    chain = [lock(0, date(2025, 7, 1)), lock(1, date(2026, 1, 15))]

    opening = opening_baseline(chain, replace(CYCLE, grace_days=grace), before=FOR_EVER)

    assert opening is not None
    assert opening.baseline.number == number


def test_without_a_lock_no_baseline_opens_the_cycle() -> None:
    assert opening_baseline([], CYCLE, before=FOR_EVER) is None
    assert opening_baseline([lock(0, date(2026, 2, 1))], CYCLE, before=FOR_EVER) is None


def test_a_lock_dated_back_after_the_opening_changes_nothing_where_one_was_in_time() -> None:
    in_time, dated_back = lock(0, date(2025, 12, 1)), lock(1, date(2026, 1, 1), date(2026, 2, 9))

    opening = opening_baseline([in_time, dated_back], CYCLE, before=FOR_EVER)

    assert opening is not None
    assert opening.baseline == in_time


def test_the_first_of_late_locks_serves_where_none_was_in_time_and_says_so() -> None:
    first = lock(0, date(2025, 12, 1), date(2026, 2, 1))
    second = lock(1, date(2025, 12, 20), date(2026, 3, 1))

    opening = opening_baseline([second, first], CYCLE, before=FOR_EVER)

    assert opening is not None
    assert (opening.baseline, opening.locked_late) == (first, True)


def test_a_lock_is_unknown_before_the_day_it_was_made() -> None:
    only = lock(0, date(2025, 12, 1), date(2025, 12, 12))

    assert opening_baseline([only], CYCLE, before=date(2025, 12, 12)) is None
    assert opening_baseline([only], CYCLE, before=date(2025, 12, 13)) is not None
    assert current_baseline([only], before=date(2025, 12, 12)) is None
    assert current_baseline([only], before=date(2025, 12, 13)) == only


def test_the_current_baseline_is_the_last_in_force_not_the_last_made() -> None:
    now, later = lock(1, date(2026, 1, 1)), lock(2, date(2026, 6, 1), date(2026, 2, 1))

    assert current_baseline([later, now], before=date(2026, 3, 1)) == now
    assert current_baseline([later, now], before=date(2026, 6, 2)) == later


def test_locks_on_the_same_day_count_in_the_order_of_their_numbers() -> None:
    first, second = lock(0, date(2025, 12, 1)), lock(1, date(2025, 12, 1))

    opening = opening_baseline([second, first], CYCLE, before=FOR_EVER)

    assert opening is not None
    assert opening.baseline == second


@given(st.lists(baselines, max_size=5, unique_by=lambda b: b.number), st.integers(1, 300))
def test_what_is_locked_after_the_opening_never_changes_the_opening(
    chain: list[Baseline], delay: int
) -> None:
    opening = opening_baseline(chain, CYCLE, before=FOR_EVER)
    locked = CYCLE.start + timedelta(days=delay)
    later = [replace(b, number=b.number + 100, locked_on=locked) for b in chain]

    with_later = opening_baseline([*later, *chain], CYCLE, before=FOR_EVER)

    if opening is not None and not opening.locked_late:
        assert with_later == opening


@given(baselines, st.randoms(use_true_random=False))
def test_the_order_of_items_does_not_change_the_hash(
    baseline: Baseline, chance: random.Random
) -> None:
    shuffled = list(baseline.snapshot.items)
    chance.shuffle(shuffled)
    same = replace(baseline, snapshot=replace(baseline.snapshot, items=tuple(shuffled)))

    assert baseline_hash(same) == baseline_hash(baseline)


@given(baselines, snapshots)
def test_another_snapshot_has_another_hash(baseline: Baseline, snapshot: Snapshot) -> None:
    other = replace(baseline, snapshot=snapshot)
    same = (
        baseline.snapshot.by_item == snapshot.by_item
        and baseline.snapshot.capacity_mpd == snapshot.capacity_mpd
        and baseline.snapshot.reserve_mpd == snapshot.reserve_mpd
    )

    assert (baseline_hash(other) == baseline_hash(baseline)) == same


def test_every_hash_of_a_chain_rests_on_those_before_it() -> None:
    chain = [lock(n, date(2026, 1, 1 + n)) for n in range(3)]
    changed = [replace(chain[0], reason="another"), *chain[1:]]

    before, after = chain_hashes(chain), chain_hashes(changed)

    assert all(old != new for old, new in zip(before, after, strict=True))
    assert chain_hashes(reversed(chain)) == before


def test_a_plan_refuses_an_item_or_a_rank_twice() -> None:
    with pytest.raises(ValueError, match="item"):
        Snapshot((BaselineItem(1, 1), BaselineItem(1, 2)))
    with pytest.raises(ValueError, match="rank"):
        Snapshot((BaselineItem(1, 1), BaselineItem(2, 1)))
    with pytest.raises(ValueError, match="numbered"):
        lock(-1, date(2026, 1, 1))


def test_only_items_above_the_line_are_planned() -> None:
    plan = Snapshot(
        (BaselineItem(3, 3, 7), BaselineItem(2, 2, 5, above_line=False), BaselineItem(1, 1, None))
    )

    assert [entry.item for entry in plan.planned] == [1, 3]
    assert plan.planned_mpd == 7
    assert set(plan.by_item) == {1, 2, 3}


def test_a_moment_has_one_spelling_in_every_zone() -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    elsewhere = noon.astimezone(timezone(timedelta(hours=5)))

    assert fingerprint(noon) == fingerprint(elsewhere)
    assert canonical({"b": 1, "a": {2, 1}, "c": Fraction(1, 3)}) == (
        '[["a",[1,2]],["b",1],["c","1/3"]]'
    )
    assert canonical({1: 0}) != canonical({"1": 0})


@dataclass(frozen=True)
class Rules:
    edge: int
    grace: int = 0
    band: int = 20


@dataclass(frozen=True)
class LaterRules(Rules):
    words: str = ""


def test_a_field_added_later_changes_no_old_hash_and_a_default_with_a_meaning_is_spelled() -> None:
    assert canonical(LaterRules(1)) == canonical(Rules(1)) == '{"band":20,"edge":1}'
    assert canonical(LaterRules(1, words="x")) != canonical(Rules(1))


@pytest.mark.parametrize("inexact", [1.5, datetime(2026, 1, 1), object(), [0.1]])
def test_what_has_no_exact_spelling_is_refused(inexact: object) -> None:
    with pytest.raises(TypeError):
        fingerprint(inexact)


def test_inputs_have_one_hash_in_any_order_and_another_after_a_correction() -> None:
    corrected = (replace(ITEMS[0], commit_value=1), *ITEMS[1:])

    assert inputs_hash(reversed(ITEMS)) == inputs_hash(ITEMS)
    assert inputs_hash(corrected) != inputs_hash(ITEMS)


def test_another_band_or_calendar_draws_a_break_and_leaves_old_periods() -> None:
    old, new = Definition(), Definition(band=Band(Fraction(1, 10)))
    five = calendar_version(WorkCalendar())
    four = calendar_version(WorkCalendar(frozenset(range(4))))
    reports = [
        Reported(Q1, date(2026, 4, 8), Mix(1, 2), rules.version, calendar, "")
        for rules, calendar in ((old, five), (old, five), (new, five), (new, four), (new, four))
    ]

    assert breaks(reports) == (2, 3)
    assert breaks([]) == ()
