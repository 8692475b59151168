"""Splits and merges on an initiative's page."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import time_machine

from tests.cast import TODAY, Cast
from tests.views.initiative import WHOLE, WRITERS, As, Log, url
from tests.views.origins import words
from tests.views.test_initiative import HOSTILE
from tracker.models import Initiative

KEY = str(UUID(int=9))


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def parts(*rows: tuple[str, str], **more: Any) -> dict[str, Any]:
    """Return what the form sends for these titles and efforts."""
    sent: dict[str, Any] = {"version": 1, "creation_key": KEY, "grown": ""} | more
    for number, (title, left) in enumerate(rows, 1):
        sent |= {f"title_{number}": title, f"left_{number}": left}
    return sent


class TestInitiativeSplit:
    @pytest.mark.parametrize(("role", "status"), WRITERS)
    def test_who_may_ask(self, log: Log, as_person: As, role: str, status: int) -> None:
        assert as_person(role).get(url(log(pd=9), "split/")).status_code == status

    def test_the_form_says_what_remains(self, log: Log, as_person: As) -> None:
        text = words(as_person("member").get(url(log(pd=9), "split/")))
        assert "Split PLAT-1 into parts" in text
        assert "9 pd remain of it." in text

    def test_two_parts_and_their_line(self, log: Log, as_person: As) -> None:
        it, client = log(pd=9), as_person("member")
        sent = parts(("Read path", "4"), ("Write path", "1w"))
        answer = client.post(url(it, "split/"), sent, headers=WHOLE)
        assert answer.status_code == 200
        text = words(answer)
        assert "Split into PLAT-2 Read path Split into PLAT-3 Write path" in text
        assert "Undo the split" in text
        assert "Split from PLAT-1" in words(client.get("/initiatives/PLAT-2/"))
        # sent again without script it is the same split
        assert client.post(url(it, "split/"), sent).status_code == 302
        assert Initiative.objects.count() == 3

    def test_scope_growth_is_told_before_it_is_saved(self, log: Log, as_person: As) -> None:
        it, client = log(pd=9), as_person("member")
        sent = parts(("Read path", "6"), ("Write path", "5"))
        answer = client.post(url(it, "split/"), sent, headers=WHOLE)
        assert answer.status_code == 422
        text = words(answer)
        assert "The parts hold 11 pd, but 9 pd remain: that is 2 pd of scope growth." in text
        assert Initiative.objects.count() == 1
        found = re.search(r'name="grown" value="(\d+)"', answer.content.decode())
        assert found
        again = client.post(url(it, "split/"), sent | {"grown": found[1]}, headers=WHOLE)
        assert again.status_code == 200
        assert Initiative.objects.count() == 3

    @pytest.mark.parametrize(
        ("rows", "said"),
        [
            ((), "Name two parts or more."),
            ((("Only one", "3"),), "Name two parts or more."),
            ((("One", "3"), ("", "4")), "Give the part a title."),
            ((("One", "lots"), ("Two", "4")), "lots"),
            ((("x" * 201, "3"), ("Two", "4")), "200"),
        ],
    )
    def test_nonsense_is_asked_again(
        self, log: Log, as_person: As, rows: tuple[tuple[str, str], ...], said: str
    ) -> None:
        answer = as_person("member").post(url(log(pd=9), "split/"), parts(*rows), headers=WHOLE)
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert Initiative.objects.count() == 1

    def test_a_stale_form_keeps_what_was_typed(self, cast: Cast, log: Log, as_person: As) -> None:
        it = log(pd=9)
        Initiative.objects.filter(pk=it.pk).update(estimate_mpd=8000, version=2)
        sent = parts(("Read path", "4"), ("Write path", "5"))
        answer = as_person("member").post(url(it, "split/"), sent, headers=WHOLE)
        assert answer.status_code in (409, 422)
        assert 'value="Read path"' in answer.content.decode()
        assert Initiative.objects.count() == 1

    def test_it_is_taken_back(self, log: Log, as_person: As) -> None:
        it, client = log(pd=9), as_person("member")
        client.post(url(it, "split/"), parts(("A", "4"), ("B", "5")))
        answer = client.post(url(it, "split/"), {"undo": "1"}, headers=WHOLE)
        assert answer.status_code == 200
        assert Initiative.objects.count() == 1
        again = client.post(url(it, "split/"), {"undo": "1"}, headers=WHOLE)
        assert again.status_code == 422
        assert "neither split nor merged" in words(again)

    @pytest.mark.parametrize("text", HOSTILE)
    def test_no_title_becomes_markup(self, log: Log, as_person: As, text: str) -> None:
        client = as_person("member")
        sent = parts((text, "4"), (text, "9"))
        for more in ({}, {"grown": "4000"}):
            answer = client.post(url(log(pd=9), "split/"), sent | more, headers=WHOLE)
            for bad in ("<script>alert", "<img src=x", 'href="javascript'):
                assert bad not in answer.content.decode()


class TestInitiativeMerge:
    @pytest.mark.parametrize(("role", "status"), WRITERS)
    def test_who_may_ask(self, log: Log, as_person: As, role: str, status: int) -> None:
        assert as_person(role).get(url(log(), "merge/")).status_code == status

    def test_others_go_on_in_it(self, log: Log, as_person: As) -> None:
        it, one, two = log(pd=2), log("First", pd=3), log("Second", pd=4)
        client = as_person("member")
        sent = {"version": 1, "keys": f"{one.key}, {two.key.lower()}"}
        answer = client.post(url(it, "merge/"), sent, headers=WHOLE)
        assert answer.status_code == 200
        text = words(answer)
        assert "Merged from PLAT-2 First Merged from PLAT-3 Second" in text
        assert "None of 9 pd worked yet" in text
        assert "Merged into PLAT-1" in words(client.get(url(one)))
        back = client.post(url(one, "merge/"), {"undo": "1"}, headers=WHOLE)
        assert back.status_code == 200
        assert "None of 6 pd worked yet" in words(client.get(url(it)))

    def test_across_origins_it_says_why_not(self, log: Log, as_person: As) -> None:
        it, other = log(origin="planned"), log(origin="opportunistic")
        sent = {"version": 1, "keys": other.key}
        answer = as_person("member").post(url(it, "merge/"), sent, headers=WHOLE)
        assert answer.status_code == 422
        text = words(answer)
        assert "Only initiatives of the same origin can be merged." in text
        assert "PLAT-2 is opportunistic" in text

    @pytest.mark.parametrize("keys", ["", "PLAT-1", "PLAT-99", "CHK-1", "<script>", "x " * 30])
    def test_nonsense_is_asked_again(self, cast: Cast, log: Log, as_person: As, keys: str) -> None:
        it = log()
        log(team=cast.checkout)  # which the member may not see
        sent = {"version": 1, "keys": keys}
        answer = as_person("member").post(url(it, "merge/"), sent, headers=WHOLE)
        assert answer.status_code == 422
        assert "<script>" not in answer.content.decode()
