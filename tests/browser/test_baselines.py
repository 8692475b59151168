"""A plan is locked as OP1, changed, corrected as OP2, and both are compared."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.hostile import CORPUS, Watch
from tests.browser.support import Log
from tests.cast import Cast
from tests.plans import lock, rank
from tracker.actions import initiatives
from tracker.models import Baseline, Cycle, Initiative, Plan, PlanMonth

pytestmark = pytest.mark.browser
Open = Callable[[str, str], Page]
SignIn = Callable[[BrowserContext, str], None]
PLAN = "/teams/platform/plan/next-year/"


@pytest.fixture
def plan(cast: Cast, log: Log) -> Plan:
    """Give Platform's plan for next year, in preparation: a queue, an index and a cache."""
    start = date(cast.org.today().year + 1, 1, 1)
    cycle = Cycle.objects.create(
        name="Next year",
        slug="next-year",
        starts_on=start,
        ends_before=date(start.year + 1, 1, 1),
    )
    plan: Plan = Plan.objects.create(team=cast.platform, cycle=cycle, reserve_mpd=20_000)
    for month in range(1, 13):
        PlanMonth.objects.create(plan=plan, month=start.replace(month=month), fte_milli=1000)
    rows = []
    for number, title in enumerate(("Job queue", "Search index", "Cache")):
        first = start + timedelta(days=40 * number)
        days = {"target_start": first, "due_on": first + timedelta(days=30)}
        rows.append(log(title, pd=20, origin="planned", **days))
    rank(plan, *rows)
    plan.items.update(outcome="Fewer pages", measured_by="The pager", approach="In steps")
    return plan


def spec(page: Page) -> dict[str, Any]:
    """Return the timeline as Plotly was given it."""
    page.locator("#timeline .js-plotly-plot").wait_for()
    found: dict[str, Any] = json.loads(page.locator("#timeline-spec").text_content() or "")
    return found


class TestLockAndCompare:
    def test_op1_is_locked_the_plan_changes_op2_corrects_it(
        self, open_as: Open, plan: Plan, cast: Cast
    ) -> None:
        page = open_as("lead", PLAN)
        page.get_by_role("link", name="Lock OP1").click()
        page.get_by_role("button", name="Lock the plan").click()
        expect(page.get_by_role("status").filter(has_text="OP1 is locked")).to_be_visible()
        expect(page.locator(".chain li")).to_have_count(1)
        expect(page.locator(".chain li")).to_contain_text("by Lead")

        queue = Initiative.objects.get(title="Job queue")
        changes = {"estimate_mpd": 35_000}
        initiatives.edit(by=cast.lead, pk=queue.pk, version=queue.version, changes=changes)
        page.reload()
        row = page.locator("tr", has_text="Cache")
        row.get_by_role("button", name="Move Cache").press("Shift+ArrowUp")
        expect(page.locator("[data-item]").first).to_contain_text("Cache")
        expect(page.get_by_text("two changes since OP1")).to_be_visible()

        page.get_by_role("link", name="Lock OP2").click()
        page.get_by_role("button", name="Lock the plan").click()
        expect(page.locator(".chain li")).to_have_count(2)

        page.goto(page.url.split("/teams/")[0] + f"{PLAN}compare/?a=0&b=1")
        expect(page.locator("h2.finding")).to_contain_text("1 re-estimated")
        expect(page.locator("h2.finding")).to_contain_text("1 re-ranked")
        changed = page.locator(".compare tr", has_text="Job queue")
        expect(changed.locator("del", has_text="20")).to_be_visible()
        expect(changed.locator("ins", has_text="35")).to_be_visible()
        drawn = spec(page)["data"]
        assert [trace["meta"]["role"] for trace in drawn][-1] == "planned"
        assert sorted(len(trace["y"]) for trace in drawn) == [3, 3]

    def test_without_script_too(
        self, site: LiveServer, browser: Browser, sign_in: SignIn, plan: Plan
    ) -> None:
        context = browser.new_context(java_script_enabled=False)
        sign_in(context, "lead")
        page = context.new_page()
        page.goto(f"{site.url}{PLAN}lock/")
        page.get_by_role("button", name="Lock the plan").click()
        expect(page.locator(".chain li")).to_have_count(1)
        page.goto(f"{site.url}{PLAN}compare/")
        page.get_by_label("Newer state").select_option("now")
        page.get_by_role("button", name="Compare").click()
        expect(page.locator("h2.finding")).to_contain_text("OP1")
        context.close()

    def test_two_clicks_make_one_lock_and_a_plan_that_changed_meanwhile_none(
        self, open_as: Open, plan: Plan
    ) -> None:
        page = open_as("lead", f"{PLAN}lock/")
        Plan.objects.filter(pk=plan.pk).update(version=plan.version + 1)
        page.get_by_role("button", name="Lock the plan").click()
        expect(page.get_by_role("alert")).to_contain_text("has changed since")
        assert not Baseline.objects.exists()
        page.get_by_role("button", name="Lock the plan").dblclick()
        expect(page.locator(".chain li")).to_have_count(1)
        assert Baseline.objects.count() == 1

    def test_a_click_on_a_bar_opens_the_initiative(
        self, open_as: Open, plan: Plan, cast: Cast
    ) -> None:
        lock(plan, cast, on=cast.org.today())
        page = open_as("viewer", f"{PLAN}compare/")
        spec(page)
        page.locator("#timeline .bars .point path").last.click(force=True)
        page.wait_for_url("**/initiatives/*/")
        expect(page.locator("h1")).to_contain_text("Cache")

    def test_hostile_titles_stay_text(
        self, watch: Watch, hostile: list[Initiative], cast: Cast, plan: Plan
    ) -> None:
        start = plan.cycle.starts_on
        days = {"target_start": start, "due_on": start + timedelta(days=20)}
        Initiative.objects.filter(pk__in=[it.pk for it in hostile]).update(**days)
        rank(plan, *hostile)
        lock(plan, cast, on=cast.org.today(), reason=CORPUS[0])
        Initiative.objects.filter(pk__in=[it.pk for it in hostile]).update(estimate_mpd=9000)
        plan.items.update(outcome=CORPUS[2])
        titles = [it.title for it in hostile]
        watch.open(f"{PLAN}compare/", *titles, CORPUS[2])
        page = watch.page
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{watch.base}{PLAN}compare/")
        spec(page)
        bar = page.locator("#timeline .barlayer .point path").last
        bar.scroll_into_view_if_needed()
        bar.hover(force=True)
        expect(page.locator("#timeline .hoverlayer .hovertext")).to_be_visible()
        watch.look(*titles)
        watch.open(PLAN, *titles, CORPUS[0])
        watch.open(f"{PLAN}lock/")
        assert watch.faults == []
