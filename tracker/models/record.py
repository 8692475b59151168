"""Reads what was recorded of teams from the histories that every write leaves.

Both the close of a period and the pages that show a day of the past replay these records, so
that what was reported and what was known then can't differ.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tracker.domain.baseline import PlanCycle
from tracker.domain.capacity import Segment
from tracker.domain.facts import Item
from tracker.domain.record import (
    ItemRecord,
    LockRecord,
    OverrideRecord,
    Recorded,
    Replay,
    SegmentRecord,
    Words,
)
from tracker.domain.shares import Origin
from tracker.models.baselines import Baseline, BaselineItem
from tracker.models.cycles import MOST_GRACE_DAYS, Cycle
from tracker.models.initiatives import Initiative
from tracker.models.origins import OriginOverride
from tracker.models.segments import WorkSegment
from tracker.models.teams import Team

REMOVED = "-"
_MADE = (
    "history_date",
    "history_id",
    "history_type",
    "history_user__name",
    "history_user__email",
)
_FACTS = {
    "trigger": "trigger",
    "target_start": "planned_on",
    "committed_on": "committed_on",
    "delivered_on": "delivered_on",
    "cancelled_on": "cancelled_on",
    "deferred_on": "deferred_on",
    "committed_effort_mpd": "commit_effort_mpd",
    "estimate_mpd": "effort_mpd",
    "actual_mpd": "actual_mpd",
    "committed_value": "commit_value",
    "due_on": "target_on",
}
_STATE = ("id", "team_id", "origin", "root_id", "parent_id", "merged_into_id", "deleted_at")
_WORDS = ("number", "title", "status", "need", "reason")
_SEGMENT = ("initiative_id", "id", "starts_on", "ends_before", "fte_milli", "fte_assumed")


class Record:
    """All that was recorded of teams ahead of a moment; seven queries, however many teams.

    ``cycles`` are those to go by, as they stand today where none are given. ``item_ids`` limits
    it to some initiatives.
    """

    def __init__(
        self,
        team_ids: Collection[int],
        until: datetime | None = None,
        cycles: Mapping[int, PlanCycle] | None = None,
        item_ids: Collection[int] | None = None,
    ) -> None:
        self.team_ids = tuple(team_ids)
        self.cycles = spans() if cycles is None else cycles
        # Whatever was in these teams once: it may have been moved in or out since.
        own: Any = Initiative.history.filter(team_id__in=self.team_ids).values("id")
        if item_ids is not None:
            own = list(item_ids)
        made = {"history_date__lt": until} if until else {}
        self.records: list[Recorded] = [
            *_segments(WorkSegment.history.filter(initiative_id__in=own, **made)),
            *_overrides(OriginOverride.history.filter(initiative_id__in=own, **made)),
            *_locks(self.team_ids, until),
            *_items(Initiative.history.filter(id__in=own, **made)),
        ]

    def replay(
        self, before: datetime | None = None, cycles: Mapping[int, PlanCycle] | None = None
    ) -> Replay:
        """Return the facts from what was recorded ahead of a moment, of all for None.

        ``cycles`` are those of a closed period's rules where they are to be judged by them.
        """
        spans = self.cycles if cycles is None else cycles
        return Replay(self.team_ids, spans).run(self.records, before)

    def since(self, moment: datetime) -> list[Recorded]:
        """Return what was recorded from a moment on."""
        return [record for record in self.records if record.at >= moment]


def spans() -> dict[int, PlanCycle]:
    """Return all cycles by id, as the domain knows them; one query."""
    return {cycle.pk: cycle.span for cycle in Cycle.objects.all()}


def end_of(day: date, zone: str) -> datetime:
    """Return the moment a civil day ends in a zone: what was recorded by it came before."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(zone))


def _items(history: Any) -> Iterator[ItemRecord]:
    prefixes = dict(Team.objects.values_list("pk", "key_prefix"))
    for row in history.order_by().values(*_MADE, *_STATE, *_FACTS, *_WORDS):
        gone = row["history_type"] == REMOVED or row["deleted_at"] is not None
        key = f"{prefixes.get(row['team_id'], '?')}-{row['number']}"
        yield ItemRecord(
            *_made(row),
            item=row["id"],
            team=row["team_id"],
            facts=None if gone else _item(row),
            parent=row["parent_id"],
            merged_into=row["merged_into_id"],
            words=Words(key, row["title"], row["status"], row["need"], row["reason"]),
        )


def _item(row: Mapping[str, Any]) -> Item:
    return Item(
        row["id"],
        row["root_id"] or row["id"],
        row["team_id"],
        Origin(row["origin"]),
        parent=row["parent_id"],
        **{fact: row[column] for column, fact in _FACTS.items()},
    )


def _segments(history: Any) -> Iterator[SegmentRecord]:
    for *made, item, pk, start, end, fte, assumed in history.order_by().values_list(
        *_MADE, *_SEGMENT
    ):
        gone = made[2] == REMOVED
        facts = None if gone else Segment(start, end, fte, assumed)
        yield SegmentRecord(made[0], made[1], made[3] or made[4] or "", item, pk, facts)


def _overrides(history: Any) -> Iterator[OverrideRecord]:
    for row in history.order_by().values(*_MADE, "initiative_id", "cycle_id", "origin"):
        gone = row["history_type"] == REMOVED
        origin = None if gone else Origin(row["origin"])
        yield OverrideRecord(
            *_made(row), item=row["initiative_id"], cycle=row["cycle_id"], origin=origin
        )


def _locks(team_ids: Collection[int], until: datetime | None) -> list[LockRecord]:
    """Return the locks that may open a cycle: later ones change no origin."""
    rows = Baseline.objects.filter(plan__team_id__in=team_ids).select_related("plan__cycle")
    if until:
        rows = rows.filter(locked_at__lt=until)
    longest = timedelta(days=MOST_GRACE_DAYS)
    found = [
        row
        for row in rows.order_by("locked_at", "pk")
        if row.effective_on <= row.plan.cycle.starts_on + longest
    ]
    planned: dict[int, set[int]] = {row.pk: set() for row in found}
    above = BaselineItem.objects.filter(baseline_id__in=list(planned), above_line=True)
    for baseline, item in _pairs(above) if found else ():
        planned[baseline].add(item)
    return [
        LockRecord(
            row.locked_at,
            row.pk,
            row.locked_by_name,
            0,
            row.fact_with(()),
            frozenset(planned[row.pk]),
        )
        for row in found
    ]


def _pairs(rows: Any) -> Iterable[tuple[int, int]]:
    return rows.order_by().values_list("baseline_id", "initiative_id")  # type: ignore[no-any-return]


def _made(row: Mapping[str, Any]) -> tuple[datetime, int, str]:
    by = row["history_user__name"] or row["history_user__email"] or ""
    return row["history_date"], row["history_id"], by
