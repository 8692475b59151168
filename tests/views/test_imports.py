"""The pages of an import, from the file to its undoing."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast
from tests.transfer.reading import FIXTURES, real
from tracker.models import ImportBatch, Initiative, Team, WorkSegment
from tracker.transfer import build as building
from tracker.transfer import reading

As = Callable[[str], Client]
NEW = "/imports/new/"
SHEET = b"Title,Status,Key\nRate limits,idea,A-1\nNew ledger,idea,A-2\n"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-09-18T10:00:00Z"):
        yield


def upload(
    client: Client, content: bytes = SHEET, team: str = "platform", name: str = "w.csv"
) -> Any:
    return client.post(NEW, {"team": team, "file": SimpleUploadedFile(name, content)})


def waiting(client: Client, content: bytes = SHEET) -> str:
    answer = upload(client, content)
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def as_shown(client: Client, url: str, **changes: Any) -> dict[str, Any]:
    """Return what the mapping's form would send, with changes."""
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()} | changes


def bring(client: Client, content: bytes = SHEET, **changes: Any) -> str:
    url = waiting(client, content)
    if changes:
        assert client.post(url, as_shown(client, url, **changes)).status_code == 302
    assert client.post(f"{url}apply/", as_shown(client, url)).status_code == 302
    return url


def text_of(response: Any) -> str:
    return str(response.content.decode())


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


class TestImportBatch:
    def test_shows_what_was_recognised_and_what_will_happen(self, as_person: As) -> None:
        client = as_person("member")
        page = text_of(client.get(waiting(client)))

        assert "UTF-8, separated by comma, header in row 1, 2 rows" in page
        assert "Import 2 initiatives" in page
        assert "Rate limits" in page
        assert not Initiative.objects.exists()

    def test_a_changed_mapping_survives_a_return(self, as_person: As) -> None:
        client = as_person("member")
        url = waiting(client)

        client.post(url, as_shown(client, url, status_0="active", unit="weeks"))

        form = client.get(url).context["form"]
        assert (form["status_0"].value(), form["unit"].value()) == ("active", "weeks")
        assert client.get(url).context["report"].skipped == 2  # active since when?

    def test_work_without_a_first_day_is_named_and_can_begin_when_it_was_created(
        self, as_person: As
    ) -> None:
        client = as_person("member")
        url = waiting(client, b"Title,Status,Created\nA,in progress,2026-08-03\n")
        page = client.get(url)
        assert page.context["lack_a_start"] == 1
        assert "1 active or delivered row has no first day of work" in text_of(page)
        assert "(row 2)" in text_of(page)
        client.post(url, as_shown(client, url, start_from="created"))
        page = client.get(url)
        assert page.context["lack_a_start"] == 0
        client.post(f"{url}apply/", as_shown(client, url))
        segment = WorkSegment.objects.get()
        assert (str(segment.starts_on), segment.ends_before) == ("2026-08-03", None)

    def test_points_taken_for_effort_are_warned_of(self, as_person: As) -> None:
        client = as_person("member")
        url = waiting(client, b"Title,Story points\nA,5\n")
        page = client.get(url)
        assert not page.context["points"]
        client.post(url, as_shown(client, url, column_estimate=1, unit="seconds"))
        text = text_of(client.get(url))
        assert "<bdi>Story points</bdi> seems to count points or sizes, which are no" in text
        assert "less than an hour, its numbers read as seconds" in text

    def test_a_mapping_kept_before_starts_were_asked_for_still_opens(self, as_person: As) -> None:
        client = as_person("member")
        url = waiting(client, b"Title\nA\n")
        batch = ImportBatch.objects.get()
        del batch.mapping["start_from"]
        batch.save()
        assert client.get(url).status_code == 200

    def test_a_new_column_for_the_status_brings_its_words(self, as_person: As) -> None:
        client = as_person("member")
        url = waiting(client, b"Title,Lane\nA,done\nB,todo\n")
        assert not client.get(url).context["words"]

        client.post(url, as_shown(client, url, column_status=1, fallback_day="2026-01-05"))

        context = client.get(url).context
        assert [field.label for field, _ in context["words"][0]["rows"]] == ["done", "todo"]
        assert [row.status for row in context["report"].rows] == ["delivered", "committed"]

    def test_origins_are_mapped_by_word(self, as_person: As) -> None:
        client = as_person("member")
        bring(client, b"Title,Kind\nA,Feature\nB,Interrupt\n", column_origin=1)
        assert list(Initiative.objects.order_by("number").values_list("origin", flat=True)) == [
            "unclassified",
            "opportunistic",
        ]

    def test_ambiguous_days_are_asked(self, as_person: As) -> None:
        client = as_person("member")
        url = waiting(client, (FIXTURES / "sheet-ambiguous.csv").read_bytes())
        assert "can be read in two ways" in text_of(client.get(url))

        client.post(url, as_shown(client, url, order="day-first"))

        assert len(client.get(url).context["report"].rows) == 2

    def test_the_header_row_can_be_moved(self, as_person: As) -> None:
        client = as_person("member")
        url = waiting(client, b"Title,Status\nName,State\nA,done\n")

        client.post(url, as_shown(client, url, header_row=2))

        assert client.get(url).context["opened"].table.header == ["Name", "State"]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("column_title", "-1"),
            ("column_title", "999"),
            ("column_title", "x"),
            ("header_row", "99"),
            ("header_row", "3"),  # nothing stands below it
            ("status_0", "lost"),
            ("unit", "moons"),
            ("fallback_day", "2027-01-01"),
            ("exported_on", "soon"),
            ("fallback_day", "\x00"),
        ],
    )
    def test_nonsense_is_refused_and_kept_from_the_store(
        self, as_person: As, field: str, value: str
    ) -> None:
        client = as_person("member")
        url = waiting(client)
        before = ImportBatch.objects.get().mapping

        response = client.post(url, as_shown(client, url, **{field: value}))

        assert response.status_code == 422
        assert ImportBatch.objects.get().mapping == before

    def test_every_problem_is_in_the_csv(self, as_person: As) -> None:
        client = as_person("member")
        url = waiting(client, b"Title,Owner\nA,=cmd\n,B\n")

        response: Any = client.get(f"{url}?problems=csv")

        lines = b"".join(response.streaming_content).decode().splitlines()
        assert lines[0] == "\ufeffRow,Column,Problem,Left out"
        assert "'=cmd is nobody" in lines[1]
        assert lines[2] == "3,Title,no title,yes"

    def test_text_of_the_file_is_never_markup(self, as_person: As) -> None:
        client = as_person("member")
        url = waiting(client, b"Title,<i>Status</i>,Status\n<script>alert(1)</script>,x,<b>y\n")
        page = text_of(client.get(url))
        assert "<script>alert" not in page
        assert "<i>Status" not in page
        assert "<b>y" not in page

    def test_a_file_imported_before_is_mentioned(self, as_person: As) -> None:
        client = as_person("member")
        bring(client)
        context = client.get(waiting(client)).context
        assert context["earlier"] is not None
        assert len(context["report"].known) == 2

    def test_viewers_see_no_buttons(self, as_person: As) -> None:
        url = waiting(as_person("member"))
        page = text_of(as_person("viewer").get(url))
        assert "Check again" not in page
        assert "Drop the file" not in page

    @pytest.mark.parametrize("rows", [5, 60])
    def test_queries_do_not_grow_with_rows(
        self, as_person: As, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = as_person("member")
        content = b"Title,Key,Labels\n" + b"".join(
            b"T%d,K-%d,l%d\n" % (n, n, n) for n in range(rows)
        )
        url = waiting(client, content)
        with django_assert_max_num_queries(11):
            client.get(url)
        assert client.post(f"{url}apply/", as_shown(client, url)).status_code == 302
        with django_assert_max_num_queries(11):
            client.get(url)
        with django_assert_max_num_queries(8):
            client.get("/imports/")


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
