"""Whole files: the real ones row by row, and our own for what those lack."""

import json
from collections import Counter
from datetime import date

import pytest

from tests.transfer.reading import day, fixture, opened, real
from tracker.domain.importing import LEAVE_OUT, DayOrder, Field, ImportRow, Report, findings
from tracker.domain.lifecycle import Status

FILES = [
    ("asana/01-native-header-sample.csv", "csv"),
    ("clickup/01-import-sample.csv", "csv"),
    ("github-projects/02-sprint5-view.tsv", "csv"),
    ("gitlab/01-gitlab-own-fixture.csv", "gitlab"),
    ("jira/06-cloud-bom-user-stories.csv", "jira"),
    ("jira/07-cloud-dutch-sprint-x3.csv", "jira"),
    ("jira/08-cloud-small-comments.csv", "jira"),
    ("jira/09-french-server-2016.csv", "jira"),
    ("linear/05-issues-25-cols-2023.csv", "linear"),
    ("monorail/01-chromium-fugu.csv", "monorail"),
    ("pivotal/01-trackerhub.csv", "csv"),
    ("plane/01-one-row.csv", "csv"),
    ("spreadsheet/k8s-1.10-features.csv", "kubernetes"),
    ("spreadsheet/k8s-1.11-features.csv", "kubernetes"),
]
DAYS = {"fallback_day": date(2026, 1, 5), "exported_on": date(2020, 6, 5)}


def by_key(report: Report) -> dict[str, ImportRow]:
    return {row.key: row for row in report.rows}


class TestRealFiles:
    @pytest.mark.parametrize(("name", "form"), FILES)
    def test_every_row_is_imported_or_named(self, name: str, form: str) -> None:
        from tracker.transfer.detect import recognise

        expected = json.loads(real("profiles.json"))[name]

        table, _, report = opened(real(name), **DAYS)

        assert recognise(table).name == form
        assert report.total == len(table.rows) == expected["data_rows_nonblank"]
        skipped = {problem.number for problem in report.problems if problem.skips}
        assert len(skipped) == report.skipped
        numbers = {row.number for row in report.rows} | skipped
        assert numbers == {number for number, _ in table.rows}

    @pytest.mark.parametrize(("name", "form"), FILES)
    def test_words_of_the_status_are_those_of_the_profile(self, name: str, form: str) -> None:
        table, mapping, _ = opened(real(name), **DAYS)
        known = json.loads(real("profiles.json"))[name]["statuses"]

        column = table.column(mapping.column(Field.STATUS))
        if column:
            assert dict(table.words(column.index)) == known[column.name]

    def test_jira_cloud(self) -> None:
        _, _, report = opened(real("jira/07-cloud-dutch-sprint-x3.csv"))

        row = by_key(report)["W2-29"]
        assert row.status is Status.DELIVERED
        assert row.committed_on == row.ended_on == day("2022-12-21")
        assert row.title == "Ik wil een selectie vragen kunnen exporteren naar een csv format"
        assert Counter(row.status.value for row in report.rows) == {
            "proposed": 10,
            "delivered": 9,
            "committed": 7,
        }

    def test_jira_due_dates(self) -> None:
        _, _, report = opened(real("jira/08-cloud-small-comments.csv"))
        dues = {row.due_on for row in report.rows} - {None}
        assert dues == {day("2025-09-17"), day("2025-09-18")}

    def test_jira_in_french(self) -> None:
        _, mapping, report = opened(real("jira/09-french-server-2016.csv"), **DAYS)

        statuses = Counter(row.status.value for row in report.rows)
        assert statuses["delivered"] == 207 + 164
        assert statuses["cancelled"] == 62
        assert by_key(report)["CNED-1"].title == "Évolution nº 1 – « accessibilité »"
        assert mapping.unit == "seconds"
        assert {row.estimate_mpd for row in report.rows} >= {None, 2_000, 125}

    def test_without_a_day_for_them_finished_rows_are_left_out_and_named(self) -> None:
        _, _, report = opened(real("jira/09-french-server-2016.csv"))

        reasons = [found for found in findings(report.problems) if found.skips]
        assert "no day says when" in reasons[0].text
        assert sum(len(found.numbers) for found in reasons) == report.skipped == 516

    def test_linear(self) -> None:
        _, _, report = opened(real("linear/05-issues-25-cols-2023.csv"))
        rows = by_key(report)

        assert rows["CLA-1"].status is Status.ACTIVE
        assert rows["CLA-1"].started_on == day("2023-02-11")
        assert rows["CLA-1"].estimate_mpd is None  # points are no effort
        assert rows["CLA-2"].status is Status.CANCELLED
        assert rows["CLA-2"].ended_on == day("2023-02-11")
        assert rows["CLA-3"].due_on == day("2023-02-28")
        assert rows["CLA-7"].due_on == day("2023-03-10")

    def test_monorail_counts_from_the_day_of_the_export(self) -> None:
        _, _, report = opened(real("monorail/01-chromium-fugu.csv"), **DAYS)
        rows = by_key(report)

        assert rows["1007151"].ended_on == day("2020-05-03")
        assert rows["937720"].ended_on == day("2020-05-17")  # "19 days ago"
        assert rows["994889"].labels[:2] == ("Hotlist-Partner-GSuite", "M-89")

    def test_gitlab(self) -> None:
        _, mapping, report = opened(real("gitlab/01-gitlab-own-fixture.csv"))
        row = by_key(report)["1"]

        assert row.labels == ("Brene", "Cutlass", "Escort", "GVM")
        assert row.url == "http://localhost:3000/jashkenas/underscore/issues/1"
        assert row.estimate_mpd is None
        assert Field.CREATED in mapping.columns

    def test_kubernetes_sheets_have_rows_above_their_header(self) -> None:
        table, _, first = opened(real("spreadsheet/k8s-1.10-features.csv"))
        _, _, second = opened(real("spreadsheet/k8s-1.11-features.csv"), **DAYS)

        assert table.header_row == 9
        assert first.rows[0].title == "API Aggregation"
        assert by_key(second)["213"].title.startswith("Provide RunAsGroup")


class TestOwnFiles:
    def test_german_windows_sheet(self) -> None:
        table, _, report = fixture("german-windows-1252.csv", **DAYS)
        first, second = report.rows

        assert (table.sheet.encoding, table.sheet.separator) == ("Windows-1252", ";")
        assert first.title == "Räumung des „Altbaus“"
        assert (first.status, second.status) == (Status.COMMITTED, Status.ACTIVE)
        assert (first.estimate_mpd, second.estimate_mpd) == (2_500, 7_000)
        assert (first.due_on, second.due_on) == (day("2026-12-31"), day("2026-02-01"))
        assert first.labels == ("blau", "grün")
        assert (first.owner, second.owner) == (1, None)
        assert any("Niemand is nobody" in problem.text for problem in report.problems)

    def test_linear_takes_back_its_apostrophe(self) -> None:
        _, _, report = fixture("linear-guarded.csv")
        first, second = report.rows

        assert first.title == "=SUM of all invoices"
        assert first.description == "- first\n- second"
        assert (first.started_on, first.ended_on) == (day("2026-02-02"), day("2026-02-13"))
        assert first.committed_on == day("2026-02-02")
        assert first.due_on == day("2026-02-20")
        assert first.owner == 1
        assert (second.status, second.ended_on) == (Status.CANCELLED, day("2026-02-12"))
        assert second.committed_on is None

    def test_jira_repeats_columns_and_has_short_rows(self) -> None:
        table, _, report = fixture("jira-repeated.csv")
        rows = by_key(report)

        assert [len(one.cells) for one in table.columns if one.name in {"Labels", "Sprint"}] == [
            2,
            2,
        ]
        assert rows["ACME-1"].labels == ("money", "core")
        assert rows["ACME-1"].estimate_mpd == 2_000
        assert rows["ACME-1"].title == 'Split the ledger, "part one"'
        assert rows["ACME-1"].ended_on == day("2026-02-09")
        assert rows["ACME-2"].title == "A title over two lines"
        assert rows["ACME-2"].due_on == day("2026-12-31")
        skipped = {(it.number, it.column, it.text) for it in report.problems if it.skips}
        # Row 4 is committed and says nowhere since when.
        assert {number for number, _, _ in skipped} == {4, 5, 6}
        assert (5, "Summary", "no title") in skipped
        assert (6, "Issue key", "the key ACME-1 stands in row 2 already") in skipped

    def test_the_order_of_numbers_is_asked(self) -> None:
        _, mapping, report = fixture("sheet-ambiguous.csv")
        assert mapping.order is DayOrder.UNKNOWN
        assert report.skipped == 2

        _, _, answered = fixture("sheet-ambiguous.csv", order=DayOrder.DAY_FIRST)
        assert answered.rows[0].started_on == day("2026-04-03")
        assert answered.rows[0].ended_on == day("2026-06-05")


class TestRows:
    def test_formulas_stay_text(self) -> None:
        _, _, report = opened("Title\n=1+1\n+cmd|x\n@sum\n")
        assert [row.title for row in report.rows] == ["=1+1", "+cmd|x", "@sum"]

    def test_a_status_may_be_left_out(self) -> None:
        _, _, report = opened(
            "Title,Status\nA,Idea\nB,Spam\n", statuses={"Idea": "proposed", "Spam": LEAVE_OUT}
        )
        assert [row.title for row in report.rows] == ["A"]
        assert report.problems[0].text == "chosen to be left out: Spam"

    def test_long_titles_keep_their_whole_in_the_description(self) -> None:
        _, _, report = opened(f"Title,Description\n{'x' * 300},more\n")
        row = report.rows[0]
        assert (len(row.title), row.title[-1]) == (200, "…")
        assert row.description == f"{'x' * 300}\n\nmore"

    def test_a_flood_of_labels_is_cut_and_named(self) -> None:
        _, _, report = opened(f"Title,Labels\nA,{';'.join(f'l{n}' for n in range(60))}\n")
        assert len(report.rows[0].labels) == 50
        assert "only the first 50 of 60" in report.problems[0].text

    def test_what_can_not_be_kept_is_named(self) -> None:
        text = (
            "Title,Status,Delivered,URL,Effort,Labels\n"
            f"A\x07,active,2026-01-02,javascript:alert(1),XL,{'l' * 60},surplus\n"
        )
        _, _, report = opened(text, **DAYS)
        said = {(problem.column, problem.text.split(";")[0][:42]) for problem in report.problems}

        assert {column for column, _ in said} == {
            "Title",
            "Delivered",
            "URL",
            "Effort",
            "Labels",
            "",
        }
        assert report.rows[0].title == "A"
        assert report.rows[0].url == ""

    def test_days_in_the_future_leave_a_row_out(self) -> None:
        _, _, report = opened("Title,Status,Delivered\nA,done,2027-01-01\n")
        assert report.rows == ()
        assert "in the future" in report.problems[0].text

    def test_commitment_never_lies_after_the_end(self) -> None:
        text = "Title,Status,Committed,Delivered\nA,done,2026-03-01,2026-02-01\n"
        _, _, report = opened(text)
        assert report.rows[0].committed_on == day("2026-02-01")
        assert "committed after" in report.problems[0].text

    def test_without_words_for_the_status_days_tell(self) -> None:
        text = "Title,Started,Delivered\nA,2026-01-01,2026-02-01\nB,2026-01-01,\nC,,\n"
        _, _, report = opened(text)
        assert [row.status.value for row in report.rows] == ["delivered", "active", "proposed"]
