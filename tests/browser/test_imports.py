"""A file goes in and out again in a real browser, by keyboard, and without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from tracker.models import Initiative

pytestmark = pytest.mark.browser
SHEET: FilePayload = {
    "name": "ideas.csv",
    "mimeType": "text/csv",
    "buffer": b"Title,Status,Done on\n<img src=x onerror=alert(1)>,done,03/04/2026\nSecond,idea,\n",
}


def bring(page: Page, url: str) -> None:
    """Import the sheet with keys alone, as far as a file can be chosen by keys."""
    page.goto(f"{url}/imports/new/")
    page.get_by_label("CSV file").set_input_files([SHEET])
    page.get_by_role("button", name="Look at the file").press("Enter")
    expect(page.get_by_text("can be read in two ways")).to_be_visible()
    page.get_by_label("Days such as").select_option("day-first")
    page.get_by_role("button", name="Check again").press("Enter")
    expect(page.get_by_text("3 Apr 2026").first).to_be_visible()
    page.get_by_role("button", name="Import 2 initiatives").press("Enter")
    expect(page.get_by_text("2 initiatives came in.")).to_be_visible()


def test_a_file_goes_in_and_out(open_as: Callable[[str, str], Page], site: LiveServer) -> None:
    page = open_as("member", "/imports/")
    bring(page, site.url)
    assert Initiative.objects.count() == 2

    page.get_by_role("button", name="Undo the import").press("Enter")

    expect(page.get_by_text("The import is undone")).to_be_visible()
    assert not Initiative.objects.exists()


def test_it_works_without_script_on_a_phone(
    browser: Browser, site: LiveServer, sign_in: Callable[[BrowserContext, str], None]
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 812})
    sign_in(context, "member")
    page = context.new_page()

    bring(page, site.url)

    assert Initiative.objects.count() == 2
    context.close()


def test_a_changed_mapping_says_that_it_is_unchecked_and_nothing_is_wider_than_a_phone(
    open_as: Callable[[str, str], Page],
) -> None:
    page = open_as("member", "/imports/new/")
    page.set_viewport_size({"width": 375, "height": 812})
    page.get_by_label("CSV file").set_input_files([SHEET])
    page.get_by_role("button", name="Look at the file").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375

    page.get_by_label("Rows without an origin are").select_option("planned")

    expect(page.get_by_text("Changed since the last check.")).to_be_visible()
    page.get_by_role("button", name="Import 1 initiative").click()
    expect(page.get_by_text("Nothing is imported yet.")).to_be_visible()
