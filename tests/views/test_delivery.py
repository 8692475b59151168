"""Plan against actual, of a team and of all: the golden quarter through database and page."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cast import TODAY, Cast
from tests.plans import START, lock, make_plan, rank
from tracker.forms.delivery import read_delivery
from tracker.models import (
    Funding,
    Initiative,
    Membership,
    Plan,
    PlanItem,
    Role,
    WorkSegment,
)
from tracker.queries.delivery import delivery_of

Log = Callable[..., Initiative]
HOSTILE = "<script>alert(1)</script> & \"'=1+1"


@pytest.fixture(autouse=True)
def _today(cast: Cast) -> Any:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Give Platform's plan for the second half of 2026."""
    return make_plan(cast)


def address(team: str = "platform", **query: str) -> str:
    base = reverse("plan_delivery", args=[team, "2026-h2"])
    return f"{base}?{'&'.join(f'{name}={value}' for name, value in query.items())}"


def became(it: Initiative, status: str, on: date | None = None, pd: float | None = None) -> None:
    """Say what became of an initiative, with the effort it took."""
    fields: dict[str, Any] = {"status": status}
    if on is not None:
        fields[f"{status}_on"] = on
    if pd is not None:
        fields["actual_mpd"] = round(pd * 1000)
    Initiative.objects.filter(pk=it.pk).update(**fields)


@pytest.fixture
def golden(plan: Plan, cast: Cast, log: Log) -> dict[str, Initiative]:
    """Give A, C and G of the golden quarter, moved to July: two of three, 90 of 140 pd."""

    def planned(title: str, pd: float, due: date, start: date = START) -> Initiative:
        return log(title, pd=pd, origin="planned", target_start=start, due_on=due)

    items = {
        "A": planned("Audit trail", 45, date(2026, 7, 31)),
        "C": planned("Cost report", 45, date(2026, 8, 14)),
        "G": planned("Gateway", 50, date(2026, 8, 28)),
        "B": planned("Big rock", 160, date(2026, 12, 11)),
    }
    rank(plan, *items.values())
    lock(plan, cast)
    became(items["A"], "delivered", date(2026, 7, 31), 44)
    became(items["C"], "delivered", date(2026, 8, 14), 60)
    became(items["G"], "deferred", date(2026, 8, 20))
    return items


def text_of(page: Any) -> str:
    """Return a page with its thin spaces as plain ones."""
    return str(page.content.decode()).replace("\u202f", " ")


@pytest.mark.django_db
class TestPlanDelivery:
    def test_the_golden_figures_stand_beside_their_numbers(
        self, golden: dict[str, Initiative], as_person: Callable[[str], Client]
    ) -> None:
        page = text_of(as_person("viewer").get(address()))
        assert "66.7 %" in page
        assert "2 of 3" in page
        assert "64.3 %" in page
        assert "90 of 140 pd" in page
        assert "off by 16 of 90 pd" in page
        assert "104 for 90 pd planned" in page

    def test_accuracy_takes_what_was_worked_where_nobody_told_the_effort(
        self, golden: dict[str, Initiative], cast: Cast, as_person: Callable[[str], Client]
    ) -> None:
        Initiative.objects.filter(pk=golden["A"].pk).update(actual_mpd=None)
        WorkSegment.objects.create(
            initiative=golden["A"],
            starts_on=date(2026, 7, 1),
            ends_before=date(2026, 8, 1),
            fte_milli=2000,
        )
        assert "106 for 90 pd planned" in text_of(as_person("viewer").get(address()))

    def test_a_slip_is_put_down_to_what_took_from_the_item(
        self, plan: Plan, cast: Cast, log: Log, as_person: Callable[[str], Client]
    ) -> None:
        # 40 pd in 20 working days: 2 FTE
        late = log("Late", pd=40, target_start=date(2026, 7, 6), due_on=date(2026, 7, 31))
        rank(plan, late)
        lock(plan, cast)
        became(late, "delivered", date(2026, 8, 21))
        causes = [log(f"Cause {n}", pd=20, origin="opportunistic") for n in (1, 2)]
        for cause, mpd in zip(causes, (12_000, 8_000), strict=True):
            Funding.objects.create(
                plan=plan,
                opportunity=cause,
                source="displaced",
                displaced=late,
                manner="delay",
                mpd=mpd,
                on=date(2026, 7, 10),
            )
        page = text_of(as_person("viewer").get(address()))
        assert f'<a href="/initiatives/{causes[0].key}/">{causes[0].key}</a> 6' in page
        assert f'<a href="/initiatives/{causes[1].key}/">{causes[1].key}</a> 4' in page
        assert "1 late by 15 working days (10 due to opportunities, 5 other causes)" in page

    def test_an_amendment_gets_a_column_of_its_own(
        self, golden: dict[str, Initiative], plan: Plan, cast: Cast, log: Log, as_person: Any
    ) -> None:
        added = log("Adopted", pd=32, due_on=date(2026, 9, 4), target_start=date(2026, 8, 24))
        PlanItem.objects.filter(initiative=golden["G"]).delete()
        PlanItem.objects.create(plan=plan, initiative=added, position=9999)
        lock(plan, cast, "amendment", date(2026, 8, 17), reason="A customer.")
        page = text_of(as_person("viewer").get(address()))
        assert "As amended" in page
        assert "32 added, 50 removed of 300 pd" in page
        assert "+32" in page
        assert "\u221250" in page

    def test_a_period_counts_only_what_was_due_in_it(
        self, golden: dict[str, Initiative], as_person: Callable[[str], Client]
    ) -> None:
        page = text_of(as_person("viewer").get(address(period="2026-07")))
        assert "1 of 1" in page
        assert 'value="2026-07" selected' in page

    @pytest.mark.parametrize("period", ["2026-12", "2019-01", "%3Cb%3E"])
    def test_a_period_that_cannot_be_shown_gives_all_and_says_so(
        self, golden: dict[str, Initiative], as_person: Callable[[str], Client], period: str
    ) -> None:
        answer = as_person("viewer").get(address(period=period))
        assert answer.status_code == 200
        assert "so all of it is shown" in text_of(answer)
        assert "<b>" not in text_of(answer).split("callout")[1][:200]

    def test_without_a_lock_it_teaches_to_lock(
        self, plan: Plan, as_person: Callable[[str], Client]
    ) -> None:
        assert "Nothing was locked for this cycle" in text_of(as_person("viewer").get(address()))

    def test_without_a_plan_it_teaches_to_make_one(
        self, plan: Plan, as_person: Callable[[str], Client]
    ) -> None:
        page = text_of(as_person("other_lead").get(address("checkout")))
        assert "No plan yet" in page

    def test_a_day_of_the_past_shows_what_was_recorded_by_then(
        self, plan: Plan, cast: Cast, log: Log, as_person: Callable[[str], Client]
    ) -> None:
        with time_machine.travel(date(2026, 7, 1), tick=False):
            it = log("Slow", pd=10, due_on=date(2026, 7, 31), today=date(2026, 7, 1))
            rank(plan, it)
            lock(plan, cast)
        with time_machine.travel(datetime(2026, 9, 1, 8, tzinfo=UTC), tick=False):
            it.refresh_from_db()
            it.status, it.delivered_on, it.estimate_mpd = "delivered", date(2026, 7, 31), 12_000
            it.save()
        client = as_person("viewer")
        now = text_of(client.get(address()))
        assert "1 of 1" in now
        assert "+2 of 10 pd" in now
        then = text_of(client.get(address(known="2026-08-20")))
        assert "As known on 20 Aug 2026" in then
        assert "0 of 1" in then
        assert "0 of 10 pd" in then
        assert "1 late by 14 working days" in then

    @pytest.mark.parametrize("known", ["2027-01-01", "yesterday", "0001-01-01"])
    def test_a_day_that_is_none_of_the_past_is_told(
        self, golden: dict[str, Initiative], as_person: Callable[[str], Client], known: str
    ) -> None:
        page = text_of(as_person("viewer").get(address(known=known)))
        assert "no day of the past" in page
        assert "2 of 3" in page

    def test_a_cycle_ahead_says_when_it_begins(
        self, plan: Plan, cast: Cast, log: Log, as_person: Callable[[str], Client]
    ) -> None:
        rank(plan, log(pd=5, due_on=date(2026, 9, 1)))
        lock(plan, cast, today=date(2026, 6, 1))
        client = as_person("viewer")
        with time_machine.travel(date(2026, 6, 15), tick=False):
            client.force_login(cast.viewer)
            page = text_of(client.get(address()))
        assert "2026 H2 begins on 1 Jul 2026" in page
        assert "0 of 0" not in page

    def test_a_late_first_lock_is_told(
        self, plan: Plan, cast: Cast, log: Log, as_person: Callable[[str], Client]
    ) -> None:
        rank(plan, log(pd=5, due_on=date(2026, 9, 1)))
        lock(plan, cast, today=date(2026, 8, 10))
        page = text_of(as_person("viewer").get(address()))
        assert "The first lock was recorded on 10 Aug 2026" in page

    def test_strangers_see_nothing_of_it(
        self, golden: dict[str, Initiative], as_person: Callable[[str], Client]
    ) -> None:
        assert as_person("stranger").get(address()).status_code == 404
        assert as_person("viewer").get(address().replace("2026-h2", "1999")).status_code == 404

    def test_a_deleted_item_keeps_its_name_without_a_link(
        self, golden: dict[str, Initiative], as_person: Callable[[str], Client]
    ) -> None:
        Initiative.objects.filter(pk=golden["G"].pk).update(
            deleted_at=datetime(2026, 9, 1, tzinfo=UTC)
        )
        page = text_of(as_person("viewer").get(address()))
        assert "Gateway (deleted)" in page
        assert f"/initiatives/{golden['G'].key}/" not in page

    def test_hostile_titles_are_text(
        self, plan: Plan, cast: Cast, log: Log, as_person: Callable[[str], Client]
    ) -> None:
        it = log(HOSTILE, pd=5, target_start=START, due_on=date(2026, 8, 3))
        rank(plan, it)
        lock(plan, cast)
        page = text_of(as_person("viewer").get(address()))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page

    def test_htmx_gets_the_part_that_changes(
        self, golden: dict[str, Initiative], as_person: Callable[[str], Client]
    ) -> None:
        headers = {"HX-Request": "true", "HX-Target": "delivery"}
        page = text_of(as_person("viewer").get(address(period="2026-08"), headers=headers))
        assert page.lstrip().startswith('<div id="delivery">')
        assert "<html" not in page

    def test_queries_do_not_grow_with_the_plan(
        self,
        plan: Plan,
        cast: Cast,
        as_person: Callable[[str], Client],
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        rows = [
            Initiative(
                team=cast.platform,
                number=1000 + n,
                title=f"Item {n}",
                status="delivered" if n % 2 else "committed",
                delivered_on=date(2026, 8, 1) + timedelta(days=n % 40) if n % 2 else None,
                committed_on=START,
                estimate_mpd=5000,
                target_start=START,
                due_on=date(2026, 8, 1) + timedelta(days=n % 30),
            )
            for n in range(200)
        ]
        Initiative.every.bulk_create(rows)
        rank(plan, *rows)
        lock(plan, cast)
        client = as_person("viewer")
        with django_assert_max_num_queries(16):
            page = client.get(address())
        assert page.status_code == 200


@pytest.mark.django_db
class TestDelivery:
    def test_it_adds_up_what_the_person_may_see(
        self,
        golden: dict[str, Initiative],
        cast: Cast,
        log: Log,
        as_person: Callable[[str], Client],
    ) -> None:
        other = Plan.objects.create(team=cast.checkout, cycle=Plan.objects.get().cycle)
        done = log(
            "Refunds", pd=10, team=cast.checkout, by=cast.other_lead, due_on=date(2026, 8, 3)
        )
        rank(other, done)
        lock(other, cast)
        became(done, "delivered", date(2026, 8, 3), 10)
        page = text_of(as_person("group_lead").get(reverse("delivery")))
        assert "3 of 4" in page
        assert "100 of 150 pd" in page
        assert "Engineering" in page
        alone = text_of(as_person("viewer").get(reverse("delivery")))
        assert "2 of 3" in alone
        assert "Refunds" not in alone

    def test_a_group_is_the_sum_of_its_teams(
        self, golden: dict[str, Initiative], cast: Cast, log: Log
    ) -> None:
        plan = Plan.objects.get()
        span = ("2026 H2", plan.cycle.starts_on, plan.cycle.ends_before)
        asked = read_delivery({}, span, cast.org.fiscal, today=TODAY)
        found = delivery_of(
            [cast.group, cast.platform, cast.checkout],
            plan.cycle,
            asked.period,
            before=TODAY + timedelta(days=1),
        )
        assert found.total() == found.total({cast.platform.pk})
        assert found.total({cast.checkout.pk}).say_do.due == 0

    def test_without_a_cycle_it_says_so(
        self, cast: Cast, as_person: Callable[[str], Client]
    ) -> None:
        assert "No cycle yet" in text_of(as_person("viewer").get(reverse("delivery")))

    def test_an_unknown_cycle_gives_the_running_one(
        self, golden: dict[str, Initiative], as_person: Callable[[str], Client]
    ) -> None:
        page = text_of(as_person("viewer").get(reverse("delivery"), {"cycle": "<b>"}))
        assert "There is no cycle" in page
        assert "2 of 3" in page

    def test_someone_without_a_team_sees_an_empty_page(
        self, golden: dict[str, Initiative], cast: Cast, as_person: Callable[[str], Client]
    ) -> None:
        page = as_person("stranger").get(reverse("delivery"))
        assert page.status_code == 200
        assert "You are in no team yet" in text_of(page)
        assert "2026 H2" not in text_of(page)

    def test_queries_do_not_grow_with_teams(
        self,
        golden: dict[str, Initiative],
        cast: Cast,
        as_person: Callable[[str], Client],
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        Membership.objects.create(user=cast.viewer, team=cast.group, role=Role.VIEWER)
        client = as_person("viewer")
        with django_assert_max_num_queries(18):
            assert client.get(reverse("delivery")).status_code == 200
