"""What gives way for an initiative: the panel asks, counts along, saves, and shows both sides."""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from tests.cast import TODAY, Cast
from tests.plans import lock, rank
from tracker.domain.lifecycle import Status
from tracker.models import Funding, Initiative, Plan

AsPerson = Callable[[str], Client]
Log = Callable[..., Initiative]
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def planned(plan: Plan, cast: Cast, log: Log) -> Initiative:
    found = log("Job queue", pd=50, origin="planned", today=date(2026, 6, 1))
    rank(plan, found, log("Search index", pd=9, origin="planned", today=date(2026, 6, 1)))
    lock(plan, cast, on=date(2026, 6, 20))
    return found


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def events(answer: Any) -> dict[str, Any]:
    return json.loads(answer.headers.get("HX-Trigger", "{}"))  # type: ignore[no-any-return]


class TestPanel:
    """/initiatives/<key>/funding/"""

    def url(self, it: Initiative) -> str:
        return f"/initiatives/{it.key}/funding/"

    def test_it_lists_planned_work_with_what_is_left(
        self, need: Initiative, as_person: AsPerson
    ) -> None:
        text = text_of(as_person("member").get(self.url(need)).content.decode())
        assert "Unfunded by 18 pd 0 of 18 pd given" in text
        assert "Search index PLAT-2 · 9 pd left" in text
        assert "Job queue PLAT-1 · 50 pd left" in text
        assert "Reserve of 2026 H2 100 pd left" in text

    def test_search_keeps_what_was_typed(
        self, need: Initiative, planned: Initiative, as_person: AsPerson
    ) -> None:
        """Only the list is answered; what was typed for an item stays though it does not match."""
        data = {"q": "search", f"item-{planned.pk}": "7", f"how-{planned.pk}": "drop"}
        headers = {**HTMX, "HX-Target": "div#funding-items"}
        html = as_person("member").get(self.url(need), data, headers=headers).content.decode()
        assert html.lstrip().startswith('<div id="funding-items"')
        assert "Job queue" in html
        assert "Search index" in html
        assert 'value="7"' in html
        assert '<option value="drop" selected' in html

    def test_the_sum_follows_while_one_types(
        self, need: Initiative, planned: Initiative, as_person: AsPerson
    ) -> None:
        data = {f"item-{planned.pk}": "1w", "reserve": "2,5", "added-capacity": "nonsense"}
        headers = {**HTMX, "HX-Target": "div#funding-sum"}
        html = as_person("member").get(self.url(need), data, headers=headers).content.decode()
        assert html.lstrip().startswith('<div id="funding-sum"')
        assert "Unfunded by 10.5 pd 7.5 of 18 pd given: 5 displaced, 2.5 from the" in text_of(html)
        assert Funding.objects.count() == 0

    def test_the_sum_warns_of_what_is_not_there(
        self, need: Initiative, planned: Initiative, as_person: AsPerson
    ) -> None:
        headers = {**HTMX, "HX-Target": "div#funding-sum"}
        data = {f"item-{planned.pk}": "51"}
        html = as_person("member").get(self.url(need), data, headers=headers).content.decode()
        assert f"{planned.key} has 50 pd left to give." in html

    def test_it_saves_all_at_once(
        self, need: Initiative, planned: Initiative, as_person: AsPerson
    ) -> None:
        data = {
            f"item-{planned.pk}": "10", f"how-{planned.pk}": "descope", "reserve": "5",
            "added-capacity": "", "note": "Ines agreed.", "on": "2026-09-17",
        }  # fmt: skip
        answer = as_person("member").post(self.url(need), data, headers=HTMX)
        assert answer.status_code == 200
        rows = Funding.objects.values_list("source", "mpd", "manner", "note", "on")
        day = date(2026, 9, 17)
        assert list(rows) == [
            ("displaced", 10_000, "descope", "Ines agreed.", day),
            ("reserve", 5000, "", "Ines agreed.", day),
        ]
        assert "15 of 18 pd are funded" in text_of(answer.content.decode())
        assert "unfunded by 3 pd" in events(answer)["announce"]["text"]

    def test_without_script_it_redirects_to_the_ledger(
        self, need: Initiative, as_person: AsPerson
    ) -> None:
        data = {"reserve": "18", "on": TODAY.isoformat()}
        answer = as_person("member").post(self.url(need), data)
        assert (answer.status_code, answer.headers["Location"]) == (
            302, f"/initiatives/{need.key}/#funding",
        )  # fmt: skip

    def test_too_much_is_refused_beside_its_field_and_kept(
        self, need: Initiative, planned: Initiative, as_person: AsPerson
    ) -> None:
        data = {f"item-{planned.pk}": "51", "reserve": "5", "on": TODAY.isoformat()}
        answer = as_person("member").post(self.url(need), data, headers=HTMX)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert html.count(f"{planned.key} has 50 pd left to give.") == 2  # sum and field
        assert 'value="51"' in html
        assert Funding.objects.count() == 0

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ({}, "Type how much something gives"),
            ({"reserve": "many"}, "Type an effort such as"),
            ({"reserve": "-1"}, "can&#x27;t be negative"),
            ({"reserve": "1", "on": "2027-01-01"}, "has not come yet"),
            ({"reserve": "1", "on": "soon"}, "Type a day such as"),
            ({"item-99999": "1"}, "Type how much something gives"),
            ({"item-x": "1", "item-": "2"}, "Type how much something gives"),
        ],
    )
    def test_nonsense_is_answered_in_words(
        self, need: Initiative, as_person: AsPerson, data: dict[str, str], words: str
    ) -> None:
        answer = as_person("member").post(self.url(need), {"on": "2026-09-18", **data})
        assert answer.status_code == 422
        assert words in answer.content.decode()

    def test_what_is_planned_has_no_panel(self, planned: Initiative, as_person: AsPerson) -> None:
        client = as_person("member")
        assert "Nothing can be named" in client.get(self.url(planned)).content.decode()
        assert client.post(self.url(planned), {"reserve": "1"}).status_code == 422

    def test_readers_and_strangers(self, need: Initiative, as_person: AsPerson) -> None:
        assert as_person("viewer").get(self.url(need)).status_code == 403
        assert as_person("stranger").get(self.url(need)).status_code == 404

    def test_a_double_submit_makes_one_entry(self, need: Initiative, as_person: AsPerson) -> None:
        key = "00000000-0000-4000-8000-000000000001"
        data = {"reserve": "5", "on": TODAY.isoformat(), "creation_key": key}
        client = as_person("member")
        for _ in range(2):
            assert client.post(self.url(need), data).status_code == 302
        assert Funding.objects.count() == 1


class TestAsking:
    """A promise asks at once what gives way, and never stops anybody."""

    def turn(self, it: Initiative, client: Client, verb: str = "commit", **headers: str) -> Any:
        data = {"version": it.version, "on": TODAY.isoformat()}
        return client.post(f"/initiatives/{it.key}/turn/{verb}/", data, headers=headers)

    @pytest.mark.parametrize("verb", ["commit", "start"])
    def test_a_verb_opens_the_panel(
        self, planned: Initiative, log: Log, as_person: AsPerson, verb: str
    ) -> None:
        it = log("Rate limits", pd=8, origin="opportunistic", status=Status.PROPOSED)
        answer = self.turn(it, as_person("member"), verb, **HTMX)
        assert 'id="funding-form"' in answer.content.decode()
        assert "Unfunded by 8 pd" in events(answer)["announce"]["text"]

    def test_without_script_it_leads_to_the_panel(
        self, planned: Initiative, log: Log, as_person: AsPerson
    ) -> None:
        it = log("Rate limits", pd=8, origin="opportunistic", status=Status.PROPOSED)
        answer = self.turn(it, as_person("member"))
        assert answer.headers["Location"] == f"/initiatives/{it.key}/funding/#funding"
        it.refresh_from_db()
        assert it.status == "committed"

    def test_without_a_plan_nothing_is_asked(self, log: Log, as_person: AsPerson) -> None:
        it = log("Rate limits", pd=8, origin="opportunistic", status=Status.PROPOSED)
        answer = self.turn(it, as_person("member"))
        assert answer.headers["Location"] == f"/initiatives/{it.key}/"

    def test_declaring_an_opportunity_on_its_page_asks(
        self, plan: Plan, log: Log, as_person: AsPerson
    ) -> None:
        it = log("Rate limits", pd=8)
        data = {"version": it.version, "origin": "opportunistic", "need": "opportunity"}
        answer = as_person("member").post(
            f"/initiatives/{it.key}/field/origin/", data, headers=HTMX
        )
        assert 'id="funding-form"' in answer.content.decode()

    def test_the_line_that_logs_mentions_it_in_passing(
        self, planned: Initiative, as_person: AsPerson
    ) -> None:
        data = {"team": "platform", "title": "Hotfix", "origin": "opportunistic",
                "need": "dire-need", "trigger": "incident", "estimate_mpd": "8",
                "creation_key": str(uuid4())}  # fmt: skip
        answer = as_person("member").post("/initiatives/add/", data, headers=HTMX)
        assert answer.status_code == 200, answer.content.decode()[:2000]
        told = events(answer)["toast"]
        assert (told["text"], told["url"]) == (
            "PLAT-3 is unfunded by 8 pd", "/initiatives/PLAT-3/funding/#funding",
        )  # fmt: skip

    def test_without_script_a_message_mentions_it(
        self, planned: Initiative, as_person: AsPerson
    ) -> None:
        data = {"team": "platform", "title": "Hotfix", "origin": "opportunistic",
                "need": "dire-need", "trigger": "incident", "estimate_mpd": "8",
                "creation_key": str(uuid4())}  # fmt: skip
        html = as_person("member").post("/initiatives/add/", data, follow=True).content.decode()
        assert 'is unfunded by 8 pd. <a href="/initiatives/PLAT-3/funding/#funding">' in html

    def test_a_cell_mentions_it(self, planned: Initiative, log: Log, as_person: AsPerson) -> None:
        it = log("Rate limits", pd=8, origin="opportunistic")
        data = {"version": it.version, "estimate_mpd": "9"}
        answer = as_person("member").post(
            f"/initiatives/{it.key}/cell/estimate/", data, headers=HTMX
        )
        assert events(answer)["toast"]["text"] == f"{it.key} is unfunded by 9 pd"

    def test_what_is_funded_is_not_mentioned(
        self, planned: Initiative, log: Log, as_person: AsPerson
    ) -> None:
        data = {"version": planned.version, "estimate_mpd": "51"}
        answer = as_person("member").post(
            f"/initiatives/{planned.key}/cell/estimate/", data, headers=HTMX
        )
        assert "toast" not in events(answer)
