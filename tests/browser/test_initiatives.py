"""The list of initiatives in a real browser: the keyboard, in place, search, selection, a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.cast import Cast
from tracker.domain.lifecycle import Status
from tracker.models import Initiative

pytestmark = pytest.mark.browser


Open = Callable[[str, str], Page]


Log = Callable[..., Initiative]


SignIn = Callable[[BrowserContext, str], None]


LIST = "/initiatives/?team=platform"


def cell(page: Page, it: Initiative, field: str) -> Any:
    return page.locator(f"#i{it.pk} [data-f={field}]")


def button(page: Page, it: Initiative, field: str) -> Any:
    return cell(page, it, field).locator(".cell-btn")


class TestCells:
    def test_arrows_move_and_only_one_cell_is_a_tab_stop(
        self, log: Log, open_as: Open, site: LiveServer
    ) -> None:
        older, newer = log("Older"), log("Newer")
        page = open_as("member", LIST)
        button(page, newer, "title").focus()
        page.keyboard.press("ArrowRight")
        expect(button(page, newer, "origin")).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(button(page, older, "origin")).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(button(page, older, "origin")).to_be_focused()
        page.keyboard.press("End")
        expect(button(page, older, "owner")).to_be_focused()
        assert page.locator("#rows [tabindex='0']").count() == 1
        assert page.locator("#sheet").get_attribute("role") == "grid"

    def test_enter_opens_and_saves_and_the_focus_stays(
        self, log: Log, open_as: Open, site: LiveServer
    ) -> None:
        it = log("Limits", pd=4)
        page = open_as("member", LIST)
        button(page, it, "estimate").focus()
        page.keyboard.press("Enter")
        expect(cell(page, it, "estimate").locator("input[type=text]")).to_be_focused()
        page.keyboard.type("3w")
        page.keyboard.press("Enter")
        expect(button(page, it, "estimate")).to_have_text("15")
        expect(button(page, it, "estimate")).to_be_focused()
        it.refresh_from_db()
        assert it.estimate_mpd == 15000

    def test_escape_leaves_it_as_it_was(self, log: Log, open_as: Open, site: LiveServer) -> None:
        it = log("Limits")
        page = open_as("member", LIST)
        button(page, it, "title").press("Enter")
        expect(cell(page, it, "title").locator("input[type=text]")).to_be_focused()
        page.keyboard.type("Something else")
        page.keyboard.press("Escape")
        expect(button(page, it, "title")).to_have_text("Limits")
        expect(button(page, it, "title")).to_be_focused()
        it.refresh_from_db()
        assert it.version == 1

    def test_tab_saves_and_goes_to_the_next_cell(
        self, log: Log, open_as: Open, site: LiveServer
    ) -> None:
        it = log("Limits", pd=4)
        page = open_as("member", LIST)
        button(page, it, "title").press("Enter")
        expect(cell(page, it, "title").locator("input[type=text]")).to_be_focused()
        page.keyboard.type("New title")
        page.keyboard.press("Tab")
        expect(button(page, it, "title")).to_have_text("New title")
        expect(button(page, it, "origin")).to_be_focused()
        button(page, it, "estimate").press("Enter")
        expect(cell(page, it, "estimate").locator("input[type=text]")).to_be_focused()
        page.keyboard.press("Shift+Tab")
        expect(button(page, it, "status")).to_be_focused()

    def test_a_click_elsewhere_saves_what_was_changed(
        self, log: Log, open_as: Open, site: LiveServer
    ) -> None:
        it, other = log("One"), log("Two")
        page = open_as("member", LIST)
        button(page, it, "title").click()
        expect(cell(page, it, "title").locator("input[type=text]")).to_be_focused()
        page.keyboard.type("Changed")
        button(page, other, "estimate").click()
        expect(cell(page, other, "estimate").locator("input[type=text]")).to_be_focused()
        expect(button(page, it, "title")).to_have_text("Changed")

    def test_the_origin_asks_for_need_and_trigger(
        self, log: Log, open_as: Open, site: LiveServer
    ) -> None:
        it = log("Limits")
        page = open_as("member", LIST)
        button(page, it, "origin").click()
        editor = cell(page, it, "origin")
        expect(editor.locator("[name=trigger]")).to_be_hidden()
        editor.locator("[name=origin]").select_option("opportunistic")
        editor.locator("[name=need]").select_option("opportunity")
        editor.locator("[name=trigger]").select_option("market")
        editor.locator("[name=trigger]").press("Enter")
        expect(button(page, it, "origin")).to_contain_text("Opportunistic")
        expect(page.locator("#chips")).to_contain_text("Opportunistic 1")
        it.refresh_from_db()
        assert (it.need, it.trigger) == ("opportunity", "market")

    def test_the_status_is_turned_in_its_cell(
        self, log: Log, open_as: Open, site: LiveServer
    ) -> None:
        it = log("Limits")
        page = open_as("member", LIST)
        button(page, it, "status").click()
        cell(page, it, "status").locator("[name=verb]").select_option("start")
        cell(page, it, "status").get_by_role("button", name="Save").click()
        expect(button(page, it, "status")).to_have_text("Active")
        it.refresh_from_db()
        assert it.status == Status.ACTIVE

    def test_nonsense_keeps_the_caret_and_the_text(
        self, log: Log, open_as: Open, site: LiveServer
    ) -> None:
        it = log("Limits", pd=4)
        page = open_as("member", LIST)
        button(page, it, "estimate").press("Enter")
        field = cell(page, it, "estimate").locator("input[type=text]")
        expect(field).to_be_focused()
        page.keyboard.type("soon")
        page.keyboard.press("Enter")
        expect(cell(page, it, "estimate")).to_contain_text("Type an effort such as")
        expect(field).to_be_focused()
        expect(field).to_have_value("soon")
        page.keyboard.press("Escape")
        expect(button(page, it, "estimate")).to_have_text("4")


class TestSearchAndFilters:
    def test_search_keeps_focus_and_caret_and_replaces_the_address(
        self, log: Log, open_as: Open, site: LiveServer
    ) -> None:
        log("Rate limits")
        log("Audit trail")
        page = open_as("member", LIST)
        page.keyboard.press("/")
        page.keyboard.type("audit", delay=20)
        expect(page.locator("#rows tr")).to_have_count(1)
        expect(page.locator("#search-q")).to_be_focused()
        expect(page.locator("#count")).to_have_text("1 initiative")
        page.wait_for_url("**/initiatives/?team=platform&q=audit")
        page.keyboard.type(" trail")
        expect(page.locator("#search-q")).to_have_value("audit trail")

    def test_chips_and_heads_are_steps_one_can_go_back_from(
        self, log: Log, open_as: Open, site: LiveServer
    ) -> None:
        log("A", origin="planned")
        log("B")
        page = open_as("member", LIST)
        page.locator("[data-quick-add]").fill("half typed")
        page.locator("#chips").get_by_role("link", name="Planned").click()
        expect(page.locator("#rows tr")).to_have_count(1)
        expect(page.locator("[data-quick-add]")).to_have_value("half typed")
        page.locator("#heads").get_by_role("link", name="Title").click()
        expect(page.locator("th[aria-sort=ascending]")).to_have_text("Title")
        page.wait_for_url("**sort=title")
        page.evaluate("history.back()")
        page.wait_for_url("**origin=planned")
        expect(page.locator("th[aria-sort=descending]")).to_have_text("Key")
        page.evaluate("history.back()")
        expect(page.locator("#rows tr")).to_have_count(2)

    def test_the_other_filters_stand_in_a_menu(
        self, log: Log, open_as: Open, site: LiveServer
    ) -> None:
        log("A", status=Status.ACTIVE)
        log("B")
        page = open_as("member", LIST)
        page.get_by_role("button", name="Filter").click()
        page.locator("#filter").get_by_label("Active").check()
        page.locator("#filter").get_by_role("button", name="Show").click()
        expect(page.locator("#rows tr")).to_have_count(1)
        page.wait_for_url("**status=active")
        page.get_by_role("link", name="Clear", exact=True).click()
        expect(page.locator("#rows tr")).to_have_count(2)


class TestSelection:
    def test_a_selection_is_classified_and_deleted_and_the_deletion_undone(
        self, log: Log, open_as: Open, site: LiveServer
    ) -> None:
        rows = [log("One"), log("Two"), log("Three")]
        page = open_as("member", LIST)
        expect(page.locator("#bulk")).to_be_hidden()
        for it in rows[:2]:
            page.locator(f"#i{it.pk} .row-check").check()
        expect(page.locator("#bulk [data-count]")).to_have_text("2 selected")
        page.get_by_role("button", name="Classify").click()
        page.locator("#bulk-classify [name=origin]").select_option("planned")
        page.locator("#bulk-classify [data-apply]").click()
        expect(page.locator(".toast")).to_contain_text("2 initiatives classified.")
        expect(page.locator("#chips")).to_contain_text("Planned 2")
        expect(page.locator("#bulk")).to_be_hidden()
        page.locator("#check-all").check()
        page.get_by_role("button", name="Delete", exact=True).click()
        page.locator("#bulk-delete [data-apply]").click()
        expect(page.locator("#rows")).to_contain_text("Nothing has been logged yet")
        page.keyboard.press("z")
        expect(page.locator("#rows tr")).to_have_count(3)
        assert Initiative.objects.count() == 3

    def test_enter_in_a_menu_does_what_the_menu_is_for(
        self, log: Log, open_as: Open, site: LiveServer, cast: Cast
    ) -> None:
        it = log("One")
        page = open_as("member", LIST)
        page.locator(f"#i{it.pk} .row-check").check()
        page.get_by_role("button", name="Owner", exact=True).click()
        page.locator("#bulk-owner [name=owner]").fill("Lead")
        page.keyboard.press("Enter")
        expect(page.locator(".toast")).to_contain_text("given to Lead")
        expect(button(page, it, "owner")).to_contain_text("Lead")

    def test_all_that_match_are_one_box_away_once_all_shown_are_selected(
        self, log: Log, open_as: Open, site: LiveServer
    ) -> None:
        for number in range(55):
            log(f"Row {number}")
        page = open_as("member", LIST)
        page.locator("#rows .row-check").first.check()
        everything = page.get_by_label("All 55 that match")
        expect(everything).to_be_hidden()
        page.locator("#check-all").check()
        expect(page.locator("#bulk [data-count]")).to_have_text("50 selected")
        everything.check()
        expect(page.locator("#bulk [data-count]")).to_have_text("All selected")
        page.get_by_role("button", name="Classify").click()
        page.locator("#bulk-classify [name=origin]").select_option("planned")
        page.locator("#bulk-classify [data-apply]").click()
        expect(page.locator(".toast")).to_contain_text("55 initiatives classified.")
        page.get_by_role("link", name="Older").click()
        expect(page.locator("#rows tr")).to_have_count(5)
        page.get_by_role("link", name="Newer").click()
        expect(page.locator("#rows tr")).to_have_count(50)

    def test_a_refusal_keeps_the_selection(self, log: Log, open_as: Open, site: LiveServer) -> None:
        it = log("One")
        page = open_as("member", LIST)
        page.locator(f"#i{it.pk} .row-check").check()
        page.get_by_role("button", name="Label", exact=True).click()
        page.locator("#bulk-label [data-apply]").click()
        expect(page.locator(".toast-error")).to_contain_text("Type a label")
        expect(page.locator("#bulk [data-count]")).to_have_text("1 selected")


class TestLooks:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [1440, 375])
    def test_it_is_accessible_and_fits(
        self,
        log: Log,
        page: Page,
        site: LiveServer,
        sign_in: SignIn,
        scheme: Any,
        width: int,
    ) -> None:
        log("W" * 200, origin="opportunistic", trigger="customer-escalation", pd=1200)
        log("<img src=x onerror=window.pwned=1>")
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 812})
        sign_in(page.context, "member")
        page.goto(site.url + LIST)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        assert found.response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("window.pwned") is None
