"""The funding of a cycle: its law, ledgers, losses, reserve, and what is behind each bar."""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import plotly.graph_objects as go
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cast import TODAY, Cast
from tests.plans import lock, rank
from tracker.actions import funding, origins
from tracker.actions.funding import Ask
from tracker.domain.funding import Manner, Source
from tracker.models import Initiative, Plan

AsPerson = Callable[[str], Client]
Log = Callable[..., Initiative]
HOSTILE = "<b>Bold</b> %{x} </script><script>alert(1)</script>"


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def planned(plan: Plan, cast: Cast, log: Log) -> Initiative:
    found = log("Job queue", pd=50, origin="planned", today=date(2026, 6, 1))
    rank(plan, found)
    lock(plan, cast, on=date(2026, 6, 20))
    return found


@pytest.fixture
def need(planned: Initiative, cast: Cast, log: Log) -> Initiative:
    """Give a dire need of 18 pd: 10 from planned work, 5 from the reserve, 3 unfunded."""
    found = log("Rate limits", pd=18, origin="opportunistic", need="dire-need")
    origins.refresh(team_id=cast.platform.pk)
    asks = [Ask(Source.DISPLACED, 10_000, planned.pk, Manner.DELAY), Ask(Source.RESERVE, 5000)]
    funding.add(by=cast.member, initiative_pk=found.pk, asks=asks, on=TODAY, today=TODAY)
    return found


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def spec_of(html: str, name: str) -> dict[str, Any]:
    found = re.search(rf'id="{name}-spec">(.*?)</script>', html)
    assert found
    return json.loads(found[1])  # type: ignore[no-any-return]


class TestPlanFunding:
    """/teams/<slug>/plan/<cycle>/funding/"""

    url = "/teams/platform/plan/2026-h2/funding/"

    def page(self, as_person: AsPerson, role: str = "viewer", query: str = "") -> str:
        answer = as_person(role).get(self.url + query)
        assert answer.status_code == 200
        return answer.content.decode()

    def test_it_says_first_what_is_unfunded(self, need: Initiative, as_person: AsPerson) -> None:
        html = self.page(as_person)
        text = text_of(html)
        assert "Unfunded by 3 pd, in one of one opportunity" in text
        assert "10 pd displaced, 5 pd from the reserve" in text
        assert "95 pd of 100 pd" in text

    def test_the_waterfall_sums_to_the_opportunistic_work(
        self, need: Initiative, as_person: AsPerson
    ) -> None:
        """Each bar begins where the last one ended, and the last ends at the total."""
        spec = spec_of(self.page(as_person), "waterfall")
        go.Figure(spec["data"])
        bars = {}
        for trace in spec["data"]:
            for y, x, base, text in zip(
                trace["y"], trace["x"], trace["base"], trace["text"], strict=True
            ):
                bars[y] = (x, base, text)
        at = 0.0
        *places, total = spec["layout"]["yaxis"]["categoryarray"]
        assert len(places) == 8
        for place in places:
            x, base, text = bars[place]
            step = -x if text.startswith("\u2212") else x
            assert base == pytest.approx(min(at, at + step))
            at += step
        assert at == pytest.approx(18) == bars[total][0]
        assert bars["Displaced from the plan"] == (10.0, 0.0, "+10")

    def test_rates_stand_beside_their_numbers(self, need: Initiative, as_person: AsPerson) -> None:
        text = text_of(self.page(as_person))
        assert "Displacement rate 0.56 10 of 18 pd" in text
        assert "Plan loss 20.0 % 10 of 50 pd" in text

    @pytest.mark.parametrize(
        ("term", "words"),
        [
            ("displaced", "Behind “Displaced from the plan”: +10 pd"),
            ("opportunistic", "Behind “Opportunistic work”: +18 pd"),
            ("reserve", "Reserve that nobody has drawn"),
            ("other", "Capacity that nothing took"),
        ],
    )
    def test_a_bar_leads_to_what_stands_behind_it(
        self, need: Initiative, as_person: AsPerson, term: str, words: str
    ) -> None:
        html = self.page(as_person, query=f"?term={term}")
        assert words in text_of(html)

    def test_rows_behind_sum_to_the_bar(self, need: Initiative, as_person: AsPerson) -> None:
        html = self.page(as_person, query="?term=reserve")
        section = html[html.index('id="behind"') :]
        cells = re.findall(r'<td class="num">([^<]+)</td>', section[: section.index("</section>")])
        numbers = [float(cell.replace("+", "").replace(",", "")) for cell in cells]
        assert sum(numbers[:-1]) == numbers[-1]

    def test_nonsense_shows_the_page_without_a_list(
        self, need: Initiative, as_person: AsPerson
    ) -> None:
        assert 'id="behind"' not in self.page(as_person, query="?term=%3Cnonsense")

    def test_members_get_a_link_to_fund_and_readers_do_not(
        self, need: Initiative, as_person: AsPerson
    ) -> None:
        link = f'href="/initiatives/{need.key}/funding/#funding"'
        assert link in self.page(as_person, "member")
        assert link not in self.page(as_person, "viewer")

    def test_planned_work_shows_what_it_lost(
        self, need: Initiative, planned: Initiative, as_person: AsPerson
    ) -> None:
        html = self.page(as_person)
        section = text_of(html[html.index('id="losses"') :])
        assert (
            f"Job queue {planned.key} Lost 10 of 50 pd {need.key} Rate limits , delayed" in section
        )

    def test_without_a_lock_it_says_what_a_lock_would_show(
        self, plan: Plan, as_person: AsPerson
    ) -> None:
        assert "Nothing was locked for this cycle" in self.page(as_person)

    def test_a_group_sums_its_teams(self, need: Initiative, as_person: AsPerson) -> None:
        answer = as_person("group_lead").get("/teams/engineering/plan/2026-h2/funding/")
        assert "Unfunded by 3 pd" in answer.content.decode()

    def test_without_a_plan_it_leads_to_one(self, plan: Plan, as_person: AsPerson) -> None:
        answer = as_person("other_lead").get("/teams/checkout/plan/2026-h2/funding/")
        assert "No plan yet" in answer.content.decode()

    def test_strangers_and_unknown_cycles_are_not_found(
        self, plan: Plan, as_person: AsPerson
    ) -> None:
        assert as_person("stranger").get(self.url).status_code == 404
        assert as_person("lead").get("/teams/platform/plan/nowhen/funding/").status_code == 404

    def test_hostile_titles_stay_data(
        self, planned: Initiative, cast: Cast, log: Log, as_person: AsPerson
    ) -> None:
        """Plotly reads its labels as a kind of HTML, and a script element ends at its own tag."""
        Initiative.objects.filter(pk=planned.pk).update(title=HOSTILE)
        found = log(HOSTILE, pd=18, origin="opportunistic")
        ask = Ask(Source.DISPLACED, 10_000, planned.pk, Manner.DELAY)
        funding.add(by=cast.member, initiative_pk=found.pk, asks=[ask], on=TODAY, today=TODAY)
        html = self.page(as_person, query="?term=displaced")
        assert "<b>Bold" not in html
        assert "<script>alert" not in html
        hovers = json.dumps(spec_of(html, "waterfall")["data"])
        assert "&lt;b&gt;Bold" in hovers
        assert "<b>Bold" not in hovers

    def test_queries_do_not_grow(
        self,
        need: Initiative,
        plan: Plan,
        cast: Cast,
        log: Log,
        as_person: AsPerson,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for n in range(100):
            plan.items.create(initiative=log(f"More {n}", pd=1), position=9000 + n)
            log(f"Need {n}", pd=2, origin="opportunistic")
        lock(plan, cast, "amendment", on=date(2026, 9, 1), reason="More.")
        client = as_person("viewer")
        client.get(self.url)
        with django_assert_max_num_queries(23):
            client.get(self.url)

    def test_the_overview_gets_the_two_figures_alone(
        self, need: Initiative, as_person: AsPerson
    ) -> None:
        headers = {"HX-Request": "true", "HX-Target": "div#funding-panels"}
        html = as_person("viewer").get(self.url, headers=headers).content.decode()
        assert html.lstrip().startswith('<div id="funding-panels"')
        assert html.count("<figure") == 2


class TestOverview:
    """/teams/<slug>/: what is unfunded comes first, and the figures arrive after the page."""

    def test_unfunded_opportunities_come_first(
        self, need: Initiative, log: Log, as_person: AsPerson
    ) -> None:
        log("Nobody has said what this is")
        html = as_person("viewer").get("/teams/platform/").content.decode()
        section = text_of(html[html.index('class="attention"') :])
        assert section.index("1 Unfunded 3 pd name nothing that gives way") < section.index(
            "Unclassified"
        )
        assert "/initiatives/?team=platform&amp;attention=unfunded" in html

    def test_the_link_leads_to_exactly_these(
        self, need: Initiative, log: Log, as_person: AsPerson
    ) -> None:
        url = "/initiatives/?team=platform&attention=unfunded"
        html = as_person("viewer").get(url).content.decode()
        assert (need.title in html, "Job queue" in html) == (True, False)

    def test_the_figures_come_by_a_request_of_their_own(
        self, need: Initiative, as_person: AsPerson
    ) -> None:
        html = as_person("viewer").get("/teams/platform/").content.decode()
        assert f'hx-get="{TestPlanFunding.url}" hx-trigger="load"' in html
        assert f'<a href="{TestPlanFunding.url}">' in html  # without script

    def test_kept_figures_follow_the_ledger(
        self, need: Initiative, cast: Cast, as_person: AsPerson
    ) -> None:
        headers = {"HX-Request": "true", "HX-Target": "div#funding-panels"}
        client = as_person("viewer")
        before = client.get(TestPlanFunding.url, headers=headers).content.decode()
        ask = Ask(Source.RESERVE, 3000)
        funding.add(by=cast.member, initiative_pk=need.pk, asks=[ask], on=TODAY, today=TODAY)
        after = client.get(TestPlanFunding.url, headers=headers).content.decode()
        assert ("95 of 100 pd left" in before, "92 of 100 pd left" in after) == (True, True)

    def test_without_a_plan_there_is_nothing_to_wait_for(self, as_person: AsPerson) -> None:
        assert "funding-panels" not in as_person("viewer").get("/teams/platform/").content.decode()


def test_the_address_is_the_one_that_pages_link_to() -> None:
    assert reverse("plan_funding", args=["platform", "2026-h2"]) == TestPlanFunding.url
