"""Plan against people on origins, in a real browser: one click, one word, and no script."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_initiative import HOSTILE
from tests.cast import Cast
from tests.plans import lock, rank
from tracker.actions import initiatives
from tracker.models import Cycle, Initiative, OriginOverride, Plan

pytestmark = pytest.mark.browser
Open = Callable[[str, str], Page]
Log = Callable[..., Initiative]
SignIn = Callable[[BrowserContext, str], None]
LIST = "/teams/platform/plan/this-year/origins/"


@pytest.fixture
def listed(cast: Cast, log: Log) -> Initiative:
    """Give an initiative of this year's plan that somebody declared opportunistic afterwards."""
    year = cast.org.today().year
    cycle = Cycle.objects.create(
        name="This year",
        slug="this-year",
        starts_on=date(year, 1, 1),
        ends_before=date(year + 1, 1, 1),
    )
    plan: Plan = Plan.objects.create(team=cast.platform, cycle=cycle)
    it = log("Listed", pd=5, origin="planned", today=date(year, 1, 1))
    rank(plan, it)
    lock(plan, cast, on=cycle.starts_on)
    changes = {"origin": "opportunistic"}
    return initiatives.edit(by=cast.member, pk=it.pk, version=1, changes=changes)


class TestPlanOrigins:
    def test_one_click_settles_a_disagreement(
        self, site: LiveServer, listed: Initiative, open_as: Open
    ) -> None:
        page = open_as("member", LIST)
        heading = page.locator("h2.finding")
        expect(heading).to_have_text("One initiative was declared otherwise than planned")
        page.get_by_role("button", name="Take the plan’s word").click()
        expect(heading).to_have_text("Plan and people agree on This year")
        listed.refresh_from_db()
        assert listed.origin == "planned"

    def test_the_keyboard_does_as_well_and_an_opportunity_is_asked_what_brought_it(
        self, site: LiveServer, listed: Initiative, log: Log, open_as: Open
    ) -> None:
        late = log("Late", origin="planned")
        page = open_as("member", LIST)
        row = page.locator(f"#origin-{late.pk}")
        row.get_by_label("Need").focus()
        page.keyboard.press("d")
        page.keyboard.press("Tab")
        page.keyboard.press("i")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(row).to_have_count(0)
        late.refresh_from_db()
        assert (late.origin, late.need, late.trigger) == (
            "opportunistic",
            "dire-need",
            "incident",
        )

    def test_without_script_it_works_too(
        self, site: LiveServer, listed: Initiative, browser: Browser, sign_in: SignIn
    ) -> None:
        context = browser.new_context(java_script_enabled=False)
        sign_in(context, "member")
        page = context.new_page()
        page.goto(site.url + LIST)
        page.get_by_role("button", name="Take the plan’s word").click()
        expect(page.locator("h2.finding")).to_have_text("Plan and people agree on This year")
        context.close()

    @pytest.mark.parametrize("text", HOSTILE)
    def test_no_title_runs(
        self, site: LiveServer, listed: Initiative, log: Log, open_as: Open, text: str
    ) -> None:
        log(text, origin="planned")
        page = open_as("member", LIST)
        expect(page.locator("bdi", has_text=text.replace("\u202e", "")[:9]).first).to_be_visible()
        assert page.evaluate("window.pwned") is None


class TestInitiativeOrigin:
    def test_a_word_with_its_reason_counts_instead_and_is_withdrawn(
        self, site: LiveServer, listed: Initiative, open_as: Open
    ) -> None:
        page = open_as("member", f"/initiatives/{listed.key}/")
        title = page.locator("#origins-title")
        expect(title).to_have_text("Counts as planned in This year, though declared opportunistic")
        page.locator("#origins").get_by_role("button", name="Override").click()
        expect(page.get_by_label("Kind of reason")).to_be_focused()
        page.get_by_label("Kind of reason").select_option("new-scope")
        page.get_by_label("Why", exact=True).fill("Twice the size.")
        page.get_by_role("button", name="Count it as opportunistic in This year").click()
        expect(title).to_have_text("Counts as opportunistic in This year")
        assert OriginOverride.objects.get().text == "Twice the size."
        page.get_by_role("button", name="Withdraw").click()
        page.get_by_role("button", name="Go on").click()
        expect(title).to_have_text("Counts as planned in This year, though declared opportunistic")
        assert not OriginOverride.objects.exists()


class TestInitiativeSplit:
    def test_parts_are_typed_and_their_growth_is_told_first(
        self, site: LiveServer, listed: Initiative, open_as: Open
    ) -> None:
        page = open_as("member", f"/initiatives/{listed.key}/")
        page.get_by_role("button", name="Split").click()
        page.get_by_label("Part 1").fill("Read path")
        page.locator("[name=left_1]").fill("4")
        page.get_by_label("Part 2").fill("Write path")
        page.locator("[name=left_2]").fill("3")
        page.get_by_role("button", name="Split it").click()
        expect(page.locator("#turn")).to_contain_text("that is 2 pd of scope growth")
        page.get_by_role("button", name="Split it").click()
        expect(page.locator("aside")).to_contain_text("Write path")
        assert Initiative.objects.filter(parent=listed).count() == 2
