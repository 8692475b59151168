"""A dire need is funded from planned work and the reserve; the figures move with it."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hostile import CORPUS, Watch, words
from tests.browser.support import Log
from tests.cast import Cast
from tests.plans import lock, rank
from tracker.actions import funding
from tracker.domain.funding import Manner, Source
from tracker.domain.lifecycle import Status
from tracker.models import Cycle, Funding, Initiative, Plan, PlanMonth

pytestmark = pytest.mark.browser
Open = Callable[[str, str], Page]
URL = "/teams/platform/plan/this-year/funding/"


@pytest.fixture
def today(cast: Cast) -> date:
    return cast.org.today()


@pytest.fixture
def planned(cast: Cast, log: Log, today: date) -> Initiative:
    """Give 50 pd of planned work and 20 pd of reserve, locked as OP1 before the year began."""
    start, end = today.replace(month=1, day=1), date(today.year + 1, 1, 1)
    cycle = Cycle.objects.create(
        name="This year", slug="this-year", starts_on=start, ends_before=end
    )
    plan = Plan.objects.create(team=cast.platform, cycle=cycle, reserve_mpd=20_000)
    for month in range(1, 13):
        day = start.replace(month=month)
        PlanMonth.objects.create(plan=plan, month=day, fte_milli=1000)
    long_ago = start - timedelta(days=20)
    found: Initiative = log("Job queue", pd=50, origin="planned", today=long_ago)
    rank(plan, found, log("Search index", pd=9, origin="planned", today=long_ago))
    lock(plan, cast, on=long_ago)
    return found


@pytest.fixture
def need(planned: Initiative, log: Log, today: date) -> Initiative:
    found: Initiative = log(
        "Rate limits", pd=18, origin="opportunistic", need="dire-need", status=Status.PROPOSED,
        today=today,
    )  # fmt: skip
    return found


def bars(page: Page) -> dict[str, str]:
    """Return what the bars of the waterfall say, as Plotly was given them."""
    page.locator("#waterfall .js-plotly-plot").wait_for()
    spec: dict[str, Any] = json.loads(page.locator("#waterfall-spec").text_content() or "")
    return {
        name: text
        for trace in spec["data"]
        for name, text in zip(trace["y"], trace["text"], strict=True)
    }


class TestFunding:
    def test_a_dire_need_is_funded_and_the_figures_move(
        self, open_as: Open, planned: Initiative, need: Initiative
    ) -> None:
        page = open_as("member", URL)
        assert bars(page)["Displaced from the plan"] == "0"
        expect(page.locator("#reserve h2")).to_contain_text("20 of 20 pd")

        page.goto(page.url.split("/teams/")[0] + f"/initiatives/{need.key}/")
        page.locator("#turn-commit").click()
        page.get_by_role("button", name="Commit it").click()
        state = page.locator("#funding-sum strong")
        expect(state).to_have_text("Unfunded by 18 pd")

        page.get_by_label("Search planned work by key or title").fill("queue")
        rows = page.locator("#funding-items li")
        expect(rows).to_have_count(1)
        effort = rows.first.get_by_role("textbox")
        effort.fill("13")
        expect(state).to_have_text("Unfunded by 5 pd")
        rows.first.get_by_role("combobox").select_option("descope")
        search = page.get_by_label("Search planned work by key or title")
        search.fill("index")
        search.press("Enter")  # must not leave the page, nor what was typed
        expect(rows).to_have_count(2)  # what gives already stays in sight
        expect(effort).to_have_value("13")
        page.locator("[name=reserve]").fill("1w")
        expect(state).to_have_text("Funded")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("#funding-title")).to_have_text("18 of 18 pd are funded")
        assert list(Funding.objects.values_list("source", "mpd", "manner")) == [
            ("displaced", 13_000, "descope"),
            ("reserve", 5000, ""),
        ]

        page.goto(page.url.split("/initiatives/")[0] + URL)
        found = bars(page)
        assert (found["Displaced from the plan"], found["Opportunistic work"]) == ("+13", "18 pd")
        expect(page.locator("#reserve h2")).to_contain_text("reserve")
        expect(page.locator("#reserve figcaption")).to_contain_text("15 of 20 pd left")

        page.locator("#losses a", has_text="Job queue").click()
        expect(page.locator("#lost-title")).to_have_text("It lost 13 pd to an opportunity")

    def test_what_was_typed_survives_a_save_elsewhere_on_the_page(
        self, open_as: Open, need: Initiative
    ) -> None:
        page = open_as("member", f"/initiatives/{need.key}/funding/")
        page.goto(page.url.replace("/funding/", "/turn/commit/"))
        page.get_by_role("button", name="Commit it").click()
        page.locator("[name=reserve]").fill("7")
        expect(page.locator("#funding-sum strong")).to_have_text("Unfunded by 11 pd")
        page.locator("#label-add input[name=name]").fill("api")
        page.locator("#label-add input[name=name]").press("Enter")
        expect(page.locator("#field-labels")).to_contain_text("api")
        expect(page.locator("[name=reserve]")).to_have_value("7")

    def test_skipping_leaves_it_unfunded_and_first_on_the_overview(
        self, open_as: Open, need: Initiative
    ) -> None:
        page = open_as("member", f"/initiatives/{need.key}/turn/start/")
        page.get_by_role("button", name="Start it").click()
        page.get_by_text("Skip, leave it unfunded").click()
        expect(page.locator("#funding-form")).to_have_count(0)
        page.goto(page.url.split("/initiatives/")[0] + "/teams/platform/")
        expect(page.locator(".attention li").first).to_contain_text("Unfunded")
        # The figures arrive once the page stands.
        expect(page.locator("#funding-panels #waterfall")).to_be_visible()
        page.locator(".attention li a").first.click()
        expect(page.locator("#rows")).to_contain_text("Rate limits")

    def test_the_line_that_logs_tells_it_in_passing(
        self, open_as: Open, planned: Initiative
    ) -> None:
        page = open_as("member", "/initiatives/?team=platform")
        page.locator("[data-quick-add]").fill("Hotfix")
        page.get_by_label("Origin of the new initiative").select_option("opportunistic")
        page.get_by_label("Need of the new initiative").select_option("dire-need")
        page.get_by_label("Trigger of the new initiative").select_option("incident")
        page.get_by_label("Estimate of the new initiative").fill("8")
        page.locator("[data-quick-add]").press("Enter")
        toast = page.locator(".toast", has_text="is unfunded by 8 pd")
        expect(toast).to_be_visible()
        expect(page.locator("[data-quick-add]")).to_be_focused()
        toast.get_by_role("link", name="Say what gives way").click()
        expect(page.locator("#funding-form")).to_be_visible()


class TestHostileText:
    """Titles and notes stay text in tables, panels, labels and hover texts."""

    def test_on_every_page_of_funding(
        self, watch: Watch, hostile: list[Initiative], cast: Cast, today: date
    ) -> None:
        first, *rest = hostile
        cycle = Cycle.objects.create(
            name=words(CORPUS[0], 40),
            slug="this-year",
            starts_on=today.replace(month=1, day=1),
            ends_before=date(today.year + 1, 1, 1),
        )
        plan = Plan.objects.create(team=cast.platform, cycle=cycle)
        rank(plan, first)
        lock(plan, cast, on=cycle.starts_on)
        for it, text in zip(rest, CORPUS[1:], strict=True):
            ask = funding.Ask(Source.DISPLACED, 50, first.pk, Manner.DELAY)
            given: dict[str, Any] = {"on": today, "today": today, "note": words(text, 500)}
            funding.add(by=cast.member, initiative_pk=it.pk, asks=[ask], **given)
        titles = [it.title for it in hostile]
        watch.open(URL, *titles)
        watch.open(f"{URL}?term=opportunistic", *titles[1:])
        watch.open(f"/initiatives/{first.key}/", *titles, *(words(text) for text in CORPUS[1:]))
        watch.open(f"/initiatives/{rest[0].key}/funding/", titles[0])
        watch.open("/teams/platform/", cast.platform.name)
        self.hover(watch, first)
        assert watch.faults == []

    def hover(self, watch: Watch, first: Initiative) -> None:
        page = watch.page
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(watch.base + URL)
        bar = page.locator("#waterfall .barlayer .point path").first
        bar.scroll_into_view_if_needed()
        bar.hover(force=True)
        text = page.locator("#waterfall .hoverlayer .hovertext")
        expect(text).to_contain_text(f"{first.key} {first.title[:40]}")
        assert page.locator(".js-plotly-plot a").count() == 0
        watch.look()
