"""The file of what the list shows."""

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any

import pytest
import time_machine

from tests.cast import Cast
from tests.views.initiative import As, Log

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel("2026-09-18T10:00:00Z"):
        yield


class TestInitiativesExport:
    def rows(self, response: Any) -> list[list[str]]:
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        return list(csv.reader(StringIO(text)))

    def test_it_holds_what_matches(self, cast: Cast, log: Log, as_person: As) -> None:
        log("Rate limits", pd=1200.5, owner=cast.member, due_on=date(2026, 10, 1))
        log("Other")
        log("Rate there", team=cast.checkout, by=cast.other_lead)
        answer = as_person("viewer").get("/initiatives/export/", {"q": "rate"})
        assert answer.streaming
        head, *rows = self.rows(answer)
        assert [row[0] for row in rows] == ["PLAT-1"]
        found = dict(zip(head, rows[0], strict=True))
        assert found["Estimate, pd"] == "1200.5"
        assert found["Target date"] == "2026-10-01"
        assert found["Owner"] == "member@example.org"

    @pytest.mark.parametrize("title", ["=1+1", "@x", "-x", "-2+3", "\uff1d1+1", "'=1+1"])
    def test_no_cell_is_a_formula(self, log: Log, as_person: As, title: str) -> None:
        log(title)
        answer = as_person("viewer").get("/initiatives/export/")
        assert self.rows(answer)[1][2] == f"'{title}"

    def test_a_number_stays_a_number(self, log: Log, as_person: As) -> None:
        log("+1")
        assert self.rows(as_person("viewer").get("/initiatives/export/"))[1][2] == "+1"

    def test_strangers_get_nothing(self, log: Log, as_person: As) -> None:
        log()
        client = as_person("stranger")
        assert client.get("/initiatives/export/", {"team": "platform"}).status_code == 404
        assert len(self.rows(client.get("/initiatives/export/"))) == 1
