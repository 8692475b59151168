"""Reads what the plans say about origins, what people say against it, and what counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from tracker.domain import origins as domain
from tracker.domain.baseline import Baseline as Lock
from tracker.domain.baseline import BaselineItem as Entry
from tracker.domain.capacity import worked_mpd
from tracker.domain.lineage import ancestors
from tracker.domain.mix import Origin
from tracker.domain.origins import (
    Derived,
    LockRef,
    OverrideReport,
    Suggestion,
    Tagged,
    derive_origins,
)
from tracker.models import Baseline, BaselineItem, Cycle, Initiative, OriginOverride, Team
from tracker.models.initiatives import life_in
from tracker.queries.facts import work_between

MOST_PAST = 20
COLUMNS = ("number", "title", "status", "origin", "need", "trigger", "version")


@dataclass(frozen=True, slots=True)
class InCycle:
    """One initiative's origins in one cycle.

    ``override`` is the row behind the tag's; ``listed`` the key of the listed ancestor, as locked;
    ``begun`` whether the cycle has begun, ``latest`` whether no later one had a lock to go by.
    """

    cycle: Cycle
    suggestion: Suggestion
    tag: Tagged
    override: OriginOverride | None = None
    listed: str = ""
    begun: bool = True
    latest: bool = True

    @property
    def disagrees(self) -> bool:
        """Tell whether there is something to settle.

        Not before the cycle has begun, and in the latest cycle only: what is declared can't
        follow two plans at once.
        """
        return self.begun and self.latest and self.tag.disagrees

    @property
    def differs(self) -> bool:
        """Tell whether another origin counts than the declared one."""
        return self.tag.effective != self.tag.declared


@dataclass(frozen=True, slots=True)
class Row:
    """An initiative in the list of a plan's origins."""

    pk: int
    key: str
    facts: Mapping[str, Any]
    told: InCycle


@dataclass(frozen=True, slots=True)
class PlanOrigins:
    """The origins of one team in one cycle, by key; amounts are mpd worked in it to date."""

    cycle: Cycle
    rows: tuple[Row, ...]
    report: OverrideReport

    @property
    def lock(self) -> LockRef | None:
        """Return what opened the cycle; None where nothing did, or there is nothing to tell of."""
        return self.rows[0].told.suggestion.evidence.lock if self.rows else None

    @property
    def disagreements(self) -> list[Row]:
        """Return those that nobody has settled."""
        return [row for row in self.rows if row.told.disagrees]

    @property
    def overridden(self) -> list[Row]:
        """Return those on which somebody's word counts."""
        return [row for row in self.rows if row.told.tag.override]

    @property
    def ratified(self) -> list[Row]:
        """Return the opportunities that an amendment adopted."""
        return [row for row in self.rows if row.told.suggestion.evidence.ratified]

    @property
    def carried(self) -> list[Row]:
        """Return what came from an earlier cycle without a place in this one's plan."""
        return [
            row
            for row in self.rows
            if row.told.suggestion.evidence.carried
            and row.told.suggestion.origin == Derived.OPPORTUNISTIC
        ]

    @property
    def unclassified(self) -> list[Row]:
        """Return those nobody has declared, so that the plan's word counts alone."""
        return [
            row
            for row in self.rows
            if row.told.tag.declared == Origin.UNCLASSIFIED
            and row.told.tag.effective != Origin.UNCLASSIFIED
        ]


def origins_of(initiative: Initiative, today: date) -> list[InCycle]:
    """Return an initiative's origins in the cycles it has to do with, the latest first.

    Cycles to come are among them only where a lock or an override speaks of them. At most six
    queries.
    """
    cycles = list(Cycle.objects.order_by("-starts_on"))
    row = Initiative.every.filter(pk=initiative.pk).lives().first() if cycles else None
    if row is None:
        return []
    life = life_in(row)
    chains = Chains(initiative.team_id, today, item=initiative.pk)
    overrides = _overrides(initiative__pk=initiative.pk)
    told = [
        cycle
        for cycle in cycles
        if life.touches(cycle.starts_on, cycle.ends_before)
        and (
            cycle.starts_on <= today
            or cycle.pk in chains.of
            or (initiative.pk, cycle.pk) in overrides
        )
    ]
    declared = {initiative.pk: (Origin(initiative.origin), row["committed_on"])}
    found = [one for cycle in told for one in chains.tell(cycle, declared, overrides).values()]
    known = [one.cycle for one in found if one.begun and one.tag.derived != Derived.UNKNOWN]
    return [replace(one, latest=one.cycle in known[:1]) for one in found]


def plan_origins(team: Team, cycle: Cycle, today: date) -> PlanOrigins:
    """Return the origins of a team's initiatives in a cycle; at most nine queries."""
    before = today + timedelta(days=1)
    rows = {
        row["pk"]: row
        for row in Initiative.objects.filter(team=team).lives(*COLUMNS)
        if life_in(row).touches(cycle.starts_on, cycle.ends_before)
    }
    told = Chains(team.pk, today, cycle=cycle).tell(
        cycle,
        {pk: (Origin(row["origin"]), row["committed_on"]) for pk, row in rows.items()},
        _overrides(cycle=cycle, initiative__team=team),
        worked=_worked(team, cycle, before),
    )
    later = Cycle.objects.filter(
        plans__team=team,
        plans__baselines__isnull=False,
        starts_on__gt=cycle.starts_on,
        starts_on__lte=today,
    ).distinct()
    found = [
        Row(
            pk,
            f"{team.key_prefix}-{row['number']}",
            row,
            replace(told[pk], latest=not _touches(row, later)),
        )
        for pk, row in rows.items()
    ]
    found.sort(key=lambda row: (-row.told.tag.amount, row.facts["number"]))
    return PlanOrigins(cycle, tuple(found), domain.override_report(row.told.tag for row in found))


def _touches(row: Mapping[str, Any], cycles: Iterable[Cycle]) -> bool:
    life = life_in(row)
    return any(life.touches(cycle.starts_on, cycle.ends_before) for cycle in cycles)


class Chains:
    """The locks of a team, of all cycles or of one; of all that they list, or of what one item is.

    Up to four queries.
    """

    def __init__(
        self, team_id: int, today: date, *, cycle: Cycle | None = None, item: int | None = None
    ) -> None:
        self.today = today
        rows = Baseline.objects.filter(plan__team_id=team_id).select_related("plan")
        locks = list(rows.filter(plan__cycle=cycle) if cycle else rows)
        self.lineage = Initiative.every.lineage_of([team_id]) if locks else {}
        entries = BaselineItem.objects.filter(baseline__in=locks).order_by("rank")
        if item is not None:
            entries = entries.filter(initiative__in=[item, *ancestors(item, self.lineage)])
        listed: dict[int, list[Entry]] = {lock.pk: [] for lock in locks}
        self.keys: dict[int, str] = {}
        columns = ("baseline_id", "initiative_id", "rank", "above_line", "key")
        for lock, listed_item, rank, above, key in entries.values_list(*columns) if locks else ():
            listed[lock].append(Entry(listed_item, rank, above_line=above))
            self.keys[listed_item] = key
        self.of: dict[int, list[Lock]] = {}
        for lock in locks:
            fact = lock.fact_with(tuple(listed[lock.pk]))
            self.of.setdefault(fact.cycle, []).append(fact)

    def tell(
        self,
        cycle: Cycle,
        declared: Mapping[int, tuple[Origin, date | None]],
        overrides: Mapping[tuple[int, int], OriginOverride],
        worked: Mapping[int, int] | None = None,
    ) -> dict[int, InCycle]:
        """Return by item what is told of it in a cycle, given its declared origin and commit day.

        ``worked`` gives the amounts in mpd; without it each item weighs 1.
        """
        suggested = derive_origins(
            {item: day for item, (_, day) in declared.items()},
            cycle.span,
            self.of.get(cycle.pk, []),
            lineage=self.lineage,
            before=self.today + timedelta(days=1),
        )
        found = {}
        for item, (origin, _) in declared.items():
            row, suggestion = overrides.get((item, cycle.pk)), suggested[item]
            amount = 1 if worked is None else worked.get(item, 0)
            word = _word(row) if row else None
            tag = Tagged(item, origin, suggestion.origin, word, amount)
            key = self.keys.get(suggestion.evidence.listed or 0, "")
            begun = cycle.starts_on <= self.today
            found[item] = InCycle(cycle, suggestion, tag, row, key, begun)
        return found


def _word(row: OriginOverride) -> domain.Override:
    by = str(row.by) if row.by else "Somebody who has left"
    return domain.Override(Origin(row.origin), domain.OverrideReason(row.code), row.text, by)


def _overrides(**wanted: Any) -> dict[tuple[int, int], OriginOverride]:
    rows = OriginOverride.objects.filter(**wanted).select_related("by")
    return {(row.initiative_id, row.cycle_id): row for row in rows}


def _worked(team: Team, cycle: Cycle, before: date) -> dict[int, int]:
    """Return by initiative the mpd worked in a cycle ahead of a day, in two queries."""
    start, end = cycle.starts_on, cycle.ends_before
    found: dict[int, int] = {}
    for segment in work_between([team.pk], start, min(end, before)):
        mpd = worked_mpd(segment.fact, start, end, before=before, calendar=team.calendar)
        found[segment.initiative_id] = found.get(segment.initiative_id, 0) + mpd
    return found


def past_overrides(initiative_pk: int) -> list[Any]:
    """Return the records of overrides that no longer count, the newest first, in one query."""
    rows = OriginOverride.history.filter(initiative_id=initiative_pk).select_related("history_user")
    newest: set[int] = set()
    found = []
    for row in rows.order_by("-history_id")[:MOST_PAST]:
        if row.id in newest or row.history_type == "-":
            found.append(row)
        newest.add(row.id)
    return found
