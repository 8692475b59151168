"""The story of an initiative: states as recorded, told as changes with old and new values."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from difflib import unified_diff
from typing import Any
from zoneinfo import ZoneInfo

from tracker.domain.lifecycle import is_late, working_days_late
from tracker.domain.wording import day_words, pd_words, segment_words, value_words
from tracker.domain.words import label_of
from tracker.domain.workdays import WorkCalendar

# One transaction writes its rows within this time; one person does not act twice in it.
TOGETHER = timedelta(seconds=1)
MOST_LINES = 400
SHOWN_LINES = 12
LONGEST_LINE = 300
SAID_BY_THE_CHANGE = ("Deleted", "Restored")

LABELS = {
    "team": "Team",
    "title": "Title",
    "status": "Status",
    "origin": "Origin",
    "need": "Need",
    "trigger": "Trigger",
    "reason": "Why it came",
    "owner": "Owner",
    "estimate_mpd": "Estimate",
    "actual_mpd": "Realised effort",
    "expected_value": "Expected value",
    "realised_value": "Realised value",
    "target_start": "Target start",
    "due_on": "Target date",
    "committed_on": "Committed",
    "delivered_on": "Delivered",
    "cancelled_on": "Cancelled",
    "deferred_on": "Deferred",
    "external_source": "External source",
    "external_key": "External key",
    "external_url": "External link",
    "labels": "Labels",
    "deleted": "Deleted",
    "description": "Description",
}
_WRITTEN: dict[str, Callable[[Any], str]] = {
    **dict.fromkeys(("status", "origin", "need", "trigger"), label_of),
    **dict.fromkeys(("estimate_mpd", "actual_mpd"), pd_words),
    "labels": ", ".join,
    "deleted": lambda deleted: "Yes" if deleted else "",
}
FACTS_WITH_A_DAY = ("committed_on", "delivered_on", "cancelled_on", "deferred_on")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded state of an initiative; ``facts`` has the keys of ``LABELS``."""

    pk: int
    at: datetime
    by: str
    version: int
    facts: Mapping[str, Any]
    reason: str = ""
    imported: bool = False


@dataclass(frozen=True, slots=True)
class SegmentRecorded:
    """One recorded state of a segment; ``gone`` where it was removed."""

    segment: int
    at: datetime
    by: str
    start: date
    end: date | None
    fte_milli: int
    gone: bool = False
    imported: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A field before and after, in words; ``lines`` are marked ``+``, ``-`` or blank."""

    label: str
    old: str
    new: str
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Entry:
    """What one person did at one moment. ``state`` is the record it can be restored from."""

    at: datetime
    by: str
    changes: list[Change] = field(default_factory=list)
    reason: str = ""
    days_late: int = 0
    state: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    is_first: bool = False


def spelled(name: str, value: Any, currency: str = "") -> str:
    """Return one fact in words, "" where there is none."""
    if value is None or value in ("", ()):
        return ""
    if name in ("expected_value", "realised_value"):
        return value_words(value, currency)
    if isinstance(value, date):
        return day_words(value)
    return _WRITTEN.get(name, str)(value)


def changes_between(
    old: Mapping[str, Any], new: Mapping[str, Any], currency: str = ""
) -> list[Change]:
    """Return what differs between two states, in the order of ``LABELS``."""
    return [
        _change(name, old.get(name), new.get(name), currency)
        for name in LABELS
        if (old.get(name) or None) != (new.get(name) or None)
    ]


def _change(name: str, old: Any, new: Any, currency: str) -> Change:
    if name == "description":
        return _text_change(old or "", new or "")
    return Change(LABELS[name], spelled(name, old, currency), spelled(name, new, currency))


def _text_change(old: str, new: str) -> Change:
    """Compare line by line, unless the texts are so long that it would take a while."""
    before, after = old.splitlines(), new.splitlines()
    if max(len(before), len(after)) > MOST_LINES:
        return Change(LABELS["description"], f"{len(old):,} characters", f"{len(new):,} characters")
    compared = list(unified_diff(before, after, n=1, lineterm=""))[2:]
    lines = [(line[:1].strip(), line[1:]) for line in compared if not line.startswith("@@")]
    lines = [(mark, text) for mark, text in lines if mark or text.strip()]
    shown = tuple((mark, _shortened(text)) for mark, text in lines[:SHOWN_LINES])
    if len(lines) > SHOWN_LINES:
        shown += (("", f"… and {len(lines) - SHOWN_LINES:,} more lines"),)
    return Change(LABELS["description"], "", "", shown)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}…"


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells the story for one team and organisation: its working days, zone and currency."""

    calendar: WorkCalendar
    zone: str = "UTC"
    currency: str = ""

    def tell(
        self,
        records: Sequence[Recorded],
        segments: Iterable[SegmentRecorded] = (),
        *,
        base: Recorded | None = None,
    ) -> list[Entry]:
        """Return the entries, newest first; both inputs come oldest first.

        ``base`` is the state before the first record, None where the first is the logging.
        """
        entries = self._entries(records, base)
        self._add_segments(entries, segments, records[0].at if base and records else None)
        told = [entry for entry in entries if entry.changes or entry.reason or entry.is_first]
        return sorted(told, key=lambda entry: entry.at, reverse=True)

    def days_late(self, day: date, recorded: datetime) -> int:
        """Return by how many working days an entry came late, 0 within the grace."""
        on = recorded.astimezone(ZoneInfo(self.zone)).date()
        return working_days_late(day, on, self.calendar) if is_late(day, on, self.calendar) else 0

    def _entries(self, records: Sequence[Recorded], base: Recorded | None) -> list[Entry]:
        entries: list[Entry] = []
        before = base
        for index, record in enumerate(records):
            following = records[index + 1] if index + 1 < len(records) else None
            if following and _same_write(before, record, following):
                continue
            entries.append(self._entry(before, record))
            before = record
        return entries

    def _entry(self, before: Recorded | None, record: Recorded) -> Entry:
        told = ("team", "title")
        old = before.facts if before else {name: record.facts.get(name) for name in told}
        entry = Entry(
            record.at,
            record.by,
            changes_between(old, record.facts, self.currency),
            "" if record.reason in SAID_BY_THE_CHANGE else record.reason,
            state=record.pk,
            facts=record.facts,
            is_first=before is None,
        )
        days = [record.facts.get(name) for name in FACTS_WITH_A_DAY]
        fresh = [
            day for name, day in zip(FACTS_WITH_A_DAY, days, strict=True) if day != old.get(name)
        ]
        if not record.imported:
            entry.days_late = max(
                (self.days_late(day, record.at) for day in fresh if day), default=0
            )
        return entry

    def _add_segments(
        self, entries: list[Entry], segments: Iterable[SegmentRecorded], since: datetime | None
    ) -> None:
        known: dict[int, SegmentRecorded] = {}
        for record in segments:
            before = known.get(record.segment)
            known[record.segment] = record
            change, day = _segment_change(before, record)
            is_older = since is not None and record.at < since - TOGETHER
            if is_older or change.old == change.new:
                continue
            entry = _entry_of(entries, record)
            entry.changes.append(change)
            if day and not record.imported:
                entry.days_late = max(entry.days_late, self.days_late(day, record.at))


def _same_write(before: Recorded | None, record: Recorded, following: Recorded) -> bool:
    """Tell whether the next record was left by the same write: labels and verbs save twice."""
    if record.by != following.by or following.at - record.at > TOGETHER:
        return False
    prepares = before is not None and record.version == before.version
    return prepares or following.version == record.version


def _segment_change(
    before: SegmentRecorded | None, record: SegmentRecorded
) -> tuple[Change, date | None]:
    """Return the change and the day since which it holds."""
    new = "" if record.gone else segment_words(record.start, record.end, record.fte_milli)
    if before is None:
        return Change("Segment", "", new), record.start
    old = segment_words(before.start, before.end, before.fte_milli)
    if record.gone:
        return Change("Segment", old, ""), None
    if record.start != before.start:
        return Change("Segment", old, new), min(record.start, before.start)
    moved = record.end if record.end != before.end else None
    return Change("Segment", old, new), moved


def _entry_of(entries: list[Entry], record: SegmentRecorded) -> Entry:
    """Find the entry of the write that changed a segment, or make one.

    A write saves its segments first and the initiative last, so the next entry is the one.
    """
    own = [entry for entry in entries if entry.by == record.by]
    following = [entry for entry in own if record.at <= entry.at <= record.at + TOGETHER]
    preceding = [entry for entry in own if record.at - TOGETHER <= entry.at < record.at]
    if following:
        return min(following, key=lambda entry: entry.at)
    if preceding:
        return max(preceding, key=lambda entry: entry.at)
    made = Entry(record.at, record.by)
    entries.append(made)
    return made
