"""The main job end to end with the keyboard alone: sign in, log, start, see the share move."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.cast import PASSWORD, Cast
from tracker.domain.calendar import PeriodKind, period_of
from tracker.domain.capacity import worked_mpd
from tracker.domain.mix import Mix, Origin, sum_mixes
from tracker.models import Initiative, WorkSegment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PLANNED, CAME_UP, THIRD = "Regional read replicas", "Stop duplicate webhooks", "Tidy the job queue"
WORDS = {"need": "Dire", "trigger": "Incident"}
NAME = "document.activeElement.name ?? ''"
FIELD = "document.activeElement.closest('#rows [data-f]')?.dataset.f ?? ''"
PLOT = "document.querySelector('#share .js-plotly-plot').data"
BARS = f"{PLOT}.filter((t) => t.type === 'bar').map((t) => [t.meta.role, t.y.at(-1)])"
SHARE = f"{PLOT}.find((t) => t.meta.role === 'share').y.at(-1)"


def press_until(page: Page, key: str, script: str, wanted: str, most: int = 20) -> None:
    """Press a key until the script says what is wanted, as a person looks for the caret."""
    for _ in range(most):
        if page.evaluate(script) == wanted:
            return
        page.keyboard.press(key)
    assert page.evaluate(script) == wanted


def sign_in(page: Page, site: LiveServer, email: str) -> None:
    page.goto(f"{site.url}/accounts/login/")
    press_until(page, "Tab", NAME, "login")
    page.keyboard.type(email)
    press_until(page, "Tab", NAME, "password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/teams/platform/**")


def log_one(page: Page, title: str, origin: str, effort: str) -> None:
    """Type one line of the quick add; an opportunity says its need and trigger."""
    expect(page.locator("[data-quick-add]")).to_be_focused()
    expect(page.locator("[data-quick-add]")).to_have_value("")
    page.keyboard.type(title)
    page.keyboard.press("Tab")
    page.keyboard.type(origin)
    for name in ("estimate_mpd", *WORDS) if origin == "Opportunistic" else ("estimate_mpd",):
        press_until(page, "Tab", NAME, name)
        page.keyboard.type(WORDS.get(name, effort))
    page.keyboard.press("Enter")
    expect(page.locator("#rows tr").first).to_contain_text(title)


def walk_to(page: Page, title: str, field: str) -> None:
    """Go by arrows to a cell of the row with a title."""
    row = "document.activeElement.closest('#rows tr')?.querySelector('bdi').textContent ?? ''"
    page.keyboard.press("Control+Home")
    press_until(page, "ArrowDown", row, title)
    press_until(page, "ArrowRight", FIELD, field)


def start(page: Page, title: str, on: date) -> None:
    """Turn the status of a row to active as of a day."""
    walk_to(page, title, "status")
    page.keyboard.press("Enter")
    expect(page.locator("#rows [name=verb]")).to_be_focused()
    page.keyboard.type("Start")
    press_until(page, "Tab", NAME, "on", most=2)
    page.keyboard.type(f"{on:%m%d%Y}")
    page.keyboard.press("Enter")
    expect(page.locator("#rows [name=verb]")).to_have_count(0)


def brute_force(cast: Cast) -> Mix:
    """Sum FTE times working days of every segment in this quarter, up to and with today."""
    today = cast.org.today()
    quarter = period_of(today, PeriodKind.QUARTER, cast.org.fiscal)
    return sum_mixes(
        Mix.of(
            Origin(segment.initiative.origin),
            worked_mpd(
                segment.fact,
                quarter.start,
                quarter.end,
                before=today + timedelta(days=1),
                calendar=segment.initiative.team.calendar,
            ),
        )
        for segment in WorkSegment.objects.select_related("initiative__team")
    )


def test_three_are_logged_started_and_move_the_share_by_keys_alone(
    page: Page, site: LiveServer, cast: Cast
) -> None:
    cast.platform.working_weekdays = 127  # so that today counts on a Sunday, too
    cast.platform.save()
    today = cast.org.today()
    sign_in(page, site, cast.member.email)
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/initiatives/**")
    page.keyboard.press("n")
    log_one(page, PLANNED, "Planned", "3w")
    log_one(page, CAME_UP, "Opportunistic", "4")
    log_one(page, THIRD, "Planned", "2.5d")
    came_up = Initiative.objects.get(title=CAME_UP)
    assert (came_up.need, came_up.trigger) == ("dire-need", "incident")
    assert Initiative.objects.get(title=PLANNED).estimate_mpd == 15_000

    press_until(page, "Tab", "String(document.activeElement.closest('#rows') !== null)", "true")
    walk_to(page, THIRD, "estimate")
    page.keyboard.press("Enter")
    expect(page.locator("#rows input[name=estimate_mpd][type=text]")).to_be_focused()
    page.keyboard.type("1w")
    page.keyboard.press("Enter")
    expect(page.locator("#rows tr", has_text=THIRD).locator("[data-f=estimate]")).to_have_text("5")
    assert Initiative.objects.get(title=THIRD).estimate_mpd == 5_000
    start(page, PLANNED, today)
    start(page, CAME_UP, today - timedelta(days=3))
    start(page, THIRD, today - timedelta(days=1))
    expect(page.locator("#rows").get_by_text("Active", exact=True)).to_have_count(3)

    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url("**/teams/platform/**")
    expect(page.locator("#share .barlayer .point").first).to_be_visible()

    mix = brute_force(cast)
    assert mix.opportunistic
    assert mix.planned
    assert mix.share is not None
    # The chart shows person-days and percent, the sum is in thousandths of a day.
    drawn = {role: round(pd * 1000) for role, pd in page.evaluate(BARS)}
    assert drawn == {"planned": mix.planned, "opportunistic": mix.opportunistic}
    assert page.evaluate(SHARE) == pytest.approx(float(mix.share) * 100, abs=1e-5)
    cells = page.locator("#share details.data tbody tr").first.locator("td").all_text_contents()
    pd, percent = (mix.opportunistic / 1000, mix.planned / 1000), float(mix.share) * 100
    shown = [*(f"{amount:g}" for amount in pd), "0", f"{percent:.1f}"]  # 0 pd are unclassified
    assert [re.sub(r"[^\d.]", "", cell) for cell in cells[:4]] == shown
    expect(page.locator("h1")).to_contain_text(shown[3])
