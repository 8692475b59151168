"""The portfolio in a browser: other figures without a reload, the same by keyboard, on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tracker.models import Initiative, Team, TeamCounter, WorkSegment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[[str, str], Page]


def work(team: Team, origin: str, pd: int) -> None:
    """Log ten days of work that ended in July 2026."""
    found = Initiative.objects.create(
        team=team,
        number=TeamCounter.take_numbers(team.pk),
        title="Work",
        origin=origin,
        status="active",
        committed_on="2026-07-01",
        estimate_mpd=pd * 1000,
    )
    WorkSegment.objects.create(
        initiative=found, starts_on="2026-07-01", ends_before="2026-07-15", fte_milli=pd * 100
    )


@pytest.fixture
def worked(cast: Cast) -> Cast:
    for team, lucky, planned in ((cast.platform, 60, 40), (cast.checkout, 5, 45)):
        work(team, "opportunistic", lucky)
        work(team, "planned", planned)
    return cast


class TestPortfolio:
    def test_another_weight_changes_figures_and_address_without_a_reload(
        self, open_as: Open, worked: Cast
    ) -> None:
        page = open_as("group_lead", "/portfolio/?period=2026-q3")
        page.evaluate("window.stays = true")
        page.get_by_label("Count").check(force=True)
        expect(page.locator("figcaption")).to_contain_text("Capacity by count, 2026 Q3")
        assert "weight=count" in page.url
        assert page.evaluate("window.stays")
        page.go_back()
        expect(page.locator("figcaption")).to_contain_text("Capacity, 2026 Q3")

    def test_the_keyboard_stays_where_it_is(self, open_as: Open, worked: Cast) -> None:
        page = open_as("group_lead", "/portfolio/?period=2026-q3")
        page.get_by_label("By share").focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator("figcaption")).to_contain_text("in the order of the groups")
        assert page.evaluate("document.activeElement.value") == "tree"
        expect(page.locator("tbody th").first).to_contain_text("Engineering")

    def test_a_sum_leads_to_the_initiatives_behind_it(self, open_as: Open, worked: Cast) -> None:
        page = open_as("group_lead", "/portfolio/?period=2026-q3")
        page.locator("td.hide-s a", has_text="60 of 100").click()
        expect(page).to_have_url(re.compile("/teams/platform/behind/"))

    def test_a_phone_shows_share_sum_and_interval_within_its_width(
        self, open_as: Open, worked: Cast
    ) -> None:
        page = open_as("group_lead", "/portfolio/?period=2026-q3")
        page.set_viewport_size({"width": 375, "height": 812})
        assert page.evaluate("document.documentElement.scrollWidth") == 375
        row = page.locator("tbody tr", has_text="Platform")
        expect(row.locator("a.only-s")).to_be_visible()
        expect(row.locator("svg.dots")).to_be_visible()
