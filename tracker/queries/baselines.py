"""Reads of locks: the chain of a plan, and what two of its states have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from tracker.domain.baseline import Snapshot, opening_baseline
from tracker.domain.comparison import Comparison, compare
from tracker.models import Baseline, Initiative, OriginShift, Plan
from tracker.queries.plans import PlanSheet, draft, snapshots

NOW = "now"


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock of a chain; ``opened`` tells that it decides what was planned in its cycle.

    ``late`` marks one that opened the cycle though it was only made afterwards.
    """

    baseline: Baseline
    opened: bool
    late: bool


def chain_of(locks: Sequence[Baseline], plan: Plan) -> list[Lock]:
    """Return a plan's locks in order, with the one that opened the cycle marked; no query."""
    for lock in locks:
        lock.plan = plan
    facts = [lock.fact_with(()) for lock in locks]
    opening = opening_baseline(facts, plan.cycle.span, before=date.max)
    number = opening.baseline.number if opening else None
    return [
        Lock(lock, lock.number == number, bool(opening and opening.locked_late)) for lock in locks
    ]


@dataclass(frozen=True, slots=True)
class Side:
    """One state of a plan that is compared: a lock, or how it stands now."""

    key: str
    name: str
    on: date | None
    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Compared:
    """Two states of a plan and what differs; ``origins`` are those that count in its cycle."""

    old: Side
    new: Side
    comparison: Comparison
    origins: dict[int, str]


def compared(sheet: PlanSheet, old: str, new: str) -> Compared:
    """Return what differs between two states: numbers of locks, or "now"; two queries.

    Raises LookupError for a state that the plan does not have.
    """
    sides = [_lock(sheet, key) for key in (old, new)]
    stored = snapshots(list({lock.pk: lock for lock in sides if lock}.values()))
    kept = dict(zip({lock.pk: lock for lock in sides if lock}, stored, strict=True))
    told = [
        Side(str(lock.number), lock.name, lock.locked_on, kept[lock.pk])
        if lock
        else Side(NOW, "now", None, draft(sheet.plan, sheet.months, sheet.items, sheet.placed))
        for lock in sides
    ]
    items = {entry.item for side in told for entry in side.snapshot.items}
    shift = OriginShift.objects.filter(initiative=OuterRef("pk"), cycle=sheet.plan.cycle_id)
    counts = Coalesce(Subquery(shift.values("origin")[:1]), "origin")
    origins = dict(Initiative.every.filter(pk__in=items).values_list("pk", counts))
    return Compared(told[0], told[1], compare(told[0].snapshot, told[1].snapshot), origins)


def _lock(sheet: PlanSheet, key: str) -> Baseline | None:
    if key == NOW:
        return None
    found = [lock for lock in sheet.locks if str(lock.number) == key]
    if not found:
        raise LookupError(f"This plan has no lock {key[:20]!r}.")
    return found[0]
