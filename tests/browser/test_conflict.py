"""Two windows edit the same cell: one conflict, shown well, and no text is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_initiatives import button, cell
from tracker.models import Initiative

pytestmark = pytest.mark.browser
Log = Callable[..., Initiative]
SignIn = Callable[[BrowserContext, str], None]


@pytest.fixture
def windows(site: LiveServer, page: Page, browser: Browser, sign_in: SignIn) -> tuple[Page, Page]:
    """The list in two windows, of a member and of a lead."""
    other = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    for window, role in ((page, "member"), (other, "lead")):
        sign_in(window.context, role)
    return page, other


def collide(windows: tuple[Page, Page], site: LiveServer, it: Initiative) -> Page:
    """Let both open the title; the lead saves first. Return the member's window."""
    for window in windows:
        window.goto(f"{site.url}/initiatives/?team=platform")
        button(window, it, "title").click()
        expect(cell(window, it, "title").locator("input[type=text]")).to_be_focused()
    mine, theirs = windows
    theirs.keyboard.type("The lead's title")
    theirs.keyboard.press("Enter")
    expect(button(theirs, it, "title")).to_have_text("The lead's title")
    mine.keyboard.type("The member's title")
    mine.keyboard.press("Enter")
    strip = mine.locator(f"#conflict-i{it.pk}")
    expect(strip).to_contain_text("Not saved. Lead set the title to The lead's title")
    expect(strip).to_contain_text("you typed The member's title")
    return mine


class TestConflict:
    def test_the_typed_text_stays_and_can_be_saved(
        self, windows: tuple[Page, Page], site: LiveServer, log: Log
    ) -> None:
        it = log("Before")
        mine = collide(windows, site, it)
        field = cell(mine, it, "title").locator("input[type=text]")
        expect(field).to_have_value("The member's title")
        it.refresh_from_db()
        assert it.title == "The lead's title"
        mine.locator(f"#conflict-i{it.pk}").get_by_role("button", name="Save").click()
        expect(button(mine, it, "title")).to_have_text("The member's title")
        expect(mine.locator(".conflict")).to_have_count(0)
        it.refresh_from_db()
        assert it.title == "The member's title"

    def test_the_typed_text_can_be_changed_and_saved_by_enter(
        self, windows: tuple[Page, Page], site: LiveServer, log: Log
    ) -> None:
        it = log("Before")
        mine = collide(windows, site, it)
        cell(mine, it, "title").locator("input[type=text]").fill("Both titles")
        mine.keyboard.press("Enter")
        expect(button(mine, it, "title")).to_have_text("Both titles")
        expect(mine.locator(".conflict")).to_have_count(0)

    def test_the_button_saves_what_stands_in_the_cell_by_then(
        self, windows: tuple[Page, Page], site: LiveServer, log: Log
    ) -> None:
        it = log("Before")
        mine = collide(windows, site, it)
        cell(mine, it, "title").locator("input[type=text]").fill("Both titles")
        mine.locator(f"#conflict-i{it.pk}").get_by_role("button", name="Save mine").click()
        expect(button(mine, it, "title")).to_have_text("Both titles")

    @pytest.mark.parametrize("way", ["link", "Escape"])
    def test_an_origin_is_chosen_in_its_card(
        self, windows: tuple[Page, Page], site: LiveServer, log: Log, way: str
    ) -> None:
        it = log("Before")
        mine, theirs = windows
        for window, origin in ((mine, ""), (theirs, "opportunistic"), (mine, "planned")):
            if window is theirs or not origin:
                window.goto(f"{site.url}/initiatives/?team=platform")
                button(window, it, "origin").click()
            if origin:
                cell(window, it, "origin").locator("[name=origin]").select_option(origin)
                cell(window, it, "origin").get_by_role("button", name="Save").click()
            if window is theirs:
                expect(button(window, it, "origin")).to_contain_text("Opportunistic")
        card = cell(mine, it, "origin").locator(".is-card")
        expect(card).to_contain_text("Lead set the origin to Opportunistic")
        expect(card.get_by_role("button")).to_have_text(["Save mine"])
        if way == "link":
            card.get_by_role("link", name="Keep theirs").click()
        else:
            mine.keyboard.press("Escape")
        expect(button(mine, it, "origin")).to_contain_text("Opportunistic")
        expect(button(mine, it, "origin")).to_be_focused()

    @pytest.mark.parametrize("way", ["link", "Escape"])
    def test_theirs_can_be_kept(
        self, windows: tuple[Page, Page], site: LiveServer, log: Log, way: str
    ) -> None:
        it = log("Before")
        mine = collide(windows, site, it)
        if way == "link":
            mine.locator(f"#conflict-i{it.pk}").get_by_role("link", name="Keep").click()
        else:
            mine.keyboard.press("Escape")
        expect(button(mine, it, "title")).to_have_text("The lead's title")
        expect(mine.locator(".conflict")).to_have_count(0)
        expect(button(mine, it, "title")).to_be_focused()
