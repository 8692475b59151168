"""The system's Chromium against a live server, and what every page must keep to."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.hostile import hostile, watch  # noqa: F401
from tests.cast import Cast

# Playwright runs its own event loop in this thread; Django would take that for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WATCH = """
window.__violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.__violations.push(
  `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


def chromium() -> str | None:
    """Return the path of the browser, from ROADMIX_CHROMIUM or the usual names."""
    return os.environ.get("ROADMIX_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium: install the package chromium, or set ROADMIX_CHROMIUM")
    return {**browser_type_launch_args, "executable_path": path, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    size = {"width": 1440, "height": 900}
    return {**browser_context_args, "viewport": size, "reduced_motion": "reduce"}


@pytest.fixture
def site(live_server: LiveServer, transactional_db: None, cast: Cast) -> LiveServer:
    """Give a running server with the cast in its store."""
    return live_server


@pytest.fixture
def sign_in(site: LiveServer, cast: Cast) -> Callable[[BrowserContext, str], None]:
    """Give a function that signs a browser's context in as one of the cast."""

    def enter(context: BrowserContext, role: str) -> None:
        client = Client()
        client.force_login(cast.person(role))
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": site.url}])

    return enter


@pytest.fixture
def open_as(
    page: Page, site: LiveServer, sign_in: Callable[[BrowserContext, str], None]
) -> Callable[[str, str], Page]:
    """Give a function that opens a path as one of the cast and returns the page."""

    def visit(role: str, path: str) -> Page:
        if role != "anonymous":
            sign_in(page.context, role)
        page.goto(site.url + path)
        return page

    return visit


@pytest.fixture(autouse=True)
def _clean_pages(context: BrowserContext) -> Iterator[None]:
    """Fail a test whose pages broke the content security policy or threw an error."""
    faults: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        text = message.text
        # A refused form or a conflict is logged by the browser as a failed load, and a request
        # that a newer one replaced as aborted.
        expected = "status of 4" in text or "AbortError" in text
        if message.type == "error" and not expected:
            faults.append(text)

    context.add_init_script(WATCH)
    context.on("console", listen)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    yield
    for page in context.pages:
        faults += page.evaluate("window.__violations || []")
    assert faults == []
