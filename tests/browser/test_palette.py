"""Search and jump with the keyboard only."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tracker.models import Initiative

pytestmark = pytest.mark.browser
OpenAs = Callable[[str, str], Page]


class TestPalette:
    def test_a_few_letters_and_enter_lead_to_an_initiative(
        self, cast: Cast, log: Callable[..., Initiative], open_as: OpenAs
    ) -> None:
        log("Rate limits for tenants")
        page = open_as("member", "/teams/platform/members/")

        page.keyboard.press("Control+k")
        expect(page.locator("#palette-q")).to_be_focused()
        page.keyboard.type("tenants")
        expect(page.locator("#search-results")).to_contain_text("Rate limits for tenants")
        page.keyboard.press("Enter")

        page.wait_for_url("**/initiatives/PLAT-1/")

    def test_a_page_is_found_at_once(self, open_as: OpenAs) -> None:
        page = open_as("member", "/teams/platform/members/")

        page.keyboard.press("Control+k")
        page.keyboard.type("portf")
        page.keyboard.press("Enter")

        page.wait_for_url("**/portfolio/")

    def test_arrows_move_and_escape_leaves(
        self, cast: Cast, log: Callable[..., Initiative], open_as: OpenAs
    ) -> None:
        log("Rate one")
        log("Rate two")
        page = open_as("member", "/teams/platform/members/")
        page.keyboard.press("Control+k")
        page.keyboard.type("rate")
        active = page.locator("#palette .is-active")
        expect(active).to_contain_text("Rate two")

        page.keyboard.press("ArrowDown")
        expect(active).to_contain_text("Rate one")
        page.keyboard.press("Escape")

        expect(page.locator("#palette")).not_to_be_visible()

    def test_titles_are_text_whatever_they_hold(
        self, cast: Cast, log: Callable[..., Initiative], open_as: OpenAs
    ) -> None:
        title = "<img src=x onerror=alert(1)> & \"quotes\" 'too' {{ 7 }}"
        log(title)
        page = open_as("member", "/search/?q=onerror")

        expect(page.locator("#search-page").get_by_text(title)).to_be_visible()


class TestLogging:
    def test_n_leads_from_any_page_to_the_quick_add(self, open_as: OpenAs) -> None:
        page = open_as("member", "/teams/platform/members/")

        page.keyboard.press("n")
        page.wait_for_url("**/initiatives/?team=platform#id_log_title")

        expect(page.locator("[data-quick-add]")).to_be_focused()

    def test_what_was_searched_in_vain_can_be_logged(self, open_as: OpenAs) -> None:
        page = open_as("member", "/teams/platform/members/")
        page.keyboard.press("Control+k")
        page.keyboard.type("Something & new")
        expect(page.locator("#palette .is-active")).to_contain_text("Log an initiative called")
        page.keyboard.press("Enter")

        page.wait_for_url("**/initiatives/add/?team=platform&title=**")
        expect(page.locator("main input[name$=title]")).to_have_value("Something & new")
