"""The panel of origins on an initiative's page."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from tests.cast import TODAY, Cast
from tests.views.initiative import WHOLE, WRITERS, As, Log, url
from tests.views.origins import override, words
from tests.views.test_initiative import HOSTILE
from tracker.actions import overrides
from tracker.models import Initiative, OriginOverride, Plan


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


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
