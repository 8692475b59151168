"""The leads' panel in a real browser: no violation, no finding, and its small scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.cast import Cast
from tracker.domain.lifecycle import Status
from tracker.models import Holiday, Initiative, Label, Membership

pytestmark = pytest.mark.browser
Open = Callable[[str, str], Page]
Log = Callable[..., Initiative]
LIST = "/admin/tracker/initiative/"


def findings(page: Page) -> list[Any]:
    return [fault["id"] for fault in Axe().run(page).response["violations"]]


def paths(cast: Cast, log: Log) -> list[str]:
    """Return a page of each kind that a superuser sees."""
    made = log("<b>Bold</b>", pd=3, status=Status.ACTIVE)
    Label.objects.create(team=cast.platform, name="Debt")
    membership = Membership.objects.get(user=cast.member)
    return [
        "/admin/",
        LIST,
        f"{LIST}?q=nothing",
        f"{LIST}{made.pk}/change/",
        f"{LIST}{made.pk}/history/",
        f"{LIST}{made.pk}/delete/",
        "/admin/tracker/team/",
        f"/admin/tracker/team/{cast.platform.pk}/change/",
        "/admin/tracker/team/add/",
        "/admin/tracker/membership/",
        "/admin/tracker/membership/add/",
        f"/admin/tracker/membership/{membership.pk}/change/",
        "/admin/tracker/label/",
        "/admin/tracker/importbatch/",
        "/admin/tracker/organisation/1/change/",
        "/admin/tracker/user/",
        f"/admin/tracker/user/{cast.member.pk}/change/",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_without_findings_and_fits_a_phone(
    scheme: Any, cast: Cast, log: Log, open_as: Open
) -> None:
    page = open_as("superuser", "/admin/")
    page.emulate_media(color_scheme=scheme)
    base = page.url.removesuffix("/admin/")
    for path in paths(cast, log):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(base + path)
        assert findings(page) == [], path
        page.set_viewport_size({"width": 375, "height": 812})
        assert page.evaluate("document.documentElement.scrollWidth") == 375, path
        assert findings(page) == [], path


def test_rows_are_classified_by_the_keyboard(
    cast: Cast, log: Log, open_as: Open, site: LiveServer
) -> None:
    rows = [log(title) for title in ("One", "Two", "Three")]
    page = open_as("lead", LIST)
    page.get_by_role("checkbox", name="Two").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-count]")).to_have_text("1 chosen")
    page.locator("#action").select_option("classify")
    page.get_by_role("button", name="Go").press("Enter")
    page.get_by_label("Planned").check()
    page.get_by_role("button", name="Classify").press("Enter")
    expect(page.get_by_text("1 initiative classified as planned.")).to_be_visible()
    origins = [Initiative.objects.get(pk=row.pk).origin for row in rows]
    assert origins == ["unclassified", "planned", "unclassified"]


def test_need_and_trigger_are_asked_for_with_opportunistic_alone(
    log: Log, open_as: Open, site: LiveServer
) -> None:
    log("One")
    page = open_as("lead", LIST)
    page.locator("#action-toggle").check()
    page.locator("#action").select_option("classify")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_label("Trigger")).to_be_hidden()
    page.get_by_label("Opportunistic").check()
    expect(page.get_by_label("Trigger")).to_be_visible()


def test_all_that_match_can_be_taken(log: Log, open_as: Open, site: LiveServer) -> None:
    for index in range(55):
        log(f"Row {index}")
    page = open_as("lead", LIST)
    page.locator("#action-toggle").check()
    page.get_by_role("button", name="Take all 55").click()
    expect(page.locator("[data-count]")).to_have_text("55 chosen")
    page.locator("#action").select_option("classify")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_role("heading", name="55 initiatives")).to_be_visible()


def test_days_off_are_added_row_by_row(cast: Cast, open_as: Open, site: LiveServer) -> None:
    page = open_as("lead", f"/admin/tracker/team/{cast.platform.pk}/change/")
    page.locator("#id_holidays-0-day").fill("2026-12-24")
    page.get_by_role("button", name="Add another holiday").click()
    expect(page.locator("#id_holidays-1-day")).to_be_focused()
    page.locator("#id_holidays-1-day").fill("2026-12-25")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="was changed")).to_be_visible()
    assert Holiday.objects.filter(team=cast.platform).count() == 2


def test_a_filter_menu_closes_by_escape_and_returns_the_focus(
    log: Log, open_as: Open, site: LiveServer
) -> None:
    log("One")
    page = open_as("lead", LIST)
    summary = page.locator("summary", has_text="Origin")
    summary.press("Enter")
    expect(page.get_by_role("link", name="Opportunistic")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Opportunistic")).to_be_hidden()
    expect(summary).to_be_focused()
