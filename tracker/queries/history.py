"""Reads the recorded states of one initiative, its labels and its segments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from django.apps import apps

from tracker.domain.history import LABELS, Entry, Recorded, SegmentRecorded, Teller
from tracker.models import Initiative, Organisation, WorkSegment

RECENT = 20
MOST = 200
_SAME = ("deleted", "labels", "owner", "team")
_COLUMNS = [name for name in LABELS if name not in _SAME]
_EXTRA = [
    "history_id",
    "history_date",
    "history_change_reason",
    "history_type",
    "history_user__name",
    "history_user__email",
    "owner_id",
    "owner__name",
    "owner__email",
    "team__name",
    "deleted_at",
    "import_batch_id",
    "version",
]


@dataclass(frozen=True, slots=True)
class Story:
    """The newest entries of a history; ``more`` tells whether there are older ones."""

    entries: list[Entry]
    more: bool
    segments: list[SegmentRecorded]


def story_of(initiative: Initiative, organisation: Organisation, *, whole: bool = False) -> Story:
    """Tell what happened to an initiative, newest first; three queries, however long it is."""
    most = MOST if whole else RECENT
    rows = list(
        Initiative.history.filter(id=initiative.pk)
        .order_by("-history_date", "-history_id")
        .values(*_COLUMNS, *_EXTRA)[: most + 1]
    )
    labels = _labels_by_record([row["history_id"] for row in rows])
    records = [_recorded(row, labels) for row in reversed(rows)]
    more = len(rows) > most
    segments = _segments(initiative)
    teller = Teller(initiative.team.calendar, organisation.reporting_zone, organisation.currency)
    told = teller.tell(records[more:], segments, base=records[0] if more else None)
    return Story(told, more, segments)


def _labels_by_record(history_ids: list[int]) -> dict[int, tuple[str, ...]]:
    through = apps.get_model("tracker", "HistoricalInitiative_labels")
    found: dict[int, list[str]] = {}
    rows = through.objects.filter(history_id__in=history_ids).values_list(
        "history_id", "label__name"
    )
    for history_id, name in rows:
        found.setdefault(history_id, []).append(name or "a label that was removed")
    return {history_id: tuple(sorted(names)) for history_id, names in found.items()}


def _recorded(row: dict[str, Any], labels: dict[int, tuple[str, ...]]) -> Recorded:
    owner = row["owner__name"] or row["owner__email"]
    facts = {name: row[name] for name in _COLUMNS}
    facts |= {
        "team": row["team__name"],
        "owner": owner or ("somebody who has left" if row["owner_id"] else ""),
        "labels": labels.get(row["history_id"], ()),
        "deleted": row["deleted_at"] is not None,
    }
    return Recorded(
        pk=row["history_id"],
        at=row["history_date"],
        by=row["history_user__name"] or row["history_user__email"] or "",
        version=row["version"],
        facts=facts,
        reason=row["history_change_reason"] or "",
        imported=row["import_batch_id"] is not None and row["history_type"] == "+",
    )


def _segments(initiative: Initiative) -> list[SegmentRecorded]:
    rows = (
        WorkSegment.history.filter(initiative_id=initiative.pk)
        .order_by("history_date", "history_id")
        .values(
            "id",
            "history_date",
            "history_type",
            "history_user__name",
            "history_user__email",
            "starts_on",
            "ends_before",
            "fte_milli",
        )
    )
    loaded_until = initiative.created_at + timedelta(minutes=1)
    return [
        SegmentRecorded(
            segment=row["id"],
            at=row["history_date"],
            by=row["history_user__name"] or row["history_user__email"] or "",
            start=row["starts_on"],
            end=row["ends_before"],
            fte_milli=row["fte_milli"],
            gone=row["history_type"] == "-",
            imported=initiative.import_batch_id is not None and row["history_date"] < loaded_until,
        )
        for row in islice(rows.iterator(), MOST)
    ]


def last_change(initiative: Initiative) -> tuple[str, Any]:
    """Return who changed an initiative last, and when."""
    newest = (
        initiative.history.order_by("-history_date", "-history_id")
        .values("history_user__name", "history_user__email", "history_date")
        .first()
    )
    if newest is None:
        return "Somebody", None
    who = newest["history_user__name"] or newest["history_user__email"] or "Somebody"
    return who, newest["history_date"]


def entered(records: Iterable[SegmentRecorded]) -> dict[int, tuple[Any, Any]]:
    """Return by segment when its present start and its present end were entered."""
    state: dict[int, tuple[SegmentRecorded, Any, Any]] = {}
    for record in records:
        before = state.get(record.segment)
        start_at = end_at = None if record.imported else record.at
        if before and before[0].start == record.start:
            start_at = before[1]
        if before and before[0].end == record.end:
            end_at = before[2]
        state[record.segment] = record, start_at, end_at
    return {pk: (start_at, end_at) for pk, (_, start_at, end_at) in state.items()}
