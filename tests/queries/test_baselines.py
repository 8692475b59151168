"""The chain of locks, and what differs between two states of a plan."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.cast import Cast
from tests.plans import START, lock, rank
from tracker.domain.comparison import ChangeKind
from tracker.models import Initiative, Plan
from tracker.queries.baselines import chain_of, compared
from tracker.queries.plans import PlanSheet, sheet_of

Log = Callable[..., Initiative]
BEFORE = START - timedelta(days=10)


def sheet(plan: Plan) -> PlanSheet:
    """Return the plan as its page reads it."""
    found = sheet_of(plan.team_id, plan.cycle.slug)
    assert found is not None
    return found


def chain(plan: Plan) -> list[tuple[str, bool, bool]]:
    """Return the names of the locks, which of them opened the cycle, and whether late."""
    found = sheet(plan)
    return [(one.baseline.name, one.opened, one.late) for one in chain_of(found.locks, found.plan)]


class TestChainOf:
    """Which lock decides what was planned."""

    def test_the_last_lock_in_time_opened_the_cycle(self, plan: Plan, cast: Cast, log: Log) -> None:
        """OP2 takes it from OP1; an amendment inside the cycle does not take it from OP2."""
        rank(plan, log("A", pd=10))
        lock(plan, cast, on=BEFORE)
        lock(plan, cast, "op2", on=START)
        lock(plan, cast, "amendment", on=START + timedelta(days=30), reason="A customer.")
        names = [("OP1", False, False), ("OP2", True, False), ("Amendment 2", False, False)]
        assert chain(plan) == names

    def test_the_days_of_grace_count_as_in_time(self, plan: Plan, cast: Cast, log: Log) -> None:
        """Their last day is the bound, and the day after it is late."""
        plan.cycle.grace_days = 5
        plan.cycle.save()
        rank(plan, log("A", pd=10))
        lock(plan, cast, on=BEFORE)
        lock(plan, cast, "op2", on=START + timedelta(days=5))
        lock(plan, cast, "amendment", on=START + timedelta(days=6), reason="A day late.")
        assert [opened for _, opened, _ in chain(plan)] == [False, True, False]

    def test_a_lock_made_afterwards_and_dated_back_is_marked(
        self, plan: Plan, cast: Cast, log: Log
    ) -> None:
        """It serves since there is no other."""
        rank(plan, log("A", pd=10))
        lock(plan, cast, on=START, today=START + timedelta(days=40))
        assert [(opened, late) for _, opened, late in chain(plan)] == [(True, True)]

    def test_a_lock_that_holds_too_late_opens_nothing(
        self, plan: Plan, cast: Cast, log: Log
    ) -> None:
        """So nothing is known as planned, and no lock pretends to have said it."""
        rank(plan, log("A", pd=10))
        lock(plan, cast, on=START + timedelta(days=40))
        assert [(opened, late) for _, opened, late in chain(plan)] == [(False, False)]


class TestCompared:
    """Any two states of a plan."""

    @pytest.fixture
    def changed(self, plan: Plan, cast: Cast, log: Log) -> Plan:
        """Lock A, B, C; then estimate A anew, drop B, add D; lock that; then rank C first."""
        a, b, c, d = (log(title, pd=10) for title in "ABCD")
        rank(plan, a, b, c)
        lock(plan, cast, on=BEFORE)
        Initiative.objects.filter(pk=a.pk).update(estimate_mpd=15_000)
        plan.items.get(initiative=b).delete()
        plan.items.create(initiative=d, position=9000)
        lock(plan, cast, "op2", on=START)
        plan.items.filter(initiative=c).update(position=1)
        return plan

    def told(self, plan: Plan, old: str, new: str) -> dict[str, tuple[ChangeKind, ...]]:
        """Return how each item differs, by its title."""
        found = compared(sheet(plan), old, new).comparison
        entries = [(change.new or change.old, change.kinds) for change in found.changes]
        return {entry.title: kinds for entry, kinds in entries if entry}

    def test_two_locks(self, changed: Plan) -> None:
        """What came later is no part of it."""
        assert self.told(changed, "0", "1") == {
            "A": (ChangeKind.RE_ESTIMATED,),
            "D": (ChangeKind.ADDED,),
            "B": (ChangeKind.REMOVED,),
        }

    def test_a_lock_and_now(self, changed: Plan) -> None:
        """The draft is read as it stands."""
        assert self.told(changed, "1", "now") == {"C": (ChangeKind.RE_RANKED,)}

    def test_the_other_way_round(self, changed: Plan) -> None:
        """What was added is removed again."""
        found = self.told(changed, "1", "0")
        assert found["D"] == (ChangeKind.REMOVED,)
        assert found["B"] == (ChangeKind.ADDED,)

    def test_a_state_with_itself(self, changed: Plan) -> None:
        """Nothing differs, whichever it is."""
        for state in ("0", "1", "now"):
            assert compared(sheet(changed), state, state).comparison.is_empty

    def test_a_freshly_locked_plan_is_as_it_was_locked(self, changed: Plan, cast: Cast) -> None:
        """A lock and the draft are read alike, whatever they hold."""
        lock(changed, cast, "amendment", on=START + timedelta(days=1), reason="As it stands.")
        assert compared(sheet(changed), "2", "now").comparison.is_empty

    def test_the_line_and_the_sums(self, plan: Plan, cast: Cast, log: Log) -> None:
        """Less capacity lowers the second item below the line."""
        rank(plan, log("A", pd=900), log("B", pd=200))
        lock(plan, cast, on=BEFORE)
        plan.months.filter(month=date(2026, 12, 1)).update(fte_milli=0)
        found = compared(sheet(plan), "0", "now").comparison
        assert [change.kinds for change in found.changes] == [(ChangeKind.LOWERED,)]
        old, new = found.capacity_mpd
        assert old is not None and new is not None and new < old

    def test_the_origin_is_the_one_that_counts_in_the_cycle(
        self, plan: Plan, cast: Cast, log: Log
    ) -> None:
        """What was adopted after the cycle began stays opportunistic, whatever is declared."""
        rank(plan, log("A", pd=10, origin="planned"))
        lock(plan, cast, on=BEFORE)
        plan.items.create(initiative=log("Late", pd=5, origin="planned"), position=9000)
        lock(plan, cast, "amendment", on=START + timedelta(days=30), reason="A customer.")
        found = compared(sheet(plan), "0", "1")
        titles = {entry.item: entry.title for entry in found.new.snapshot.items}
        named = {titles[item]: origin for item, origin in found.origins.items()}
        assert named == {"A": "planned", "Late": "opportunistic"}

    @pytest.mark.parametrize("state", ["7", "-1", "", "op1", "9" * 400])
    def test_a_state_that_is_not_there(self, changed: Plan, state: str) -> None:
        """Nonsense is no lock."""
        with pytest.raises(LookupError):
            compared(sheet(changed), "0", state)

    @pytest.mark.parametrize("many", [2, 200])
    def test_its_queries_do_not_grow(
        self, plan: Plan, cast: Cast, log: Log, django_assert_max_num_queries: Any, many: int
    ) -> None:
        """Two hundred items cost what two do: plan, calendar, items, locks and what they hold."""
        rank(plan, *(log(f"Item {number}", pd=1) for number in range(many)))
        lock(plan, cast, on=BEFORE)
        lock(plan, cast, "op2", on=START)
        with django_assert_max_num_queries(8):
            found = compared(sheet(plan), "0", "now")
        assert len(found.new.snapshot.items) == many
