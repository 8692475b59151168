"""The first visit, signing in, and what every page here owes to everybody."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.cast import PASSWORD, Cast
from tracker.actions.invitations import invite
from tracker.models import Organisation, Role, Team

pytestmark = pytest.mark.browser
OpenAs = Callable[[str, str], Page]

OPEN = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-a-b/",
    "/accounts/confirm-email/nonsense/",
    "/invitations/nonsense/",
]
OWN = [
    "/accounts/password/change/",
    "/accounts/email/",
    "/accounts/2fa/",
    "/accounts/logout/",
    "/accounts/reauthenticate/",
    "/teams/platform/settings/",
    "/teams/platform/members/",
    "/search/?q=plat",
]


def findings(page: Page) -> list[tuple[str, Any]]:
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(page, options=rules).response["violations"]
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1440])
class TestEverybody:
    def test_no_finding_of_axe_and_nothing_sticks_out(
        self, site: LiveServer, cast: Cast, open_as: OpenAs, scheme: Any, width: int
    ) -> None:
        invite(by=cast.lead, team=cast.platform, email="x@example.org", role=Role.MEMBER)
        _, token = invite(by=cast.lead, team=cast.platform, email="y@e.org", role=Role.MEMBER)
        page = open_as("anonymous", "/accounts/login/")
        page.set_viewport_size({"width": width, "height": 812})
        page.emulate_media(color_scheme=scheme)
        faults = {}
        for path in [*OPEN, f"/invitations/{token}/", *OWN]:
            if path == OWN[0]:
                page = open_as("lead", path)
            page.goto(site.url + path)
            wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            if wide or (found := findings(page)):
                faults[path] = "sticks out" if wide else found
        assert faults == {}


class TestSetup:
    def test_leads_from_nothing_to_the_first_overview(
        self,
        live_server: LiveServer,
        transactional_db: None,
        page: Page,
        settings: Any,
        tmp_path: Path,
    ) -> None:
        settings.DATA_DIR = tmp_path
        Organisation.forget()
        page.goto(live_server.url)
        page.wait_for_url("**/setup/")
        assert findings(page) == []
        page.get_by_label("Name of the organisation").fill("Acme")
        page.get_by_label("Your name").fill("Ines Kurz")
        page.get_by_label("Your e-mail address").fill("ines@example.org")
        page.get_by_label("Password").fill("12345678")
        page.get_by_label("Name of the first team").fill("Field Operations")
        expect(page.get_by_label("Key prefix")).to_have_value("FO")
        page.get_by_role("button", name="Set up and sign in").click()
        expect(page.get_by_role("alert")).to_be_focused()
        expect(page.get_by_label("Name of the organisation")).to_have_value("Acme")

        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Set up and sign in").click()

        page.wait_for_url("**/teams/field-operations/")
        assert Team.objects.get().key_prefix == "FO"

    @pytest.mark.parametrize("zone", ["America/New_York", "UTC"])
    def test_takes_the_browsers_time_zone(
        self,
        live_server: LiveServer,
        transactional_db: None,
        browser: Browser,
        zone: str,
    ) -> None:
        context = browser.new_context(timezone_id=zone)
        page = context.new_page()
        page.goto(f"{live_server.url}/setup/")

        expect(page.get_by_label("Time zone")).to_have_value(zone)
        context.close()


class TestSignIn:
    def test_with_the_keyboard_only(self, site: LiveServer, page: Page) -> None:
        page.goto(f"{site.url}/search/?q=x")
        page.get_by_label("E-mail address").focus()
        page.keyboard.type("member@example.org")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")

        page.wait_for_url("**/search/?q=x")
