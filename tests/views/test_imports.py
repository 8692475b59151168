"""The pages of an import, from the file to its undoing."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import Cast
from tests.transfer.reading import real
from tests.views.imports import NEW, SHEET, As, bring, text_of, upload, waiting
from tracker.models import ImportBatch, Initiative, Team
from tracker.transfer import reading


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-09-18T10:00:00Z"):
        yield


class TestRights:
    @pytest.mark.parametrize(
        ("role", "page", "batch", "write"),
        [
            ("anonymous", 302, 302, 302),
            ("stranger", 403, 404, 404),
            ("other_lead", 200, 404, 404),
            ("viewer", 403, 200, 403),
            ("member", 200, 200, 302),
            ("lead", 200, 200, 302),
            ("group_lead", 200, 200, 302),
            ("superuser", 200, 200, 302),
        ],
    )
    def test_members_import_and_viewers_read(
        self, as_person: As, role: str, page: int, batch: int, write: int
    ) -> None:
        url, applied = waiting(as_person("member")), bring(as_person("member"), SHEET + b"\n,,\n")
        client = as_person(role)

        assert client.get(NEW).status_code == page
        assert client.get(url).status_code == batch
        assert client.get(applied).status_code == batch
        for path in (f"{applied}undo/", f"{url}drop/"):
            assert client.post(path).status_code == write
        assert ImportBatch.objects.filter(state="draft").exists() == (
            role in {"anonymous", "stranger", "other_lead", "viewer"}
        )
        assert Initiative.objects.exists() == ImportBatch.objects.filter(state="draft").exists()

    def test_the_list_shows_the_own_teams_only(self, as_person: As) -> None:
        bring(as_person("member"))
        assert "w.csv" in text_of(as_person("viewer").get("/imports/"))
        assert "w.csv" not in text_of(as_person("other_lead").get("/imports/"))
        assert as_person("stranger").get("/imports/").status_code == 200

    def test_nobody_imports_into_a_team_of_others(self, as_person: As) -> None:
        assert upload(as_person("member"), team="checkout").status_code == 422
        assert upload(as_person("viewer")).status_code == 403
        assert not ImportBatch.objects.exists()

    def test_a_form_without_its_token_is_refused(self, cast: Cast) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast.member)
        assert upload(client).status_code == 403
        assert not ImportBatch.objects.exists()

    @pytest.mark.parametrize("step", ["apply", "undo", "drop"])
    def test_get_changes_nothing(self, as_person: As, step: str) -> None:
        client = as_person("member")
        assert client.get(f"{waiting(client)}{step}/").status_code == 405


class TestImportNew:
    @pytest.mark.parametrize(
        ("name", "status", "says"),
        [
            ("nasty/07-formula-html-control-huge.csv", 413, "Row 19, column Summary"),
            ("nasty/10-html-login-page.csv", 422, "That is a web page"),
            ("nasty/11-empty.csv", 422, "The file is empty"),
            ("nasty/12-bom-only.csv", 422, "The file is empty"),
        ],
    )
    def test_broken_files_get_a_clear_message(
        self, as_person: As, name: str, status: int, says: str
    ) -> None:
        response = upload(as_person("member"), real(name))
        assert response.status_code == status
        assert says in text_of(response)
        assert not ImportBatch.objects.exists()

    def test_a_header_alone_is_no_list(self, as_person: As) -> None:
        response = upload(as_person("member"), b"Title,Status\n")
        assert response.status_code == 422
        assert "no rows below" in text_of(response)

    def test_no_file_keeps_the_page(self, as_person: As) -> None:
        assert as_person("member").post(NEW, {"team": "platform"}).status_code == 422

    def test_a_request_that_is_too_large_is_not_even_read(self, as_person: As) -> None:
        response = as_person("member").post(
            NEW, b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=11 * 2**20
        )
        assert response.status_code == 413
        assert "larger than 10 MB" in text_of(response)

    def test_a_file_that_is_too_large(self, as_person: As) -> None:
        response = upload(as_person("member"), b"x" * (reading.MOST_BYTES + 1))
        assert response.status_code == 413
        assert "larger than 10 MB" in text_of(response)

    def test_a_double_submit_waits_once(self, as_person: As) -> None:
        client = as_person("member")
        assert waiting(client) == waiting(client)

    def test_the_name_of_the_file_is_only_a_name(self, as_person: As) -> None:
        upload(as_person("member"), name="..\\..\\<b>x.csv")
        page = text_of(as_person("member").get("/imports/"))
        assert "<b>x" not in page
        assert "&lt;b&gt;x" in page


class TestImports:
    def test_teaches_the_next_step_where_there_is_none(self, as_person: As) -> None:
        page = text_of(as_person("member").get("/imports/"))
        assert "Nothing has been imported yet" in page
        assert NEW in page
        assert NEW not in text_of(as_person("viewer").get("/imports/"))

    def test_a_moved_team_keeps_its_imports(self, cast: Cast, as_person: As) -> None:
        bring(as_person("member"))
        Team.objects.filter(pk=cast.platform.pk).update(name="Renamed")
        assert "Renamed" in text_of(as_person("member").get("/imports/"))
