"""Deleting an initiative from its own page, and bringing it back."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from tests.cast import Cast
from tests.views.initiative import WRITERS, As, Log
from tracker.actions import initiatives as actions
from tracker.models import Initiative

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel("2026-09-18T10:00:00Z"):
        yield


def html(response: Any) -> str:
    return str(response.content.decode())


class TestInitiativeDelete:
    @pytest.mark.parametrize(("role", "status"), WRITERS)
    def test_only_members_delete_and_restore(
        self, log: Log, as_person: As, role: str, status: int
    ) -> None:
        it, client = log(), as_person(role)
        wanted = 302 if status == 200 else status
        answer = client.post(f"/initiatives/{it.key}/delete/", {"version": 1})
        assert answer.status_code == wanted
        gone = status == 200
        assert Initiative.objects.exists() != gone
        if gone:
            client.post(f"/initiatives/{it.key}/restore/", {"version": 2})
            assert Initiative.objects.exists()

    def test_the_list_then_offers_to_undo_it(self, log: Log, as_person: As) -> None:
        it, client = log(), as_person("member")
        answer = client.post(f"/initiatives/{it.key}/delete/", {"version": 1})
        page = html(client.get(answer["Location"]))
        assert "PLAT-1 deleted." in page
        assert "Undo" in page

    @pytest.mark.parametrize("version", ["1", "", "x", "9" * 40])
    def test_what_was_changed_in_between_is_not_deleted(
        self, cast: Cast, log: Log, as_person: As, version: str
    ) -> None:
        it = log()
        actions.edit(by=cast.lead, pk=it.pk, version=1, changes={"title": "Newer"})
        answer = as_person("member").post(f"/initiatives/{it.key}/delete/", {"version": version})
        assert answer.status_code == 409
        assert "Nothing was deleted" in html(answer)
        assert Initiative.objects.exists()

    def test_twice_is_no_error(self, log: Log, as_person: As) -> None:
        it, client = log(), as_person("member")
        for _ in range(2):
            assert client.post(f"/initiatives/{it.key}/delete/", {"version": 1}).status_code == 302
        for _ in range(2):
            assert client.post(f"/initiatives/{it.key}/restore/").status_code == 302

    def test_a_key_that_was_taken_meanwhile_stops_the_restore(
        self, log: Log, as_person: As
    ) -> None:
        it, client = log(external_source="Jira", external_key="A-1"), as_person("member")
        client.post(f"/initiatives/{it.key}/delete/", {"version": 1})
        log(external_source="Jira", external_key="A-1")
        answer = client.post(f"/initiatives/{it.key}/restore/")
        assert answer.status_code == 422
        assert "It was not restored" in html(answer)
