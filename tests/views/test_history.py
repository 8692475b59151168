"""Restoring an earlier version on the page of an initiative."""

from typing import Any

import pytest
import time_machine

from tests.cast import TODAY, Cast
from tests.views.initiative import WHOLE, WRITERS, As, Log, url
from tracker.actions import initiatives
from tracker.domain.lifecycle import Verb
from tracker.models import Initiative

pytestmark = pytest.mark.django_db


@pytest.fixture
def it(cast: Cast, log: Log) -> Initiative:
    """Give an initiative at version 2 that was called Limits before."""
    with time_machine.travel("2026-09-18T10:00:00Z"):
        first = log("Limits", pd=12)
    with time_machine.travel("2026-09-18T11:00:00Z"):
        return initiatives.edit(
            by=cast.lead, pk=first.pk, version=1, changes={"title": "Quotas", "estimate_mpd": 18000}
        )


def path(it: Initiative, version: int = 1) -> str:
    row = it.history.filter(version=version).first()
    return url(it, f"history/{row.history_id}/restore/")


class TestInitiativeHistoryRestore:
    @pytest.mark.parametrize(("role", "status"), WRITERS)
    def test_only_members_restore(
        self, it: Initiative, as_person: As, role: str, status: int
    ) -> None:
        answer = as_person(role).post(path(it), {"version": 2})
        assert answer.status_code == (302 if status == 200 else status)
        it.refresh_from_db()
        assert it.title == ("Limits" if status == 200 else "Quotas")

    def test_it_is_a_new_version_and_the_story_says_so(self, it: Initiative, as_person: As) -> None:
        answer = as_person("member").post(path(it), {"version": 2}, headers=WHOLE)
        html = answer.content.decode()
        it.refresh_from_db()
        assert (it.version, it.estimate_mpd) == (3, 12000)
        assert "Restored as of 2026-09-18 10:00 UTC" in html
        assert "<del><bdi>Quotas</bdi></del> <ins><bdi>Limits</bdi></ins>" in html

    def test_the_page_offers_earlier_versions_but_not_the_present_one(
        self, it: Initiative, as_person: As
    ) -> None:
        html = as_person("member").get(url(it)).content.decode()
        assert path(it, 1) in html
        assert path(it, 2) not in html

    def test_a_version_that_differs_in_its_status_only_is_not_offered(
        self, cast: Cast, it: Initiative, as_person: As
    ) -> None:
        initiatives.turn(by=cast.lead, pk=it.pk, version=2, verb=Verb.START, on=TODAY)
        html = as_person("member").get(url(it)).content.decode()
        assert path(it, 2) not in html
        assert path(it, 1) in html

    def test_what_was_changed_meanwhile_is_a_conflict(
        self, cast: Cast, it: Initiative, as_person: As
    ) -> None:
        initiatives.edit(by=cast.lead, pk=it.pk, version=2, changes={"title": "Newest"})
        answer = as_person("member").post(path(it), {"version": 2}, headers=WHOLE)
        assert answer.status_code == 409
        assert "Nothing was restored" in answer.content.decode()
        it.refresh_from_db()
        assert it.title == "Newest"

    @pytest.mark.parametrize("sent", [{}, {"version": "x"}, {"version": "0"}])
    def test_a_form_without_its_version_is_refused(
        self, it: Initiative, as_person: As, sent: dict[str, Any]
    ) -> None:
        assert as_person("member").post(path(it), sent).status_code == 422

    def test_a_version_of_another_initiative_is_not_found(
        self, it: Initiative, log: Log, as_person: As
    ) -> None:
        other = log("Other")
        row = it.history.first().history_id
        answer = as_person("member").post(
            url(other, f"history/{row}/restore/"), {"version": other.version}
        )
        assert answer.status_code == 404

    def test_an_external_key_that_another_one_has_by_now_is_refused(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        it = log(external_source="Jira", external_key="NB-1")
        cleared = {"external_source": "", "external_key": ""}
        initiatives.edit(by=cast.member, pk=it.pk, version=1, changes=cleared)
        log(external_source="Jira", external_key="NB-1")
        answer = as_person("member").post(path(it), {"version": 2}, headers=WHOLE)
        assert answer.status_code == 422
        assert "external key" in answer.content.decode()
