"""The overview in a browser: no reload, the keyboard, clicks on marks, the worked example."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.views.golden import write_example

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[[str, str], Page]
PATH = "/teams/platform/?period=2026-q1&from=2025-11-01&to=2026-04-30&by=quarter"


@pytest.fixture
def example(cast: Cast) -> Cast:
    write_example(cast.platform)
    return cast


class TestOverview:
    def test_other_figures_come_without_a_reload_and_keep_the_focus(
        self, open_as: Open, example: Cast
    ) -> None:
        page = open_as("viewer", PATH)
        expect(page.locator("#share .js-plotly-plot")).to_be_visible()
        page.evaluate("window.stays = true")
        page.locator("input[name=weight][value=effort]").focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator("h1")).to_contain_text("50.0")
        assert page.evaluate("document.activeElement.value") == "count"
        page.select_option("#measure", "delivered")
        expect(page.locator("h1")).to_contain_text("33.3")
        assert page.evaluate("window.stays")
        assert "measure=delivered" in page.url
        assert "weight=count" in page.url

    def test_the_chart_holds_79_of_279_and_a_click_leads_to_what_is_behind(
        self, open_as: Open, example: Cast
    ) -> None:
        page = open_as("viewer", PATH)
        expect(page.locator("#share .barlayer .point")).not_to_have_count(0)
        drawn = page.evaluate(
            """() => document.querySelector("#share .js-plotly-plot").data
                .filter((trace) => trace.type === "bar").map((trace) => trace.y[1])"""
        )
        assert drawn[:2] == [200, 79]
        bar = page.locator("#share .barlayer .trace").nth(1).locator(".point path").nth(1)
        box = bar.bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(page).to_have_url(re.compile("/behind/.*origin=opportunistic"))
        expect(page.locator("tfoot")).to_contain_text("79")

    def test_the_chart_s_menu_stays_open_while_its_figures_change(
        self, open_as: Open, example: Cast
    ) -> None:
        page = open_as("viewer", PATH)
        page.click("[popovertarget=chart-range]")
        page.select_option("#by", "half")
        expect(page.locator("#share tbody th").first).to_contain_text("H1", use_inner_text=False)
        expect(page.locator("#chart-range")).to_be_visible()

    @pytest.mark.parametrize("path", [PATH, "/teams/platform/behind/?period=2026-q1"])
    def test_a_phone_shows_the_page_within_its_width(
        self, open_as: Open, example: Cast, path: str
    ) -> None:
        page = open_as("viewer", path)
        page.set_viewport_size({"width": 375, "height": 812})
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") == 375

    def test_a_phone_shows_amounts_and_totals_without_scrolling_sideways(
        self, open_as: Open, example: Cast
    ) -> None:
        page = open_as("viewer", "/teams/platform/behind/?period=2026-q1")
        page.set_viewport_size({"width": 375, "height": 812})
        amounts = page.locator("td.num").all()
        assert len(amounts) > 4
        for amount in amounts:
            box = amount.bounding_box()
            assert box
            assert box["x"] + box["width"] <= 375
