"""Writes of comments."""

from collections.abc import Callable
from uuid import uuid4

from tests.cast import Cast
from tracker.actions import comments
from tracker.models import Comment, Initiative

Log = Callable[..., Initiative]


class TestAdd:
    def test_the_same_form_sent_twice_makes_one_comment(self, cast: Cast, log: Log) -> None:
        it, key = log(), uuid4()
        first = comments.add(by=cast.member, initiative=it, body="Hello", creation_key=key)
        second = comments.add(by=cast.member, initiative=it, body="Hello", creation_key=key)
        assert first == second
        assert Comment.objects.count() == 1

    def test_a_key_that_somebody_else_used_takes_nothing_from_anybody(
        self, cast: Cast, log: Log
    ) -> None:
        it, key = log(), uuid4()
        comments.add(by=cast.member, initiative=it, body="Mine", creation_key=key)
        other = comments.add(by=cast.lead, initiative=it, body="Theirs", creation_key=key)
        assert (other.body, other.author) == ("Theirs", cast.lead)


class TestEdit:
    def test_a_changed_comment_says_so_and_an_unchanged_one_does_not(
        self, cast: Cast, log: Log
    ) -> None:
        said = comments.add(by=cast.member, initiative=log(), body="Hello", creation_key=uuid4())
        assert comments.edit(comment=said, body="Hello").edited_at is None
        assert comments.edit(comment=said, body="Hello there").edited_at is not None


class TestDelete:
    def test_a_deleted_comment_stays_in_the_store(self, cast: Cast, log: Log) -> None:
        said = comments.add(by=cast.member, initiative=log(), body="Hello", creation_key=uuid4())
        comments.delete(comment=said)
        assert Comment.objects.get().deleted_at is not None
