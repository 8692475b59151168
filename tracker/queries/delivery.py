"""Plans against what became of them, read once for all figures of it.

Every function starts from teams that somebody has been let into already.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.domain.baseline import Baseline as Lock
from tracker.domain.baseline import current_baseline, opening_baseline
from tracker.domain.calendar import Period, WorkCalendar
from tracker.domain.capacity import Segment, worked_mpd
from tracker.domain.lifecycle import CLOSED, Status
from tracker.domain.outcomes import Against, Fact, PlanFacts, against
from tracker.models import Baseline, BaselineItem, Cycle, Funding, Initiative, Plan, Team
from tracker.models import WorkSegment as Work
from tracker.queries.calendars import calendars_of
from tracker.queries.funding_entries import EntryRow, Named, entry_rows

COLUMNS = (
    "pk",
    "team_id",
    "team__key_prefix",
    "team__name",
    "number",
    "title",
    "status",
    "estimate_mpd",
    "actual_mpd",
    "delivered_on",
    "cancelled_on",
    "deferred_on",
    "parent_id",
    "merged_into_id",
)


@dataclass(frozen=True, slots=True)
class PlanDelivery:
    """One plan against what became of it.

    ``opened`` is for the baseline that opened the cycle, None where no lock did; ``amended`` for
    the one in force now, None where that is the same one.
    """

    plan: Plan
    opening: Lock | None = None
    current: Lock | None = None
    locked_late: bool = False
    opened: Against | None = None
    amended: Against | None = None


@dataclass(frozen=True, slots=True)
class CycleDelivery:
    """The plans of teams for a cycle against what became of them, ahead of ``before``."""

    cycle: Cycle
    period: Period
    before: date
    plans: tuple[PlanDelivery, ...]
    names: Mapping[int, Named]

    @property
    def opened(self) -> list[PlanDelivery]:
        """Return the plans that a lock opened."""
        return [plan for plan in self.plans if plan.opened is not None]

    def total(self, team_ids: Collection[int] | None = None) -> Against:
        """Return the sums against the opening baselines, of some teams or of all."""
        rows = (
            plan.opened
            for plan in self.plans
            if plan.opened is not None and (team_ids is None or plan.plan.team_id in team_ids)
        )
        return sum(rows, Against())

    @property
    def amended(self) -> Against | None:
        """Return the sums against the baselines in force now; None where no plan was amended."""
        if not any(plan.amended for plan in self.plans):
            return None
        rows = (plan.amended or plan.opened for plan in self.plans)
        return sum((row for row in rows if row is not None), Against())


def delivery_of(
    teams: Sequence[Team], cycle: Cycle, period: Period, *, before: date
) -> CycleDelivery:
    """Return what became of the teams' plans for a cycle; ten queries, whatever there is.

    What was delivered, locked or decided from ``before`` on is not yet known; estimates are
    those of today.
    """
    calendars_of(teams)
    mine = {team.pk: team for team in teams}
    rows = Plan.objects.filter(team_id__in=list(mine), cycle=cycle).order_by("team__name")
    plans = list(rows.select_related("cycle"))
    for plan in plans:
        plan.team = mine[plan.team_id]
    chosen = _chosen(plans, cycle, before)
    read = _Read(list(mine.values()), plans, chosen, before)
    found = [_delivery(plan, chosen.get(plan.pk), read, period, before) for plan in plans]
    return CycleDelivery(cycle, period, before, tuple(found), read.names)


@dataclass(frozen=True, slots=True)
class _Pair:
    """The baseline that opened a cycle and the one in force now, with what they hold."""

    opening: Lock
    current: Lock
    locked_late: bool


def _chosen(plans: Sequence[Plan], cycle: Cycle, before: date) -> dict[int, _Pair]:
    """Return by plan which baselines count; two queries."""
    chains: dict[int, list[Baseline]] = {}
    for row in Baseline.objects.filter(plan__in=plans).select_related("plan"):
        chains.setdefault(row.plan_id, []).append(row)
    picked: dict[int, tuple[Baseline, Baseline, bool]] = {}
    for pk, rows in chains.items():
        chain = [row.fact_with(()) for row in rows]
        first = opening_baseline(chain, cycle.span, before=before)
        now = current_baseline(chain, before=before)
        if first is not None:
            by_number = {row.number: row for row in rows}
            opening = by_number[first.baseline.number]
            # A lock of the next cycle is not in force yet, so that what opens it stands in.
            current = by_number[now.number] if now else opening
            picked[pk] = (opening, current, first.locked_late)
    items: dict[int, list[Any]] = {row.pk: [] for pair in picked.values() for row in pair[:2]}
    for item in BaselineItem.objects.filter(baseline_id__in=list(items)).order_by("rank"):
        items[item.baseline_id].append(item.fact)
    return {
        pk: _Pair(
            opening.fact_with(tuple(items[opening.pk])),
            current.fact_with(tuple(items[current.pk])),
            is_late,
        )
        for pk, (opening, current, is_late) in picked.items()
    }


class _Read:
    """The facts about all items of some plans, their parts, and what took from them."""

    def __init__(
        self,
        teams: Sequence[Team],
        plans: Sequence[Plan],
        chosen: Mapping[int, _Pair],
        before: date,
    ) -> None:
        self.before = before
        self.calendars = calendars_of(teams)
        listed = {
            entry.item
            for pair in chosen.values()
            for lock in (pair.opening, pair.current)
            for entry in lock.snapshot.planned
        }
        self.entries = entry_rows(Funding.objects.filter(plan__in=plans)) if plans else []
        rows = self._rows(listed, list(self.calendars))
        self.parts_of: dict[int, list[int]] = {}
        for row in rows.values():
            if row["parent_id"] is not None:
                self.parts_of.setdefault(row["parent_id"], []).append(row["pk"])
        worked = self._worked(rows)
        self.facts = {pk: self._fact(row, worked.get(pk, 0)) for pk, row in rows.items()}
        self.names = self._names(rows)

    @staticmethod
    def _rows(listed: Collection[int], team_ids: list[int]) -> dict[int, dict[str, Any]]:
        """Return the items, and all that has been split or merged in their teams; two queries."""
        alive = Initiative.objects.order_by()
        of_a_line = alive.filter(team_id__in=team_ids, parent__isnull=False)
        targets = alive.filter(team_id__in=team_ids, merged_into__isnull=False)
        found = {row["pk"]: row for row in alive.filter(pk__in=list(listed)).values(*COLUMNS)}
        wanted = of_a_line | alive.filter(pk__in=targets.values("merged_into"))
        found |= {row["pk"]: row for row in wanted.values(*COLUMNS)}
        return found

    def _worked(self, rows: Mapping[int, Mapping[str, Any]]) -> dict[int, int]:
        """Return all that was worked on each, by the calendar of its team today."""
        worked: dict[int, int] = {}
        segments = Work.objects.filter(initiative_id__in=list(rows), starts_on__lt=self.before)
        for item, *days in segments.order_by().values_list(
            "initiative_id", "starts_on", "ends_before", "fte_milli"
        ):
            segment = Segment(*days)
            calendar = self.calendars.get(rows[item]["team_id"], WorkCalendar())
            mpd = worked_mpd(
                segment, segment.start, self.before, before=self.before, calendar=calendar
            )
            worked[item] = worked.get(item, 0) + mpd
        return worked

    def _fact(self, row: Mapping[str, Any], worked: int) -> Fact:
        status = Status(row["status"])
        day = row.get(f"{status.value}_on") if status in CLOSED else None
        if day is not None and day >= self.before:
            status = Status.ACTIVE
        return Fact(
            status,
            row["estimate_mpd"],
            row["delivered_on"],
            row["actual_mpd"],
            worked,
            row["merged_into_id"],
        )

    def _names(self, rows: Mapping[int, Mapping[str, Any]]) -> dict[int, Named]:
        names = {
            pk: Named(
                pk,
                f"{row['team__key_prefix']}-{row['number']}",
                row["title"],
                row["team__name"],
                row["status"],
            )
            for pk, row in rows.items()
        }
        return {row.opportunity.pk: row.opportunity for row in self.entries} | names

    def of(self, plan: Plan, pair: _Pair) -> PlanFacts:
        """Return the facts of one plan."""
        own: Iterable[EntryRow] = (row for row in self.entries if row.plan == plan.pk)
        return PlanFacts(
            pair.current.snapshot,
            self.facts,
            self.parts_of,
            [row.fact for row in own],
            self.calendars[plan.team_id],
            plan.team.default_fte_milli,
        )


def _delivery(
    plan: Plan, pair: _Pair | None, read: _Read, period: Period, before: date
) -> PlanDelivery:
    if pair is None:
        return PlanDelivery(plan)
    facts = read.of(plan, pair)
    opened = against(facts, pair.opening.snapshot, period, before=before)
    amended = None
    if pair.current.number != pair.opening.number:
        amended = against(facts, pair.current.snapshot, period, before=before)
    return PlanDelivery(plan, pair.opening, pair.current, pair.locked_late, opened, amended)
