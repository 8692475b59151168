"""Cycles: listed for everybody in a team, made by leads of a topmost team."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from tests.cast import Cast
from tests.plans import lock, rank
from tracker.models import Cycle, Initiative, OriginShift, Plan

AsPerson = Callable[[str], Client]
NEXT = {
    "name": "2027 H1",
    "starts_on": "2027-01-01",
    "last_day": "2027-06-30",
    "grace_days": "0",
}


class TestCycles:
    """The list."""

    def test_it_teaches_what_a_cycle_is_before_there_is_one(self, as_person: AsPerson) -> None:
        """Who may make one gets the button, others hear who makes them."""
        assert b"Add the first cycle" in as_person("group_lead").get("/cycles/").content
        viewer = as_person("viewer").get("/cycles/").content
        assert b"Leads of a topmost team" in viewer
        assert b"/cycles/add/" not in viewer

    def test_it_counts_plans_and_locks(
        self, as_person: AsPerson, plan: Plan, cast: Cast, log: Callable[..., Initiative]
    ) -> None:
        """Two locks of one plan are one plan that was locked."""
        rank(plan, log(pd=5))
        lock(plan, cast)
        lock(plan, cast, "op2")
        rows = as_person("member").get("/cycles/").context["rows"]
        assert [(row.cycle.name, row.plans, row.locked) for row in rows] == [("2026 H2", 1, 1)]

    def test_its_queries_do_not_grow(
        self, as_person: AsPerson, django_assert_max_num_queries: Callable[..., object]
    ) -> None:
        """Twenty cycles cost what one costs."""
        for year in range(2030, 2050):
            Cycle.objects.create(
                name=str(year),
                slug=str(year),
                starts_on=date(year, 1, 1),
                ends_before=date(year + 1, 1, 1),
            )
        client = as_person("viewer")
        with django_assert_max_num_queries(5):  # type: ignore[attr-defined]
            client.get("/cycles/")


class TestCycleAdd:
    """A new cycle."""

    def test_the_next_one_is_filled_in(self, as_person: AsPerson, plan: Plan) -> None:
        """After a half comes the next half; other lengths are offered."""
        page = as_person("group_lead").get("/cycles/add/")
        assert page.context["form"].initial["name"] == "2027 H1"
        year = as_person("group_lead").get("/cycles/add/?kind=year")
        assert year.context["form"].initial["last_day"] == date(2027, 12, 31)

    def test_it_is_stored_with_who_made_it(self, as_person: AsPerson, cast: Cast) -> None:
        """The last day typed is the day before the stored end."""
        answer = as_person("group_lead").post("/cycles/add/", NEXT)
        assert answer.status_code == 302
        cycle = Cycle.objects.get(slug="2027-h1")
        assert cycle.ends_before == date(2027, 7, 1)
        assert cycle.history.get().history_user == cast.group_lead

    def test_a_double_submit_makes_one(self, as_person: AsPerson) -> None:
        """The second answer is that of the first."""
        client = as_person("group_lead")
        assert [client.post("/cycles/add/", NEXT).status_code for _ in range(2)] == [302, 302]
        assert Cycle.objects.count() == 1

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"starts_on": "2026-12-31"}, "2026 H2 has some of these days"),
            ({"last_day": "2026-01-01"}, "must not lie before the first"),
            ({"name": "2026 h2"}, "of this name already"),
            ({"name": "  "}, "This field is required"),
            ({"grace_days": "93"}, "less than or equal to 92"),
            ({"starts_on": "tomorrow"}, "Enter a valid date"),
            ({"last_day": "2999-01-01"}, "longer than 10 years"),
        ],
    )
    def test_nonsense_is_refused_and_kept(
        self, as_person: AsPerson, plan: Plan, changes: dict[str, str], message: str
    ) -> None:
        """The message stands at the field, the rest of what was typed stays."""
        answer = as_person("group_lead").post("/cycles/add/", NEXT | changes)
        assert answer.status_code == 422
        assert message in answer.content.decode()
        assert Cycle.objects.count() == 1

    def test_names_that_spell_alike_get_addresses_of_their_own(self, as_person: AsPerson) -> None:
        """Also a name without any letter, and the one that is an address already."""
        client = as_person("group_lead")
        for year, name in enumerate(("FY 27", "fy-27", "日本", "Add"), 2027):
            days = {"starts_on": f"{year}-01-01", "last_day": f"{year}-12-31"}
            client.post("/cycles/add/", NEXT | days | {"name": name})
        slugs = Cycle.objects.order_by("starts_on").values_list("slug", flat=True)
        assert list(slugs) == ["fy-27", "fy-27-2", "cycle", "add-2"]

    def test_a_lead_below_the_top_makes_none(self, as_person: AsPerson) -> None:
        """Cycles are the whole organisation's."""
        assert as_person("lead").post("/cycles/add/", NEXT).status_code == 403
        assert not Cycle.objects.exists()


class TestCycle:
    """Changes of a cycle."""

    def test_days_of_a_locked_cycle_stay(
        self, as_person: AsPerson, plan: Plan, cast: Cast, log: Callable[..., Initiative]
    ) -> None:
        """The name may change; what is sent for the days is not even read."""
        rank(plan, log(pd=5))
        lock(plan, cast)
        page = as_person("group_lead").get("/cycles/2026-h2/")
        assert b"its days and its grace stay as they are" in page.content
        answer = as_person("group_lead").post("/cycles/2026-h2/", NEXT | {"name": "Second half"})
        assert answer.status_code == 302
        cycle = Cycle.objects.get(slug="2026-h2")
        assert (cycle.name, cycle.starts_on) == ("Second half", date(2026, 7, 1))

    def test_days_of_an_open_cycle_move(self, as_person: AsPerson, plan: Plan) -> None:
        """Nothing rests on them yet."""
        given = {"name": "2026 H2", "starts_on": "2026-07-06", "last_day": "2026-12-31"}
        answer = as_person("superuser").post("/cycles/2026-h2/", given | {"grace_days": "14"})
        assert answer.status_code == 302
        cycle = Cycle.objects.get(slug="2026-h2")
        assert (cycle.starts_on, cycle.grace_days) == (date(2026, 7, 6), 14)
        assert not OriginShift.objects.exists()

    def test_a_cycle_with_plans_is_not_deleted(self, as_person: AsPerson, plan: Plan) -> None:
        """The page says why."""
        answer = as_person("group_lead").post("/cycles/2026-h2/delete/")
        assert answer.status_code == 422
        assert "Teams have plans for this cycle" in answer.content.decode()

    def test_one_without_plans_is(self, as_person: AsPerson) -> None:
        """It leaves its record in the history."""
        client = as_person("group_lead")
        client.post("/cycles/add/", NEXT)
        assert client.post("/cycles/2027-h1/delete/").status_code == 302
        assert not Cycle.objects.exists()
        assert Cycle.history.filter(history_type="-").exists()
