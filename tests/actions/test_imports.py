"""Batches of imported rows, whole or not at all."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models.signals import post_init
from django.utils import timezone

from tests.cast import Cast
from tracker.actions import comments
from tracker.actions import imports as actions
from tracker.actions import initiatives as initiative_actions
from tracker.domain.importing import ImportRow, Problem, Report
from tracker.domain.lifecycle import Status
from tracker.domain.shares import Origin
from tracker.models import ImportBatch, Initiative, Label, TeamCounter, WorkSegment

START, END = date(2026, 3, 2), date(2026, 3, 13)


def row(number: int = 2, **fields: Any) -> ImportRow:
    given: dict[str, Any] = {"number": number, "title": f"Row {number}", "status": Status.PROPOSED}
    return ImportRow(**given | fields)


def delivered(number: int = 2, **fields: Any) -> ImportRow:
    days = {"committed_on": START, "started_on": START, "ended_on": END}
    return row(number, **{"status": Status.DELIVERED} | days | fields)


def receive(cast: Cast, content: bytes = b"Title\nA\n") -> ImportBatch:
    return actions.receive(
        by=cast.member, team=cast.platform, filename="work.csv", content=content, file_format="csv"
    )


def bring(cast: Cast, *rows: ImportRow) -> ImportBatch:
    batch = receive(cast)
    return actions.apply(by=cast.member, pk=batch.pk, report=Report(rows, ()), source="jira")


class TestReceive:
    def test_the_same_file_twice_waits_once(self, cast: Cast) -> None:
        assert receive(cast) == receive(cast)
        assert receive(cast, b"Title\nB\n") != receive(cast)

    def test_no_more_wait_than_a_team_can_look_at(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(actions, "MOST_WAITING", 1)
        receive(cast)
        with pytest.raises(ValidationError, match="wait to be imported"):
            receive(cast, b"Title\nB\n")


class TestApply:
    def test_writes_rows_with_numbers_labels_work_and_history(self, cast: Cast) -> None:
        Label.objects.create(team=cast.platform, name="Money")
        rows = (
            delivered(
                2, key="A-1", estimate_mpd=5_000, labels=("money", "core"), owner=cast.lead.pk
            ),
            row(3, origin=Origin.PLANNED),
            row(4, status=Status.CANCELLED, ended_on=END, started_on=START),
        )

        batch = bring(cast, *rows)

        first, second, third = Initiative.objects.order_by("number")
        assert [one.key for one in (first, second, third)] == ["PLAT-1", "PLAT-2", "PLAT-3"]
        assert (first.delivered_on, first.committed_effort_mpd) == (END, 5_000)
        assert (first.external_source, first.external_key) == ("jira", "A-1")
        assert (first.owner, first.created_by) == (cast.lead, cast.member)
        assert sorted(first.labels.values_list("name", flat=True)) == ["Money", "core"]
        assert (second.origin, second.external_source) == ("planned", "")
        assert (third.cancelled_on, third.delivered_on) == (END, None)
        assert (batch.state, batch.row_count, bytes(batch.content)) == ("applied", 3, b"")
        recorded = first.history.get()
        assert (recorded.history_user, recorded.history_type) == (cast.member, "+")
        assert recorded.history_change_reason == "Imported from work.csv"
        assert recorded.labels.count() == 2
        for one in (first, second, third):
            one.full_clean()

    def test_work_between_start_and_end_is_logged_at_an_assumed_fte(self, cast: Cast) -> None:
        bring(
            cast,
            delivered(2, estimate_mpd=5_000),
            delivered(3),
            row(4, status=Status.ACTIVE, committed_on=START, started_on=START),
            row(5, status=Status.CANCELLED, started_on=START, ended_on=END),
            row(6, status=Status.CANCELLED, started_on=START, ended_on=START),
            row(7, status=Status.PAUSED, committed_on=START, started_on=START),
        )

        found = WorkSegment.objects.order_by("initiative__number")
        assert [(it.initiative.number, it.ends_before, it.fte_milli) for it in found] == [
            (1, date(2026, 3, 14), 500),  # five days of effort over ten working days
            (2, date(2026, 3, 14), 1000),
            (3, None, 1000),
            (4, END, 1000),
        ]
        assert all(it.fte_assumed and it.history.count() == 1 for it in found)

    def test_only_the_first_of_two_brings_rows(self, cast: Cast) -> None:
        batch = bring(cast, row())
        with pytest.raises(actions.Superseded):
            actions.apply(by=cast.member, pk=batch.pk, report=Report((row(),), ()), source="jira")
        assert Initiative.objects.count() == 1

    def test_a_key_that_came_in_meanwhile_is_known(self, cast: Cast) -> None:
        bring(cast, row(key="A-1"))
        batch = receive(cast, b"other")
        report = Report(
            (row(2, key="A-1"), row(3, key="A-2")), (Problem(9, "", "no", True),), skipped=1
        )

        done = actions.apply(by=cast.member, pk=batch.pk, report=report, source="jira")

        counts = done.report["counts"]
        assert counts == {"total": 3, "new": 1, "known": 1, "skipped": 1, "notes": 0}

    def test_all_or_nothing(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*args: object) -> None:
            raise IntegrityError

        monkeypatch.setattr(actions, "_log_work", fail)
        batch = receive(cast)
        before = TeamCounter.objects.get(team=cast.platform).last_number

        with pytest.raises(ValidationError, match="nothing was imported"):
            actions.apply(
                by=cast.member, pk=batch.pk, report=Report((row(labels=("x",)),), ()), source=""
            )

        batch.refresh_from_db()
        assert batch.state == "draft"
        assert bytes(batch.content)
        assert not Initiative.every.exists()
        assert not Label.objects.exists()
        assert not Initiative.history.exists()
        assert TeamCounter.objects.get(team=cast.platform).last_number == before

    def test_two_rows_with_one_key_break_the_whole(self, cast: Cast) -> None:
        batch = receive(cast)
        with pytest.raises(ValidationError):
            actions.apply(
                by=cast.member,
                pk=batch.pk,
                report=Report((row(2, key="A"), row(3, key="A")), ()),
                source="jira",
            )
        assert not Initiative.every.exists()

    def test_a_few_queries_write_many_rows(
        self, cast: Cast, django_assert_max_num_queries: Any
    ) -> None:
        batch = receive(cast)
        rows = tuple(
            delivered(number, labels=("a", "b"), key=f"A-{number}") for number in range(400)
        )
        with django_assert_max_num_queries(60):
            actions.apply(by=cast.member, pk=batch.pk, report=Report(rows, ()), source="jira")

    def test_no_row_is_carried_through_a_model(self, cast: Cast) -> None:
        """Instances took four times as long, while nobody else could write."""
        batch, made = receive(cast), []

        def note(sender: type, **_: Any) -> None:
            made.append(sender)

        rows = tuple(delivered(number, labels=("a",)) for number in range(50))
        post_init.connect(note)
        try:
            actions.apply(by=cast.member, pk=batch.pk, report=Report(rows, ()), source="jira")
        finally:
            post_init.disconnect(note)
        assert made.count(Initiative) <= 1
        assert made.count(WorkSegment) <= 1
        assert Initiative.objects.count() == WorkSegment.objects.count() == 50

    def test_what_is_left_out_is_as_for_any_other_initiative(self, cast: Cast) -> None:
        bring(cast, delivered(origin=Origin.PLANNED), row(3))
        done, idea = Initiative.objects.order_by("number")
        assert (done.version, done.creation_key, done.deleted_at) == (1, None, None)
        assert (done.created_by, done.birth_origin) == (cast.member, Origin.PLANNED)
        assert idea.birth_origin == ""
        assert abs((timezone.now() - done.created_at).total_seconds()) < 60
        done.full_clean(exclude=["parent"])


class TestUndo:
    def test_deletes_what_came_and_says_so_in_the_history(self, cast: Cast) -> None:
        batch = bring(cast, row(2), row(3))
        stamp = TeamCounter.objects.get(team=cast.platform).stamp

        assert actions.undo(by=cast.lead, pk=batch.pk, confirmed=False) == 2

        assert not Initiative.objects.exists()
        gone = Initiative.every.earliest("number")
        assert gone.history.first().history_user == cast.lead
        assert gone.history.first().history_change_reason == "Import of work.csv undone"
        assert TeamCounter.objects.get(team=cast.platform).stamp > stamp
        batch.refresh_from_db()
        assert batch.state == "undone"

    @pytest.mark.parametrize("change", ["edit", "comment", "segment"])
    def test_asks_before_it_takes_what_people_changed(self, cast: Cast, change: str) -> None:
        with time_machine.travel("2026-09-18T10:00:00Z"):
            batch = bring(
                cast, row(2, status=Status.ACTIVE, committed_on=START, started_on=START), row(3)
            )
        first = Initiative.objects.order_by("number").first()
        if change == "edit":
            initiative_actions.edit(
                by=cast.member, pk=first.pk, version=first.version, changes={"title": "Better"}
            )
        elif change == "comment":
            comments.add(by=cast.lead, initiative=first, body="Keep", creation_key=None)  # type: ignore[arg-type]
        else:
            segment = first.segments.get()
            segment.fte_milli = 500
            segment.save()

        with pytest.raises(actions.NeedsConfirmation) as refusal:
            actions.undo(by=cast.lead, pk=batch.pk, confirmed=False)

        assert list(refusal.value.changed) == [first]
        assert Initiative.objects.count() == 2
        assert actions.undo(by=cast.lead, pk=batch.pk, confirmed=True) == 2

    def test_leaves_what_was_deleted_already(self, cast: Cast) -> None:
        batch = bring(cast, row(2), row(3))
        first = Initiative.objects.first()
        initiative_actions.delete(by=cast.member, pk=first.pk, version=first.version)

        assert actions.undo(by=cast.lead, pk=batch.pk, confirmed=False) == 1

    def test_happens_once_and_lets_the_file_in_again(self, cast: Cast) -> None:
        batch = bring(cast, row(2, key="A-1"))
        actions.undo(by=cast.lead, pk=batch.pk, confirmed=False)
        with pytest.raises(actions.Superseded):
            actions.undo(by=cast.lead, pk=batch.pk, confirmed=False)

        assert bring(cast, row(2, key="A-1")).row_count == 1


class TestDrop:
    def test_forgets_the_file(self, cast: Cast) -> None:
        actions.drop(pk=receive(cast).pk)
        assert not ImportBatch.objects.exists()

    def test_never_what_was_applied(self, cast: Cast) -> None:
        batch = bring(cast, row())
        with pytest.raises(actions.Superseded):
            actions.drop(pk=batch.pk)
        with pytest.raises(actions.Superseded):
            actions.remember(pk=batch.pk, mapping={})
        assert ImportBatch.objects.filter(pk=batch.pk).exists()
