"""What tests of many pages ask of a page."""

from collections.abc import Callable
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tracker.models import Initiative

Open = Callable[[str, str], Page]
SignIn = Callable[[BrowserContext, str], None]
Log = Callable[..., Initiative]

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]  # the rules that a theme can break
HEIGHT = 900
SETTLING = 30  # tenths of a second that a page may take to fit another window


def findings(page: Page) -> list[tuple[str, Any]]:
    """Return what axe finds against WCAG 2.2 AA in both themes: theme and rule, and where."""
    found: list[tuple[str, Any]] = []
    for theme, rules in (("dark", COLOURS), ("light", WCAG)):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        violations = Axe().run(page, options={"runOnly": rules}).response["violations"]
        places = ((one["id"], [node["target"] for node in one["nodes"]]) for one in violations)
        found += [(f"{theme}: {rule}", targets[:4]) for rule, targets in places]
    return found


def excess(page: Page, width: int) -> int:
    """Return by how many pixels the page is wider than a window of a width.

    Charts are drawn anew, one a task, once the window has another width; so they get their time.
    """
    page.set_viewport_size({"width": width, "height": HEIGHT})
    wide = width + 1
    for _ in range(SETTLING):
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide <= width:
            break
        page.wait_for_timeout(100)
    return max(0, wide - width)
