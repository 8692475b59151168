"""The facts that plans are held against: which locks count, and what became of each item."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tracker.domain.baseline import Baseline as Lock
from tracker.domain.baseline import current_baseline, opening_baseline
from tracker.domain.calendar import WorkCalendar
from tracker.domain.capacity import Segment, worked_mpd
from tracker.domain.facts import Item
from tracker.domain.lifecycle import CLOSED, Status
from tracker.domain.outcomes import Fact
from tracker.domain.record import ItemRecord, Words, in_order
from tracker.models import Baseline, BaselineItem, Cycle, Initiative, Plan, WorkSegment
from tracker.models.record import Record
from tracker.queries.funding_entries import Named

Calendars = Mapping[int, WorkCalendar]
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
class Items:
    """What became of initiatives, what was split off each, and what they are called."""

    facts: Mapping[int, Fact]
    parts_of: Mapping[int, Sequence[int]]
    names: Mapping[int, Named]


@dataclass(frozen=True, slots=True)
class Pair:
    """The baseline that opened a cycle and the one in force now, with what they hold."""

    opening: Lock
    current: Lock
    locked_late: bool


def locks_against(
    plans: Sequence[Plan], cycle: Cycle, before: date, moment: datetime | None
) -> dict[int, Pair]:
    """Return by plan which baselines count, of those locked by a moment if given; two queries."""
    chains: dict[int, list[Baseline]] = {}
    made = {"locked_at__lt": moment} if moment else {}
    for row in Baseline.objects.filter(plan__in=plans, **made).select_related("plan"):
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
        pk: Pair(
            opening.fact_with(tuple(items[opening.pk])),
            current.fact_with(tuple(items[current.pk])),
            is_late,
        )
        for pk, (opening, current, is_late) in picked.items()
    }


def items_now(listed: Collection[int], calendars: Calendars, before: date) -> Items:
    """Return the items as they stand, and all that has been split or merged in their teams.

    Three queries.
    """
    rows = _rows(listed, list(calendars))
    worked = _worked(rows, calendars, before)
    parts_of: dict[int, list[int]] = {}
    for row in rows.values():
        if row["parent_id"] is not None:
            parts_of.setdefault(row["parent_id"], []).append(row["pk"])
    return Items(
        {pk: _fact(row, worked.get(pk, 0), before) for pk, row in rows.items()},
        parts_of,
        {pk: _named(row) for pk, row in rows.items()},
    )


def items_recorded(calendars: Calendars, before: date, moment: datetime) -> Items:
    """Return all items of the teams as they were recorded ahead of a moment."""
    record = Record(list(calendars), moment)
    replay = record.replay(moment)
    merged: dict[int, int | None] = {}
    for one in in_order(record.records, moment):
        if isinstance(one, ItemRecord):
            merged[one.item] = one.merged_into
    parts_of: dict[int, list[int]] = {}
    for item in replay.items.values():
        if item.parent is not None:
            parts_of.setdefault(item.parent, []).append(item.item)
    words = {pk: replay.words.get(pk, Words()) for pk in replay.items}
    return Items(
        {
            pk: _fact_of(item, words[pk], merged.get(pk), calendars[item.team], before)
            for pk, item in replay.items.items()
        },
        parts_of,
        {pk: Named(pk, one.key, one.title, status=one.status) for pk, one in words.items()},
    )


def _rows(listed: Collection[int], team_ids: list[int]) -> dict[int, dict[str, Any]]:
    alive = Initiative.objects.order_by()
    of_a_line = alive.filter(team_id__in=team_ids, parent__isnull=False)
    targets = alive.filter(team_id__in=team_ids, merged_into__isnull=False)
    found = {row["pk"]: row for row in alive.filter(pk__in=list(listed)).values(*COLUMNS)}
    wanted = of_a_line | alive.filter(pk__in=targets.values("merged_into"))
    return found | {row["pk"]: row for row in wanted.values(*COLUMNS)}


def _worked(
    rows: Mapping[int, Mapping[str, Any]], calendars: Calendars, before: date
) -> dict[int, int]:
    """Return all that was worked on each, by the calendar of its team today."""
    worked: dict[int, int] = {}
    segments = WorkSegment.objects.filter(initiative_id__in=list(rows), starts_on__lt=before)
    for item, *days in segments.order_by().values_list(
        "initiative_id", "starts_on", "ends_before", "fte_milli"
    ):
        calendar = calendars.get(rows[item]["team_id"], WorkCalendar())
        worked[item] = worked.get(item, 0) + _whole(Segment(*days), calendar, before)
    return worked


def _whole(segment: Segment, calendar: WorkCalendar, before: date) -> int:
    return worked_mpd(segment, segment.start, before, before=before, calendar=calendar)


def _fact(row: Mapping[str, Any], worked: int, before: date) -> Fact:
    return Fact(
        _status(row["status"], row.get(f"{row['status']}_on"), before),
        row["estimate_mpd"],
        row["delivered_on"],
        row["actual_mpd"],
        worked,
        row["merged_into_id"],
    )


def _fact_of(
    item: Item, words: Words, merged: int | None, calendar: WorkCalendar, before: date
) -> Fact:
    days = {
        Status.DELIVERED: item.delivered_on,
        Status.CANCELLED: item.cancelled_on,
        Status.DEFERRED: item.deferred_on,
    }
    return Fact(
        _status(words.status, days.get(Status(words.status)), before),
        item.effort_mpd,
        item.delivered_on,
        item.actual_mpd,
        sum(_whole(one, calendar, before) for one in item.segments),
        merged,
    )


def _status(status: str, closed_on: date | None, before: date) -> Status:
    """Return a status as it was ahead of a day: what closed from then on was still open."""
    found = Status(status)
    is_ahead = found in CLOSED and closed_on is not None and closed_on >= before
    return Status.ACTIVE if is_ahead else found


def _named(row: Mapping[str, Any]) -> Named:
    key = f"{row['team__key_prefix']}-{row['number']}"
    return Named(row["pk"], key, row["title"], row["team__name"], row["status"])
