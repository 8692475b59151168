"""The line that logs an initiative, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tracker.models import Initiative

pytestmark = pytest.mark.browser


Open = Callable[[str, str], Page]


Log = Callable[..., Initiative]


LIST = "/initiatives/?team=platform"


class TestQuickAdd:
    def test_three_are_logged_without_touching_the_mouse(
        self, site: LiveServer, open_as: Open
    ) -> None:
        page = open_as("member", LIST)
        page.keyboard.press("n")
        for number in range(3):
            expect(page.locator("[data-quick-add]")).to_be_focused()
            expect(page.locator("[data-quick-add]")).to_have_value("")
            page.keyboard.type(f"Number {number}")
            page.keyboard.press("Enter")
            expect(page.locator("#rows tr").first).to_contain_text(f"Number {number}")
        assert Initiative.objects.count() == 3
        expect(page.locator("#count")).to_have_text("3 initiatives")
        expect(page.locator("#rows tr")).to_have_count(3)

    def test_an_opportunity_is_asked_what_brought_it_right_there(
        self, site: LiveServer, open_as: Open
    ) -> None:
        page = open_as("member", LIST)
        trigger = page.locator("#quick [name=trigger]")
        expect(trigger).to_be_hidden()
        page.keyboard.press("n")
        page.keyboard.type("Stop the webhooks")
        page.keyboard.press("Tab")
        page.keyboard.type("Opp")
        expect(trigger).to_be_visible()
        page.locator("#quick [name=need]").select_option("dire-need")
        trigger.select_option("incident")
        page.locator("#quick [name=estimate_mpd]").fill("3w")
        page.keyboard.press("Enter")
        expect(page.locator("#rows tr").first).to_contain_text("Incident")
        it = Initiative.objects.get()
        assert (it.need, it.trigger, it.estimate_mpd) == ("dire-need", "incident", 15000)

    def test_a_refused_line_keeps_the_text_and_shows_where(
        self, site: LiveServer, open_as: Open
    ) -> None:
        page = open_as("member", LIST)
        page.locator("[data-quick-add]").fill("Kept")
        page.locator("#quick [name=estimate_mpd]").fill("soon")
        page.keyboard.press("Enter")
        expect(page.locator("#quick [name=estimate_mpd]")).to_be_focused()
        expect(page.locator("[data-quick-add]")).to_have_value("Kept")
        expect(page.locator("#quick")).to_contain_text("Type an effort such as")

    def test_a_refused_line_that_was_mended_is_empty_again(
        self, site: LiveServer, open_as: Open
    ) -> None:
        page = open_as("member", LIST)
        page.locator("[data-quick-add]").fill("Mended")
        page.locator("#quick [name=estimate_mpd]").fill("soon")
        page.keyboard.press("Enter")
        expect(page.locator("#quick")).to_contain_text("Type an effort such as")
        page.locator("#quick [name=estimate_mpd]").fill("2w")
        page.keyboard.press("Enter")
        expect(page.locator("#rows tr").first).to_contain_text("Mended")
        expect(page.locator("#chips")).to_contain_text("Unclassified 1")
        expect(page.locator("[data-quick-add]")).to_be_focused()
        expect(page.locator("[data-quick-add]")).to_have_value("")


class TestQuickLine:
    FIELDS = (
        ("Title", "title"),
        ("Origin", "origin"),
        ("Est. pd", "estimate_mpd"),
        ("Owner", "owner"),
    )

    @pytest.mark.parametrize("width", [1440, 1100])
    @pytest.mark.parametrize("role", ["member", "superuser"])
    def test_each_field_stands_under_the_head_of_its_column(
        self, open_as: Open, site: LiveServer, page: Page, width: int, role: str
    ) -> None:
        page.set_viewport_size({"width": width, "height": 900})
        open_as(role, "/initiatives/")
        heads = page.locator("#heads th")
        for head, name in self.FIELDS:
            column = heads.filter(has_text=head).bounding_box()
            field = page.locator(f"#quick [name={name}]").bounding_box()
            assert column and field
            assert column["x"] <= field["x"] + 1
            assert field["x"] + field["width"] <= column["x"] + column["width"] + 1

    def test_a_phone_gives_the_title_the_whole_line_and_shows_the_button(
        self, log: Log, open_as: Open, site: LiveServer, page: Page
    ) -> None:
        page.set_viewport_size({"width": 375, "height": 812})
        open_as("superuser", "/initiatives/")
        title = page.locator("#quick [name=title]").bounding_box()
        assert title
        assert title["width"] > 250
        page.locator("#quick [name=title]").fill("From the train")
        page.locator("#quick [name=team]").select_option("checkout")
        page.locator("#quick").get_by_role("button", name="Add").click()
        expect(page.locator("#rows tr").first).to_contain_text("CHK-1 · Committed")
