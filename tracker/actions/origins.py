"""Origins that follow from baselines: kept where they differ from the declared ones."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Min, Q

from tracker.domain.baseline import opening_baseline
from tracker.domain.lineage import Lineage, ancestors
from tracker.domain.mix import Origin
from tracker.models import Baseline, BaselineItem, Cycle, Initiative, OriginOverride, OriginShift

_DAYS = ("committed_on", "target_start", "first")
_ENDS = ("delivered_on", "cancelled_on", "deferred_on")


@dataclass(frozen=True, slots=True)
class _Opened:
    """A cycle of a team that a baseline opened: its days and what stood above the line."""

    cycle: int
    start: date
    end: date
    planned: frozenset[int]


def refresh(*, team_id: int, initiative_ids: Collection[int] | None = None) -> None:
    """Store anew where the origin that counts differs from the declared one.

    For a whole team, or for some of its initiatives. Call it in the transaction of the write
    that may have changed a baseline, an override, a declared origin, a lineage or a day. Two
    queries where no baseline opened a cycle.
    """
    opened = _opened_cycles(team_id)
    stored = OriginShift.objects.filter(initiative__team_id=team_id)
    if initiative_ids is not None:
        stored = OriginShift.objects.filter(initiative_id__in=list(initiative_ids))
    known = {(row[1], row[2], row[3]): row[0] for row in stored.values_list(*_SHIFT)}
    wanted = _shifts(team_id, initiative_ids, opened) if opened else set()
    gone = [pk for shift, pk in known.items() if shift not in wanted]
    if gone:
        OriginShift.objects.filter(pk__in=gone).delete()
    OriginShift.objects.bulk_create(
        [
            OriginShift(initiative_id=item, cycle_id=cycle, origin=origin)
            for item, cycle, origin in sorted(wanted - known.keys())
        ],
        batch_size=500,
    )


_SHIFT = ("pk", "initiative_id", "cycle_id", "origin")


def _opened_cycles(team_id: int) -> list[_Opened]:
    """Return the cycles of a team that a lock opened, as known today; one to three queries."""
    rows = Baseline.objects.filter(plan__team_id=team_id).select_related("plan__cycle")
    chains: dict[int, list[Baseline]] = {}
    for row in rows:
        chains.setdefault(row.plan.cycle_id, []).append(row)
    opening = {pk: cycle for rows in chains.values() for pk, cycle in _opening(rows)}
    planned: dict[int, set[int]] = {pk: set() for pk in opening}
    above = BaselineItem.objects.filter(baseline_id__in=list(opening), above_line=True)
    for pk, item in above.order_by().values_list("baseline_id", "initiative_id") if opening else ():
        planned[pk].add(item)
    return [
        _Opened(cycle.pk, cycle.starts_on, cycle.ends_before, frozenset(planned[pk]))
        for pk, cycle in opening.items()
    ]


def _opening(rows: list[Baseline]) -> Iterable[tuple[int, Cycle]]:
    """Yield the id of the baseline that opened the cycle of one plan, with the cycle."""
    cycle: Cycle = rows[0].plan.cycle
    found = opening_baseline([row.fact_with(()) for row in rows], cycle.span, before=date.max)
    if found is not None:
        yield next(row.pk for row in rows if row.number == found.baseline.number), cycle


def _shifts(
    team_id: int, initiative_ids: Collection[int] | None, opened: list[_Opened]
) -> set[tuple[int, int, str]]:
    rows = Initiative.objects.filter(team_id=team_id)
    if initiative_ids is not None:
        rows = rows.filter(pk__in=list(initiative_ids))
    lineage = Initiative.every.lineage_of([team_id])
    overrides = _overrides(team_id, initiative_ids)
    return {
        (row["pk"], cycle, origin)
        for row in _lives(rows)
        for cycle, origin in _origins_of(row, opened, lineage, overrides)
        if origin != row["origin"]
    }


def _lives(rows: Any) -> Iterable[dict[str, Any]]:
    """Return initiatives with their declared origin and the days that bound their life."""
    work = {"first": Min("segments__starts_on"), "last": Max("segments__ends_before")}
    known = rows.annotate(**work).filter(Q(committed_on__isnull=False) | Q(first__isnull=False))
    return known.order_by().values("pk", "origin", "last", *_DAYS, *_ENDS)  # type: ignore[no-any-return]


def _overrides(
    team_id: int, initiative_ids: Collection[int] | None
) -> Mapping[tuple[int, int], str]:
    rows = OriginOverride.objects.filter(initiative__team_id=team_id)
    if initiative_ids is not None:
        rows = rows.filter(initiative_id__in=list(initiative_ids))
    return {(item, cycle): origin for item, cycle, origin in rows.values_list(*_SHIFT[1:])}


def _origins_of(
    row: dict[str, Any],
    opened: list[_Opened],
    lineage: Lineage,
    overrides: Mapping[tuple[int, int], str],
) -> Iterable[tuple[int, str]]:
    """Yield the origin that counts in each opened cycle the initiative lives in."""
    first = min(day for name in _DAYS if (day := row[name]) is not None)
    ends = [row[name] for name in _ENDS if row[name] is not None]
    last = max([*ends, row["last"] or first]) if ends else date.max
    line = {row["pk"], *ancestors(row["pk"], lineage)}
    for one in opened:
        if first < one.end and last >= one.start:
            derived = Origin.OPPORTUNISTIC if line.isdisjoint(one.planned) else Origin.PLANNED
            yield one.cycle, overrides.get((row["pk"], one.cycle), derived.value)
