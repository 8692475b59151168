"""The fields and labels of an initiative, edited in place."""

from datetime import date
from typing import Any

import pytest
import time_machine

from tests.cast import TODAY, Cast
from tests.views.initiative import WHOLE, WRITERS, As, Log, part, save, url
from tracker.actions import initiatives
from tracker.domain.lifecycle import Status, Verb
from tracker.forms.initiative_fields import FIELD_FORMS
from tracker.models import Label

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel("2026-09-18T10:00:00Z"):
        yield


class TestInitiativeField:
    @pytest.mark.parametrize(("role", "status"), WRITERS)
    def test_only_members_may_open_an_editor(
        self, log: Log, as_person: As, role: str, status: int
    ) -> None:
        assert as_person(role).get(url(log(), "field/title/")).status_code == status

    @pytest.mark.parametrize(("role", "status"), WRITERS)
    def test_only_members_may_save(self, log: Log, as_person: As, role: str, status: int) -> None:
        it = log("Before")
        answer = save(as_person(role), it, "title", title="After")
        assert answer.status_code == (302 if status == 200 else status)
        it.refresh_from_db()
        assert it.title == ("After" if status == 200 else "Before")

    @pytest.mark.parametrize(
        "field",
        [name for name in FIELD_FORMS if name != "closed"],
    )
    def test_each_field_opens_in_its_place_with_and_without_htmx(
        self, log: Log, as_person: As, field: str
    ) -> None:
        it, client = log(), as_person("member")
        fragment = client.get(url(it, f"field/{field}/"), headers=part(f"field-{field}"))
        text = fragment.content.decode().strip()
        assert f'id="field-{field}"' in text[:60]
        assert 'name="version" value="1"' in text
        whole = client.get(url(it, f"field/{field}/")).content.decode()
        assert whole.lstrip().startswith("<!doctype html>")
        assert f'action="{url(it, f"field/{field}/")}"' in whole

    def test_leaving_an_editor_brings_the_value_back(self, log: Log, as_person: As) -> None:
        it = log(pd=3)
        shown = as_person("member").get(url(it), headers=part("field-estimate")).content.decode()
        assert shown.strip().startswith('<dd id="field-estimate"')
        assert "3 pd" in shown
        assert "<form" not in shown

    @pytest.mark.parametrize(
        ("field", "typed", "stored"),
        [
            ("title", {"title": "  New   title "}, {"title": "New title"}),
            ("description", {"description": "a\r\nb"}, {"description": "a\nb"}),
            ("estimate", {"estimate_mpd": "3w"}, {"estimate_mpd": 15000}),
            ("estimate", {"estimate_mpd": ""}, {"estimate_mpd": None}),
            ("realised-effort", {"actual_mpd": "2.5d"}, {"actual_mpd": 2500}),
            ("expected-value", {"expected_value": "140k"}, {"expected_value": 140000}),
            ("realised-value", {"realised_value": "0"}, {"realised_value": 0}),
            (
                "target",
                {"target_start": "2026-09-01", "due_on": "2026-10-02"},
                {"target_start": date(2026, 9, 1), "due_on": date(2026, 10, 2)},
            ),
            ("committed", {"committed_on": "2026-09-01"}, {"committed_on": date(2026, 9, 1)}),
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
            (
                "external",
                {"external_source": "Jira", "external_key": "NB-1", "external_url": "a.example/1"},
                {"external_key": "NB-1", "external_url": "https://a.example/1"},
            ),
        ],
    )
    def test_what_is_typed_is_saved_as_the_next_version(
        self, log: Log, as_person: As, field: str, typed: dict[str, str], stored: dict[str, Any]
    ) -> None:
        it = log("Old", pd=4)
        answer = save(as_person("member"), it, field, headers=WHOLE, **typed)
        assert answer.status_code == 200
        it.refresh_from_db()
        assert {name: getattr(it, name) for name in stored} == stored
        assert it.version == 2

    def test_the_owner_is_found_by_typing_and_taken_away_by_emptying(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        it, client = log(), as_person("member")
        save(client, it, "owner", owner="group l")
        it.refresh_from_db()
        assert it.owner == cast.group_lead
        save(client, it, "owner", owner="")
        it.refresh_from_db()
        assert it.owner is None

    @pytest.mark.parametrize(
        ("field", "typed", "message"),
        [
            ("title", {"title": " "}, "This field is required"),
            ("title", {"title": "x" * 201}, "at most 200"),
            ("title", {"title": "a\x00b"}, "Null characters"),
            ("description", {"description": "x" * 50_001}, "at most 50000"),
            ("owner", {"owner": "Stranger"}, "Nobody of this team"),
            ("origin", {"origin": "sideways"}, "not one of the available choices"),
            ("estimate", {"estimate_mpd": "lots"}, "Type an effort such as"),
            ("estimate", {"estimate_mpd": "0"}, "more than 0"),
            ("expected-value", {"expected_value": "-5"}, "whole number"),
            ("target", {"target_start": "2026-10-02", "due_on": "2026-09-01"}, "before the target"),
            ("target", {"due_on": "0001-01-01"}, "between 1970 and 2199"),
            ("committed", {"committed_on": "2026-09-19"}, "not come yet"),
            ("committed", {"committed_on": ""}, "this needs a day"),
            ("external", {"external_url": "javascript:alert(1)"}, "Enter a valid URL"),
            ("external", {"external_url": "ftp://a.example"}, "starts with https://"),
        ],
    )
    def test_nonsense_is_refused_with_the_reason_and_what_was_typed(
        self, log: Log, as_person: As, field: str, typed: dict[str, str], message: str
    ) -> None:
        it = log("Old", pd=4)
        for headers in (None, WHOLE):
            answer = save(as_person("member"), it, field, headers=headers, **typed)
            assert answer.status_code == 422
            html = answer.content.decode()
            assert message in html
            first = next(iter(typed.values()))
            assert not first.isalnum() or first in html
        it.refresh_from_db()
        assert it.version == 1

    def test_the_key_of_another_initiative_is_refused_by_name(
        self, log: Log, as_person: As
    ) -> None:
        other, it = log(external_source="Jira", external_key="NB-1"), log()
        answer = save(
            as_person("member"), it, "external", external_source="Jira", external_key="NB-1"
        )
        assert answer.status_code == 422
        assert f"{other.key} has this key already" in answer.content.decode()

    def test_the_day_of_delivery_can_be_corrected_but_not_before_the_last_work(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        it = log(status=Status.ACTIVE, committed_on=date(2026, 9, 1))
        it = initiatives.turn(by=cast.member, pk=it.pk, version=1, verb=Verb.DELIVER, on=TODAY)
        client = as_person("member")
        assert "Delivered on" in client.get(url(it, "field/closed/")).content.decode()
        assert save(client, it, "closed", day="2026-09-17").status_code == 422
        segment = it.segments.get()
        segment.delete()
        assert save(client, it, "closed", day="2026-09-17").status_code == 302
        it.refresh_from_db()
        assert it.delivered_on == date(2026, 9, 17)

    def test_the_commitment_does_not_come_after_the_delivery(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        it = log(committed_on=date(2026, 9, 1))
        it = initiatives.turn(
            by=cast.member, pk=it.pk, version=1, verb=Verb.DELIVER, on=date(2026, 9, 10)
        )
        client = as_person("member")
        answer = save(client, it, "committed", committed_on="2026-09-11")
        assert "delivered before that, on 10 Sep 2026" in answer.content.decode()
        answer = save(client, it, "closed", day="2026-08-31")
        assert "committed only on 1 Sep 2026" in answer.content.decode()
        it.refresh_from_db()
        assert it.version == 2

    def test_a_save_is_announced_with_and_without_htmx(self, log: Log, as_person: As) -> None:
        it, client = log("Old"), as_person("member")
        answer = save(client, it, "title", title="New", headers=WHOLE)
        assert "Title saved" in answer.headers["HX-Trigger"]
        answer = save(client, it, "title", title="Newer", version=2)
        assert answer.headers["Location"] == url(it) + "#field-title"
        assert "Title saved." in client.get(url(it)).content.decode()

    @pytest.mark.parametrize("headers", [None, WHOLE])
    def test_a_stale_write_shows_both_values_and_keeps_the_typed_one(
        self, cast: Cast, log: Log, as_person: As, headers: dict[str, str] | None
    ) -> None:
        it = log("Old", pd=4)
        as_person_lead = as_person("lead")
        save(as_person_lead, it, "estimate", estimate_mpd="9")
        answer = save(as_person("member"), it, "estimate", estimate_mpd="7", headers=headers)
        html = answer.content.decode()
        assert answer.status_code == 409
        assert "<strong>9</strong>" in html
        assert "<strong>7</strong>" in html
        assert "Lead set estimate" in html
        it.refresh_from_db()
        assert it.estimate_mpd == 9000
        again = save(as_person("member"), it, "estimate", estimate_mpd="7", version=2)
        assert again.status_code == 302
        it.refresh_from_db()
        assert it.estimate_mpd == 7000

    def test_a_stale_write_of_another_field_goes_through(self, log: Log, as_person: As) -> None:
        it = log("Old", pd=4)
        save(as_person("lead"), it, "estimate", estimate_mpd="9")
        assert save(as_person("member"), it, "title", title="New", version=1).status_code == 302
        it.refresh_from_db()
        assert (it.title, it.estimate_mpd) == ("New", 9000)

    @pytest.mark.parametrize("version", ["", "0", "-1", "x", "9" * 30])
    def test_a_version_that_cannot_be_is_no_server_error(
        self, log: Log, as_person: As, version: str
    ) -> None:
        it = log("Old")
        answer = save(as_person("member"), it, "title", title="New", version=version)
        assert answer.status_code in (409, 422)
        it.refresh_from_db()
        assert it.title == "Old"

    def test_without_script_the_preview_stands_below_the_editor(
        self, log: Log, as_person: As
    ) -> None:
        it = log()
        answer = save(as_person("member"), it, "description", description="**b**", preview="1")
        html = answer.content.decode()
        assert answer.status_code == 200
        assert "<strong>b</strong>" in html
        assert ">**b**</textarea>" in html.replace("\n", "")
        it.refresh_from_db()
        assert it.description == ""

    def test_an_unknown_field_is_not_found(self, log: Log, as_person: As) -> None:
        assert as_person("lead").get(url(log(), "field/version/")).status_code == 404


class TestLabels:
    def test_a_label_is_added_by_name_whatever_its_case_and_removed_again(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        Label.objects.create(team=cast.platform, name="API")
        it, client = log(), as_person("member")
        client.post(url(it, "field/labels/"), {"name": " api "})
        label = it.labels.get()
        assert label.name == "API"
        client.post(url(it, "field/labels/"), {"label": label.pk})
        assert it.labels.count() == 0

    def test_two_people_adding_labels_do_not_contradict_each_other(
        self, log: Log, as_person: As
    ) -> None:
        it = log()
        as_person("member").post(url(it, "field/labels/"), {"name": "api"}, headers=WHOLE)
        as_person("lead").post(url(it, "field/labels/"), {"name": "core"}, headers=WHOLE)
        assert {label.name for label in it.labels.all()} == {"api", "core"}

    @pytest.mark.parametrize("name", ["", "   ", "x" * 51, "a\x00"])
    def test_no_name_is_refused(self, log: Log, as_person: As, name: str) -> None:
        it = log()
        answer = as_person("member").post(url(it, "field/labels/"), {"name": name})
        assert answer.status_code == 422
        assert it.labels.count() == 0

    def test_a_label_of_another_team_can_not_be_taken_away(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        other = log("Theirs", team=cast.checkout, by=cast.other_lead)
        initiatives.relabel(by=cast.other_lead, pk=other.pk, add=["api"])
        it = log()
        as_person("member").post(url(it, "field/labels/"), {"label": other.labels.get().pk})
        assert other.labels.count() == 1
