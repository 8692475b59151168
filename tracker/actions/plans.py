"""Writes of a plan while it is a draft: what the team can do, and what it ranks.

Each holds the plan's row, so that two people's moves come one after another, and raises the plan's
version, by which a lock knows that it stores what was looked at.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from tracker.domain.planning import capacity_mpd, month_capacities
from tracker.models import (
    Cycle,
    Plan,
    PlanMonth,
    Team,
    TeamCounter,
    User,
)

BAND = ("band_lower", "band_upper", "band_derail")


class StalePlan(Exception):
    """Somebody else changed the same part of a plan after it was read; ``plan`` as it stands."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(f"{plan} has changed since it was read.")
        self.plan = plan


def begin(*, by: User, team: Team, cycle: Cycle) -> tuple[Plan, bool]:
    """Return a team's plan for a cycle, and whether it is new.

    A new one takes over from the team's last plan how many people there were at its end, which
    part was kept back, and its band.
    """
    with transaction.atomic():
        TeamCounter.objects.select_for_update().get(team=team)
        known = Plan.objects.filter(team=team, cycle=cycle).first()
        if known is not None:
            return known, False
        plan = Plan(team=team, cycle=cycle)
        last = _last_plan(plan)
        if last is not None:
            for edge in BAND:
                setattr(plan, edge, getattr(last, edge))
        _save(plan, by, "Begun")
        if last is not None:
            _take_over(plan, last, by)
        TeamCounter.bump(team.pk)
    return plan, True


def _last_plan(plan: Plan) -> Plan | None:
    rows = Plan.objects.filter(team_id=plan.team_id, cycle__ends_before__lte=plan.cycle.starts_on)
    found: Plan | None = rows.select_related("team", "cycle").order_by("-cycle__starts_on").first()
    return found


def _take_over(plan: Plan, last: Plan, by: User) -> None:
    newest = last.months.order_by("-month").first()
    before = capacity_mpd(last.capacities())
    if newest is None:
        return
    months = month_capacities(plan.cycle.starts_on, plan.cycle.ends_before, {}, plan.team.calendar)
    for one in months:
        month = PlanMonth(plan=plan, month=one.month.start, fte_milli=newest.fte_milli)
        month._history_user = by
        month.save()
    capacity = sum(one.working_days for one in months) * newest.fte_milli
    if before:
        plan.reserve_mpd = capacity * last.reserve_mpd // before // 1000 * 1000
        _save(plan, by, f"Taken over from {last.cycle}")


def seen_of(plan: Plan) -> str:
    """Return what the settings form of a plan was filled with, as it carries it."""
    months = plan.months.order_by("month").values_list("month", "fte_milli")
    edges = [getattr(plan, edge) for edge in BAND]
    return "/".join(
        [*(f"{month}={fte}" for month, fte in months), str(plan.reserve_mpd), *map(str, edges)]
    )


def set_capacity(
    *,
    by: User,
    plan_pk: int,
    seen: str,
    fte_by_month: Mapping[date, int | None],
    reserve_mpd: int,
    band: tuple[int, int, int] | None,
) -> Plan:
    """Say what the team can do in each month, what it keeps back, and its band.

    ``fte_by_month`` is in thousandths by the first day of the month, None where nobody knows;
    ``band`` in thousandths, None for the team's own. Raises StalePlan where one of them is no
    longer what was ``seen``, and ValidationError for what can't be stored.
    """
    with transaction.atomic():
        plan = locked(plan_pk)
        if seen != seen_of(plan):
            raise StalePlan(plan)
        known = {row.month: row for row in plan.months.all()}
        for month, fte in fte_by_month.items():
            _set_month(plan, known.get(month), month, fte, by)
        plan.reserve_mpd = reserve_mpd
        for edge, value in zip(BAND, band or (None, None, None), strict=True):
            setattr(plan, edge, value)
        touch(plan, by, "Capacity, reserve and band")
    return plan


def _set_month(plan: Plan, row: PlanMonth | None, month: date, fte: int | None, by: User) -> None:
    if fte is None and row is not None:
        row._history_user = by
        row.delete()
    elif fte is not None and (row is None or row.fte_milli != fte):
        row = row or PlanMonth(plan=plan, month=month)
        row.fte_milli, row._history_user = fte, by
        row.full_clean()
        row.save()


def locked(pk: int) -> Plan:
    """Return a plan with its row held until the end of the transaction."""
    rows = Plan.objects.select_for_update(of=("self",)).select_related("team", "cycle")
    plan: Plan = rows.get(pk=pk)
    return plan


def touch(plan: Plan, by: User, reason: str) -> None:
    """Raise the plan's version, record why, and move the team's stamp."""
    plan.version += 1
    _save(plan, by, reason)
    TeamCounter.bump(plan.team_id)


def _save(plan: Plan, by: User, reason: str) -> None:
    plan.full_clean(validate_unique=False)
    recorded: Any = plan
    recorded._history_user, recorded._change_reason = by, reason[:500]
    plan.save()
