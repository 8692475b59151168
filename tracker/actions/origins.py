"""Origins that follow from baselines: kept where they differ from the declared ones."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.domain.baseline import opening_baseline
from tracker.domain.lineage import Lineage, ancestors
from tracker.domain.mix import Origin
from tracker.domain.origins import birth_origin
from tracker.models import (
    Baseline,
    BaselineItem,
    Cycle,
    Initiative,
    OriginOverride,
    OriginShift,
    Plan,
    TeamCounter,
)
from tracker.models.initiatives import life_in

# What of an initiative can move the origin that counts, its segments apart.
FOLLOWED = (
    "origin",
    "status",
    "team_id",
    "deleted_at",
    "parent_id",
    "merged_into_id",
    "committed_on",
    "target_start",
    "delivered_on",
    "cancelled_on",
    "deferred_on",
)
_LINEAGE = ("team_id", "parent_id", "merged_into_id")
_SHIFT = ("pk", "initiative_id", "cycle_id", "origin")
_MOST_NAMED = 500  # more ids than that: a whole team is read quicker


@dataclass(frozen=True, slots=True)
class _Opened:
    """A cycle of a team that a baseline opened: its days and what stood above the line.

    ``planned`` is None where no baseline opened it, so that only overrides count.
    """

    cycle: int
    start: date
    end: date
    planned: frozenset[int] | None


def facts_of(initiative: Initiative) -> tuple[Any, ...]:
    """Return what ``follow`` compares: take it before a change."""
    return tuple(getattr(initiative, name) for name in FOLLOWED)


def follow(initiative: Initiative, before: tuple[Any, ...] | None = None) -> list[int]:
    """Bring shifts and birth up to date after an initiative was saved, where ``before`` differs.

    Without ``before`` it is new, or its segments changed. Returns the initiatives whose figures
    may have changed, for the stamp; empty where all may have: a new lineage or team concerns
    whatever descends from it, so then the whole team is worked out anew.
    """
    now = facts_of(initiative)
    was = now if before is None else before
    moved = {name for name, old, new in zip(FOLLOWED, was, now, strict=True) if old != new}
    if not moved and before is not None:
        return [initiative.pk]
    whole = bool(moved.intersection(_LINEAGE))
    ids = None if whole else [initiative.pk]
    births = refresh(team_id=initiative.team_id, initiative_ids=ids)
    initiative.birth_origin = births.get(initiative.pk, initiative.birth_origin)
    if "team_id" in moved:
        left = was[FOLLOWED.index("team_id")]
        refresh(team_id=left)
        TeamCounter.bump(left)
    return [] if whole else [initiative.pk]


def derived_in(initiative: Initiative, cycle_id: int) -> Origin | None:
    """Return what the plan of a cycle says about an initiative; None where no lock opened it."""
    openings = _openings(initiative.team_id)
    lineage = Initiative.every.lineage_of([initiative.team_id]) if openings else {}
    line = _line(initiative.pk, lineage)
    for one in _opened(openings, line):
        if one.cycle == cycle_id:
            return _derived(line, one)
    return None


def are_derived(*, team_id: int) -> bool:
    """Tell whether a lock opened a cycle of the team; else the declared origins are what counts."""
    return bool(_openings(team_id))


def refresh_cycle(*, cycle_id: int) -> None:
    """Work out all teams with a plan in a cycle whose days or grace have changed.

    Moves their stamps as well, since every figure of the cycle may follow.
    """
    teams = list(Plan.objects.filter(cycle_id=cycle_id).values_list("team_id", flat=True))
    for team in sorted(teams):
        refresh(team_id=team)
    TeamCounter.bump(*teams)


def refresh(*, team_id: int, initiative_ids: Collection[int] | None = None) -> dict[int, str]:
    """Store anew where the origin that counts differs from the declared one.

    For a whole team, or for some of its initiatives. Call it in the transaction of the write
    that may have changed a baseline, an override, a declared origin, a lineage or a day, after
    the rows are saved. Returns the births that this settled, by initiative.
    """
    if initiative_ids is not None and len(initiative_ids) > _MOST_NAMED:
        initiative_ids = None
    overrides = _overrides(team_id, initiative_ids)
    openings = _openings(team_id)
    lineage = Initiative.every.lineage_of([team_id]) if openings else {}
    named = None
    if initiative_ids is not None:
        named = {one for pk in initiative_ids for one in _line(pk, lineage)}
    cycles = _cycles(_opened(openings, named), {row[1]: row[3:] for row in overrides})
    lives = list(_lives(team_id, initiative_ids))
    chosen = {(item, cycle): origin for item, cycle, origin, *_ in overrides}
    counting = {row["pk"]: list(_counting(row, cycles, lineage, chosen)) for row in lives}
    _store(
        team_id,
        initiative_ids,
        {
            (row["pk"], one.cycle, origin)
            for row in lives
            for one, origin in counting[row["pk"]]
            if origin != row["origin"]
        },
    )
    return _settle_births([row for row in lives if not row["birth_origin"]], counting)


def _store(
    team_id: int, initiative_ids: Collection[int] | None, wanted: set[tuple[int, int, str]]
) -> None:
    stored = OriginShift.objects.filter(initiative__team_id=team_id)
    if initiative_ids is not None:
        stored = OriginShift.objects.filter(initiative_id__in=list(initiative_ids))
    known = {(row[1], row[2], row[3]): row[0] for row in stored.values_list(*_SHIFT)}
    gone = [pk for shift, pk in known.items() if shift not in wanted]
    for start in range(0, len(gone), _MOST_NAMED):
        OriginShift.objects.filter(pk__in=gone[start : start + _MOST_NAMED]).delete()
    OriginShift.objects.bulk_create(
        [
            OriginShift(initiative_id=item, cycle_id=cycle, origin=origin)
            for item, cycle, origin in sorted(wanted - known.keys())
        ],
        batch_size=_MOST_NAMED,
    )


def _settle_births(
    rows: list[dict[str, Any]], counting: Mapping[int, list[tuple[_Opened, str]]]
) -> dict[int, str]:
    """Give those that were committed and classified, and have none, their birth origin."""
    births = {
        row["pk"]: birth.value
        for row in rows
        if row["committed_on"] is not None
        and (birth := _birth(row, counting[row["pk"]])) != Origin.UNCLASSIFIED
    }
    for origin in sorted(set(births.values())):
        found = [pk for pk, birth in births.items() if birth == origin]
        for start in range(0, len(found), _MOST_NAMED):
            unborn = Initiative.every.filter(pk__in=found[start : start + _MOST_NAMED])
            unborn.filter(birth_origin="").update(birth_origin=origin)
    return births


def _birth(row: dict[str, Any], counting: list[tuple[_Opened, str]]) -> Origin:
    """Return the first origin that counted; the declared one where no plan tells of its start."""
    first = life_in(row).first
    known = [(one.start, Origin(origin)) for one, origin in counting]
    if not any(one.start <= first < one.end for one, _ in counting):
        known.append((first, Origin(row["origin"])))
    return birth_origin(known)


def _cycles(opened: list[_Opened], overridden: Mapping[int, Any]) -> list[_Opened]:
    """Return the cycles that a lock opened or that have overrides."""
    known = {one.cycle for one in opened}
    return opened + [
        _Opened(cycle, start, end, None)
        for cycle, (start, end) in overridden.items()
        if cycle not in known
    ]


def _openings(team_id: int) -> dict[int, Cycle]:
    """Return the baselines that opened cycles of a team, as known today; one query."""
    rows = Baseline.objects.filter(plan__team_id=team_id).select_related("plan__cycle")
    chains: dict[int, list[Baseline]] = {}
    for row in rows:
        chains.setdefault(row.plan.cycle_id, []).append(row)
    return {pk: cycle for rows in chains.values() for pk, cycle in _opening(rows)}


def _opened(openings: Mapping[int, Cycle], items: Collection[int] | None) -> list[_Opened]:
    """Return the opened cycles with what stood above the line, or which of some items did."""
    planned: dict[int, set[int]] = {pk: set() for pk in openings}
    above = BaselineItem.objects.filter(baseline_id__in=list(openings), above_line=True)
    if items is not None and len(items) <= _MOST_NAMED:
        above = above.filter(initiative_id__in=list(items))
    rows = above.order_by().values_list("baseline_id", "initiative_id")
    for pk, item in rows if openings else ():
        planned[pk].add(item)
    return [
        _Opened(cycle.pk, cycle.starts_on, cycle.ends_before, frozenset(planned[pk]))
        for pk, cycle in openings.items()
    ]


def _opening(rows: list[Baseline]) -> Iterable[tuple[int, Cycle]]:
    """Yield the id of the baseline that opened the cycle of one plan, with the cycle."""
    cycle: Cycle = rows[0].plan.cycle
    found = opening_baseline([row.fact_with(()) for row in rows], cycle.span, before=date.max)
    if found is not None:
        yield next(row.pk for row in rows if row.number == found.baseline.number), cycle


def _lives(team_id: int, initiative_ids: Collection[int] | None) -> Iterable[dict[str, Any]]:
    """Return initiatives with their declared origin and the days that bound their life."""
    rows = Initiative.objects.filter(team_id=team_id)
    if initiative_ids is not None:
        rows = rows.filter(pk__in=list(initiative_ids))
    return rows.lives("origin", "birth_origin")  # type: ignore[no-any-return]


def _overrides(team_id: int, initiative_ids: Collection[int] | None) -> list[tuple[Any, ...]]:
    rows = OriginOverride.objects.filter(initiative__team_id=team_id)
    if initiative_ids is not None:
        rows = rows.filter(initiative_id__in=list(initiative_ids))
    return list(rows.values_list(*_SHIFT[1:], "cycle__starts_on", "cycle__ends_before"))


def _counting(
    row: dict[str, Any],
    cycles: list[_Opened],
    lineage: Lineage,
    overrides: Mapping[tuple[int, int], str],
) -> Iterable[tuple[_Opened, str]]:
    """Yield the origin that counts in each of these cycles the initiative lives in."""
    life = life_in(row)
    line = _line(row["pk"], lineage)
    for one in cycles:
        if life.touches(one.start, one.end):
            override = overrides.get((row["pk"], one.cycle))
            if override is None and one.planned is None:
                continue
            yield one, override or _derived(line, one).value


def _line(pk: int, lineage: Lineage) -> set[int]:
    return {pk, *ancestors(pk, lineage)}


def _derived(line: set[int], one: _Opened) -> Origin:
    return Origin.OPPORTUNISTIC if line.isdisjoint(one.planned or ()) else Origin.PLANNED
