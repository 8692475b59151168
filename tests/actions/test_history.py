"""Bringing an earlier version of an initiative back."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ObjectDoesNotExist

from tests.cast import Cast
from tracker.actions import initiatives
from tracker.actions.errors import Conflict
from tracker.actions.history import restore_state
from tracker.domain.lifecycle import Status, Verb
from tracker.models import Initiative

Log = Callable[..., Initiative]


@pytest.fixture
def changed(cast: Cast, log: Log) -> Initiative:
    """Give an initiative at version 4 that was called Limits with the label api at version 2."""
    it = log("Limits", pd=12, owner=cast.member)
    initiatives.set_labels(by=cast.member, pk=it.pk, version=1, names=["api"])
    initiatives.edit(
        by=cast.lead,
        pk=it.pk,
        version=2,
        changes={"title": "Quotas", "estimate_mpd": 18000, "owner": None},
        labels=["core"],
    )
    return initiatives.turn(
        by=cast.member, pk=it.pk, version=3, verb=Verb.START, on=date(2026, 9, 18)
    )


def state(it: Initiative, version: int) -> int:
    return int(it.history.filter(version=version).order_by("-history_id").first().history_id)


class TestRestoreState:
    def test_fields_and_labels_come_back_as_a_new_version(
        self, cast: Cast, changed: Initiative
    ) -> None:
        saved = restore_state(
            by=cast.member, initiative=changed, state=state(changed, 2), version=4
        )
        assert (saved.title, saved.estimate_mpd, saved.owner) == ("Limits", 12000, cast.member)
        assert [label.name for label in saved.labels.all()] == ["api"]
        assert saved.version == 5
        assert saved.history.first().history_change_reason.startswith("Restored as of 20")

    def test_status_and_segments_stay(self, cast: Cast, changed: Initiative) -> None:
        saved = restore_state(
            by=cast.member, initiative=changed, state=state(changed, 1), version=4
        )
        assert saved.status == Status.ACTIVE
        assert saved.segments.count() == 1

    def test_a_change_made_meanwhile_is_not_overwritten(
        self, cast: Cast, changed: Initiative
    ) -> None:
        then = state(changed, 2)
        initiatives.edit(by=cast.lead, pk=changed.pk, version=4, changes={"title": "Newest"})
        with pytest.raises(Conflict):
            restore_state(by=cast.member, initiative=changed, state=then, version=4)
        assert Initiative.objects.get().title == "Newest"

    def test_an_owner_who_has_left_for_good_is_left_out(
        self, cast: Cast, changed: Initiative
    ) -> None:
        then = state(changed, 2)
        cast.member.delete()
        changed.refresh_from_db()
        saved = restore_state(by=cast.lead, initiative=changed, state=then, version=4)
        assert saved.owner is None

    def test_a_version_of_another_initiative_is_not_found(
        self, cast: Cast, changed: Initiative, log: Log
    ) -> None:
        other = log("Other")
        with pytest.raises(ObjectDoesNotExist):
            restore_state(by=cast.member, initiative=other, state=state(changed, 2), version=1)


class TestLabelsAndConflicts:
    def test_setting_labels_with_fields_does_not_hide_a_later_conflict(
        self, cast: Cast, log: Log
    ) -> None:
        it = log("Limits")
        initiatives.edit(
            by=cast.lead, pk=it.pk, version=1, changes={"title": "Quotas"}, labels=["core"]
        )
        with pytest.raises(Conflict):
            initiatives.edit(by=cast.member, pk=it.pk, version=1, changes={"title": "Mine"})
