"""What an initiative was given and what it lost, and the entries that say so."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import TODAY, Cast
from tests.funding import from_item, fund
from tracker.actions import origins
from tracker.actions.funding import seen_of
from tracker.models import Funding, Initiative, OriginOverride, Plan

AsPerson = Callable[[str], Client]
Log = Callable[..., Initiative]
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def entry(need: Initiative, planned: Initiative, cast: Cast) -> Funding:
    """Give an entry of 10 pd that the job queue gives."""
    return fund(cast, need, from_item(planned, 10), note="Ines agreed.")[0]


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class TestLedger:
    """The page of an initiative shows both sides of an entry."""

    def test_what_gives_way(self, entry: Funding, need: Initiative, as_person: AsPerson) -> None:
        html = as_person("viewer").get(f"/initiatives/{need.key}/").content.decode()
        text = text_of(html[html.index('id="funding"') :])
        assert "10 of 18 pd are funded" in text
        assert "PLAT-1 Job queue , delayed Ines agreed. 10 18 Sep 2026, Member" in text
        assert "Unfunded 8" in text
        assert "Name what gives way" not in text

    def test_what_was_lost(self, entry: Funding, planned: Initiative, as_person: AsPerson) -> None:
        html = as_person("viewer").get(f"/initiatives/{planned.key}/").content.decode()
        text = text_of(html[html.index('id="lost"') :])
        assert "It lost 10 pd to an opportunity" in text
        assert "PLAT-2 Rate limits Ines agreed. delayed 10" in text

    def test_nothing_shows_where_there_is_no_plan(self, log: Log, as_person: AsPerson) -> None:
        it = log("Rate limits", pd=8, origin="opportunistic")
        html = as_person("member").get(f"/initiatives/{it.key}/").content.decode()
        assert "gives way" not in html

    def test_entries_of_what_became_planned_can_be_taken_back(
        self, entry: Funding, need: Initiative, plan: Plan, cast: Cast, as_person: AsPerson
    ) -> None:
        OriginOverride.objects.create(
            initiative=need, cycle=plan.cycle, origin="planned", code="new-scope", text="It was."
        )
        origins.refresh(team_id=cast.platform.pk)
        html = as_person("member").get(f"/initiatives/{need.key}/").content.decode()
        assert "It no longer counts as opportunistic" in html
        assert "Name what gives way" not in html


class TestEntry:
    """/initiatives/<key>/funding/<pk>/ and its delete."""

    def url(self, entry: Funding) -> str:
        return f"/initiatives/{entry.opportunity.key}/funding/{entry.pk}/"

    def data(self, entry: Funding, **more: str) -> dict[str, str]:
        typed = {"mpd": "12", "manner": "drop", "on": "2026-09-18", "note": ""}
        return {**typed, "seen": seen_of(entry), **more}

    def test_it_opens_in_its_row(self, entry: Funding, as_person: AsPerson) -> None:
        headers = {**HTMX, "HX-Target": f"tr#entry-{entry.pk}"}
        html = as_person("member").get(self.url(entry), headers=headers).content.decode()
        assert html.lstrip().startswith(f'<tr id="entry-{entry.pk}"')

    def test_it_is_corrected(self, entry: Funding, as_person: AsPerson) -> None:
        answer = as_person("member").post(self.url(entry), self.data(entry), headers=HTMX)
        entry.refresh_from_db()
        assert (answer.status_code, entry.mpd, entry.manner) == (200, 12_000, "drop")

    def test_too_much_is_refused(self, entry: Funding, as_person: AsPerson) -> None:
        answer = as_person("member").post(self.url(entry), self.data(entry, mpd="51"))
        assert answer.status_code == 422
        assert "PLAT-1 has 40 pd left to give." in answer.content.decode()

    def test_a_stale_form_is_a_conflict_and_keeps_what_was_typed(
        self, entry: Funding, as_person: AsPerson
    ) -> None:
        stale = self.data(entry)
        client = as_person("member")
        client.post(self.url(entry), self.data(entry, mpd="11"))
        answer = client.post(self.url(entry), stale, headers=HTMX)
        html = answer.content.decode()
        assert answer.status_code == 409
        assert "somebody else set it to 11 pd, drop, 18 Sep 2026" in html
        assert 'value="12"' in html
        entry.refresh_from_db()
        assert entry.mpd == 11_000

    def test_it_is_taken_back(self, entry: Funding, as_person: AsPerson) -> None:
        url = f"{self.url(entry)}delete/"
        answer = as_person("member").post(url, {"seen": seen_of(entry)}, headers=HTMX)
        assert (answer.status_code, Funding.objects.count()) == (200, 0)
        assert as_person("member").post(url, {"seen": "x"}).status_code == 404

    def test_a_stale_delete_is_a_conflict(self, entry: Funding, as_person: AsPerson) -> None:
        answer = as_person("member").post(f"{self.url(entry)}delete/", {"seen": "1/delay"})
        assert (answer.status_code, Funding.objects.count()) == (409, 1)

    def test_the_entry_of_another_initiative_is_not_found(
        self, entry: Funding, planned: Initiative, as_person: AsPerson
    ) -> None:
        url = f"/initiatives/{planned.key}/funding/{entry.pk}/"
        assert as_person("member").get(url).status_code == 404
