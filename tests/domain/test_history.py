"""The story of an initiative, told from recorded states."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tracker.domain.history import Recorded, SegmentRecorded, Teller, changes_between
from tracker.domain.workdays import WorkCalendar

NOON = datetime(2026, 9, 14, 12, tzinfo=UTC)
TELLER = Teller(WorkCalendar(), "Europe/Berlin", "EUR")
LOGGED = {"title": "Rate limits", "team": "Platform", "status": "committed"}


def record(pk: int, minutes: float, version: int, by: str = "Ines", **facts: Any) -> Recorded:
    at = NOON + timedelta(minutes=minutes)
    return Recorded(pk, at, by, version, LOGGED | facts)


def segment(minutes: float, start: date, end: date | None = None, **more: Any) -> SegmentRecorded:
    at = NOON + timedelta(minutes=minutes)
    return SegmentRecorded(7, at, more.pop("by", "Ines"), start, end, 1000, **more)


def told(changes: list[Any]) -> list[tuple[str, str, str]]:
    return [(change.label, change.old, change.new) for change in changes]


class TestChangesBetween:
    def test_each_kind_of_fact_is_told_in_the_words_people_use(self) -> None:
        old = {"estimate_mpd": 12000, "due_on": date(2026, 9, 18), "labels": ("api",)}
        new = {
            "estimate_mpd": 18500,
            "due_on": date(2026, 10, 2),
            "labels": ("api", "key account"),
            "trigger": "customer-escalation",
            "expected_value": 140000,
        }
        assert told(changes_between(old, new, "EUR")) == [
            ("Trigger", "", "Customer escalation"),
            ("Estimate", "12 pd", "18.5 pd"),
            ("Expected value", "", "140,000 EUR"),
            ("Target date", "18 Sep 2026", "2 Oct 2026"),
            ("Labels", "api", "api, key account"),
        ]

    def test_an_estimate_of_nothing_and_an_empty_text_are_no_change(self) -> None:
        assert changes_between({"reason": "", "labels": ()}, {"reason": None}) == []

    def test_a_description_is_compared_line_by_line(self) -> None:
        (change,) = changes_between(
            {"description": "One\nTwo\nThree"}, {"description": "One\nTwice\nThree"}
        )
        assert ("-", "Two") in change.lines
        assert ("+", "Twice") in change.lines

    def test_a_huge_description_is_counted_instead_of_compared(self) -> None:
        (change,) = changes_between({"description": "a\n" * 20000}, {"description": "b\n" * 20000})
        assert (change.old, change.lines) == ("40,000 characters", ())

    def test_a_long_change_is_cut_and_says_so(self) -> None:
        (change,) = changes_between({}, {"description": "\n".join(f"line {n}" for n in range(100))})
        assert change.lines[-1] == ("", "… and 88 more lines")


class TestTell:
    def test_newest_first_with_who_and_the_logging_last(self) -> None:
        entries = TELLER.tell([record(1, 0, 1), record(2, 5, 2, "Hana", estimate_mpd=3000)])
        assert [(entry.by, entry.is_first) for entry in entries] == [
            ("Hana", False),
            ("Ines", True),
        ]
        assert told(entries[0].changes) == [("Estimate", "", "3 pd")]

    def test_the_two_rows_that_setting_labels_leaves_are_one_entry(self) -> None:
        rows = [
            record(1, 0, 1),
            record(2, 5, 1, labels=("api",)),
            record(3, 5.001, 2, labels=("api",)),
        ]
        entries = TELLER.tell(rows)
        assert [told(entry.changes) for entry in entries[:-1]] == [[("Labels", "", "api")]]
        assert entries[0].state == 3

    def test_a_start_shows_status_and_segment_together(self) -> None:
        rows = [record(1, 0, 1), record(2, 60, 2, status="active")]
        entries = TELLER.tell(rows, [segment(59.999, date(2026, 9, 14))])
        assert told(entries[0].changes) == [
            ("Status", "Committed", "Active"),
            ("Segment", "", "from 14 Sep 2026 at 1 FTE"),
        ]

    def test_a_segment_by_somebody_else_is_an_entry_of_its_own(self) -> None:
        entries = TELLER.tell([record(1, 0, 1)], [segment(0, date(2026, 9, 14), by="Hana")])
        assert sorted(entry.by for entry in entries) == ["Hana", "Ines"]

    def test_what_happened_before_the_shown_part_only_serves_as_its_base(self) -> None:
        base, shown = record(1, 0, 1), record(2, 60, 2, title="Limits")
        old_segment = segment(1, date(2026, 9, 1), date(2026, 9, 3))
        (entry,) = TELLER.tell([shown], [old_segment], base=base)
        assert told(entry.changes) == [("Title", "Rate limits", "Limits")]
        assert not entry.is_first

    def test_a_segment_taken_back_is_told_and_is_not_late(self) -> None:
        rows = [record(1, -60, 1), record(2, 0, 2), record(3, 30, 3)]
        start, end = date(2026, 9, 14), date(2026, 9, 15)
        kept = [segment(0, start, end), segment(30, start, end, gone=True)]
        newest = TELLER.tell(rows, kept)[0]
        assert told(newest.changes) == [("Segment", "14 Sep 2026 at 1 FTE", "")]
        assert newest.days_late == 0


class TestLateEntries:
    @pytest.mark.parametrize(
        ("day", "late"),
        [
            (date(2026, 9, 14), 0),
            (date(2026, 9, 7), 0),  # five working days: within the grace
            (date(2026, 9, 4), 6),
            (date(2026, 8, 27), 12),
        ],
    )
    def test_a_fact_is_late_after_five_working_days(self, day: date, late: int) -> None:
        rows = [record(1, -1, 1), record(2, 0, 2, committed_on=day)]
        assert TELLER.tell(rows)[0].days_late == late

    def test_a_segment_entered_late_marks_its_entry(self) -> None:
        rows = [record(1, -60, 1), record(2, 0, 2)]
        kept = [segment(0, date(2026, 8, 27), date(2026, 8, 28))]
        assert TELLER.tell(rows, kept)[0].days_late == 12

    def test_what_an_import_brought_is_not_marked(self) -> None:
        kept = [segment(0, date(2026, 8, 27), imported=True)]
        facts = LOGGED | {"committed_on": date(2026, 1, 1)}
        row = Recorded(1, NOON, "Ines", 1, facts, imported=True)
        assert TELLER.tell([row], kept)[0].days_late == 0

    def test_the_day_of_the_entry_is_that_of_the_reporting_zone(self) -> None:
        just_after_midnight_in_berlin = datetime(2026, 9, 14, 22, 30, tzinfo=UTC)
        assert TELLER.days_late(date(2026, 9, 7), just_after_midnight_in_berlin) == 6
        assert (
            Teller(WorkCalendar()).days_late(date(2026, 9, 7), just_after_midnight_in_berlin) == 0
        )
