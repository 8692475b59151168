"""Cells of the table, edited in place or on a page of their own."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import TODAY, Cast
from tests.plans import lock, rank
from tests.views.initiative import WRITERS, As, Log
from tracker.actions import initiatives as actions
from tracker.domain.lifecycle import Status, Verb
from tracker.models import Initiative, Plan

FIELDS = ("title", "origin", "status", "estimate", "target", "owner")
HTMX = {"HX-Request": "true", "HX-Target": "td"}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel("2026-09-18T10:00:00Z"):
        yield


def cell(it: Initiative, field: str) -> str:
    return f"/initiatives/{it.key}/cell/{field}/"


def save(client: Client, it: Initiative, field: str, **data: Any) -> Any:
    """Send the editor of a cell as htmx does; ``headers=None`` is the plain form."""
    headers = data.pop("headers", HTMX)
    return client.post(cell(it, field), {"version": it.version, **data}, headers=headers)


def html(response: Any) -> str:
    return str(response.content.decode())


class TestInitiativeCell:
    @pytest.mark.parametrize(("role", "status"), WRITERS)
    def test_only_members_open_and_save(
        self, log: Log, as_person: As, role: str, status: int
    ) -> None:
        it, client = log("Before"), as_person(role)
        assert client.get(cell(it, "title")).status_code == status
        answer = save(client, it, "title", title="After", headers=None)
        assert answer.status_code == (302 if status == 200 else status)
        it.refresh_from_db()
        assert it.title == ("After" if status == 200 else "Before")

    def test_a_column_that_is_none_is_not_found(self, log: Log, as_person: As) -> None:
        assert as_person("member").get(cell(log(), "version")).status_code == 404

    @pytest.mark.parametrize("field", FIELDS)
    def test_each_opens_in_its_place_and_on_a_page(
        self, log: Log, as_person: As, field: str
    ) -> None:
        it, client = log(), as_person("member")
        editor = html(client.get(cell(it, field), headers=HTMX)).strip()
        assert editor.startswith("<form")
        assert "data-focus" in editor
        page = html(client.get(cell(it, field)))
        assert "<!doctype html>" in page
        assert f'action="{cell(it, field)}"' in page

    @pytest.mark.parametrize(
        ("field", "typed", "stored"),
        [
            ("title", {"title": " New  title "}, {"title": "New title"}),
            ("estimate", {"estimate_mpd": "3w"}, {"estimate_mpd": 15000}),
            ("estimate", {"estimate_mpd": ""}, {"estimate_mpd": None}),
            ("target", {"due_on": "2026-10-02"}, {"due_on": date(2026, 10, 2)}),
            ("target", {"due_on": ""}, {"due_on": None}),
            (
                "origin",
                {"origin": "opportunistic", "need": "dire-need", "trigger": "incident"},
                {"origin": "opportunistic", "need": "dire-need", "trigger": "incident"},
            ),
            (
                "origin",
                {"origin": "planned", "need": "dire-need", "trigger": "incident"},
                {"origin": "planned", "need": "", "trigger": ""},
            ),
        ],
    )
    def test_what_is_typed_is_stored_and_the_row_comes_back(
        self, log: Log, as_person: As, field: str, typed: dict[str, str], stored: dict[str, Any]
    ) -> None:
        it = log(pd=2)
        answer = save(as_person("member"), it, field, **typed)
        assert answer.status_code == 200
        assert html(answer).strip().startswith(f'<tr id="i{it.pk}"')
        assert "initiativesChanged" in answer["HX-Trigger"]
        it.refresh_from_db()
        assert {name: getattr(it, name) for name in stored} == stored

    def test_changing_the_origin_keeps_the_reason(self, log: Log, as_person: As) -> None:
        it = log(origin="opportunistic", reason="Nordbank asked")
        save(as_person("member"), it, "origin", origin="opportunistic", trigger="market")
        it.refresh_from_db()
        assert (it.trigger, it.reason) == ("market", "Nordbank asked")

    def test_an_owner_is_found_by_part_of_the_name(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        it = log()
        assert save(as_person("member"), it, "owner", owner="viewer").status_code == 200
        it.refresh_from_db()
        assert it.owner == cast.viewer
        assert save(as_person("member"), it, "owner", owner="nobody known").status_code == 422

    def test_a_status_is_turned_as_of_a_day(self, log: Log, as_person: As) -> None:
        it = log()
        answer = save(as_person("member"), it, "status", verb="start", on="2026-09-10")
        assert answer.status_code == 200
        it.refresh_from_db()
        assert it.status == Status.ACTIVE
        assert it.segments.get().starts_on == date(2026, 9, 10)
        done = save(
            as_person("member"), it, "status", verb="deliver", on="2026-09-18", actual_mpd="4"
        )
        assert done.status_code == 200
        it.refresh_from_db()
        assert (it.status, it.actual_mpd) == (Status.DELIVERED, 4000)

    def test_old_work_is_delivered_by_saying_when_it_was_promised(
        self, log: Log, as_person: As
    ) -> None:
        it, client = log(), as_person("member")
        refused = save(client, it, "status", verb="deliver", on="2026-09-01")
        assert refused.status_code == 422
        assert "It was committed only on 18 Sep 2026" in html(refused)
        assert 'name="committed_on" value="2026-09-01"' in html(refused)
        sent = {"verb": "deliver", "on": "2026-09-01", "committed_on": "2026-08-03"}
        assert save(client, it, "status", **sent).status_code == 200
        it.refresh_from_db()
        assert (it.status, str(it.committed_on)) == (Status.DELIVERED, "2026-08-03")

    def test_only_verbs_that_fit_are_offered(self, log: Log, as_person: As) -> None:
        text = html(as_person("member").get(cell(log(), "status"), headers=HTMX))
        assert 'value="start"' in text
        assert 'value="pause"' not in text

    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("title", {"title": " "}),
            ("title", {"title": "x" * 201}),
            ("origin", {"origin": "lucky"}),
            ("estimate", {"estimate_mpd": "soon"}),
            ("estimate", {"estimate_mpd": "0"}),
            ("target", {"due_on": "2026-13-01"}),
            ("status", {"verb": "", "on": "2026-09-18"}),
            ("status", {"verb": "start", "on": "2026-09-19"}),
            ("status", {"verb": "start", "on": "never"}),
            ("status", {"verb": "explode", "on": "2026-09-18"}),
            ("status", {"verb": "pause", "on": "2026-09-18"}),
        ],
    )
    def test_nonsense_stays_in_its_cell_as_it_was_typed(
        self, log: Log, as_person: As, field: str, typed: dict[str, str]
    ) -> None:
        it = log()
        answer = save(as_person("member"), it, field, **typed)
        assert answer.status_code == 422
        assert answer["HX-Retarget"] == f"#i{it.pk} [data-f={field}]"
        assert "error-text" in html(answer)
        plain = save(as_person("member"), it, field, headers=None, **typed)
        assert plain.status_code == 422
        assert "<!doctype html>" in html(plain)
        it.refresh_from_db()
        assert it.version == 1

    def test_a_target_ahead_of_the_start_is_refused(self, log: Log, as_person: As) -> None:
        it = log(target_start="2026-10-01", due_on="2026-11-01")
        it.refresh_from_db()
        assert save(as_person("member"), it, "target", due_on="2026-09-01").status_code == 422

    def test_a_missing_version_is_refused(self, log: Log, as_person: As) -> None:
        it = log("Before")
        assert save(as_person("member"), it, "title", title="x", version="").status_code == 422

    def test_without_script_one_comes_back_to_the_list_one_came_from(
        self, log: Log, as_person: As
    ) -> None:
        it, client = log(), as_person("member")
        came = "http://testserver/initiatives/?team=platform&origin=planned"
        page = html(client.get(cell(it, "title"), headers={"Referer": came}))
        assert 'value="/initiatives/?team=platform&amp;origin=planned"' in page
        back = "/initiatives/?origin=planned"
        answer = save(client, it, "title", title="x", back=back, headers=None)
        assert answer["Location"] == f"{back}#i{it.pk}"

    @pytest.mark.parametrize(
        "back", ["https://evil.example/", "//evil.example/initiatives/", "/accounts/logout/"]
    )
    def test_it_never_leads_elsewhere(self, log: Log, as_person: As, back: str) -> None:
        it = log()
        answer = save(as_person("member"), it, "title", title="x", back=back, headers=None)
        assert answer["Location"].startswith("/initiatives/?team=platform")

    def test_an_edit_takes_few_queries(self, log: Log, as_person: As) -> None:
        it, client = log(), as_person("member")
        save(client, it, "title", title="First")
        it.refresh_from_db()
        address = cell(it, "title")
        with CaptureQueriesContext(connection) as captured:
            sent = {"version": it.version, "title": "Second"}
            assert client.post(address, sent, headers=HTMX).status_code == 200
        # The session is kept in a cache outside of tests.
        free = ("SAVEPOINT", "RELEASE", "django_session")
        counted = [query for query in captured if not any(word in query["sql"] for word in free)]
        assert len(counted) <= 7

    def test_the_origin_that_counts_stays_in_the_row(
        self, log: Log, as_person: As, plan: Plan, cast: Cast
    ) -> None:
        """After an edit that does not move it, read without asking for it again."""
        rank(plan, log("Listed", pd=1, origin="planned"))
        it = log("Late", pd=1, origin="planned", committed_on=date(2026, 9, 1))
        lock(plan, cast)
        client = as_person("member")
        for title in ("Later", "Latest"):
            it.refresh_from_db()
            assert "it counts as opportunistic" in html(save(client, it, "title", title=title))


class TestConflict:
    def test_a_stale_cell_shows_both_values_and_keeps_the_text(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        it = log(pd=10)
        actions.edit(by=cast.lead, pk=it.pk, version=1, changes={"estimate_mpd": 30000})
        answer = save(as_person("member"), it, "estimate", estimate_mpd="26")
        text = html(answer)
        assert answer.status_code == 409
        assert "30 pd" in text
        assert "26 pd" in text
        assert 'value="26"' in text
        assert text.count('name="version" value="2"') == 1
        assert text.count('type="submit"') == 1
        assert f'form="cell-i{it.pk}"' in text
        it.refresh_from_db()
        assert it.estimate_mpd == 30000

    def test_saving_mine_then_wins(self, cast: Cast, log: Log, as_person: As) -> None:
        it = log("Base")
        actions.edit(by=cast.lead, pk=it.pk, version=1, changes={"title": "Theirs"})
        assert save(as_person("member"), it, "title", title="Mine").status_code == 409
        it.refresh_from_db()
        assert save(as_person("member"), it, "title", title="Mine").status_code == 200
        it.refresh_from_db()
        assert it.title == "Mine"

    def test_another_field_is_no_conflict(self, cast: Cast, log: Log, as_person: As) -> None:
        it = log("Base", pd=1)
        actions.edit(by=cast.lead, pk=it.pk, version=1, changes={"title": "Theirs"})
        assert save(as_person("member"), it, "estimate", estimate_mpd="2").status_code == 200
        it.refresh_from_db()
        assert (it.title, it.estimate_mpd) == ("Theirs", 2000)

    def test_a_status_that_moved_is_a_conflict(self, cast: Cast, log: Log, as_person: As) -> None:
        it = log(status=Status.ACTIVE)
        actions.turn(by=cast.lead, pk=it.pk, version=1, verb=Verb.DELIVER, on=TODAY)
        answer = save(as_person("member"), it, "status", verb="pause", on="2026-09-18")
        assert answer.status_code == 409
        assert "delivered" in html(answer)

    def test_without_script_it_is_a_page_with_both_values(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        it = log("Base")
        actions.edit(by=cast.lead, pk=it.pk, version=1, changes={"title": "Theirs"})
        answer = save(as_person("member"), it, "title", title="Mine", headers=None)
        assert answer.status_code == 409
        assert "<!doctype html>" in html(answer)
        assert 'value="Mine"' in html(answer)
        assert "Theirs" in html(answer)


class TestInitiativeRow:
    @pytest.mark.parametrize(
        ("role", "status"), [("stranger", 404), ("viewer", 200), ("member", 200)]
    )
    def test_it_shows_the_row_as_it_stands(
        self, log: Log, as_person: As, role: str, status: int
    ) -> None:
        it = log("Rate limits")
        answer = as_person(role).get(f"/initiatives/{it.key}/row/", headers=HTMX)
        assert answer.status_code == status
        if status == 200:
            assert "Rate limits" in html(answer)
            assert ("cell-btn" in html(answer)) == (role == "member")

    def test_without_script_it_leads_to_the_page(self, log: Log, as_person: As) -> None:
        it = log()
        answer = as_person("viewer").get(f"/initiatives/{it.key}/row/")
        assert answer["Location"] == it.get_absolute_url()
