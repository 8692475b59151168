"""The list of a plan's origins, and what counts in the list of initiatives."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from tests.cast import TODAY, Cast
from tests.views.initiative import ROLES, WRITERS, As, Log
from tests.views.origins import override, words
from tests.views.test_initiative import HOSTILE
from tracker.actions import initiatives
from tracker.models import Cycle, Initiative, Plan

LIST = "/teams/platform/plan/2026-h2/origins/"
PART = {"HX-Request": "true", "HX-Target": "div#plan-origins"}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


class TestPlanOrigins:
    @pytest.mark.parametrize(("role", "status"), ROLES)
    def test_who_may_read(self, opened: Plan, as_person: As, role: str, status: int) -> None:
        assert as_person(role).get(LIST).status_code == status

    def test_a_cycle_that_is_not_there(self, opened: Plan, as_person: As) -> None:
        path = "/teams/platform/plan/2031/origins/"
        assert as_person("lead").get(path).status_code == 404

    def test_agreement_is_said(self, opened: Plan, as_person: As) -> None:
        text = words(as_person("viewer").get(LIST))
        assert "Plan and people agree on 2026 H2" in text
        assert "Unsettled" not in text

    def test_an_empty_cycle_teaches(self, plan: Plan, as_person: As) -> None:
        text = words(as_person("viewer").get(LIST))
        assert "No lock has opened 2026 H2 yet" in text
        assert "nothing committed in 2026 H2 yet" in text

    def test_without_a_lock_a_banner_counts_what_the_declared_origin_serves(
        self, plan: Plan, log: Log, as_person: As
    ) -> None:
        log("One", origin="planned")
        log("Two", origin="opportunistic")
        text = words(as_person("viewer").get(LIST))
        assert "for two initiatives the declared origin counts" in text

    def test_a_disagreement_stands_with_its_evidence(
        self, opened: Plan, log: Log, as_person: As
    ) -> None:
        log("Late", origin="planned")
        text = words(as_person("viewer").get(LIST))
        assert "One initiative was declared otherwise than planned" in text
        assert "Not in OP1, locked 1 Jul; first committed 18 Sep." in text
        assert "Take the plan’s word" not in text

    def test_one_click_settles_it(self, opened: Plan, log: Log, as_person: As) -> None:
        """A listed item that somebody declared opportunistic."""
        it = Initiative.objects.get(title="Listed")
        initiatives.edit(
            by=it.created_by,
            pk=it.pk,
            version=1,
            changes={"origin": "opportunistic"},
        )
        client, sent = as_person("member"), {"item": it.pk, "version": 2}
        assert "Take the plan’s word" in words(client.get(LIST))
        answer = client.post(LIST, sent, headers=PART)
        assert answer.status_code == 200
        assert "Plan and people agree on 2026 H2" in words(answer)
        it.refresh_from_db()
        assert it.origin == "planned"
        assert it.history.latest().history_change_reason == "By the plan of 2026 H2"
        # a second click finds it settled
        assert client.post(LIST, sent, headers=PART).status_code == 409

    def test_without_script_it_redirects(self, opened: Plan, log: Log, as_person: As) -> None:
        it = log("Late", origin="planned")
        sent = {"item": it.pk, "version": 1, "need": "dire-need", "trigger": "incident"}
        answer = as_person("member").post(LIST, sent)
        assert (answer.status_code, answer["Location"]) == (302, LIST)
        it.refresh_from_db()
        assert (it.origin, it.need, it.trigger) == ("opportunistic", "dire-need", "incident")

    def test_an_opportunity_is_asked_what_brought_it(
        self, opened: Plan, log: Log, as_person: As
    ) -> None:
        it = log("Late", origin="planned")
        sent = {"item": it.pk, "version": 1, "need": "dire-need", "trigger": ""}
        answer = as_person("member").post(LIST, sent, headers=PART)
        assert answer.status_code == 422
        html = answer.content.decode()
        assert "Choose one: an opportunity has it." in html
        assert '<option value="dire-need" selected>' in html
        it.refresh_from_db()
        assert it.origin == "planned"

    @pytest.mark.parametrize("item", ["", "x", "9" * 30])
    def test_nonsense_changes_nothing(self, opened: Plan, as_person: As, item: str) -> None:
        assert as_person("member").post(LIST, {"item": item}).status_code == 422

    def test_another_teams_initiative_is_not_found(
        self, opened: Plan, cast: Cast, log: Log, as_person: As
    ) -> None:
        it = log("Elsewhere", team=cast.checkout)
        assert as_person("member").post(LIST, {"item": it.pk}).status_code == 404

    @pytest.mark.parametrize(("role", "status"), WRITERS)
    def test_who_may_write(
        self, opened: Plan, log: Log, as_person: As, role: str, status: int
    ) -> None:
        it = log("Late", origin="planned")
        sent = {"item": it.pk, "version": 1, "need": "dire-need", "trigger": "incident"}
        answer = as_person(role).post(LIST, sent, headers=PART)
        expected = 200 if status == 302 else status  # htmx is told to leave for the sign-in
        assert answer.status_code == expected
        it.refresh_from_db()
        assert (it.origin == "opportunistic") == (status == 200)

    def test_a_stale_version_is_a_conflict(
        self, opened: Plan, cast: Cast, log: Log, as_person: As
    ) -> None:
        it = log("Late", origin="planned")
        initiatives.edit(by=cast.lead, pk=it.pk, version=1, changes={"origin": "unclassified"})
        initiatives.edit(by=cast.lead, pk=it.pk, version=2, changes={"origin": "planned"})
        initiatives.edit(by=cast.lead, pk=it.pk, version=3, changes={"reason": "x"})
        sent = {"item": it.pk, "version": 2, "need": "dire-need", "trigger": "incident"}
        answer = as_person("member").post(LIST, sent, headers=PART)
        assert answer.status_code == 409
        assert "Nothing was saved" in words(answer)

    def test_overrides_are_told_with_rate_and_both_shares(
        self, opened: Plan, cast: Cast, log: Log, as_person: As
    ) -> None:
        override(cast, log("Late", origin="planned"))
        text = words(as_person("viewer").get(LIST))
        assert "Override rate 50.0 % (1 of 2 initiatives)" in text
        assert "Without overrides no data" in text
        assert "Agreed, but not in the plan: “ Agreed in May. ” Member , 18 Sep, 02:00" in text

    def test_carried_and_declared_by_nobody(self, opened: Plan, log: Log, as_person: As) -> None:
        log("Old", committed_on=date(2026, 3, 2))
        text = words(as_person("viewer").get(LIST))
        assert "Carried over without a place in the plan 1" in text
        assert "carried over, first committed 2 Mar" in text
        assert "One initiative was declared by nobody" in text

    @pytest.mark.parametrize("text", HOSTILE)
    def test_no_text_becomes_markup(
        self, opened: Plan, cast: Cast, log: Log, as_person: As, text: str
    ) -> None:
        Cycle.objects.update(name=text[:40])
        override(cast, log(text, origin="planned"), text)
        log(text, origin="planned")
        html = as_person("member").get(LIST).content.decode()
        for bad in ("<script>alert", "<img src=x", 'href="javascript'):
            assert bad not in html

    def test_queries_do_not_grow(
        self,
        opened: Plan,
        log: Log,
        as_person: As,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client = as_person("member")
        for n in range(6):
            log(f"Late {n}", origin="planned")
        client.get(LIST)
        with django_assert_max_num_queries(18):
            client.get(LIST)


class TestInitiatives:
    def test_the_list_shows_what_counts_and_marks_where_it_was_declared_otherwise(
        self, opened: Plan, cast: Cast, log: Log, as_person: As
    ) -> None:
        late = log("Late", origin="planned")
        client = as_person("member")
        html = client.get("/initiatives/?team=platform").content.decode()
        said = "Declared planned; in the running plan it counts as opportunistic"
        assert html.count(f'title="{said}"') == 1
        row = html[html.index(f'id="i{late.pk}"') :]
        assert '<span class="badge b-opportunistic">' in row[: row.index("</tr>")]
        # so does the row after an edit
        sent = {"version": 1, "title": "Later"}
        path = f"/initiatives/{late.key}/cell/title/"
        edited = client.post(path, sent, headers={"HX-Request": "true", "HX-Target": "tr#i1"})
        assert said in edited.content.decode()
        override(cast, late)
        assert said not in client.get("/initiatives/?team=platform").content.decode()
