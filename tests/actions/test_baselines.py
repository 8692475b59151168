"""Locks store the plan for good, and origins follow from them."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from tests.cast import TODAY, Cast
from tests.plans import lock, rank
from tracker.actions import origins
from tracker.actions.plans import StalePlan
from tracker.domain.baseline import chain_hashes
from tracker.models import (
    Baseline,
    Initiative,
    OriginOverride,
    OriginShift,
    Plan,
    PlanItem,
    TeamCounter,
)


class TestLock:
    """What a lock stores and what it refuses."""

    def test_it_stores_the_plan_with_the_line(
        self, plan: Plan, cast: Cast, log: Callable[..., Initiative]
    ) -> None:
        """1,320 pd of capacity less 100 pd of reserve hold the first item, not the second."""
        big, next_one = log("Big", pd=1200), log("Next", pd=21)
        rank(plan, big, next_one)
        baseline = lock(plan, cast)
        assert baseline.capacity_mpd == 132 * 10_000
        stored = [(i.rank, i.key, i.effort_mpd, i.above_line) for i in baseline.items.all()]
        assert stored == [(1, big.key, 1_200_000, True), (2, next_one.key, 21_000, False)]

    def test_the_chain_can_be_verified(
        self, plan: Plan, cast: Cast, log: Callable[..., Initiative]
    ) -> None:
        """The stored fingerprints are those that the stored rows give."""
        rank(plan, log(pd=5))
        lock(plan, cast)
        lock(plan, cast, "op2")
        lock(plan, cast, "amendment", reason="A customer needs it.")
        facts = Baseline.objects.filter(plan=plan).facts()
        stored = Baseline.objects.values_list("fingerprint", flat=True)
        assert list(stored) == list(chain_hashes(facts))

    @pytest.mark.parametrize("kind", ["op2", "amendment"])
    def test_the_first_lock_is_op1(
        self, plan: Plan, cast: Cast, log: Callable[..., Initiative], kind: str
    ) -> None:
        """Nothing can be corrected or amended before it is there."""
        rank(plan, log(pd=5))
        with pytest.raises(ValidationError, match="can't follow"):
            lock(plan, cast, kind, reason="Why")

    def test_an_amendment_says_why(
        self, plan: Plan, cast: Cast, log: Callable[..., Initiative]
    ) -> None:
        """Without a reason nothing is stored."""
        rank(plan, log(pd=5))
        lock(plan, cast)
        with pytest.raises(ValidationError, match="Say why"):
            lock(plan, cast, "amendment", reason=" ")
        assert Baseline.objects.count() == 1

    def test_an_empty_plan_is_not_locked(self, plan: Plan, cast: Cast) -> None:
        """It would make all work opportunistic by mistake."""
        with pytest.raises(ValidationError, match="plan is empty"):
            lock(plan, cast)

    def test_a_plan_that_changed_meanwhile_is_not_locked(
        self, plan: Plan, cast: Cast, log: Callable[..., Initiative]
    ) -> None:
        """What is locked is what was looked at."""
        rank(plan, log(pd=5))
        Plan.objects.filter(pk=plan.pk).update(version=2)
        with pytest.raises(StalePlan):
            lock(plan, cast, version=1)

    def test_two_clicks_make_one_lock(
        self, plan: Plan, cast: Cast, log: Callable[..., Initiative]
    ) -> None:
        """The second returns the first one's; somebody else's is a conflict."""
        rank(plan, log(pd=5))
        first = lock(plan, cast, number=0)
        assert lock(plan, cast, number=0) == first
        with pytest.raises(StalePlan):
            lock(plan, cast, "op2", number=0)

    def test_caches_are_told(self, plan: Plan, cast: Cast, log: Callable[..., Initiative]) -> None:
        """A lock moves origins, so it moves the team's stamp."""
        rank(plan, log(pd=5))
        before = TeamCounter.objects.get(team=cast.platform).stamp
        lock(plan, cast)
        assert TeamCounter.objects.get(team=cast.platform).stamp > before


class TestShifts:
    """Where the origin that counts is not the declared one."""

    def shifts(self) -> dict[str, str]:
        """Return the stored ones by title."""
        return {row.initiative.title: row.origin for row in OriginShift.objects.all()}

    def test_the_baseline_decides(
        self, plan: Plan, cast: Cast, log: Callable[..., Initiative]
    ) -> None:
        """In it is planned, absent is opportunistic; where that was declared nothing is stored."""
        listed = log("Listed", pd=5, origin="opportunistic")
        rank(plan, listed, log("Agreed", pd=5, origin="planned"))
        log("Absent", pd=5, origin="planned")
        log("Unclassified", pd=5)
        log("Opportunity", pd=5, origin="opportunistic")
        lock(plan, cast)
        assert self.shifts() == {
            "Listed": "planned",
            "Absent": "opportunistic",
            "Unclassified": "opportunistic",
        }

    def test_an_amendment_launders_nothing(
        self, plan: Plan, cast: Cast, log: Callable[..., Initiative]
    ) -> None:
        """What is adopted inside of the cycle stays what it was."""
        rank(plan, log("First", pd=5, origin="planned"))
        lock(plan, cast)
        late = log("Late", pd=5, origin="planned")
        PlanItem.objects.create(plan=plan, initiative=late, position=9999)
        lock(plan, cast, "amendment", on=TODAY, reason="Adopted.")
        assert self.shifts() == {"Late": "opportunistic"}

    def test_a_part_is_planned_as_its_parent_is(
        self, plan: Plan, cast: Cast, log: Callable[..., Initiative]
    ) -> None:
        """Descent from a listed item counts as listed."""
        parent = log("Parent", pd=5, origin="planned")
        rank(plan, parent)
        log("Part", pd=5, origin="opportunistic", parent=parent)
        lock(plan, cast)
        assert self.shifts() == {"Part": "planned"}

    def test_an_override_wins(self, plan: Plan, cast: Cast, log: Callable[..., Initiative]) -> None:
        """It counts before the baseline; here it brings back what was declared."""
        rank(plan, log("First", pd=5, origin="planned"))
        absent = log("Absent", pd=5, origin="planned")
        lock(plan, cast)
        OriginOverride.objects.create(
            initiative=absent, cycle=plan.cycle, origin="planned", code="other", text="Agreed."
        )
        origins.refresh(team_id=cast.platform.pk, initiative_ids=[absent.pk])
        assert self.shifts() == {}

    def test_cycles_without_any_of_its_days_are_left_out(
        self, plan: Plan, cast: Cast, log: Callable[..., Initiative]
    ) -> None:
        """What was delivered before the cycle began has no origin in it."""
        rank(plan, log("First", pd=5, origin="planned"))
        old = log("Old", pd=5, origin="planned", committed_on=date(2026, 3, 2))
        Initiative.objects.filter(pk=old.pk).update(
            status="delivered", delivered_on=date(2026, 6, 30)
        )
        lock(plan, cast)
        assert self.shifts() == {}
