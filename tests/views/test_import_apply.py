"""Bringing a file in, taking it back, and dropping it."""

from typing import Any

import pytest
import time_machine

from tests.transfer.reading import real
from tests.views.imports import SHEET, As, as_shown, bring, text_of, waiting
from tracker.models import ImportBatch, Initiative
from tracker.transfer import build as building


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-09-18T10:00:00Z"):
        yield


class TestImportApply:
    def test_the_file_is_worked_out_once(
        self, as_person: As, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = as_person("member")
        url = waiting(client)
        sent, built = as_shown(client, url), []

        def build(*args: Any) -> Any:
            built.append(args)
            return really(*args)

        really = building.build
        monkeypatch.setattr(building, "build", build)
        assert client.post(f"{url}apply/", sent).status_code == 302
        assert len(built) == 1

    def test_brings_in_what_was_shown(self, as_person: As) -> None:
        url = bring(as_person("member"))
        assert Initiative.objects.count() == 2
        page = text_of(as_person("member").get(url))
        assert "2 initiatives came in" not in page  # another session's message
        assert "PLAT-1" in page

    def test_a_double_submit_brings_it_once(self, as_person: As) -> None:
        client = as_person("member")
        url = waiting(client)
        data = as_shown(client, url)
        for _ in range(2):
            assert client.post(f"{url}apply/", data).status_code == 302
        assert Initiative.objects.count() == 2

    def test_a_mapping_that_was_not_checked_is_shown_first(self, as_person: As) -> None:
        client = as_person("member")
        url = waiting(client)
        data = as_shown(client, url, default_origin="planned")

        response = client.post(f"{url}apply/", data)

        assert response.status_code == 409
        assert "Nothing is imported yet" in text_of(response)
        assert not Initiative.objects.exists()
        assert client.post(f"{url}apply/", data).status_code == 302
        assert Initiative.objects.count() == 2

    def test_nothing_new_is_said(self, as_person: As) -> None:
        client = as_person("member")
        bring(client)
        url = waiting(client)
        response = client.post(f"{url}apply/", as_shown(client, url))
        assert response.status_code == 422
        assert "no new row" in text_of(response)

    def test_an_invalid_mapping_is_refused(self, as_person: As) -> None:
        client = as_person("member")
        url = waiting(client)
        data = as_shown(client, url, column_title="-1")
        assert client.post(f"{url}apply/", data).status_code == 422
        assert not Initiative.objects.exists()

    @pytest.mark.parametrize(
        ("name", "rows"),
        [
            ("jira/07-cloud-dutch-sprint-x3.csv", 26),
            ("jira/09-french-server-2016.csv", 516),
            ("linear/05-issues-25-cols-2023.csv", 10),
            ("monorail/01-chromium-fugu.csv", 171),
            ("gitlab/01-gitlab-own-fixture.csv", 4),
            ("spreadsheet/k8s-1.10-features.csv", 25),
            ("spreadsheet/k8s-1.11-features.csv", 24),
        ],
    )
    def test_real_exports_go_all_the_way(self, as_person: As, name: str, rows: int) -> None:
        client = as_person("member")
        bring(client, real(name), fallback_day="2026-01-05", exported_on="2020-06-05")
        assert Initiative.objects.count() == rows


class TestImportUndo:
    def test_takes_everything_back(self, as_person: As) -> None:
        client = as_person("member")
        url = bring(client)

        assert client.post(f"{url}undo/").status_code == 302

        assert not Initiative.objects.exists()
        assert "undone on" in text_of(client.get(url))
        assert client.post(f"{url}undo/").status_code == 302

    def test_asks_where_people_have_changed_rows(self, as_person: As) -> None:
        client = as_person("member")
        url = bring(client)
        Initiative.objects.filter(number=1).update(version=2)

        refused = client.post(f"{url}undo/")

        assert refused.status_code == 409
        assert "Nothing was undone" in text_of(refused)
        assert "PLAT-1" in text_of(refused)
        assert Initiative.objects.count() == 2
        assert client.post(f"{url}undo/", {"confirmed": "yes"}).status_code == 302
        assert not Initiative.objects.exists()

    def test_a_file_that_waits_has_nothing_to_undo(self, as_person: As) -> None:
        client = as_person("member")
        url = waiting(client)
        assert client.post(f"{url}undo/").status_code == 302
        assert ImportBatch.objects.get().state == "draft"


class TestImportDrop:
    def test_forgets_a_file_but_never_an_import(self, as_person: As) -> None:
        client = as_person("member")
        applied, url = bring(client), waiting(client, SHEET + b"More,idea,A-3\n")
        assert client.post(f"{url}drop/").headers["Location"] == "/imports/"
        assert client.get(url).status_code == 404
        assert client.post(f"{applied}drop/").headers["Location"] == applied
