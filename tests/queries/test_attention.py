"""The latest changes, as remembered and as read anew."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tracker.actions import initiatives
from tracker.models import Initiative, TeamCounter
from tracker.queries import ledgers
from tracker.queries.attention import MOST_CHANGES, Change, latest_changes
from tracker.queries.stamps import stamps


def latest(cast: Cast, *, later: timedelta = timedelta()) -> list[Change]:
    teams = (cast.group.pk, cast.platform.pk, cast.checkout.pk)
    return latest_changes(dict(stamps(teams)), datetime.now(UTC) + later)


def rename(cast: Cast, it: Initiative, title: str) -> None:
    version = Initiative.every.get(pk=it.pk).version
    initiatives.edit(by=cast.member, pk=it.pk, version=version, changes={"title": title})


class TestLatestChanges:
    def test_remembered_ones_equal_those_read_anew(
        self, cast: Cast, log: Callable[..., Initiative]
    ) -> None:
        made = [log(f"Number {number}") for number in range(4)]
        for turn in range(9):
            remembered = latest(cast)
            ledgers.forget()
            assert remembered == latest(cast)
            if turn == 4:
                TeamCounter.bump(cast.platform.pk)
            rename(cast, made[turn % 4], f"Turn {turn}")
        assert [change.title for change in latest(cast)][:2] == ["Turn 8", "Turn 7"]
        assert len(latest(cast)) == MOST_CHANGES

    def test_says_what_was_done(self, cast: Cast, log: Callable[..., Initiative]) -> None:
        it = log("Rate limits")
        initiatives.delete(by=cast.member, pk=it.pk, version=1)
        assert [(change.did, change.key) for change in latest(cast)] == [
            ("deleted", it.key),
            ("logged", it.key),
        ]

    def test_only_what_has_changed_is_asked_about(
        self, cast: Cast, log: Callable[..., Initiative]
    ) -> None:
        it = log("Rate limits")
        latest(cast)
        with CaptureQueriesContext(connection) as none:
            latest(cast)
        rename(cast, it, "Another")
        with CaptureQueriesContext(connection) as some:
            latest(cast)
        assert (len(none), len(some)) == (1, 1 + 4 + 1)

    def test_forgets_after_two_weeks(self, cast: Cast, log: Callable[..., Initiative]) -> None:
        log("Rate limits")
        assert latest(cast)
        assert latest(cast, later=timedelta(days=15)) == []
