"""From an empty plan to a restated month: what a team does with its plan in a year, in one go."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support import Log
from tests.browser.test_funding import bars
from tests.cast import Cast
from tracker.domain.lifecycle import Status
from tracker.models import Baseline, Funding, Initiative, PeriodClose, Plan, WorkSegment

pytestmark = pytest.mark.browser
Open = Callable[[str, str], Page]


@pytest.fixture
def today(cast: Cast) -> date:
    """Give the day of the story, which is today."""
    return cast.org.today()


@pytest.fixture
def last_month(today: date) -> date:
    """Give the first day of the month that is over."""
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


class TestPlanStory:
    """Nothing is prepared but the team, two initiatives at work, and one that waits."""

    def test_a_plan_is_locked_amended_disturbed_and_accounted_for(
        self, cast: Cast, log: Log, open_as: Open, today: date, last_month: date
    ) -> None:
        """OP1, OP2, a dire need, its funding, a closed month, a correction and why it moved."""
        usual: dict[str, Any] = {"status": Status.ACTIVE, "today": last_month}
        index = log("Search index", pd=60, origin="planned", **usual)
        log("Job queue", pd=20, origin="planned", **usual)
        need = log(
            "Rate limits", pd=18, origin="opportunistic", need="dire-need",
            status=Status.PROPOSED, today=today,
        )  # fmt: skip
        self.make_the_cycle(open_as("group_lead", "/cycles/add/?kind=year"))
        page = open_as("lead", "/teams/platform/plan/")
        self.begin_and_rank(page, index)
        self.lock(page, "OP1", today)
        self.amend_as_op2(page, today)
        base = page.url.partition("/teams/")[0]
        self.fund(page, base, need)
        self.look_at_the_funding(page, base)
        self.close_and_correct(page, base, index, last_month)

    def make_the_cycle(self, page: Page) -> None:
        """The year that is running is filled in."""
        page.get_by_role("button", name="Add the cycle").press("Enter")
        expect(page.locator("main")).to_contain_text("running")

    def begin_and_rank(self, page: Page, index: Initiative) -> None:
        """One person all year, 20 pd kept back, two items; the second goes to the top."""
        page.get_by_role("button", name="Begin the plan").press("Enter")
        people = page.locator("[data-fte]")
        people.first.fill("1")
        page.get_by_role("button", name="The same from Jan").press("Enter")
        expect(people.last).to_have_value("1")
        page.get_by_label("Reserve").fill("20")
        page.get_by_label("Reserve").press("Enter")
        search = page.get_by_label("Title or key of an initiative")
        search.fill("search")
        page.locator("#plan-found button", has_text=index.key).press("Enter")
        expect(page.locator("[data-item]")).to_have_count(1)
        search.fill("job")
        page.locator("#plan-found button", has_text="Job queue").press("Enter")
        rows = page.locator("[data-item]")
        expect(rows).to_have_count(2)
        rows.nth(1).locator(".grip").press("ArrowUp")
        expect(rows.first).to_contain_text("Job queue")
        expect(rows.first.locator(".grip")).to_be_focused()
        expect(page.locator("h2.finding")).to_contain_text("plans 80 of")

    def lock(self, page: Page, name: str, day: date) -> None:
        """What is missing is said; the lock is made without it, and holds from the first day."""
        page.get_by_role("link", name=f"Lock {name}").press("Enter")
        page.get_by_label(name, exact=False).first.check()
        page.get_by_label("Holds from").fill(f"{day.year}-01-01")
        page.get_by_label("Lock without what is missing").check()
        page.get_by_role("button", name="Lock the plan").press("Enter")
        expect(page.locator(".chain li").first).to_contain_text(name)

    def amend_as_op2(self, page: Page, today: date) -> None:
        """The order changes, OP2 stores it, and the comparison names it."""
        page.locator("[data-item]").nth(1).locator(".grip").press("ArrowUp")
        expect(page.locator("[data-item]").first).to_contain_text("Search index")
        page.reload()
        self.lock(page, "OP2", today)
        assert [lock.name for lock in Baseline.objects.order_by("number")] == ["OP1", "OP2"]
        page.get_by_role("link", name="Changes").press("Enter")
        page.get_by_label("Older state").select_option(label="OP1")
        page.get_by_label("Newer state").select_option(label="OP2")
        page.get_by_role("button", name="Compare").press("Enter")
        expect(page.locator("h2.finding")).to_contain_text("1 re-ranked")

    def fund(self, page: Page, base: str, need: Initiative) -> None:
        """13 pd come from a planned item, 5 pd from the reserve."""
        page.goto(f"{base}/initiatives/{need.key}/")
        page.locator("#turn-commit").press("Enter")
        page.get_by_role("button", name="Commit it").press("Enter")
        expect(page.locator("#funding-sum strong")).to_have_text("Unfunded by 18 pd")
        page.get_by_label("Search planned work by key or title").fill("search")
        row = page.locator("#funding-items li")
        expect(row).to_have_count(1)
        row.get_by_role("textbox").fill("13")
        page.locator("[name=reserve]").fill("5")
        expect(page.locator("#funding-sum strong")).to_have_text("Funded")
        page.get_by_role("button", name="Save", exact=True).press("Enter")
        expect(page.locator("#funding-title")).to_have_text("18 of 18 pd are funded")
        assert sum(Funding.objects.values_list("mpd", flat=True)) == 18_000

    def look_at_the_funding(self, page: Page, base: str) -> None:
        """The waterfall and the burn-down have moved."""
        plan = Plan.objects.select_related("cycle").get()
        page.goto(f"{base}/teams/platform/plan/{plan.cycle.slug}/funding/")
        assert bars(page)["Displaced from the plan"] == "+13"
        expect(page.locator("#reserve figcaption")).to_contain_text("15 of 20 pd left")

    def close_and_correct(self, page: Page, base: str, index: Initiative, month: date) -> None:
        """The month is closed; a corrected day restates it, and the report says why."""
        page.goto(f"{base}/teams/platform/reports/")
        page.get_by_role("button", name=f"Close {month:%b %Y}").press("Enter")
        expect(page.locator("#since")).to_contain_text("stands as reported")
        close = PeriodClose.objects.get(slug=f"{month:%Y-%m}")
        work = WorkSegment.objects.get(initiative=index)
        page.goto(f"{base}/initiatives/{index.key}/segments/{work.pk}/")
        first = page.get_by_label("First day")
        first.fill((month + timedelta(days=14)).isoformat())
        first.press("Enter")
        expect(first).to_have_count(0)
        page.goto(f"{base}/teams/platform/reports/{close.slug}/")
        expect(page.locator("#since")).to_contain_text("1 date correction")
        close.refresh_from_db()
        assert close.planned > 0
        expect(page.locator("p.finding")).to_contain_text(f"{close.planned // 1000} pd")
