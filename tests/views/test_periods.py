"""Reports: the list, one closed period as page and as Markdown, and closing by hand."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.views.golden import write_example
from tracker.actions import initiatives, periods, segments
from tracker.models import Initiative, PeriodClose, Team, TeamCounter, WorkSegment

AsPerson = Callable[[str], Client]
APRIL = datetime(2026, 4, 10, 9, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script> | [x](javascript:alert(1)) **b**"


@pytest.fixture
def example(cast: Cast) -> dict[str, Initiative]:
    """Write the worked example into Platform."""
    with time_machine.travel(datetime(2026, 3, 30, tzinfo=UTC), tick=False):
        made = write_example(cast.platform)
    TeamCounter.take_numbers(cast.platform.pk, 10)
    return made


@pytest.fixture
def closed(cast: Cast, example: dict[str, Initiative]) -> Team:
    """Give Platform with its first quarter closed on 8 April."""
    with time_machine.travel(APRIL, tick=False):
        periods.close_due(date(2026, 4, 10), closed_at=datetime.now(UTC))
    return cast.platform


def text_of(client: Client, name: str, *args: str) -> str:
    """Return a page's text without tags, blanks folded."""
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain)


class TestReports:
    """The list of closed periods."""

    @time_machine.travel(APRIL, tick=False)
    def test_names_what_is_closed_and_what_is_due(
        self, cast: Cast, example: dict[str, Initiative], as_person: AsPerson
    ) -> None:
        """Before anything is closed a lead may close, a viewer only reads."""
        page = as_person("lead").get(reverse("reports", args=["platform"])).content.decode()
        assert "2026 Q1" in page
        assert "should have closed by itself on 8 Apr 2026" in page
        assert 'name="period" value="2026-q1"' in page
        seen = as_person("viewer").get(reverse("reports", args=["platform"])).content.decode()
        assert 'name="period"' not in seen

    @time_machine.travel(APRIL, tick=False)
    def test_marks_a_restated_one(
        self, cast: Cast, closed: Team, example: dict[str, Initiative], as_person: AsPerson
    ) -> None:
        """With the share now; the others stand unchanged."""
        initiatives.delete(by=cast.lead, pk=example["E"].pk, version=1)
        text = text_of(as_person("viewer"), "reports", "platform")
        assert "of them have been restated since" in text
        assert "restated now 24.2 %" in text.replace("\u202f", " ")
        assert "unchanged" in text

    def test_without_work_it_teaches_what_will_come(self, cast: Cast, as_person: AsPerson) -> None:
        """A new team has nothing to close."""
        assert "Nothing to report yet" in text_of(as_person("member"), "reports", "platform")

    def test_queries_do_not_grow_with_closes(
        self,
        cast: Cast,
        closed: Team,
        as_person: AsPerson,
        django_assert_max_num_queries: Callable[..., object],
    ) -> None:
        """Thirty more months cost no more."""
        client = as_person("viewer")
        client.get(reverse("reports", args=["platform"]))
        with django_assert_max_num_queries(16):  # type: ignore[attr-defined]
            client.get(reverse("reports", args=["platform"]))
        periods.close_due(date(2027, 6, 10))
        with django_assert_max_num_queries(16):  # type: ignore[attr-defined]
            client.get(reverse("reports", args=["platform"]))


class TestPeriodClose:
    """Closing by hand."""

    @time_machine.travel(datetime(2026, 4, 1, 9, tzinfo=UTC), tick=False)
    def test_a_lead_closes_the_day_after_the_end(
        self, cast: Cast, example: dict[str, Initiative], as_person: AsPerson
    ) -> None:
        """And is led to the report."""
        url = reverse("period_close", args=["platform"])
        response = as_person("lead").post(url, {"period": "2026-q1"})
        assert response.headers["Location"] == "/teams/platform/reports/2026-q1/"
        row = PeriodClose.objects.get(slug="2026-q1")
        assert (row.closed_by, row.closed_on) == (cast.lead, date(2026, 4, 1))

    @time_machine.travel(APRIL, tick=False)
    def test_twice_makes_one(
        self, cast: Cast, example: dict[str, Initiative], as_person: AsPerson
    ) -> None:
        """The second press leads to the same report."""
        url, client = reverse("period_close", args=["platform"]), as_person("lead")
        for _ in range(2):
            assert client.post(url, {"period": "2026-q1"}).status_code == 302
        assert PeriodClose.objects.filter(slug="2026-q1").count() == 1

    @time_machine.travel(APRIL, tick=False)
    @pytest.mark.parametrize(
        ("period", "words"),
        [
            ("2026-q2", "not over yet"),
            ("2026-w05", "Weeks are not closed"),
            ("nonsense", "There is no period"),
            ("2024-q1", "had no work"),
            ("", "There is no period"),
        ],
    )
    def test_says_what_can_not_be_closed(
        self,
        cast: Cast,
        example: dict[str, Initiative],
        as_person: AsPerson,
        period: str,
        words: str,
    ) -> None:
        """422 with the list and the reason; nothing is stored."""
        url = reverse("period_close", args=["platform"])
        response = as_person("lead").post(url, {"period": period})
        assert response.status_code == 422
        assert words in response.content.decode()
        assert not PeriodClose.objects.exists()

    def test_htmx_is_led_to_the_report(
        self, cast: Cast, example: dict[str, Initiative], as_person: AsPerson
    ) -> None:
        """By its own header."""
        response = as_person("lead").post(
            reverse("period_close", args=["platform"]),
            {"period": "2026-q1"},
            headers={"HX-Request": "true"},
        )
        assert response.headers["HX-Redirect"] == "/teams/platform/reports/2026-q1/"

    @pytest.mark.parametrize(("role", "status"), [("member", 403), ("other_lead", 404)])
    def test_others_may_not(
        self, cast: Cast, closed: Team, as_person: AsPerson, role: str, status: int
    ) -> None:
        """A reader gets 403, a stranger 404."""
        url = reverse("period_close", args=["platform"])
        assert as_person(role).post(url, {"period": "2026-q1"}).status_code == status


class TestReport:
    """One closed period."""

    def test_says_all_that_was_reported(
        self, cast: Cast, closed: Team, as_person: AsPerson
    ) -> None:
        """Finding, measures, opportunities, rules, who closed it."""
        text = text_of(as_person("viewer"), "report", "platform", "2026-q1").replace("\u202f", " ")
        assert "On target : 28.3 % of 279 pd went to opportunistic work in 2026 Q1" in text
        assert "Closed on 10 Apr 2026 by itself" in text
        assert "30.1 % 22 of" not in text
        for words in ("Intake, gross", "Example D", "Incident", "No plan was locked", "1 Jan"):
            assert words in text
        assert "2026 Q1 stands as reported on 10 Apr 2026." in text

    def test_the_restatement_explains_itself(
        self, cast: Cast, closed: Team, example: dict[str, Initiative], as_person: AsPerson
    ) -> None:
        """A's end corrected from 13 to 6 February."""
        work = WorkSegment.objects.get(initiative=example["A"])
        segments.change(
            by=cast.lead,
            segment=work,
            seen=segments.seen_of(work),
            starts_on=work.starts_on,
            ends_before=date(2026, 2, 7),
            fte_milli=work.fte_milli,
        )
        text = text_of(as_person("viewer"), "report", "platform", "2026-q1").replace("\u202f", " ")
        assert (
            "2026 Q1: 28.8 %, restated +0.5 pp from 28.3 % as reported 10 Apr (1 date correction)."
        ) in text
        assert "Date correction PLAT-1 Example A Lead +0.5 pp 28.8 %" in text
        assert "28.3 % of 279 pd went to opportunistic work" in text

    def test_hostile_titles_stay_text(
        self, cast: Cast, example: dict[str, Initiative], as_person: AsPerson
    ) -> None:
        """On the page and in the Markdown."""
        initiatives.edit(by=cast.member, pk=example["D"].pk, version=1, changes={"title": HOSTILE})
        periods.close_due(date(2026, 4, 10))
        page = as_person("viewer").get(reverse("report", args=["platform", "2026-q1"]))
        assert "<script>alert" not in page.content.decode()
        told = as_person("viewer").get(reverse("report_markdown", args=["platform", "2026-q1"]))
        line = next(row for row in told.content.decode().splitlines() if "alert" in row)
        assert "\\<script\\>" in line
        assert "\\[x\\]" in line
        assert len(re.findall(r"(?<!\\)\|", line)) == 7

    def test_markdown_is_a_file_of_the_whole_report(
        self, cast: Cast, closed: Team, as_person: AsPerson
    ) -> None:
        """With the finding first and the rules last."""
        response = as_person("viewer").get(reverse("report_markdown", args=["platform", "2026-q1"]))
        assert response.headers["Content-Type"] == "text/markdown; charset=utf-8"
        assert 'filename="platform-2026-q1.md"' in response.headers["Content-Disposition"]
        text = response.content.decode()
        assert text.startswith("# Platform, 2026 Q1\n\n**On target**: 28.3\u202f% of 279 pd")
        assert "## Since then" in text
        assert text.index("## Made by these rules") > text.index("## Since then")

    def test_what_was_not_closed_has_no_report(
        self, cast: Cast, closed: Team, as_person: AsPerson
    ) -> None:
        """404, as for nonsense."""
        client = as_person("viewer")
        for slug in ("2026-q2", "nonsense"):
            assert client.get(reverse("report", args=["platform", slug])).status_code == 404

    def test_queries_are_few_whatever_was_recorded(
        self,
        cast: Cast,
        closed: Team,
        as_person: AsPerson,
        django_assert_max_num_queries: Callable[..., object],
    ) -> None:
        """The record is read at once."""
        client = as_person("viewer")
        client.get(reverse("report", args=["platform", "2026-q1"]))
        with django_assert_max_num_queries(16):  # type: ignore[attr-defined]
            client.get(reverse("report", args=["platform", "2026-q1"]))
