"""Platform's plan for the second half of 2026, and what tests do with it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.cast import Cast
from tracker.actions import baselines
from tracker.domain.baseline import BaselineKind
from tracker.models import Baseline, Cycle, Initiative, Plan, PlanItem, PlanMonth

START, END = date(2026, 7, 1), date(2027, 1, 1)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Give Platform's plan for the second half: 10 FTE in each month, 100 pd kept back."""
    return make_plan(cast)


@pytest.fixture
def opened(plan: Plan, cast: Cast, log: Callable[..., Initiative]) -> Plan:
    """Give Platform's plan, locked with one item named Listed, declared as the plan has it."""
    rank(plan, log("Listed", pd=5, origin="planned"))
    lock(plan, cast)
    return plan


def make_plan(cast: Cast, *, fte_milli: int = 10_000, reserve_mpd: int = 100_000) -> Plan:
    """Make Platform's plan for the second half of 2026."""
    cycle, _ = Cycle.objects.get_or_create(
        slug="2026-h2", defaults={"name": "2026 H2", "starts_on": START, "ends_before": END}
    )
    plan: Plan = Plan.objects.create(team=cast.platform, cycle=cycle, reserve_mpd=reserve_mpd)
    for month in range(7, 13):
        PlanMonth.objects.create(plan=plan, month=date(2026, month, 1), fte_milli=fte_milli)
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
