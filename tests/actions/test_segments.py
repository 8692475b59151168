"""Writes of work segments."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from tests.cast import TODAY, Cast
from tracker.actions import initiatives, segments
from tracker.actions.errors import Conflict
from tracker.domain.lifecycle import Status, Verb
from tracker.models import Initiative, TeamCounter, WorkSegment

Log = Callable[..., Initiative]
AUG_3, AUG_5, AUG_10, AUG_12 = (date(2026, 8, day) for day in (3, 5, 10, 12))


@pytest.fixture
def active(log: Log) -> Initiative:
    """Give an initiative that was promised long ago and started today."""
    return log("Limits", status=Status.ACTIVE, committed_on=AUG_3)


def add(cast: Cast, it: Initiative, start: date, end: date | None, fte: int = 1000) -> Initiative:
    return segments.add(
        by=cast.member, initiative_pk=it.pk, starts_on=start, ends_before=end, fte_milli=fte
    )


def change(cast: Cast, of: WorkSegment, start: date, end: date | None, fte: int = 1000) -> None:
    segments.change(
        by=cast.member,
        segment=of,
        seen=segments.seen_of(of),
        starts_on=start,
        ends_before=end,
        fte_milli=fte,
    )


def spans(it: Initiative) -> list[tuple[date, date | None]]:
    return list(it.segments.values_list("starts_on", "ends_before"))


class TestAdd:
    def test_a_segment_is_logged_with_who_did_it_and_moves_version_and_stamp(
        self, cast: Cast, active: Initiative
    ) -> None:
        stamp = TeamCounter.objects.get(team=cast.platform).stamp
        saved = add(cast, active, AUG_3, AUG_5)
        assert spans(active)[0] == (AUG_3, AUG_5)
        assert saved.version == active.version + 1
        assert TeamCounter.objects.get(team=cast.platform).stamp > stamp
        assert WorkSegment.history.order_by("history_id").last().history_user == cast.member

    def test_the_same_twice_is_one_segment(self, cast: Cast, active: Initiative) -> None:
        add(cast, active, AUG_3, AUG_5)
        add(cast, active, AUG_3, AUG_5)
        assert len(spans(active)) == 2

    @pytest.mark.parametrize(
        ("start", "end"),
        [(AUG_3, AUG_5), (date(2026, 8, 1), AUG_12), (date(2026, 8, 4), AUG_10)],
    )
    def test_overlapping_work_is_refused_and_changes_nothing(
        self, cast: Cast, active: Initiative, start: date, end: date
    ) -> None:
        add(cast, active, AUG_3, AUG_5, 500)
        before = spans(active)
        with pytest.raises(ValidationError, match="overlaps with 3 to 4 Aug 2026"):
            add(cast, active, start, end)
        assert spans(active) == before

    def test_work_that_begins_where_other_work_ends_does_not_overlap(
        self, cast: Cast, active: Initiative
    ) -> None:
        add(cast, active, AUG_3, AUG_5)
        add(cast, active, AUG_5, AUG_10)
        assert len(spans(active)) == 3

    def test_a_second_open_segment_is_refused(self, cast: Cast, active: Initiative) -> None:
        with pytest.raises(ValidationError, match="overlaps"):
            add(cast, active, AUG_3, None)

    def test_an_open_segment_needs_an_active_initiative(self, cast: Cast, log: Log) -> None:
        with pytest.raises(ValidationError, match="needs a last day"):
            add(cast, log(), AUG_3, None)

    def test_a_proposal_has_no_work(self, cast: Cast, log: Log) -> None:
        with pytest.raises(ValidationError, match="only proposed"):
            add(cast, log(status=Status.PROPOSED), AUG_3, AUG_5)

    def test_no_work_after_the_delivery(self, cast: Cast, log: Log) -> None:
        it = log(committed_on=AUG_3)
        initiatives.turn(by=cast.member, pk=it.pk, version=1, verb=Verb.DELIVER, on=AUG_5)
        add(cast, it, AUG_3, date(2026, 8, 6))  # the delivery's day is the last of work
        with pytest.raises(ValidationError, match="delivered on 5 Aug 2026"):
            add(cast, it, date(2026, 8, 6), AUG_10)


class TestChange:
    def test_a_typed_fte_is_no_longer_assumed(self, cast: Cast, active: Initiative) -> None:
        segment = active.segments.get()
        assert segment.fte_assumed
        change(cast, segment, TODAY, None, 500)
        segment.refresh_from_db()
        assert (segment.fte_milli, segment.fte_assumed) == (500, False)

    def test_the_running_segment_is_not_closed_behind_the_status(
        self, cast: Cast, active: Initiative
    ) -> None:
        with pytest.raises(ValidationError, match="Pause or deliver"):
            change(cast, active.segments.get(), AUG_3, AUG_5)

    def test_a_segment_that_somebody_else_changed_is_a_conflict(
        self, cast: Cast, active: Initiative
    ) -> None:
        mine, theirs = active.segments.get(), active.segments.get()
        change(cast, theirs, AUG_3, None)
        with pytest.raises(Conflict) as conflict:
            change(cast, mine, AUG_5, None)
        assert conflict.value.typed == {"segment": "from 3 Aug 2026 at 1 FTE"}
        assert spans(active) == [(AUG_3, None)]

    def test_another_field_changed_meanwhile_is_no_conflict(
        self, cast: Cast, active: Initiative
    ) -> None:
        initiatives.edit(by=cast.lead, pk=active.pk, version=1, changes={"title": "New"})
        change(cast, active.segments.get(), AUG_3, None)
        assert spans(active) == [(AUG_3, None)]


class TestRemove:
    def test_a_segment_is_taken_back_and_its_history_stays(
        self, cast: Cast, active: Initiative
    ) -> None:
        add(cast, active, AUG_3, AUG_5)
        first = active.segments.earliest("starts_on")
        segments.remove(by=cast.member, segment=first, seen=segments.seen_of(first))
        assert spans(active) == [(TODAY, None)]
        gone = WorkSegment.history.filter(id=first.pk).first()
        assert (gone.history_type, gone.history_user) == ("-", cast.member)

    def test_the_running_segment_stays(self, cast: Cast, active: Initiative) -> None:
        segment = active.segments.get()
        with pytest.raises(ValidationError, match="Pause it instead"):
            segments.remove(by=cast.member, segment=segment, seen=segments.seen_of(segment))


class TestRestart:
    """Starting again after an end; the verbs keep segments apart."""

    def test_a_day_that_ended_one_segment_and_starts_the_next_counts_once(
        self, cast: Cast, active: Initiative
    ) -> None:
        deliver, reopen, start = Verb.DELIVER, Verb.REOPEN, Verb.START
        change(cast, active.segments.get(), AUG_3, None)
        for version, (verb, day) in enumerate(
            [(deliver, AUG_10), (reopen, AUG_10), (start, AUG_10)], start=2
        ):
            initiatives.turn(by=cast.member, pk=active.pk, version=version, verb=verb, on=day)
        assert spans(active) == [(AUG_3, AUG_10), (AUG_10, None)]

    def test_work_does_not_start_in_the_middle_of_work(
        self, cast: Cast, active: Initiative
    ) -> None:
        change(cast, active.segments.get(), AUG_3, None)
        initiatives.turn(by=cast.member, pk=active.pk, version=2, verb=Verb.PAUSE, on=AUG_12)
        with pytest.raises(ValidationError, match="Choose a later day"):
            initiatives.turn(by=cast.member, pk=active.pk, version=3, verb=Verb.RESUME, on=AUG_5)
        assert spans(active) == [(AUG_3, AUG_12)]
