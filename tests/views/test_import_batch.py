"""A file that waits: how it is read, and what would come of it."""

from typing import Any

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from tests.transfer.reading import FIXTURES
from tests.views.imports import As, as_shown, bring, text_of, waiting
from tracker.models import ImportBatch, Initiative, WorkSegment


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-09-18T10:00:00Z"):
        yield


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
