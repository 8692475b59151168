"""A team's settings, its members and an invitation, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.cast import PASSWORD, Cast
from tracker.models import Holiday, Membership, Role, Team

pytestmark = pytest.mark.browser
OpenAs = Callable[[str, str], Page]


class TestTeamSettings:
    def test_saving_keeps_the_page_the_focus_and_tells_the_history(
        self, cast: Cast, open_as: OpenAs
    ) -> None:
        page = open_as("lead", "/teams/platform/settings/")
        page.evaluate("window.same = true")
        page.get_by_label("From, %").fill("10")

        page.get_by_role("button", name="Save settings").press("Enter")

        expect(page.locator(".toast")).to_contain_text("The settings are saved.")
        expect(page.locator("#team-changes")).to_contain_text("10.0\u202f%")
        expect(page.get_by_role("button", name="Save settings")).to_be_focused()
        assert page.evaluate("window.same")
        assert Team.objects.get(slug="platform").band_lower == 100

    def test_the_strip_follows_what_is_typed(self, open_as: OpenAs) -> None:
        page = open_as("lead", "/teams/platform/settings/")

        page.get_by_label("To, %").fill("40")

        expect(page.locator(".zf-on-target")).to_have_attribute("width", "200")

    def test_a_refused_form_takes_the_focus_and_keeps_the_text(self, open_as: OpenAs) -> None:
        page = open_as("lead", "/teams/platform/settings/")
        page.get_by_label("From, %").fill("60")

        page.get_by_role("button", name="Save settings").click()

        expect(page.locator("#team-settings [role=alert]")).to_be_focused()
        expect(page.get_by_label("From, %")).to_have_value("60")

    def test_a_conflict_shows_both_values_and_can_be_settled(
        self, cast: Cast, open_as: OpenAs
    ) -> None:
        page = open_as("lead", "/teams/platform/settings/")
        team = Team.objects.get(slug="platform")
        team.band_lower = 150
        team.save()
        page.get_by_label("From, %").fill("10")

        page.get_by_role("button", name="Save settings").click()
        expect(page.locator("#team-settings [role=alert]")).to_contain_text("15.0\u202f%")
        expect(page.get_by_label("From, %")).to_have_value("10")
        page.get_by_role("button", name="Save settings").click()

        expect(page.locator(".toast")).to_contain_text("saved")
        assert Team.objects.get(slug="platform").band_lower == 100

    def test_a_day_off_comes_and_goes_without_touching_what_is_typed_above(
        self, cast: Cast, open_as: OpenAs
    ) -> None:
        page = open_as("lead", "/teams/platform/settings/")
        page.get_by_label("From, %").fill("11")
        page.get_by_label("Day", exact=True).fill("2099-12-25")
        page.get_by_role("button", name="Add day off").click()
        expect(page.locator("#team-holidays")).to_contain_text("too far away")

        page.get_by_label("Day", exact=True).fill("2030-12-25")
        page.get_by_label("Name optional").fill("Christmas")
        page.get_by_role("button", name="Add day off").click()
        expect(page.locator("#team-holidays")).to_contain_text("25 Dec 2030")
        page.get_by_role("button", name="Remove 25 Dec 2030, Christmas").click()

        expect(page.locator("#team-holidays")).not_to_contain_text("25 Dec 2030")
        expect(page.get_by_label("From, %")).to_have_value("11")
        assert not Holiday.objects.exists()


class TestMembers:
    def test_a_role_is_changed_in_place(self, cast: Cast, open_as: OpenAs) -> None:
        page = open_as("lead", "/teams/platform/members/")
        save = page.get_by_role("button", name="Save the role of Member")
        expect(save).not_to_be_visible()

        page.get_by_label("Role of Member", exact=True).select_option("Lead")
        save.click()

        expect(page.locator(".toast")).to_contain_text("Member is lead now.")
        assert Membership.objects.get(user=cast.member).role == Role.LEAD

    def test_removing_asks_first(self, cast: Cast, open_as: OpenAs) -> None:
        page = open_as("lead", "/teams/platform/members/")
        remove = page.get_by_role("button", name="Remove Member", exact=True)

        remove.click()
        page.get_by_role("button", name="Cancel").click()
        assert Membership.objects.filter(user=cast.member).exists()
        remove.click()
        page.get_by_role("button", name="Go on").click()

        expect(page.locator(".toast")).to_contain_text("has left")
        assert not Membership.objects.filter(user=cast.member).exists()

    def test_an_invited_person_comes_in_by_the_link(
        self, cast: Cast, open_as: OpenAs, browser: Browser
    ) -> None:
        page = open_as("lead", "/teams/platform/members/")
        page.get_by_label("E-mail address").fill("new@example.org")
        page.get_by_role("button", name="Send invitation").click()
        link = page.get_by_label("Link of the invitation").input_value()
        expect(page.locator("#team-people")).to_contain_text("Waiting for an answer")

        context = browser.new_context(java_script_enabled=False)
        theirs = context.new_page()
        theirs.goto(link)
        theirs.get_by_label("Your name").fill("Nora New")
        theirs.get_by_label("Password").fill(PASSWORD)
        theirs.get_by_role("button", name="Join").click()

        expect(theirs.locator(".message")).to_contain_text("Welcome to Platform.")
        context.close()
        page.reload()
        expect(page.locator("#team-people")).to_contain_text("Nora New")


def test_everything_works_without_script(
    cast: Cast, open_as: OpenAs, browser: Browser, sign_in: Callable[..., None], site: object
) -> None:
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, "lead")
    page = context.new_page()
    base = site.url  # type: ignore[attr-defined]
    page.goto(f"{base}/teams/platform/settings/")
    page.get_by_label("From, %").fill("10")
    page.get_by_role("button", name="Save settings").click()
    expect(page.locator(".message")).to_contain_text("The settings are saved.")
    page.goto(f"{base}/teams/platform/members/")
    page.get_by_label("Role of Member", exact=True).select_option("Viewer")
    page.get_by_role("button", name="Save the role of Member").click()
    expect(page.locator(".message")).to_contain_text("Member is viewer now.")
    page.locator(".user-btn").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    context.close()
