"""The overview of a team, and the page behind its marks."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from html import unescape
from typing import Any

import plotly.graph_objects as go
import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import TODAY, Cast
from tests.queries.random_work import fill
from tests.views.golden import run_months, write_example
from tracker.domain.calendar import PeriodKind
from tracker.domain.mix import Measure, Weight
from tracker.models import Initiative, WorkSegment
from tracker.views import kept

Sign = Callable[[str], Client]
THIN = "\u202f"


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    kept.forget()
    with time_machine.travel(TODAY, tick=False):
        yield


def specs(html: str) -> dict[str, Any]:
    found = re.findall(r'<script type="application/json" id="([a-z]+)-spec">(.*?)</script>', html)
    return {name: json.loads(text) for name, text in found}


def words(html: str) -> str:
    """Return the text of HTML, its thin spaces as plain ones."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def cells(html: str, figure: str) -> dict[str, list[str]]:
    """Return the cells of a figure's data table by the text of the first one."""
    table = html.split(f'id="{figure}"')[1].split("<tbody>")[1].split("</tbody>", maxsplit=1)[0]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in table.split("</tr>") if row]
    return {words(row[0]): [words(cell) for cell in row[1:]] for row in rows}


def trace(spec: Any, role: str) -> Any:
    return next(each for each in spec["data"] if each["meta"]["role"] == role)


def get(client: Client, query: str = "", team: str = "platform", **headers: str) -> str:
    response = client.get(f"/teams/{team}/{query}", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


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


class TestFigures:
    def test_running_month_is_hollow_and_labelled(self, cast: Cast, as_person: Sign) -> None:
        run_months(cast.platform, [(1000, 2000)] * 4, TODAY)

        html = get(as_person("viewer"), "?kind=month")

        share = trace(specs(html)["share"], "share")
        assert share["meta"]["open"] == [False, False, False, True]
        assert "Sep 2026 to date" in cells(html, "share")
        assert "this month to date" in html

    def test_a_month_without_work_is_a_gap_and_not_zero(self, cast: Cast, as_person: Sign) -> None:
        run_months(cast.platform, [(1000, 2000), (0, 0), (0, 2000)], TODAY)

        html = get(as_person("viewer"), "?kind=month")

        assert trace(specs(html)["share"], "share")["y"] == [pytest.approx(100 / 3), None, 0.0]
        assert cells(html, "share")["Aug 2026"][3] == "no data"

    def test_months_alone_have_limits(self, cast: Cast, as_person: Sign) -> None:
        months = [(1000 + 200 * (n % 3), 2000) for n in range(16)]
        run_months(cast.platform, months, TODAY)
        client = as_person("viewer")

        by_month, by_quarter = (get(client, f"?by={grain}") for grain in ("month", "quarter"))

        roles = [each["meta"]["role"] for each in specs(by_month)["share"]["data"]]
        assert roles.count("limit") == 2
        assert "limit" not in [each["meta"]["role"] for each in specs(by_quarter)["share"]["data"]]
        assert "limits from the first 12 months" in by_month

    def test_provisional_limits_need_no_further_months_of_data(
        self, cast: Cast, as_person: Sign
    ) -> None:
        run_months(cast.platform, [(1000, 2000), (800, 2200)] * 4, TODAY)

        assert "limits are provisional" in get(as_person("viewer"))

    def test_a_month_beyond_the_frozen_limits_is_named(self, cast: Cast, as_person: Sign) -> None:
        months = [(1000 + 100 * (n % 3), 2000) for n in range(13)] + [(5000, 500), (1000, 2000)]
        run_months(cast.platform, months, TODAY)

        text = words(get(as_person("viewer")))

        assert "Aug 2026 was above the upper limit" in text
        assert "signal in Aug 2026" in text

    def test_heading_and_caption_name_the_same_months(self, cast: Cast, as_person: Sign) -> None:
        usual = [(1000 + 100 * (n % 3), 2000) for n in range(13)]
        run_months(cast.platform, [*usual, (5000, 500), (5200, 500), (1000, 2000)], TODAY)

        text = words(get(as_person("viewer")))

        assert "Jul and Aug 2026 were above the upper limit" in text
        assert re.search(r"signal in Jul 2026 \([^)]*\); Aug 2026 \(", text)

    def test_both_say_no_more_than_the_last_three(self, cast: Cast, as_person: Sign) -> None:
        usual = [(1000 + 100 * (n % 3), 2000) for n in range(13)]
        run_months(cast.platform, [*usual, *[(5000, 500)] * 4, (1000, 2000)], TODAY)

        text = words(get(as_person("viewer")))

        assert "Jun, Jul and Aug 2026 were above the upper limit" in text
        assert "(the last 3 of 4)" in text

    def test_band_and_panels_share_an_axis(self, cast: Cast, as_person: Sign) -> None:
        run_months(cast.platform, [(1000, 2000)] * 3, TODAY)

        layout = specs(get(as_person("viewer")))["share"]["layout"]

        band = next(shape for shape in layout["shapes"] if shape["name"] == "band")
        assert (band["y0"], band["y1"]) == (20.0, 35.0)
        assert layout["xaxis"]["anchor"] == "y2"
        assert layout["yaxis2"]["domain"][1] < layout["yaxis"]["domain"][0]

    def test_triggers_are_sorted_and_add_up(self, cast: Cast, as_person: Sign) -> None:
        write_example(cast.platform)
        client = as_person("viewer")

        html = get(client, "?period=2026-q1")

        bars = trace(specs(html)["triggers"], "opportunistic")
        assert (bars["y"], bars["x"]) == (["Incident", "Market"], [64.0, 15.0])
        behind = words(client.get(bars["meta"]["links"][0]).content.decode())
        assert "64 pd brought by incident" in behind
        assert "Example E" not in behind

    @pytest.mark.parametrize("measure", list(Measure))
    @pytest.mark.parametrize("weight", list(Weight))
    def test_every_mark_equals_what_lies_behind_it(
        self, cast: Cast, as_person: Sign, measure: Measure, weight: Weight
    ) -> None:
        fill([cast.platform, cast.checkout, cast.group], 40, seed=11)
        client = as_person("group_lead")

        html = get(client, f"?measure={measure}&weight={weight}&by=half&kind=half", "engineering")

        scale = 1000 if weight is Weight.EFFORT else 1
        checked = 0
        for spec in specs(html).values():
            go.Figure(spec)
            for each in spec["data"]:
                if each["type"] != "bar":
                    continue
                values = each["x"] if each.get("orientation") == "h" else each["y"]
                for value, link in list(zip(values, each["meta"]["links"], strict=True))[-3:]:
                    page = client.get(link).content.decode()
                    foot = words(page.split("<tfoot>")[1]) if "<tfoot>" in page else "Total 0"
                    total = float(re.findall(r"Total ([\d,.]+)", foot)[0].replace(",", ""))
                    assert round(total * scale) == round(value * scale), link
                    checked += 1
        assert checked >= 6

    @pytest.mark.parametrize("kind", list(PeriodKind))
    def test_specs_are_valid_for_every_kind_of_period(
        self, cast: Cast, as_person: Sign, kind: PeriodKind
    ) -> None:
        fill([cast.platform], 30, seed=5)

        for spec in specs(get(as_person("viewer"), f"?kind={kind}&by={kind}")).values():
            go.Figure(spec)


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
            with django_assert_max_num_queries(13):
                get(client)
            with django_assert_max_num_queries(3):
                get(client)


class TestBehind:
    def test_titles_are_text_on_the_page_and_no_formula_in_the_file(
        self, cast: Cast, as_person: Sign
    ) -> None:
        made = write_example(cast.platform)
        Initiative.objects.filter(pk=made["D"].pk).update(title='=HYPERLINK("x") <img src=x>')
        client = as_person("viewer")

        page = client.get("/teams/platform/behind/?period=2026-q1").content.decode()
        file = client.get("/teams/platform/behind/?period=2026-q1&format=csv").content.decode()

        assert "<img" not in page
        assert "'=HYPERLINK" in file

    def test_all_of_a_period_shows_both_sums_of_the_share(
        self, cast: Cast, as_person: Sign
    ) -> None:
        write_example(cast.platform)

        page = as_person("viewer").get("/teams/platform/behind/?period=2026-q1")

        text = words(page.content.decode())
        assert "Opportunistic 79" in text
        assert "Total of the share 279" in text

    def test_nonsense_shows_all_with_a_notice(self, cast: Cast, as_person: Sign) -> None:
        write_example(cast.platform)

        page = as_person("viewer").get("/teams/platform/behind/?origin=x&trigger=%01&period=1")

        assert page.status_code == 200
        assert page.content.decode().count("callout-warn") == 3

    def test_queries_do_not_grow_with_rows(
        self,
        cast: Cast,
        as_person: Sign,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client = as_person("viewer")
        for count in (3, 60):
            fill([cast.platform], count, seed=count)
            with django_assert_max_num_queries(11):
                client.get("/teams/platform/behind/?period=2026")
