"""Locks store the plan for good, and origins follow from them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tests.cast import TODAY, Cast
from tracker.actions import baselines, origins
from tracker.domain.baseline import BaselineKind, chain_hashes
from tracker.models import (
    Baseline,
    Cycle,
    Initiative,
    OriginOverride,
    OriginShift,
    Plan,
    PlanItem,
    PlanMonth,
    TeamCounter,
)

START = date(2026, 7, 1)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Give Platform's plan for the second half: 10 FTE in each month, 100 pd kept back."""
    cycle = Cycle.objects.create(
        name="2026 H2", slug="2026-h2", starts_on=START, ends_before=date(2027, 1, 1)
    )
    plan = Plan.objects.create(team=cast.platform, cycle=cycle, reserve_mpd=100_000)
    for month in range(7, 13):
        PlanMonth.objects.create(plan=plan, month=date(2026, month, 1), fte_milli=10_000)
    return plan


def rank(plan: Plan, *initiatives: Initiative) -> None:
    """Put initiatives into the plan, in this order."""
    for position, initiative in enumerate(initiatives, 1):
        PlanItem.objects.create(plan=plan, initiative=initiative, position=position * 1024)


def lock(plan: Plan, cast: Cast, kind: str = "op1", on: date = START, **more: Any) -> Baseline:
    """Lock the plan as Platform's lead."""
    return baselines.lock(
        by=cast.lead,
        plan_pk=plan.pk,
        kind=BaselineKind(kind),
        effective_on=on,
        today=more.pop("today", on),
        **more,
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
        with pytest.raises(ValidationError, match="has changed"):
            lock(plan, cast, version=1)

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
