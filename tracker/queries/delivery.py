"""Plans against what became of them, read once for all figures of it.

Every function starts from teams that somebody has been let into already.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.baseline import Baseline as Lock
from tracker.domain.calendar import Period
from tracker.domain.outcomes import Against, PlanFacts, against
from tracker.models import Cycle, Funding, Plan, Team
from tracker.queries.calendars import calendars_of
from tracker.queries.delivery_facts import Pair, items_now, items_recorded, locks_against
from tracker.queries.funding_entries import EntryRow, Named, entry_rows


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
    teams: Sequence[Team],
    cycle: Cycle,
    period: Period,
    *,
    before: date,
    moment: datetime | None = None,
) -> CycleDelivery:
    """Return what became of the teams' plans for a cycle; ten queries, whatever there is.

    What was delivered, locked or decided from ``before`` on is not yet known; estimates are
    those of today. With ``moment`` all is as it was recorded by then, which reads the whole
    history of the teams.
    """
    calendars_of(teams)
    mine = {team.pk: team for team in teams}
    rows = Plan.objects.filter(team_id__in=list(mine), cycle=cycle).order_by("team__name")
    plans = list(rows.select_related("cycle"))
    for plan in plans:
        plan.team = mine[plan.team_id]
    chosen = locks_against(plans, cycle, before, moment)
    read = _Read(list(mine.values()), plans, chosen, before, moment)
    found = [_delivery(plan, chosen.get(plan.pk), read, period, before) for plan in plans]
    return CycleDelivery(cycle, period, before, tuple(found), read.names)


class _Read:
    """The facts about all items of some plans, their parts, and what took from them."""

    def __init__(
        self,
        teams: Sequence[Team],
        plans: Sequence[Plan],
        chosen: Mapping[int, Pair],
        before: date,
        moment: datetime | None,
    ) -> None:
        self.calendars = calendars_of(teams)
        listed = {
            entry.item
            for pair in chosen.values()
            for lock in (pair.opening, pair.current)
            for entry in lock.snapshot.planned
        }
        made = {"created_at__lt": moment} if moment else {}
        self.entries = entry_rows(Funding.objects.filter(plan__in=plans, **made)) if plans else []
        self.items = (
            items_recorded(self.calendars, before, moment)
            if moment
            else items_now(listed, self.calendars, before)
        )
        given = {row.opportunity.pk: row.opportunity for row in self.entries}
        self.names = {**given, **self.items.names}

    def of(self, plan: Plan, pair: Pair) -> PlanFacts:
        """Return the facts of one plan."""
        own: Iterable[EntryRow] = (row for row in self.entries if row.plan == plan.pk)
        return PlanFacts(
            pair.current.snapshot,
            self.items.facts,
            self.items.parts_of,
            [row.fact for row in own],
            self.calendars[plan.team_id],
            plan.team.default_fte_milli,
        )


def _delivery(
    plan: Plan, pair: Pair | None, read: _Read, period: Period, before: date
) -> PlanDelivery:
    if pair is None:
        return PlanDelivery(plan)
    facts = read.of(plan, pair)
    opened = against(facts, pair.opening.snapshot, period, before=before)
    amended = None
    if pair.current.number != pair.opening.number:
        amended = against(facts, pair.current.snapshot, period, before=before)
    return PlanDelivery(plan, pair.opening, pair.current, pair.locked_late, opened, amended)
