"""A period is closed, a date is corrected, and the restatement explains itself."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.views.golden import write_example
from tracker.models import PeriodClose, TeamCounter, WorkSegment

pytestmark = pytest.mark.browser
OpenAs = Callable[[str, str], Page]
SINCE = "2026 Q1: 28.8\u202f%, restated +0.5\u202fpp from 28.3\u202f% as reported"


class TestReports:
    """What a lead does at the end of a quarter, and what happens after it."""

    def test_a_corrected_date_restates_the_closed_quarter(
        self, cast: Cast, open_as: OpenAs
    ) -> None:
        """Close by the keyboard, correct on the initiative's page, read why in the report."""
        example = write_example(cast.platform)
        TeamCounter.take_numbers(cast.platform.pk, 10)
        page = open_as("lead", "/teams/platform/reports/")
        page.get_by_role("button", name="Close 2026 Q1").press("Enter")
        expect(page.get_by_role("heading", name="Platform, 2026 Q1")).to_be_visible()
        expect(page.locator("#since")).to_contain_text("stands as reported")
        assert PeriodClose.objects.get(slug="2026-q1").opportunistic == 79_000

        work = WorkSegment.objects.get(initiative=example["A"])
        page.goto(page.url.partition("/teams/")[0] + f"/initiatives/PLAT-1/segments/{work.pk}/")
        page.get_by_label("Last day").fill("2026-02-06")
        page.get_by_label("Last day").press("Enter")
        expect(page.get_by_label("Last day")).to_have_count(0)

        page.goto(page.url.partition("/initiatives/")[0] + "/teams/platform/reports/2026-q1/")
        expect(page.locator("#since")).to_contain_text(SINCE)
        expect(page.locator("#since")).to_contain_text("(1 date correction)")
        expect(page.locator("#since tbody tr")).to_have_count(1)
        expect(page.locator("p.finding")).to_contain_text("28.3\u202f% of 279 pd")

        page.goto(page.url.partition("/teams/")[0] + "/teams/platform/?period=2026-q1&by=quarter")
        expect(page.locator("#share figcaption")).to_contain_text("2026 Q1 restated from 28.3")
        expect(page.locator("#share .js-plotly-plot")).to_be_visible()
        drawn = page.evaluate(
            "document.querySelector('#share .js-plotly-plot').data"
            ".find(t => t.meta?.role === 'share').marker.symbol"
        )
        assert drawn.count("square") == 1

    def test_the_day_is_picked_in_the_filter_bar(self, cast: Cast, open_as: OpenAs) -> None:
        """The page follows without a reload, says so, and leads back."""
        write_example(cast.platform)
        page = open_as("viewer", "/teams/platform/?period=2026-q1")
        page.evaluate("window.same = true")
        page.get_by_role("button", name="As known today").press("Enter")
        page.get_by_label("As known on").fill("2026-04-08")
        expect(page.get_by_role("button", name="As known 8 Apr 2026")).to_be_visible()
        assert "known=2026-04-08" in page.url
        page.get_by_role("link", name="Back to now").click()
        expect(page.get_by_role("button", name="As known today")).to_be_visible()
