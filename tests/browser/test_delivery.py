"""Plan against actual in a real browser: from a figure, a period or a mark to the items."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hostile import CORPUS, Watch, words
from tests.browser.support import Log
from tests.cast import Cast
from tests.plans import lock, rank
from tracker.models import Cycle, Funding, Initiative, Plan

pytestmark = pytest.mark.browser
Open = Callable[[str, str], Page]
URL = "/teams/platform/plan/last-year/delivery/"


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Give Platform's plan for the year that is over, named as somebody hostile would."""
    year = cast.org.today().year - 1
    days = {"starts_on": date(year, 1, 1), "ends_before": date(year + 1, 1, 1)}
    cycle = Cycle.objects.create(name=words(CORPUS[0], 40), slug="last-year", **days)
    found: Plan = Plan.objects.create(team=cast.platform, cycle=cycle)
    return found


def promised(plan: Plan, cast: Cast, items: list[Initiative], due: date) -> None:
    """Lock a plan in which all items are due on one day."""
    pks = [it.pk for it in items]
    Initiative.objects.filter(pk__in=pks).update(target_start=plan.cycle.starts_on, due_on=due)
    rank(plan, *items)
    lock(plan, cast, on=plan.cycle.starts_on)


@pytest.fixture
def late(plan: Plan, cast: Cast, log: Log) -> Initiative:
    """Give an item that came a week late, by what an opportunity took, beside one in time."""
    due = plan.cycle.starts_on.replace(month=3, day=31)
    found, kept = log("Slow rock", pd=5, origin="planned"), log("Kept", pd=5, origin="planned")
    promised(plan, cast, [found, kept], due)
    for it, days in ((found, 7), (kept, 0)):
        done = {"status": "delivered", "delivered_on": due + timedelta(days=days)}
        Initiative.objects.filter(pk=it.pk).update(**done)
    cause = log("Outage", pd=2, origin="opportunistic", trigger="incident")
    taken = {"source": "displaced", "manner": "delay", "mpd": 100, "on": due}
    Funding.objects.create(plan=plan, opportunity=cause, displaced=found, **taken)
    return found


class TestDelivery:
    def test_a_figure_opens_the_items_behind_it(self, open_as: Open, late: Initiative) -> None:
        page = open_as("viewer", URL)
        drawer = page.locator("#due")
        expect(drawer.get_by_text("Slow rock")).to_be_hidden()
        page.get_by_role("link", name="Say/do by count").focus()
        page.keyboard.press("Enter")
        expect(drawer.get_by_text("Slow rock")).to_be_visible()
        expect(drawer.locator("tfoot")).to_contain_text("2 of 2 delivered")

    def test_a_period_is_chosen_without_a_reload_and_stands_in_the_address(
        self, open_as: Open, late: Initiative
    ) -> None:
        page = open_as("viewer", URL)
        quarter = page.locator("#period option", has_text="Q1").first.get_attribute("value")
        page.get_by_label("Period", exact=True).and_(page.locator("select")).select_option(quarter)
        expect(page.locator("h2.finding")).to_contain_text("1 of 2 commitments")
        assert f"period={quarter}" in page.url
        page.reload()
        expect(page.locator("h2.finding")).to_contain_text("1 of 2 commitments")

    def test_a_mark_leads_to_its_item(self, open_as: Open, late: Initiative) -> None:
        page = open_as("viewer", URL)
        marks = page.locator("#slips .scatterlayer .points path")
        marks.first.wait_for()
        marks.last.scroll_into_view_if_needed()
        marks.first.click(force=True)
        page.wait_for_url(f"**/initiatives/{late.key}/")

    def test_it_tells_who_made_it_late(self, open_as: Open, late: Initiative) -> None:
        page = open_as("viewer", URL)
        row = page.locator("#late tbody tr", has_text="Slow rock").first
        cause = Initiative.objects.get(title="Outage")
        expect(row.get_by_role("link", name=cause.key)).to_be_visible()


class TestHostileText:
    def test_titles_are_text_in_tables_labels_and_hovers(
        self, watch: Watch, hostile: list[Initiative], plan: Plan, cast: Cast
    ) -> None:
        promised(plan, cast, hostile, plan.cycle.starts_on.replace(month=2, day=2))
        titles = [it.title for it in hostile]
        watch.open(URL, *titles)
        watch.open("/plans/delivery/?cycle=last-year", *titles)
        page = watch.page
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(watch.base + URL)
        mark = page.locator("#slips .scatterlayer .points path").first
        mark.scroll_into_view_if_needed()
        mark.hover(force=True)
        expect(page.locator("#slips .hoverlayer .hovertext")).to_contain_text("planned")
        assert page.locator(".js-plotly-plot a").count() == 0
        watch.look()
        assert watch.faults == []
