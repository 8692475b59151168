"""The list of a plan's origins, and the panel on an initiative's page."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from tests.cast import TODAY, Cast
from tests.plans import lock, rank
from tests.views.initiative import ROLES, WHOLE, WRITERS, As, Log, url
from tests.views.test_initiative import HOSTILE
from tracker.actions import initiatives, overrides
from tracker.domain.mix import Origin
from tracker.domain.origins import OverrideReason
from tracker.models import Cycle, Initiative, OriginOverride, Plan

LIST = "/teams/platform/plan/2026-h2/origins/"
PART = {"HX-Request": "true", "HX-Target": "div#plan-origins"}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def opened(plan: Plan, cast: Cast, log: Log) -> Plan:
    """Give a locked plan with one item, declared as the plan has it."""
    rank(plan, log("Listed", pd=5, origin="planned"))
    lock(plan, cast)
    return plan


def words(answer: Any) -> str:
    """Return what a page says, without markup."""
    html = answer.content.decode()
    html = re.sub(r"<(script|style|svg).*?</\1>", "", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\u202f", " ").split())


def override(cast: Cast, it: Initiative, text: str = "Agreed in May.") -> OriginOverride:
    return overrides.override(
        by=cast.member,
        initiative_pk=it.pk,
        cycle=Cycle.objects.get(),
        origin=Origin.PLANNED,
        code=OverrideReason.AGREED_OUTSIDE_PLAN,
        text=text,
    )


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


class TestInitiativeOrigin:
    def test_queries_of_a_page_with_everything(
        self,
        late: Initiative,
        cast: Cast,
        log: Log,
        as_person: As,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        override(cast, late)
        for n in range(3):
            log(f"Part {n}", parent=late)
        client = as_person("member")
        client.get(url(late))
        with django_assert_max_num_queries(26):  # origins take eight, funding a few
            client.get(url(late))

    @pytest.fixture
    def late(self, opened: Plan, log: Log) -> Initiative:
        return log("Late", origin="planned")

    @pytest.mark.parametrize(("role", "status"), WRITERS)
    def test_who_may_ask(self, late: Initiative, as_person: As, role: str, status: int) -> None:
        assert as_person(role).get(url(late, "origin/2026-h2/")).status_code == status

    def test_the_page_says_what_counts_and_why(self, late: Initiative, as_person: As) -> None:
        text = words(as_person("viewer").get(url(late)))
        assert "Counts as opportunistic in 2026 H2, though declared planned" in text
        assert (
            "By the plan opportunistic: Not in OP1, locked 1 Jul; first committed 18 Sep." in text
        )
        assert "Born as Opportunistic" in text
        assert "Override" not in text

    def test_a_cycle_it_has_nothing_to_do_with(self, late: Initiative, as_person: As) -> None:
        assert as_person("member").get(url(late, "origin/fy31/")).status_code == 404

    def test_an_override_with_its_reason(self, late: Initiative, as_person: As) -> None:
        client = as_person("member")
        form = client.get(url(late, "origin/2026-h2/"))
        assert "Count it as planned in 2026 H2" in words(form)
        sent = {"origin": "planned", "code": "agreed-outside-plan", "text": "In May.", "seen": ""}
        answer = client.post(url(late, "origin/2026-h2/"), sent, headers=WHOLE)
        assert answer.status_code == 200
        text = words(answer)
        assert "Counts as planned in 2026 H2" in text
        assert "Planned by Member , 18 Sep, 02:00. Agreed, but not in the plan: “ In May. ”" in text
        assert client.post(url(late, "origin/2026-h2/"), sent).status_code == 302
        assert OriginOverride.objects.count() == 1

    @pytest.mark.parametrize(
        "sent",
        [
            {},
            {"origin": "planned", "code": "", "text": "Why"},
            {"origin": "planned", "code": "other", "text": "  "},
            {"origin": "unclassified", "code": "other", "text": "Why"},
            {"origin": "opportunistic", "code": "other", "text": "Why"},
            {"origin": "planned", "code": "nonsense", "text": "Why"},
            {"origin": "planned", "code": "other", "text": "x" * 1001},
        ],
    )
    def test_what_does_not_explain_itself_is_asked_again(
        self, late: Initiative, as_person: As, sent: dict[str, str]
    ) -> None:
        answer = as_person("member").post(url(late, "origin/2026-h2/"), sent, headers=WHOLE)
        assert answer.status_code == 422
        assert sent.get("text", "").strip() in answer.content.decode()
        assert not OriginOverride.objects.exists()

    def test_a_stale_one_shows_the_newer_word_and_keeps_what_was_typed(
        self, late: Initiative, cast: Cast, as_person: As
    ) -> None:
        override(cast, late)
        client = as_person("lead")
        sent = {"origin": "planned", "code": "other", "text": "My own words", "seen": ""}
        answer = client.post(url(late, "origin/2026-h2/"), sent, headers=WHOLE)
        assert answer.status_code == 409
        html = answer.content.decode()
        assert "somebody else has spoken meanwhile" in html
        assert "Agreed in May." in html
        assert "My own words" in html
        found = re.search(r'name="seen" value="([^"]+)" id="id_override_seen"', html)
        assert found
        again = client.post(url(late, "origin/2026-h2/"), sent | {"seen": found[1]}, headers=WHOLE)
        assert again.status_code == 200
        assert OriginOverride.objects.get().text == "My own words"

    def test_withdrawing_keeps_the_words_as_earlier_ones(
        self, late: Initiative, cast: Cast, as_person: As
    ) -> None:
        seen = overrides.seen_of(override(cast, late))
        client = as_person("member")
        path = url(late, "origin/2026-h2/")
        stale = client.post(path, {"withdraw": "1", "seen": "0/then"}, headers=WHOLE)
        assert stale.status_code == 409
        assert "Nothing was saved" in words(stale)
        answer = client.post(path, {"withdraw": "1", "seen": seen}, headers=WHOLE)
        assert answer.status_code == 200
        text = words(answer)
        assert "Counts as opportunistic in 2026 H2, though declared planned" in text
        assert "Earlier words" in text
        assert "withdrew planned" in text
        assert client.post(path, {"withdraw": "1", "seen": seen}).status_code == 302

    def test_taking_the_plans_word_from_the_page(self, late: Initiative, as_person: As) -> None:
        client, path = as_person("member"), url(late, "origin/2026-h2/")
        sent = {"take": "1", "version": 1, "need": "opportunity", "trigger": ""}
        refused = client.post(path, sent, headers=WHOLE)
        assert refused.status_code == 422
        assert "Choose one: an opportunity has it." in words(refused)
        answer = client.post(path, sent | {"trigger": "market"}, headers=WHOLE)
        assert answer.status_code == 200
        assert "Counts as opportunistic in 2026 H2 " in words(answer)
        assert client.post(path, sent | {"trigger": "market"}, headers=WHOLE).status_code == 409

    def test_where_no_lock_opened_the_cycle_nothing_can_be_overridden(
        self, plan: Plan, log: Log, as_person: As
    ) -> None:
        it = log("Any", origin="planned")
        answer = as_person("member").get(url(it, "origin/2026-h2/"))
        assert answer.status_code == 409
        assert "No lock opened 2026 H2" in words(answer)
        assert "so the declared origin counts" in words(as_person("viewer").get(url(it)))

    @pytest.mark.parametrize("text", HOSTILE)
    def test_no_word_becomes_markup(
        self, late: Initiative, cast: Cast, as_person: As, text: str
    ) -> None:
        row = override(cast, late, text)
        overrides.withdraw(
            by=cast.lead, initiative_pk=late.pk, cycle=row.cycle, seen=overrides.seen_of(row)
        )
        override(cast, late, text)
        html = as_person("member").get(url(late)).content.decode()
        for bad in ("<script>alert", "<img src=x", 'href="javascript'):
            assert bad not in html


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
