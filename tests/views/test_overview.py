"""The overview of a team, and the page behind its marks."""

from collections.abc import Callable, Iterator
from datetime import date
from html import unescape

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import TODAY, Cast
from tests.queries.random_work import fill
from tests.views.golden import run_months, write_example
from tests.views.overview import THIN, cells, get, specs, trace, words
from tracker.models import Initiative, WorkSegment
from tracker.views import kept

Sign = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    kept.forget()
    with time_machine.travel(TODAY, tick=False):
        yield


class TestGolden:
    query = "?period=2026-q1&by=quarter"

    def test_share_reads_79_of_279_in_sentence_spec_table_and_behind(
        self, cast: Cast, as_person: Sign
    ) -> None:
        write_example(cast.platform)
        client = as_person("viewer")

        html = get(client, self.query)

        assert f"28.3{THIN}% of 279 pd went to opportunistic work in 2026 Q1" in unescape(html)
        share = specs(html)["share"]
        place = trace(share, "planned")["y"].index(200.0)
        assert trace(share, "opportunistic")["y"][place] == 79.0
        assert trace(share, "share")["y"][place] == pytest.approx(100 * 79 / 279)
        assert cells(html, "share")["2026 Q1"][:4] == ["79", "200", "0", "28.3 %"]
        behind = client.get(trace(share, "opportunistic")["meta"]["links"][place])
        text = words(behind.content.decode())
        assert "79 pd opportunistic, 2026 Q1" in text
        assert "Total 79" in text
        assert [key for key in "ABCDEFG" if f"Example {key}" in text] == ["D", "E", "F"]

    @pytest.mark.parametrize(
        ("measure", "weight", "expected"),
        [
            ("intake-gross", "count", "3 of 6 initiatives"),
            ("intake-gross", "effort", "110 of 365 pd"),
            ("intake-gross", "value", "310 of 880 EUR"),
            ("intake-net", "count", "2 of 4 initiatives"),
            ("intake-net", "effort", "80 of 285 pd"),
            ("intake-net", "value", "250 of 740 EUR"),
            ("delivered", "count", "1 of 3 initiatives"),
            ("delivered", "effort", "40 of 130 pd"),
            ("delivered", "value", "150 of 360 EUR"),
            ("capacity", "count", "3 of 6 initiatives"),
            ("capacity", "value", "310 of 920 EUR"),
        ],
    )
    def test_every_cell_of_the_example(
        self, cast: Cast, as_person: Sign, measure: str, weight: str, expected: str
    ) -> None:
        write_example(cast.platform)

        html = get(as_person("viewer"), f"{self.query}&measure={measure}&weight={weight}")

        caption = html.split("<figcaption>")[1].split("</figcaption>")[0]
        assert f"({expected})" in caption

    def test_caption_says_all_that_belongs_to_a_share(self, cast: Cast, as_person: Sign) -> None:
        write_example(cast.platform)

        caption = get(as_person("viewer"), self.query).split("<figcaption>")[1].split("</fig")[0]

        assert unescape(caption) == (
            f"Capacity, 2026 Q1: 28.3{THIN}% (79 of 279 pd), on target, low confidence; "
            f"band 20–35{THIN}%; no limits, since only months have them; as known 18 Sep 2026."
        )

    def test_weights_that_straddle_an_edge_are_told(self, cast: Cast, as_person: Sign) -> None:
        write_example(cast.platform)

        text = words(get(as_person("viewer"), self.query))

        assert (
            "The weights disagree: by effort and value it is on target, by count it is stretched"
            in text
        )

    def test_a_group_adds_its_teams(self, cast: Cast, as_person: Sign) -> None:
        write_example(cast.platform)
        write_example(cast.checkout)

        html = get(as_person("group_lead"), self.query, team="engineering")

        assert f"28.3{THIN}% of 558 pd" in unescape(html)


class TestOverview:
    def test_a_new_team_is_taught_the_next_step(self, cast: Cast, as_person: Sign) -> None:
        html = get(as_person("viewer"))

        assert "No initiatives yet" in html
        assert "Log the first initiative" in html

    def test_a_team_of_one_week_gets_no_zone_yet(
        self, cast: Cast, as_person: Sign, log: Callable[..., Initiative]
    ) -> None:
        made = log("Young", pd=3, origin="planned")
        WorkSegment.objects.create(initiative=made, starts_on=date(2026, 9, 14), fte_milli=1000)

        text = words(get(as_person("viewer")))

        assert "No data for a zone yet" in text
        assert "it takes 10 pd to name one" in text

    @pytest.mark.parametrize(
        "query",
        [
            "?measure=nonsense&weight=%01&kind=decade&period=2026-q9&by=x&last=-1",
            "?period=9999-12&kind=year",
            "?period=0001",
            "?from=2030-01-01&to=1066-01-01",
            "?from=1990-01-01&by=week",
            "?to=2026-01-01",
            "?last=999999999999999999999",
            "?from=%F0%9F%92%A9&period=%3Cscript%3E",
            "?from=2026-09-01&to=2026-01-01",
        ],
    )
    def test_nonsense_in_the_address_falls_back_with_a_notice(
        self, cast: Cast, as_person: Sign, query: str
    ) -> None:
        fill([cast.platform], 5, seed=2)

        html = get(as_person("viewer"), query)

        assert "callout-warn" in html
        assert "<script>" not in html

    def test_a_range_and_a_number_of_periods_choose_the_chart(
        self, cast: Cast, as_person: Sign
    ) -> None:
        run_months(cast.platform, [(1000, 2000)] * 12, TODAY)
        client = as_person("viewer")

        ranged = cells(get(client, "?from=2026-03-10&to=2026-05-01"), "share")
        last = cells(get(client, "?last=2"), "share")

        assert list(ranged) == ["May 2026", "Apr 2026", "Mar 2026"]
        assert list(last) == ["Sep 2026 to date", "Aug 2026"]

    def test_htmx_gets_the_region_and_a_short_address(self, cast: Cast, as_person: Sign) -> None:
        fill([cast.platform], 5, seed=2)
        headers = {"HX-Request": "true", "HX-Target": "overview"}

        response = as_person("viewer").get(
            "/teams/platform/?measure=delivered&weight=effort&last=", headers=headers
        )

        assert response.content.decode().lstrip().startswith('<div id="overview"')
        assert response["HX-Push-Url"] == "/teams/platform/?measure=delivered&period=2026-q3"
        assert "HX-Target" in response["Vary"]

    def test_attention_counts_lead_to_the_list(
        self, cast: Cast, as_person: Sign, log: Callable[..., Initiative]
    ) -> None:
        log("No origin", pd=1)
        log("No estimate", origin="planned")

        html = unescape(get(as_person("viewer")))

        assert "2 things want attention" in words(html)
        assert "team=platform&attention=unclassified" in html
        assert "team=platform&attention=unestimated" in html

    def test_strangers_and_other_teams_get_404(self, cast: Cast, as_person: Sign) -> None:
        for role in ("stranger", "other_lead"):
            for page in ("", "behind/"):
                assert as_person(role).get(f"/teams/platform/{page}").status_code == 404

    def test_a_write_shows_at_once_although_pages_are_kept(
        self, cast: Cast, as_person: Sign, log: Callable[..., Initiative]
    ) -> None:
        client = as_person("viewer")
        log("One", pd=1, origin="planned")
        before = words(get(client, "?measure=intake-gross"))

        log("Two", pd=1, origin="opportunistic")

        assert "0.0 %" in before
        assert "50.0 %" in words(get(client, "?measure=intake-gross"))

    def test_a_kept_page_takes_three_queries_and_others_do_not_grow(
        self,
        cast: Cast,
        as_person: Sign,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client = as_person("viewer")
        for count in (5, 40):
            fill([cast.platform], count, seed=count)
            kept.forget()
            with django_assert_max_num_queries(16):
                get(client)
            with django_assert_max_num_queries(3):
                get(client)
