"""The pages of a plan's draft: read by the team, written by its leads."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from tests.cast import Cast
from tests.plans import lock, rank
from tracker.actions import cycles
from tracker.actions.initiatives import edit, move
from tracker.models import Cycle, Initiative, Plan, PlanItem

AsPerson = Callable[[str], Client]
Log = Callable[..., Initiative]
HERE = "/teams/platform/plan/2026-h2/"
HTMX = {"HX-Request": "true", "HX-Target": "plan"}


@pytest.fixture
def abc(plan: Plan, log: Log) -> Plan:
    """Give a plan that ranks A and B, which has no estimate."""
    rank(plan, log("A", pd=10), log("B"))
    return plan


def titles(plan: Plan) -> list[str]:
    """Return the titles in their order."""
    rows = plan.items.order_by("held_below", "position")
    return list(rows.values_list("initiative__title", flat=True))


def item(title: str) -> PlanItem:
    """Return the item of an initiative."""
    found: PlanItem = PlanItem.objects.get(initiative__title=title)
    return found


class TestPlanNow:
    """Where the rail leads."""

    def test_it_teaches_where_there_is_no_cycle(self, as_person: AsPerson) -> None:
        """A stranger to the product learns what is missing."""
        answer = as_person("viewer").get("/teams/platform/plan/")
        assert answer.status_code == 200
        assert "cycle" in answer.content.decode()

    def test_it_goes_to_the_running_cycle(self, as_person: AsPerson, plan: Plan) -> None:
        """Not to the next one, which is in preparation."""
        Cycle.objects.create(
            name="2027", slug="2027", starts_on=date(2027, 1, 1), ends_before=date(2028, 1, 1)
        )
        answer = as_person("viewer").get("/teams/platform/plan/")
        assert answer.headers["Location"] == HERE


class TestPlan:
    """The plan itself."""

    def test_it_says_how_much_is_planned_and_kept(self, as_person: AsPerson, abc: Plan) -> None:
        """The finding has the sums, and what has no estimate is counted."""
        page = as_person("viewer").get(HERE).content.decode()
        assert "2026 H2 plans 10 of 1,320 pd and keeps 7.6\u202f% for the unexpected" in page
        assert "One item above the line without an estimate" in page

    def test_readers_get_no_controls(self, as_person: AsPerson, abc: Plan) -> None:
        """Neither viewers nor members move anything."""
        for role in ("viewer", "member"):
            page = as_person(role).get(HERE).content.decode()
            assert 'name="move"' not in page
            assert "/capacity/" not in page

    def test_nobody_has_begun_it(self, as_person: AsPerson, abc: Plan) -> None:
        """A lead may, others are told who."""
        page = "/teams/checkout/plan/2026-h2/"
        assert b"Begin the plan" in as_person("other_lead").get(page).content
        assert as_person("viewer").get(page).status_code == 404

    def test_an_unknown_cycle_is_404(self, as_person: AsPerson, abc: Plan) -> None:
        """And so is a team of others."""
        assert as_person("lead").get("/teams/platform/plan/nowhere/").status_code == 404

    def test_its_queries_do_not_grow(
        self,
        as_person: AsPerson,
        plan: Plan,
        cast: Cast,
        log: Log,
        django_assert_max_num_queries: Callable[..., object],
    ) -> None:
        """Two hundred locked and ranked items cost what twenty do."""
        rank(plan, *(log(f"Item {number}", pd=1) for number in range(200)))
        lock(plan, cast)
        client = as_person("lead")
        with django_assert_max_num_queries(10):  # type: ignore[attr-defined]
            page = client.get(HERE)
        assert page.content.count(b"data-item=") == 200

    def test_hostile_titles_are_text(self, as_person: AsPerson, plan: Plan, log: Log) -> None:
        """Also in the labels of the handles."""
        rank(plan, log('"><script>alert(1)</script>', pd=1))
        page = as_person("lead").get(HERE).content.decode()
        assert "<script>alert" not in page


class TestPlanBegin:
    """The first step."""

    def test_a_lead_begins_it_once(self, as_person: AsPerson, plan: Plan) -> None:
        """Then comes the question what the team can do."""
        client = as_person("other_lead")
        for _ in range(2):
            answer = client.post("/teams/checkout/plan/2026-h2/begin/")
            assert answer.headers["Location"] == "/teams/checkout/plan/2026-h2/capacity/"
        assert Plan.objects.count() == 2


class TestPlanCapacity:
    """People, reserve, band."""

    def given(self, client: Client) -> dict[str, str]:
        """Return what the form holds when it is opened."""
        form = client.get(f"{HERE}capacity/").context["form"]
        return {field.html_name: str(field.value() or "") for field in form if field.value()}

    def test_it_is_saved(self, as_person: AsPerson, plan: Plan) -> None:
        """A part of the capacity becomes person-days."""
        client = as_person("lead")
        given = self.given(client) | {"fte-2026-07": "5", "reserve": "10 %"}
        assert client.post(f"{HERE}capacity/", given).status_code == 302
        plan.refresh_from_db()
        assert plan.reserve_mpd == 120_000  # whole days of 120.5: 23 with 5 people, 109 with 10

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"reserve": "120 %"}, "Type a part from 0 to 100 %"),
            ({"reserve": "much"}, "reserve"),
            ({"fte-2026-07": "-1"}, "more than 0"),
            ({"fte-2026-07": "many"}, "Type a number of people"),
            ({"fte-2026-07": "", "reserve": "20 %"}, "A part of what?"),
            ({"own_band": "on", "band_lower": "40"}, "The edges must rise"),
            ({"own_band": "on", "band_lower": ""}, "Fill in the three edges"),
        ],
    )
    def test_nonsense_is_refused_and_kept(
        self, as_person: AsPerson, plan: Plan, changes: dict[str, str], message: str
    ) -> None:
        """Nothing is stored, and what was typed stands in the form."""
        client = as_person("lead")
        answer = client.post(f"{HERE}capacity/", self.given(client) | changes)
        assert answer.status_code == 422
        assert message in answer.content.decode()
        plan.refresh_from_db()
        assert plan.version == 1

    def test_two_windows_conflict(self, as_person: AsPerson, plan: Plan) -> None:
        """The second sees what stands now, keeps its text, and may save over it."""
        client = as_person("lead")
        given = self.given(client)
        client.post(f"{HERE}capacity/", given | {"reserve": "50"})
        answer = client.post(f"{HERE}capacity/", given | {"reserve": "60"})
        assert answer.status_code == 409
        page = answer.content.decode()
        assert "Reserve: now <strong>50</strong> pd" in page
        assert 'value="60"' in page
        newest = answer.context["newest"].initial["seen"]
        client.post(f"{HERE}capacity/", given | {"reserve": "60", "seen": newest})
        plan.refresh_from_db()
        assert plan.reserve_mpd == 60_000


class TestPlanItemAdd:
    """Into the plan."""

    def test_it_finds_what_is_not_in_the_plan(
        self, as_person: AsPerson, abc: Plan, log: Log
    ) -> None:
        """By words of the title; what is in it already is left out."""
        log("Another A")
        found = as_person("lead").get(
            f"{HERE}items/?q=a", headers={"HX-Request": "true", "HX-Target": "plan-found"}
        )
        assert "Another A" in found.content.decode()
        assert "<html" not in found.content.decode()
        assert found.content.decode().count('name="initiative"') == 1

    def test_one_is_added_by_its_key(self, as_person: AsPerson, abc: Plan, log: Log) -> None:
        """And by the button of what was found."""
        first, second = log("C"), log("D")
        client = as_person("lead")
        client.post(f"{HERE}items/", {"q": first.key.lower()})
        client.post(f"{HERE}items/", {"q": "d", "initiative": str(second.pk)})
        assert titles(abc) == ["A", "B", "C", "D"]

    def test_a_new_one_is_logged_once(self, as_person: AsPerson, abc: Plan) -> None:
        """Other text is a title; a double submit makes one."""
        given = {"q": "New thing", "effort": "2w", "creation_key": str(uuid4())}
        client = as_person("lead")
        for _ in range(2):
            assert client.post(f"{HERE}items/", given, headers=HTMX).status_code == 200
        assert Initiative.objects.filter(title="New thing").count() == 1
        assert titles(abc)[-1] == "New thing"

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"q": " "}, "Type a title or a key."),
            ({"q": "New", "effort": "lots"}, "effort"),
            ({"initiative": "999999"}, "initiatives of Platform only"),
        ],
    )
    def test_nonsense_is_refused_and_kept(
        self, as_person: AsPerson, abc: Plan, given: dict[str, str], message: str
    ) -> None:
        """The message stands above the field, the text in it."""
        answer = as_person("lead").post(f"{HERE}items/", given)
        assert answer.status_code == 422
        assert message in answer.content.decode()
        assert titles(abc) == ["A", "B"]


class TestPlanItemMove:
    """Ranking."""

    def test_it_answers_with_the_plan(self, as_person: AsPerson, abc: Plan) -> None:
        """For htmx the part, else the page by a redirect."""
        client = as_person("lead")
        answer = client.post(f"{HERE}items/move/", {"move": f"{item('B').pk} up"}, headers=HTMX)
        assert answer.status_code == 200
        assert titles(abc) == ["B", "A"]
        move = {"move": f"{item('A').pk} {item('B').pk}"}
        assert client.post(f"{HERE}items/move/", move).status_code == 302
        assert titles(abc) == ["A", "B"]

    def test_what_is_gone_is_404(self, as_person: AsPerson, abc: Plan) -> None:
        """Also nonsense in place of the item."""
        for typed in ("999999 up", "x up", "", "9" * 40):
            answer = as_person("lead").post(f"{HERE}items/move/", {"move": typed})
            assert answer.status_code == 404

    def test_a_place_that_is_gone_is_told(self, as_person: AsPerson, abc: Plan) -> None:
        """The order stays."""
        move = {"move": f"{item('B').pk} 999999"}
        answer = as_person("lead").post(f"{HERE}items/move/", move, headers=HTMX)
        assert answer.status_code == 422
        assert "That place is gone" in answer.content.decode()


class TestPlanItem:
    """Words of an item."""

    def test_readers_read_them(self, as_person: AsPerson, abc: Plan) -> None:
        """As text, without a form, and escaped."""
        PlanItem.objects.filter(pk=item("A").pk).update(outcome="Half the <b>pages</b>")
        main = as_person("viewer").get(f"{HERE}items/{item('A').pk}/").content.decode()
        main = main.partition("<main")[2].partition("</main>")[0]
        assert "Half the &lt;b&gt;pages&lt;/b&gt;" in main
        assert "<form" not in main
        assert as_person("viewer").post(f"{HERE}items/{item('A').pk}/").status_code == 403

    def test_they_are_saved(self, as_person: AsPerson, abc: Plan) -> None:
        """With whether it is held below."""
        given = {"outcome": "Fewer\r\npages", "measured_by": "Count", "held_below": "on"}
        pk = item("A").pk
        assert as_person("lead").post(f"{HERE}items/{pk}/", given).status_code == 302
        assert (item("A").measured_by, item("A").held_below) == ("Count", True)
        page = as_person("lead").get(HERE).content.decode()
        assert "kept below by choice" in page

    def test_two_windows_conflict(self, as_person: AsPerson, abc: Plan) -> None:
        """The second sees the first one's words beside its own."""
        client, pk = as_person("lead"), item("A").pk
        client.post(f"{HERE}items/{pk}/", {"outcome": "Theirs"})
        answer = client.post(f"{HERE}items/{pk}/", {"outcome": "Mine", "seen_outcome": ""})
        assert answer.status_code == 409
        page = answer.content.decode()
        assert "Theirs" in page
        assert ">\nMine</textarea>" in page
        assert item("A").outcome == "Theirs"
        client.post(f"{HERE}items/{pk}/", {"outcome": "Mine", "seen_outcome": "Theirs"})
        assert item("A").outcome == "Mine"

    def test_it_is_removed_from_the_draft(self, as_person: AsPerson, abc: Plan) -> None:
        """The initiative stays."""
        as_person("lead").post(f"{HERE}items/{item('A').pk}/remove/")
        assert titles(abc) == ["B"]
        assert Initiative.objects.count() == 2


class TestPlanCarry:
    """What the last cycle left."""

    def test_what_is_ticked_is_ranked_last(
        self, as_person: AsPerson, abc: Plan, cast: Cast
    ) -> None:
        """Nothing else is taken over."""
        lock(abc, cast)
        after = Cycle.objects.create(
            name="2027", slug="2027", starts_on=date(2027, 1, 1), ends_before=date(2028, 1, 1)
        )
        new = Plan.objects.create(team=cast.platform, cycle=after)
        client, here = as_person("lead"), "/teams/platform/plan/2027/carry/"
        assert client.get(here).content.count(b'name="item"') == 2
        client.post(here, {"item": [str(item("B").initiative_id), "12345"]})
        assert titles(new) == ["B"]

    def test_without_an_earlier_plan_it_says_so(self, as_person: AsPerson, abc: Plan) -> None:
        """There is nothing to offer."""
        page = as_person("lead").get(f"{HERE}carry/").content.decode()
        assert "The team has no plan for an earlier cycle" in page


class TestKept:
    """What readers get is kept, and never old."""

    def test_a_second_look_costs_four_queries(
        self,
        as_person: AsPerson,
        abc: Plan,
        cast: Cast,
        django_assert_max_num_queries: Callable[..., object],
    ) -> None:
        """Session, person, teams, stamp; the same for the comparison."""
        lock(abc, cast)
        client = as_person("viewer")
        for page in (HERE, f"{HERE}compare/"):
            first = client.get(page).content.partition(b"<main")[2]
            with django_assert_max_num_queries(4):  # type: ignore[attr-defined]
                assert client.get(page).content.partition(b"<main")[2] == first

    def test_every_kind_of_change_shows_at_once(
        self, as_person: AsPerson, abc: Plan, cast: Cast, log: Log
    ) -> None:
        """A move, a word of the title, a removal, a lock, a cycle, and work moved elsewhere."""
        client, lead = as_person("viewer"), as_person("lead")

        def shown() -> str:
            return client.get(HERE).content.decode()

        pages = [shown()]
        lead.post(f"{HERE}items/move/", {"move": f"{item('B').pk} up"})
        pages.append(shown())
        first = Initiative.objects.get(title="A")
        edit(by=cast.lead, pk=first.pk, version=first.version, changes={"title": "Another"})
        pages.append(shown())
        lock(abc, cast)
        pages.append(shown())
        moved = move(by=cast.lead, pk=first.pk, version=first.version + 1, team=cast.checkout)
        pages.append(shown())
        edit(by=cast.lead, pk=first.pk, version=moved.version, changes={"title": "Elsewhere"})
        pages.append(shown())
        assert "Elsewhere" in pages[-1]
        cycles.add(
            by=cast.lead, name="2027", starts_on=date(2027, 1, 1), ends_before=date(2028, 1, 1)
        )
        pages.append(shown())
        lead.post(f"{HERE}items/{item('B').pk}/remove/")
        pages.append(shown())
        assert len(set(pages)) == len(pages)

    def test_who_left_sees_nothing_kept(self, as_person: AsPerson, abc: Plan, cast: Cast) -> None:
        """The role is read anew for each request."""
        client = as_person("viewer")
        assert client.get(HERE).status_code == 200
        cast.viewer.memberships.all().delete()
        assert client.get(HERE).status_code == 404
