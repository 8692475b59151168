"""The page of one initiative in a real browser: keys, two windows, hostile text, a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.cast import Cast
from tracker.actions import comments, initiatives
from tracker.domain.lifecycle import Status, Verb
from tracker.models import Initiative

pytestmark = pytest.mark.browser
Open = Callable[[str, str], Page]
Log = Callable[..., Initiative]
SignIn = Callable[[BrowserContext, str], None]
HOSTILE = [
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "[x](javascript:window.pwned=1)",
    "![x](data:image/svg+xml,<svg/onload=window.pwned=1>)",
    "\u202ertl override\u202d",
    "W" * 200,
]


def address(it: Initiative) -> str:
    return f"/initiatives/{it.key}/"


def estimate_input(page: Page) -> Any:
    return page.locator("#field-estimate input[type=text][name=estimate_mpd]")


class TestKeyboard:
    def test_a_field_is_changed_and_the_focus_returns_to_it(
        self, log: Log, open_as: Open, site: LiveServer
    ) -> None:
        it = log("Limits", pd=4)
        page = open_as("member", address(it))
        page.locator("#comments textarea").fill("half typed")
        page.locator("#field-estimate .prop-btn").focus()
        page.keyboard.press("Enter")
        expect(estimate_input(page)).to_be_focused()
        page.keyboard.press("Control+A")
        page.keyboard.type("3w")
        page.keyboard.press("Enter")
        expect(page.locator("#field-estimate .prop-btn")).to_contain_text("15 pd")
        expect(page.locator("#field-estimate .prop-btn")).to_be_focused()
        expect(page.locator("#comments textarea")).to_have_value("half typed")
        it.refresh_from_db()
        assert it.estimate_mpd == 15000

    def test_escape_leaves_the_field_as_it_was(
        self, log: Log, open_as: Open, site: LiveServer
    ) -> None:
        page = open_as("member", address(log("Limits", pd=4)))
        page.locator("#field-estimate .prop-btn").press("Space")
        estimate_input(page).fill("99")
        page.keyboard.press("Escape")
        expect(page.locator("#field-estimate .prop-btn")).to_contain_text("4 pd")
        expect(page.locator("#field-estimate .prop-btn")).to_be_focused()

    def test_nonsense_keeps_the_caret_in_the_field_and_the_text(
        self, log: Log, open_as: Open, site: LiveServer
    ) -> None:
        page = open_as("member", address(log("Limits", pd=4)))
        page.locator("#field-estimate .prop-btn").click()
        estimate_input(page).fill("lots")
        page.keyboard.press("Enter")
        expect(page.locator("#field-estimate")).to_contain_text("Type an effort such as")
        expect(estimate_input(page)).to_have_value("lots")
        expect(estimate_input(page)).to_be_focused()

    def test_work_is_started_and_its_segment_appears(
        self, log: Log, open_as: Open, site: LiveServer
    ) -> None:
        it = log("Limits", pd=4)
        page = open_as("member", address(it))
        page.locator("#turn-start").press("Enter")
        expect(page.locator("#id_turn_on")).to_be_focused()
        page.locator("#id_turn_fte_milli").fill("0.5")
        page.keyboard.press("Enter")
        expect(page.locator("#work-title")).to_contain_text("worked in one segment")
        expect(page.locator("#turn-deliver")).to_be_visible()
        expect(page.locator("#turn form")).to_have_count(0)

    def test_labels_are_typed_one_after_the_other(
        self, log: Log, open_as: Open, site: LiveServer
    ) -> None:
        page = open_as("member", address(log("Limits")))
        field = page.locator("#field-labels input[name=name]")
        field.focus()
        for number, name in enumerate(("api", "core"), start=1):
            page.keyboard.type(name)
            page.keyboard.press("Enter")
            expect(page.locator("#field-labels .tag-x")).to_have_count(number)
            expect(field).to_have_value("")
            expect(field).to_be_focused()
        page.get_by_label("Remove the label api").click()
        expect(page.locator("#field-labels .tag-x")).to_have_text(["core"])


class TestDelete:
    def test_z_brings_it_back_from_the_one_notice_of_the_list(
        self, log: Log, open_as: Open, site: LiveServer
    ) -> None:
        it = log("Limits", pd=4)
        page = open_as("member", address(it))
        page.get_by_role("button", name="Delete").click()
        page.locator("#ask").get_by_role("button", name="Go on").click()
        notice = page.locator("main .callout")
        expect(notice).to_have_count(1)
        expect(notice).to_contain_text(f"{it.key} deleted.")
        page.keyboard.press("z")
        expect(page.locator("main .callout")).to_contain_text("1 initiative restored.")
        expect(page.locator(f"#i{it.pk}")).to_be_visible()
        it.refresh_from_db()
        assert it.deleted_at is None


class TestTwoWindows:
    def test_the_later_one_sees_both_values_and_can_have_its_way(
        self, log: Log, open_as: Open, sign_in: SignIn, site: LiveServer, browser: Browser
    ) -> None:
        it = log("Limits", pd=4)
        mine = open_as("member", address(it))
        mine.locator("#field-estimate .prop-btn").click()
        estimate_input(mine).fill("7")
        other = browser.new_context()
        sign_in(other, "lead")
        theirs = other.new_page()
        theirs.goto(site.url + address(it))
        theirs.locator("#field-estimate .prop-btn").click()
        estimate_input(theirs).fill("9")
        estimate_input(theirs).press("Enter")
        expect(theirs.locator("#field-estimate .prop-btn")).to_contain_text("9 pd")
        other.close()
        estimate_input(mine).press("Enter")
        strip = mine.locator("#field-estimate .conflict-strip")
        expect(strip).to_contain_text("Lead set estimate to 9")
        expect(strip).to_contain_text("you typed 7")
        expect(estimate_input(mine)).to_have_value("7")
        expect(mine.locator("#field-estimate button[type=submit]")).to_have_text(["Save mine"])
        expect(mine.locator("#field-estimate .form-actions a")).to_have_text("Keep theirs")
        mine.get_by_role("button", name="Save mine").click()
        expect(mine.locator("#field-estimate .prop-btn")).to_contain_text("7 pd")

    def test_text_in_another_open_editor_survives_a_save(
        self, log: Log, open_as: Open, site: LiveServer
    ) -> None:
        page = open_as("member", address(log("Limits", pd=4)))
        page.get_by_label("Change the title").click()
        page.locator("#field-title input[name=title]").fill("Typed, not saved")
        page.locator("#field-estimate .prop-btn").click()
        estimate_input(page).fill("6")
        estimate_input(page).press("Enter")
        expect(page.locator("#field-estimate .prop-btn")).to_contain_text("6 pd")
        expect(page.locator("#field-title input[name=title]")).to_have_value("Typed, not saved")

    def test_the_open_form_of_a_verb_survives_a_save_elsewhere(
        self, log: Log, open_as: Open, site: LiveServer
    ) -> None:
        page = open_as("member", address(log("Limits", pd=4)))
        page.locator("#turn-start").click()
        page.locator("#id_turn_why").fill("Typed, not saved")
        page.locator("#field-estimate .prop-btn").click()
        estimate_input(page).fill("6")
        estimate_input(page).press("Enter")
        expect(page.locator("#field-estimate .prop-btn")).to_contain_text("6 pd")
        expect(page.locator("#id_turn_why")).to_have_value("Typed, not saved")

    def test_a_verb_that_no_longer_fits_takes_the_place_of_an_open_one(
        self, cast: Cast, log: Log, open_as: Open, site: LiveServer
    ) -> None:
        it = log("Limits", pd=4)
        page = open_as("member", address(it))
        page.locator("#turn-deliver").click()
        expect(page.locator("#id_turn_on")).to_be_visible()
        initiatives.turn(by=cast.lead, pk=it.pk, version=1, verb=Verb.START, on=cast.org.today())
        page.locator("#turn-start").click()
        expect(page.locator("#turn-title")).to_have_text(f"{it.key} is active already")
        expect(page.locator("#turn form")).to_have_count(0)
        page.locator("#turn").get_by_role("button", name="Pause…").click()
        expect(page.locator("#turn-title")).to_have_text(f"Pause {it.key}")


class TestWithoutScript:
    def test_a_field_a_verb_a_segment_and_a_comment_by_plain_forms(
        self, log: Log, sign_in: SignIn, site: LiveServer, browser: Browser
    ) -> None:
        it = log("Limits", pd=4)
        context = browser.new_context(java_script_enabled=False)
        sign_in(context, "member")
        page = context.new_page()
        page.goto(site.url + address(it))
        page.locator("#field-estimate .prop-btn").click()
        estimate_input(page).fill("lots")
        page.locator("#field-estimate button[type=submit]").click()
        expect(page.locator("#field-estimate")).to_contain_text("Type an effort such as")
        estimate_input(page).fill("3w")
        page.locator("#field-estimate button[type=submit]").click()
        expect(page.locator("#field-estimate")).to_contain_text("15 pd")
        expect(page.locator(".message")).to_contain_text("Estimate saved.")
        page.locator("#turn-start").click()
        page.locator("#turn button[type=submit]").click()
        expect(page.locator("#work-title")).to_contain_text("worked in one segment")
        page.locator("#work a:has-text('Add segment')").click()
        page.locator("#id_segment_starts_on").fill("2026-01-05")
        page.locator("#id_segment_last_day").fill("2026-01-06")
        page.locator("#segment-new button[type=submit]").click()
        expect(page.locator("#work-title")).to_contain_text("worked in two segments")
        page.locator("#comments textarea").fill("**Yes**")
        page.locator("#comments").get_by_role("button", name="Preview").click()
        expect(page.locator("#preview-comment strong")).to_have_text("Yes")
        page.locator("#comments").get_by_role("button", name="Comment", exact=True).click()
        expect(page.locator("#comments li strong")).to_have_text("Yes")
        context.close()


class TestHostileText:
    @pytest.mark.parametrize("text", HOSTILE)
    def test_it_stays_text_and_inside_a_phone(
        self, cast: Cast, log: Log, open_as: Open, site: LiveServer, page: Page, text: str
    ) -> None:
        cast.member.name = text[:120]
        cast.member.save()
        it = log(text, description=text, owner=cast.member, origin="opportunistic", reason=text)
        initiatives.relabel(by=cast.member, pk=it.pk, add=[text[:50]])
        comments.add(by=cast.member, initiative=it, body=text, creation_key=None)  # type: ignore[arg-type]
        initiatives.edit(
            by=cast.member, pk=it.pk, version=2, changes={"title": text[::-1]}, reason=text
        )
        page.set_viewport_size({"width": 375, "height": 812})
        open_as("member", address(it))
        for name in ("title", "origin", "owner"):
            page.locator(f"#field-{name} [data-focus-key]").click()
            expect(page.locator(f"#field-{name} form")).to_be_visible()
        assert page.evaluate("window.pwned") is None
        assert page.evaluate("document.documentElement.scrollWidth") <= 375


class TestAccess:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_the_page_with_open_editors_has_no_finding_of_axe(
        self, cast: Cast, log: Log, open_as: Open, site: LiveServer, page: Page, scheme: Any
    ) -> None:
        it = log("Limits", pd=4, status=Status.ACTIVE, owner=cast.member, description="# A\n\n*b*")
        initiatives.relabel(by=cast.member, pk=it.pk, add=["api"])
        comments.add(by=cast.member, initiative=it, body="Hello", creation_key=None)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)
        open_as("member", address(it))
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        for name in ("origin", "estimate", "description", "external"):
            page.locator(f"#field-{name} [data-focus-key]").click()
            expect(page.locator(f"#field-{name} form")).to_be_visible()
        page.locator("#turn-deliver").click()
        expect(page.locator("#turn form")).to_be_visible()
        page.locator("#work a:has-text('Add segment')").click()
        expect(page.locator("#segment-new form")).to_be_visible()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
