"""Work segments on the page of an initiative."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import TODAY, Cast
from tests.views.initiative import WHOLE, WRITERS, As, Log, url
from tracker.actions import segments
from tracker.domain.lifecycle import Status
from tracker.models import Initiative, WorkSegment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel("2026-09-18T10:00:00Z"):
        yield


@pytest.fixture
def active(log: Log) -> Initiative:
    """Give an initiative that was started today."""
    return log("Limits", status=Status.ACTIVE, pd=18)


def send(client: Client, path: str, **data: Any) -> Any:
    headers = data.pop("headers", None)
    sent = {"starts_on": "2026-08-24", "last_day": "2026-08-28", "fte_milli": "1"} | data
    return client.post(path, sent, headers=headers)


class TestInitiativeSegmentAdd:
    @pytest.mark.parametrize(("role", "status"), WRITERS)
    def test_only_members_log_work(
        self, active: Initiative, as_person: As, role: str, status: int
    ) -> None:
        path = url(active, "segments/")
        assert as_person(role).get(path).status_code == status
        answer = send(as_person(role), path)
        assert answer.status_code == (302 if status == 200 else status)
        assert active.segments.count() == (2 if status == 200 else 1)

    def test_people_type_the_last_day_and_the_page_counts_the_person_days(
        self, active: Initiative, as_person: As
    ) -> None:
        client = as_person("member")
        html = send(client, url(active, "segments/"), headers=WHOLE).content.decode()
        first = active.segments.earliest("starts_on")
        assert (first.starts_on, first.ends_before) == (date(2026, 8, 24), date(2026, 8, 29))
        assert "6 of 18 pd worked in two segments" in html
        assert "28 Aug 2026" in html

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ({"last_day": "2026-08-20"}, "before the first"),
            ({"starts_on": "2026-09-19", "last_day": ""}, "not come yet"),
            ({"last_day": "2026-09-30"}, "not come yet"),
            ({"last_day": "2026-09-18"}, "overlaps with from 18 Sep 2026"),
            ({"last_day": ""}, "overlaps with from 18 Sep 2026"),
            ({"fte_milli": "0"}, "more than 0"),
            ({"fte_milli": ""}, "required"),
            ({"starts_on": "tomorrow"}, "Type a day"),
            ({"starts_on": "0001-01-01", "last_day": "0001-01-02"}, "between 1970"),
        ],
    )
    def test_work_that_can_not_be_is_refused_with_what_was_typed(
        self, active: Initiative, as_person: As, typed: dict[str, str], message: str
    ) -> None:
        for headers in (None, WHOLE):
            answer = send(
                as_person("member"), url(active, "segments/"), why="Typed", headers=headers, **typed
            )
            html = answer.content.decode()
            assert answer.status_code == 422
            assert message in html
            assert 'value="Typed"' in html
        assert active.segments.count() == 1

    def test_a_double_submit_makes_one_segment(self, active: Initiative, as_person: As) -> None:
        for _ in range(2):
            assert send(as_person("member"), url(active, "segments/")).status_code == 302
        assert active.segments.count() == 2


class TestInitiativeSegment:
    @pytest.fixture
    def segment(self, active: Initiative) -> WorkSegment:
        found: WorkSegment = active.segments.get()
        return found

    @pytest.mark.parametrize(("role", "status"), WRITERS)
    def test_only_members_correct_one(
        self, active: Initiative, segment: WorkSegment, as_person: As, role: str, status: int
    ) -> None:
        path = url(active, f"segments/{segment.pk}/")
        assert as_person(role).get(path).status_code == status
        seen = segments.seen_of(segment)
        answer = send(as_person(role), path, starts_on="2026-09-09", last_day="", seen=seen)
        assert answer.status_code == (302 if status == 200 else status)
        segment.refresh_from_db()
        assert segment.starts_on == (date(2026, 9, 9) if status == 200 else TODAY)

    def test_the_row_becomes_the_form(
        self, active: Initiative, segment: WorkSegment, as_person: As
    ) -> None:
        headers = {"HX-Request": "true", "HX-Target": f"tr#segment-{segment.pk}"}
        path = url(active, f"segments/{segment.pk}/")
        row = as_person("member").get(path, headers=headers).content.decode().strip()
        assert row.startswith(f'<tr id="segment-{segment.pk}"')

    @pytest.mark.parametrize("headers", [None, WHOLE])
    def test_a_segment_that_somebody_else_changed_shows_both_and_can_be_saved_again(
        self,
        active: Initiative,
        segment: WorkSegment,
        as_person: As,
        headers: dict[str, str] | None,
    ) -> None:
        path, seen = url(active, f"segments/{segment.pk}/"), segments.seen_of(segment)
        send(as_person("lead"), path, starts_on="2026-09-09", last_day="", seen=seen)
        mine = {"starts_on": "2026-09-14", "last_day": ""}
        answer = send(as_person("member"), path, seen=seen, headers=headers, **mine)
        html = answer.content.decode()
        assert answer.status_code == 409
        assert "Lead set the segment to <strong>from 9 Sep 2026 at 1 FTE</strong>" in html
        assert "<strong>from 14 Sep 2026 at 1 FTE</strong>" in html
        segment.refresh_from_db()
        newer = segments.seen_of(segment)
        assert f'name="seen" value="{newer}"' in html
        assert send(as_person("member"), path, seen=newer, **mine).status_code == 302

    def test_a_segment_of_another_initiative_is_not_found(
        self, log: Log, segment: WorkSegment, as_person: As
    ) -> None:
        other = url(log("Other"), f"segments/{segment.pk}/")
        assert as_person("member").get(other).status_code == 404
        assert send(as_person("member"), other).status_code == 404


class TestInitiativeSegmentDelete:
    @pytest.mark.parametrize(("role", "status"), WRITERS)
    def test_only_members_take_one_back(
        self, cast: Cast, active: Initiative, as_person: As, role: str, status: int
    ) -> None:
        send(as_person("member"), url(active, "segments/"))
        segment = active.segments.earliest("starts_on")
        path = url(active, f"segments/{segment.pk}/delete/")
        answer = as_person(role).post(path, {"seen": segments.seen_of(segment)})
        assert answer.status_code == (302 if status == 200 else status)
        assert active.segments.count() == (1 if status == 200 else 2)

    def test_the_running_segment_is_not_taken_back_and_the_page_says_what_to_do(
        self, active: Initiative, as_person: As
    ) -> None:
        segment = active.segments.get()
        answer = as_person("member").post(
            url(active, f"segments/{segment.pk}/delete/"), {"seen": segments.seen_of(segment)}
        )
        assert answer.status_code == 422
        assert "Pause it instead" in answer.content.decode()

    @pytest.mark.parametrize(("seen", "status"), [("", 422), ("2026-01-01//1000", 409)])
    def test_a_segment_that_was_not_seen_as_it_is_stays(
        self, active: Initiative, as_person: As, seen: str, status: int
    ) -> None:
        send(as_person("member"), url(active, "segments/"))
        segment = active.segments.earliest("starts_on")
        path = url(active, f"segments/{segment.pk}/delete/")
        assert as_person("member").post(path, {"seen": seen}).status_code == status
        assert active.segments.count() == 2

    def test_it_is_no_page(self, active: Initiative, as_person: As) -> None:
        path = url(active, f"segments/{active.segments.get().pk}/delete/")
        assert as_person("member").get(path).status_code == 405
