"""Reads of a plan: its months, its ranking and the line, its locks, and what changed since."""

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import F

from tracker.domain.baseline import BaselineItem as Entry
from tracker.domain.baseline import Snapshot
from tracker.domain.comparison import Comparison, compare
from tracker.domain.planning import (
    MonthCapacity,
    Placement,
    PlanSum,
    capacity_mpd,
    carry_over,
    month_capacities,
)
from tracker.models import Baseline, BaselineItem, Cycle, Initiative, Plan, PlanItem, Team
from tracker.queries.search import LIKE_A_KEY, MOST_WORDS

OVER = ("delivered", "cancelled")


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """A plan as it stands. ``plan`` has no id while nobody has begun it.

    ``locks`` is the chain so far, ``changes`` what differs from its last one; None before OP1.
    """

    plan: Plan
    months: tuple[MonthCapacity, ...]
    items: list[PlanItem]
    placed: PlanSum
    locks: list[Baseline]
    changes: Comparison | None

    @property
    def capacity_mpd(self) -> int | None:
        """Return what the team can do, None while a month is not known."""
        return capacity_mpd(self.months)


def sheet_of(team_id: int, cycle_slug: str) -> PlanSheet | None:
    """Return the plan of a team for a cycle, None where there is no such cycle.

    Five queries for a plan that was locked, whatever its size; three for an empty one.
    """
    plan, fte = _plan(team_id, cycle_slug)
    if plan is None:
        return None
    cycle = plan.cycle
    months = month_capacities(cycle.starts_on, cycle.ends_before, fte, plan.team.calendar)
    if not plan.pk:
        return PlanSheet(plan, months, [], PlanSum((), None, 0, 0), [], None)
    items, placed = plan.ranking(capacity_mpd(months))
    locks = list(plan.baselines.order_by("number"))
    changes = None
    if locks:
        last = snapshots(locks[-1:])[0]
        changes = compare(last, draft(plan, months, items, placed))
    return PlanSheet(plan, months, items, placed, locks, changes)


def _plan(team_id: int, cycle_slug: str) -> tuple[Plan | None, dict[date, int]]:
    """Return the plan with team, cycle and the FTE by month: one query where it exists."""
    rows = Plan.objects.filter(team_id=team_id, cycle__slug=cycle_slug)
    rows = rows.select_related("team", "cycle").order_by("months__month")
    found = list(rows.annotate(month=F("months__month"), fte=F("months__fte_milli")))
    if found:
        return found[0], {row.month: row.fte for row in found if row.month}
    cycle = Cycle.objects.filter(slug=cycle_slug).first()
    team = Team.objects.filter(pk=team_id).first()
    return (Plan(team=team, cycle=cycle), {}) if cycle and team else (None, {})


def draft(
    plan: Plan, months: tuple[MonthCapacity, ...], items: list[PlanItem], placed: PlanSum
) -> Snapshot:
    """Return the plan as it stands, without lineage: no query."""
    above = {row.item for row in placed.rows if row.placement == Placement.ABOVE}
    entries = []
    for rank, item in enumerate(items, 1):
        item.plan = plan  # one object, so that its team's calendar is read once
        entries.append(item.entry(rank, item.initiative_id in above, {}))
    return Snapshot(tuple(entries), capacity_mpd(months), plan.reserve_mpd)


def snapshots(locks: list[Baseline]) -> list[Snapshot]:
    """Return what some locks stored, without lineage, in their order; one query."""
    items: dict[int, list[Entry]] = {lock.pk: [] for lock in locks}
    for row in BaselineItem.objects.filter(baseline_id__in=list(items)).order_by("rank"):
        items[row.baseline_id].append(replace(row.fact, lineage=()))
    return [Snapshot(tuple(items[lock.pk]), lock.capacity_mpd, lock.reserve_mpd) for lock in locks]


def current_cycle(day: date) -> Cycle | None:
    """Return the running cycle, else the next one, else the last."""
    running = Cycle.objects.filter(ends_before__gt=day).order_by("starts_on").first()
    return running or Cycle.objects.order_by("-starts_on").first()


def carried(plan: Plan) -> tuple[str, tuple[Entry, ...]]:
    """Return the cycle before, and which of its unfinished items the plan may take over.

    They come from the last lock of that cycle, or from its plan where nothing was locked; their
    effort is what is estimated now. At most five queries.
    """
    before = plan.cycle.starts_on
    last = Plan.objects.filter(team_id=plan.team_id, cycle__ends_before__lte=before)
    former = last.select_related("team", "cycle").order_by("-cycle__starts_on").first()
    if former is None:
        return "", ()
    lock = former.baselines.order_by("-number").first()
    entries = snapshots([lock])[0].items if lock else former.snapshot().items
    ids = [entry.item for entry in entries]
    alive = Initiative.objects.filter(pk__in=ids, team__path__startswith=plan.team.path)
    open_now = dict(alive.exclude(status__in=OVER).values_list("pk", "estimate_mpd"))
    has = set(plan.items.values_list("initiative_id", flat=True)) if plan.pk else set()
    offered = carry_over(entries, open_now.keys(), has)
    return former.cycle.name, tuple(
        replace(entry, effort_mpd=open_now[entry.item]) for entry in offered
    )


def neighbours(cycle: Cycle) -> tuple[Cycle | None, Cycle | None]:
    """Return the cycles before and after one; one query."""
    known = list(Cycle.objects.order_by("starts_on"))
    here = [one.pk for one in known].index(cycle.pk)
    return known[here - 1] if here else None, known[here + 1] if here + 1 < len(known) else None


def candidates(plan: Plan, text: str, most: int = 8) -> list[Initiative]:
    """Return initiatives of the plan's team that match and are not in the plan, newest first."""
    if not text:
        return []
    rows = Initiative.objects.filter(team__path__startswith=plan.team.path)
    rows = rows.exclude(status__in=OVER).exclude(plan_items__plan=plan)
    pk = by_key(plan, text)
    if pk is not None:
        rows = rows.filter(pk=pk)
    else:
        for word in text.split()[:MOST_WORDS]:
            rows = rows.filter(title__icontains=word)
    return list(rows.select_related("team").order_by("-pk")[:most])


def by_key(plan: Plan, text: str) -> int | None:
    """Return the id of the initiative of the plan's team with a key, None for other text."""
    if not LIKE_A_KEY.match(text):
        return None
    rows = Initiative.objects.filter(team__path__startswith=plan.team.path)
    found: int | None = rows.with_key(text).values_list("pk", flat=True).first()
    return found
