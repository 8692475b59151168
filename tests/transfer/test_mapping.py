"""What the headers of any sheet most likely mean, and what work without a first day becomes."""

import pytest

from tests.transfer.reading import day, opened
from tracker.domain.importing import Field


class TestHeaders:
    """Headers that people use are mapped by themselves."""

    def test_a_plain_sheet(self) -> None:
        text = (
            "No,Initiative,Type,Stage,Estimate,Start,End,Team,DRI,Last update\n"
            "7,Rate limits,unplanned,in progress,12,2026-08-03,2026-11-30,Core,Member,2026-09-01\n"
        )
        table, mapping, report = opened(text)
        found = {name.value: table.header[at] for name, at in mapping.columns.items()}
        assert found == {
            "key": "No",
            "title": "Initiative",
            "origin": "Type",
            "status": "Stage",
            "estimate": "Estimate",
            "started": "Start",
            "target": "End",
            "owner": "DRI",
            "updated": "Last update",
        }
        row = report.rows[0]
        assert (row.origin, row.status, row.estimate_mpd) == ("opportunistic", "active", 12_000)
        assert (row.owner, row.started_on, row.due_on) == (1, day("2026-08-03"), day("2026-11-30"))

    @pytest.mark.parametrize(
        ("header", "field"),
        [
            ("Start date", Field.STARTED),
            ("Begin date", Field.STARTED),
            ("Completion date", Field.DELIVERED),
            ("Finish date", Field.TARGET),
            ("Created on", Field.CREATED),
            ("Date committed", Field.COMMITTED),
            ("Last updated", Field.UPDATED),
            ("EST. PD", Field.ESTIMATE),
            ("Man-days", Field.ESTIMATE),
            ("Product owner", Field.OWNER),
            ("Ticket", Field.KEY),
        ],
    )
    def test_synonyms(self, header: str, field: Field) -> None:
        _, mapping, _ = opened(f"Title,{header}\nA,2026-01-05\n")
        assert mapping.column(field) == 1

    def test_a_type_that_tells_bugs_from_stories_is_no_origin(self) -> None:
        _, mapping, _ = opened("Title,Type\nA,bug\nB,story\nC,planned\n")
        assert Field.ORIGIN not in mapping.columns

    @pytest.mark.parametrize("beside", ["Iteration", "Sprint", "Story points"])
    def test_an_estimate_beside_sprints_counts_points(self, beside: str) -> None:
        _, mapping, _ = opened(f"Title,Estimate,{beside}\nA,5,3\n")
        assert Field.ESTIMATE not in mapping.columns


class TestStart:
    def test_a_start_that_is_still_to_come_leaves_the_row_in(self) -> None:
        text = "Title,Status,Start,Created\nA,planned,2027-03-01,2026-08-03\nB,idea,2027-03-01,\n"
        _, _, report = opened(text)
        assert [row.status for row in report.rows] == ["committed", "proposed"]
        assert report.rows[0].committed_on == day("2026-08-03")
        assert [problem.number for problem in report.problems] == [2, 3]
        assert "is still to come" in report.problems[0].text

    @pytest.mark.parametrize(
        ("start_from", "began"),
        [(None, None), (Field.CREATED, "2026-08-03"), (Field.UPDATED, "2026-09-01")],
    )
    def test_work_without_a_first_day_begins_as_chosen(
        self, start_from: Field | None, began: str | None
    ) -> None:
        text = "Title,Status,Created,Updated\nA,in progress,2026-08-03,2026-09-01\n"
        _, _, report = opened(text, start_from=start_from)
        assert report.rows[0].started_on == (day(began) if began else None)
        assert len(report.problems) == 1

    def test_a_stand_in_after_the_end_is_not_taken(self) -> None:
        text = "Title,Status,Delivered,Updated\nA,done,2026-08-03,2026-09-01\n"
        _, _, report = opened(text, start_from=Field.UPDATED)
        assert report.rows[0].started_on is None
        assert "none of it is logged" in report.problems[0].text
