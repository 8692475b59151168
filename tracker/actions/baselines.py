"""Locks: a plan stored for good, as OP1, as OP2 or as an amendment."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from tracker.actions import origins
from tracker.actions.plans import StalePlan
from tracker.domain import baseline as domain
from tracker.domain.baseline import BaselineKind, baseline_hash
from tracker.models import Baseline, BaselineItem, Plan, TeamCounter, User


def kinds_open(locked: list[str]) -> list[BaselineKind]:
    """Return which locks may follow those of a plan so far, the usual one first."""
    if not locked:
        return [BaselineKind.OP1]
    if locked == [BaselineKind.OP1]:
        return [BaselineKind.OP2, BaselineKind.AMENDMENT]
    return [BaselineKind.AMENDMENT]


def lock(
    *,
    by: User,
    plan_pk: int,
    kind: BaselineKind,
    effective_on: date,
    today: date,
    reason: str = "",
    version: int | None = None,
    number: int | None = None,
) -> Baseline:
    """Store the plan as it stands and return the baseline; nothing unlocks it again.

    ``version`` is the plan's as it was read, ``number`` the one this lock is to bear. The same
    lock sent twice is stored once. Raises StalePlan where the plan has changed since, or
    somebody else has locked it.

    ``by`` must have been let in already. Origins that follow from it move in the same
    transaction. Raises ValidationError for a kind that can't follow, an amendment without a
    reason, a day outside of what the cycle allows, or an empty plan.
    """
    with transaction.atomic():
        plan = _locked_plan(plan_pk)
        chain = list(plan.baselines.order_by("number"))
        if number is not None and number != len(chain):
            return _same(chain, number, by, kind, effective_on, reason, plan)
        if version is not None and plan.version != version:
            raise StalePlan(plan)
        _check(plan, kind, chain, effective_on, reason)
        facts = (len(chain), kind, effective_on, today, _snapshot(plan), reason.strip(), str(by))
        fact = domain.Baseline(plan.team_id, plan.cycle_id, *facts)
        baseline = _stored(fact, plan, chain[-1].fingerprint if chain else "", by)
        TeamCounter.bump(plan.team_id)
        origins.refresh(team_id=plan.team_id)
    return baseline


def _same(chain: list[Baseline], number: int, *given: Any) -> Baseline:
    """Return the lock that a first click has stored; StalePlan where it is somebody else's."""
    by, kind, effective_on, reason, plan = given
    found = chain[number] if number < len(chain) else None
    if found is None or (found.locked_by_id, found.kind, found.effective_on, found.reason) != (
        by.pk,
        kind,
        effective_on,
        reason.strip(),
    ):
        raise StalePlan(plan)
    return found


def _locked_plan(pk: int) -> Plan:
    rows = Plan.objects.select_for_update(of=("self",)).select_related("team", "cycle")
    plan: Plan = rows.get(pk=pk)
    return plan


def _check(
    plan: Plan, kind: BaselineKind, chain: list[Baseline], effective_on: date, reason: str
) -> None:
    if kind not in kinds_open([row.kind for row in chain]):
        raise ValidationError("This lock can't follow the ones before it. Reload the page.")
    if kind == BaselineKind.AMENDMENT and not reason.strip():
        raise ValidationError({"reason": "Say why the plan is amended."})
    if effective_on >= plan.cycle.ends_before:
        raise ValidationError({"effective_on": f"{plan.cycle} is over by then."})
    if chain and effective_on < chain[-1].effective_on:
        raise ValidationError(
            {"effective_on": f"{chain[-1].name} holds from a later day. Choose that day or later."}
        )


def _snapshot(plan: Plan) -> domain.Snapshot:
    snapshot = plan.snapshot()
    if not snapshot.items:
        raise ValidationError("The plan is empty. Add initiatives to it before you lock it.")
    return snapshot


def _stored(fact: domain.Baseline, plan: Plan, previous: str, by: User) -> Baseline:
    """Write the baseline and its items; ``previous`` is the fingerprint before it, or empty."""
    snapshot = fact.snapshot
    baseline: Baseline = Baseline.objects.create(
        plan=plan,
        number=fact.number,
        kind=fact.kind,
        effective_on=fact.effective_on,
        locked_on=fact.locked_on,
        locked_by=by,
        locked_by_name=fact.locked_by,
        reason=fact.reason,
        capacity_mpd=snapshot.capacity_mpd,
        reserve_mpd=snapshot.reserve_mpd,
        fingerprint=baseline_hash(fact, previous),
    )
    BaselineItem.objects.bulk_create(
        [BaselineItem.of(baseline, entry) for entry in snapshot.items], batch_size=500
    )
    return baseline
