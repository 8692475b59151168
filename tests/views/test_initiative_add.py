"""Logging an initiative in one line, or on a page of its own."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from tests.cast import Cast
from tests.views.initiative import As
from tracker.models import Initiative

URL = "/initiatives/"


LOG = {"HX-Request": "true", "HX-Target": "tbody#rows", "HX-Source": "form#log"}


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel("2026-09-18T10:00:00Z"):
        yield


def keys(response: Any) -> list[str]:
    """Return the keys of the rows, in their order."""
    found = re.findall(r'<td class="key-cell hide-s"><a[^>]*>([A-Z]+-\d+)<', html(response))
    return list(found)


def html(response: Any) -> str:
    return str(response.content.decode())


def quick(client: Client, title: str, **data: Any) -> Any:
    """Send the line that logs; ``headers`` are htmx's."""
    headers = data.pop("headers", None)
    given = {"title": title, "team": "platform", "list": "platform", "creation_key": uuid4()}
    return client.post(f"{URL}add/", {**given, **data}, headers=headers)


class TestInitiativeAdd:
    @pytest.mark.parametrize(
        ("role", "status"),
        [
            ("anonymous", 302),
            ("stranger", 404),
            ("other_lead", 404),
            ("viewer", 403),
            ("member", 302),
            ("superuser", 302),
        ],
    )
    def test_only_members_log(self, cast: Cast, as_person: As, role: str, status: int) -> None:
        answer = quick(as_person(role), "New one")
        assert answer.status_code == status
        logged = status == 302 and role != "anonymous"
        assert Initiative.objects.filter(title="New one").exists() == logged

    @pytest.mark.parametrize(("role", "status"), [("stranger", 404), ("viewer", 403)])
    def test_the_form_is_only_for_those_who_may_log(
        self, cast: Cast, as_person: As, role: str, status: int
    ) -> None:
        assert as_person(role).get(f"{URL}add/").status_code == status

    def test_a_title_is_enough_and_the_owner_is_oneself(self, cast: Cast, as_person: As) -> None:
        page = html(as_person("member").get(URL, {"team": "platform"}))
        assert 'value="Member"' in page
        quick(as_person("member"), "  Just   this ", owner="Member")
        it = Initiative.objects.get()
        assert (it.title, it.status, it.origin) == ("Just this", "committed", "unclassified")
        assert (it.owner, it.created_by) == (cast.member, cast.member)

    def test_all_fields_of_the_line_are_kept(self, cast: Cast, as_person: As) -> None:
        quick(
            as_person("member"),
            "Fix it",
            origin="opportunistic",
            need="dire-need",
            trigger="incident",
            estimate_mpd="1w 2d",
            owner="Lead",
        )
        it = Initiative.objects.get()
        assert (it.origin, it.need, it.trigger) == ("opportunistic", "dire-need", "incident")
        assert (it.estimate_mpd, it.owner) == (7000, cast.lead)

    def test_with_htmx_the_row_comes_on_top_and_the_title_is_empty_again(
        self, cast: Cast, as_person: As
    ) -> None:
        answer = quick(as_person("member"), "Fresh", headers=LOG)
        text = html(answer)
        assert answer.status_code == 200
        assert text.strip().startswith('<tr id="i')
        assert "Fresh" in text
        line = text.partition('hx-target="#quick"')[2]
        assert "Fresh" not in line
        assert "data-focus" in line
        assert "initiativesChanged" in answer["HX-Trigger"]

    def test_a_refused_line_keeps_what_was_typed(self, cast: Cast, as_person: As) -> None:
        answer = quick(as_person("member"), "Typed", estimate_mpd="soon", headers=LOG)
        assert answer.status_code == 422
        assert answer["HX-Retarget"] == "#quick"
        assert 'value="Typed"' in html(answer)
        assert 'value="soon"' in html(answer)
        whole = quick(as_person("member"), "Typed", estimate_mpd="soon")
        assert whole.status_code == 422
        assert 'value="Typed"' in html(whole)
        assert "<!doctype html>" in html(whole)
        assert not Initiative.objects.exists()

    @pytest.mark.parametrize("title", ["", "   ", "x" * 201])
    def test_a_title_there_must_be_and_not_too_long(
        self, cast: Cast, as_person: As, title: str
    ) -> None:
        assert quick(as_person("member"), title).status_code == 422

    def test_a_double_submit_makes_one_row(self, cast: Cast, as_person: As) -> None:
        client, key = as_person("member"), uuid4()
        quick(client, "Once", creation_key=key, headers=LOG)
        again = quick(client, "Once", creation_key=key, headers=LOG)
        assert again.status_code == 200
        assert Initiative.objects.count() == 1
        assert '<tr id="i' not in html(again)

    def test_somebody_elses_key_is_refused(self, cast: Cast, as_person: As) -> None:
        key = uuid4()
        quick(as_person("lead"), "Theirs", creation_key=key)
        assert quick(as_person("member"), "Mine", creation_key=key).status_code == 422

    def test_the_form_takes_over_a_title(self, cast: Cast, as_person: As) -> None:
        page = html(as_person("member").get(f"{URL}add/", {"team": "platform", "title": "Abc"}))
        assert 'value="Abc"' in page

    def test_with_several_teams_one_chooses(self, cast: Cast, as_person: As) -> None:
        page = html(as_person("group_lead").get(URL))
        assert '<select name="team"' in page
        quick(as_person("group_lead"), "There", team="checkout", list="")
        assert Initiative.objects.get().team == cast.checkout
