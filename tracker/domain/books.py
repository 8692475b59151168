"""The books of a cycle: the terms of the conservation law, item by item, from facts.

Each row of a term names an item or what stands for none, and the rows of a term sum to it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tracker.domain.conservation import Conservation, Ending, PlanOutcome, Term, conserve
from tracker.domain.funding import Funding, Source, taken_by_item
from tracker.domain.lifecycle import CLOSED, Status
from tracker.domain.lineage import Lineage, ancestors
from tracker.domain.shares import Origin


@dataclass(frozen=True, slots=True)
class CycleItem:
    """An initiative in a cycle: the origin that counts in it, and its work before and in it."""

    item: int
    origin: Origin
    status: Status
    estimate_mpd: int | None = None
    before_mpd: int = 0
    worked_mpd: int = 0
    merged_into: int | None = None

    @property
    def left_mpd(self) -> int | None:
        """Return what was left of the estimate when the cycle began, None without one."""
        return None if self.estimate_mpd is None else max(0, self.estimate_mpd - self.before_mpd)

    @property
    def is_closed(self) -> bool:
        """Tell whether nothing more is to come."""
        return self.status in CLOSED


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """An item above the line of the opening baseline, in mpd.

    ``current_mpd`` is what the baseline in force says now, None where it took the item out.
    """

    item: int
    effort_mpd: int
    current_mpd: int | None


@dataclass(frozen=True, slots=True)
class CycleFacts:
    """All facts of one team and cycle. Capacities are those of the first and the present lock.

    ``running`` tells that the cycle is not over, so that open items are still to be worked on.
    """

    planned: Sequence[PlannedItem]
    items: Mapping[int, CycleItem]
    reserve_mpd: int = 0
    capacity_mpd: int | None = None
    capacity_now_mpd: int | None = None
    entries: Sequence[Funding] = ()
    lineage: Lineage = field(default_factory=dict)
    running: bool = True


class Stands(StrEnum):
    """What a row stands for that names no item."""

    DRAWN = "drawn"
    NOT_DRAWN = "not-drawn"
    FREE = "free"
    LOCKED_SINCE = "locked-since"
    UNCLASSIFIED = "unclassified"
    IDLE = "idle"
    OVERWORKED = "overworked"


@dataclass(frozen=True, slots=True)
class TermRow:
    """A signed part of a term in mpd: of an item, of something else, or both."""

    mpd: int
    item: int | None = None
    stands: Stands | None = None


@dataclass(frozen=True, slots=True)
class Books:
    """The law and the rows of its terms; ``opportunities`` are those of its left side.

    ``worked_mpd`` is what of the opportunistic work was done so far. All add up over teams.
    """

    law: Conservation = field(default_factory=Conservation)
    rows: Mapping[Term, tuple[TermRow, ...]] = field(default_factory=dict)
    opportunities: tuple[TermRow, ...] = ()
    worked_mpd: int = 0
    planned_worked_mpd: int = 0

    def __add__(self, other: "Books") -> "Books":
        """Return the books of both together."""
        terms = {**self.rows, **other.rows}
        return Books(
            self.law + other.law,
            {term: (*self.rows.get(term, ()), *other.rows.get(term, ())) for term in terms},
            (*self.opportunities, *other.opportunities),
            self.worked_mpd + other.worked_mpd,
            self.planned_worked_mpd + other.planned_worked_mpd,
        )


def books(facts: CycleFacts) -> Books:
    """Return the books of one team and cycle.

    A planned item counts with what was left of its plan when the cycle began, together with
    what was split off it or goes on with its work. What the opening left unplanned is the
    reserve and what stayed free beside it.
    """
    laws = {
        item: conserve([one], opportunistic_mpd=0, other_mpd=0) for item, one in _outcomes(facts)
    }
    plan = sum((law for law in laws.values()), Conservation())
    opportunities = tuple(_opportunities(facts))
    added = sum(entry.mpd for entry in facts.entries if entry.source == Source.ADDED_CAPACITY)
    since = _since(facts)
    room = facts.reserve_mpd
    if facts.capacity_mpd is not None:
        room = max(0, facts.capacity_mpd - plan.plan)
    law = replace(
        plan,
        reserve=room,
        capacity_change=since + added,
        opportunistic=sum(row.mpd for row in opportunities),
    )
    law = replace(law, other=max(0, law.capacity_residual))
    return Books(
        law,
        {
            **_plan_rows(laws),
            Term.RESERVE: tuple(_reserve_rows(facts, room)),
            Term.CAPACITY_CHANGE: tuple(_capacity_rows(facts, since)),
            Term.OTHER: tuple(_other_rows(facts, law)),
            Term.UNEXPLAINED: tuple(_unexplained_rows(laws, law)),
        },
        opportunities,
        _worked(facts, Origin.OPPORTUNISTIC),
        _worked(facts, Origin.PLANNED),
    )


def _worked(facts: CycleFacts, origin: Origin) -> int:
    return sum(one.worked_mpd for one in facts.items.values() if one.origin == origin)


def _since(facts: CycleFacts) -> int:
    """Return what later locks changed of the capacity."""
    if facts.capacity_mpd is None or facts.capacity_now_mpd is None:
        return 0
    return facts.capacity_now_mpd - facts.capacity_mpd


def _outcomes(facts: CycleFacts) -> Iterable[tuple[int, PlanOutcome]]:
    """Yield what became of each planned item, and of planned work that the plan does not list."""
    groups = _groups(facts)
    taken: dict[int, int] = {}
    for item, mpd in taken_by_item(facts.entries).items():
        goal = _listed(item, facts)
        if goal is not None:
            taken[goal] = taken.get(goal, 0) + mpd
    for item, (plans, members) in groups.items():
        yield item, _outcome(plans, members, taken.get(item, 0), running=facts.running)


def _groups(facts: CycleFacts) -> dict[int, tuple[list[PlannedItem], list[CycleItem]]]:
    """Return by planned item its plans (more where some were merged) and all that worked on it."""
    groups: dict[int, tuple[list[PlannedItem], list[CycleItem]]] = {}
    for plan in facts.planned:
        goal = _listed(plan.item, facts)
        groups.setdefault(plan.item if goal is None else goal, ([], []))[0].append(plan)
    for one in facts.items.values():
        goal = _listed(one.item, facts)
        if one.origin == Origin.PLANNED and (goal in groups or one.worked_mpd):
            groups.setdefault(one.item if goal is None else goal, ([], []))[1].append(one)
    return groups


def _listed(item: int, facts: CycleFacts) -> int | None:
    """Return the planned item that an item is, goes on as, or was split or merged from."""
    listed = {plan.item for plan in facts.planned}
    end, seen = item, {item}
    while (known := facts.items.get(end)) and known.merged_into and known.merged_into not in seen:
        end = known.merged_into
        seen.add(end)
    line = (end, *ancestors(end, facts.lineage), item)
    return next((one for one in line if one in listed), None)


def _outcome(
    plans: Sequence[PlannedItem], members: Sequence[CycleItem], displaced: int, *, running: bool
) -> PlanOutcome:
    """Return what became of a group: open ones are expected to take what is left of their plan."""
    before = sum(one.before_mpd for one in members)
    planned = max(0, sum(plan.effort_mpd for plan in plans) - before)
    worked = sum(one.worked_mpd for one in members)
    is_out = bool(plans) and all(plan.current_mpd is None for plan in plans)
    live = [one for one in members if one.merged_into is None]
    if not live or all(one.is_closed for one in live):
        done = bool(live) and all(one.status == Status.DELIVERED for one in live)
        return PlanOutcome(planned, worked, displaced, 0, Ending.DELIVERED if done else Ending.CUT)
    if is_out:
        return PlanOutcome(planned, worked, displaced, 0, Ending.CUT)
    fewer = sum(plan.effort_mpd - (plan.current_mpd or 0) for plan in plans)
    cut = min(max(0, fewer - displaced), max(0, planned - displaced))
    if running:
        worked = max(worked, _expected(live, planned - cut, displaced))
    return PlanOutcome(planned, worked, displaced, cut, Ending.OPEN)


def _expected(members: Iterable[CycleItem], planned: int, displaced: int) -> int:
    """Return what the members will have taken in all: the rest of their plan, as estimated now.

    A lower estimate may be the trace of what was displaced; only what it falls short of the rest
    is missing. A higher one is an over-run that is seen coming.
    """
    total = 0
    for one in members:
        if one.left_mpd is None and not one.is_closed:
            return max(0, planned - displaced)
        total += one.worked_mpd if one.is_closed else max(one.worked_mpd, one.left_mpd or 0)
    return min(total, max(0, planned - displaced)) if total <= planned else total - displaced


def _opportunities(facts: CycleFacts) -> Iterable[TermRow]:
    for one in facts.items.values():
        if one.origin != Origin.OPPORTUNISTIC:
            continue
        mpd = one.worked_mpd
        if facts.running and not one.is_closed and one.status != Status.PROPOSED:
            mpd = max(mpd, one.left_mpd or 0)
        if mpd:
            yield TermRow(mpd, one.item)


def _plan_rows(laws: Mapping[int, Conservation]) -> dict[Term, tuple[TermRow, ...]]:
    return {
        term: tuple(
            TermRow(mpd, item) for item, law in laws.items() if (mpd := dict(law.steps)[term])
        )
        for term in (Term.DISPLACED, Term.CUT, Term.UNDER_RUN, Term.OVER_RUN)
    }


def _reserve_rows(facts: CycleFacts, room: int) -> Iterable[TermRow]:
    drawn: dict[int, int] = {}
    for entry in facts.entries:
        if entry.source == Source.RESERVE:
            drawn[entry.opportunity] = drawn.get(entry.opportunity, 0) + entry.mpd
    for item, mpd in drawn.items():
        yield TermRow(mpd, item, Stands.DRAWN)
    rest = facts.reserve_mpd - sum(drawn.values())
    if rest:
        yield TermRow(rest, None, Stands.NOT_DRAWN)
    if room != facts.reserve_mpd:
        yield TermRow(room - facts.reserve_mpd, None, Stands.FREE)


def _capacity_rows(facts: CycleFacts, since: int) -> Iterable[TermRow]:
    if since:
        yield TermRow(since, None, Stands.LOCKED_SINCE)
    for entry in facts.entries:
        if entry.source == Source.ADDED_CAPACITY:
            yield TermRow(entry.mpd, entry.opportunity)


def _other_rows(facts: CycleFacts, law: Conservation) -> Iterable[TermRow]:
    left = law.other
    for one in facts.items.values():
        part = min(left, one.worked_mpd) if one.origin == Origin.UNCLASSIFIED else 0
        if part:
            yield TermRow(-part, one.item, Stands.UNCLASSIFIED)
            left -= part
    if left:
        yield TermRow(-left, None, Stands.IDLE)


def _unexplained_rows(laws: Mapping[int, Conservation], law: Conservation) -> Iterable[TermRow]:
    for item, one in laws.items():
        if one.plan_residual:
            yield TermRow(one.plan_residual, item)
    if law.capacity_residual:
        yield TermRow(-law.capacity_residual, None, Stands.OVERWORKED)
