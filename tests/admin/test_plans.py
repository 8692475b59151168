"""Plans in the panel: a lead looks at them, and changes nothing there."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.admin.support import page, snapshot
from tests.cast import Cast
from tests.plans import lock, rank
from tracker.models import Baseline, BaselineItem, Plan

AsPerson = Callable[[str], Client]


class TestPlans:
    def test_a_lead_sees_items_and_locks_and_the_way_to_the_page(
        self, cast: Cast, plan: Plan, log: Any, lead: Client
    ) -> None:
        rank(plan, log("One", pd=5), log("Two", pd=7))
        lock(plan, cast)
        lock(plan, cast, "op2")
        html = lead.get(page("plan")).content.decode()
        assert "2 times" in html
        assert reverse("plan", args=["platform", "2026-h2"]) in html
        html = lead.get(page("plan", "change", plan.pk)).content.decode()
        assert "OP1, 1 Jul 2026, Lead; OP2, 1 Jul 2026, Lead" in html

    def test_nothing_of_it_can_be_posted(self, plan: Plan, lead: Client) -> None:
        before = snapshot()
        for url in (page("plan", "change", plan.pk), page("plan", "delete", plan.pk)):
            assert lead.post(url, {"reserve_mpd": "0", "post": "yes"}).status_code == 403
        assert lead.post(page("plan", "add"), {"reserve_mpd": "0"}).status_code == 403
        assert snapshot() == before

    def test_locks_have_no_page_here(self) -> None:
        registered = set(admin.site._registry)
        assert not registered & {Baseline, BaselineItem}

    def test_the_list_asks_few_queries(
        self,
        plan: Plan,
        lead: Client,
        django_assert_max_num_queries: Any,
    ) -> None:
        with django_assert_max_num_queries(9):
            lead.get(page("plan"))
