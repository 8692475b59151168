"""Writes of comments. They move no figure, so neither version nor stamp."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from tracker.models import Comment, Initiative, User


def add(*, by: User, initiative: Initiative, body: str, creation_key: UUID) -> Comment:
    """Say something about an initiative; the same key a second time returns the first comment.

    A key that somebody else has used is taken for a new comment.
    """
    earlier = Comment.objects.filter(creation_key=creation_key).first()
    if earlier is None:
        try:
            with transaction.atomic():
                return _create(by, initiative, body, creation_key)
        except IntegrityError:
            earlier = Comment.objects.get(creation_key=creation_key)
    if earlier.author_id == by.pk and earlier.initiative_id == initiative.pk:
        return earlier
    return _create(by, initiative, body, None)


def _create(by: User, initiative: Initiative, body: str, creation_key: UUID | None) -> Comment:
    return Comment.objects.create(
        initiative=initiative, author=by, body=body, creation_key=creation_key
    )


def edit(*, comment: Comment, body: str) -> Comment:
    """Say it better; the comment then shows that it was edited."""
    if body != comment.body:
        comment.body, comment.edited_at = body, timezone.now()
        comment.save(update_fields=["body", "edited_at"])
    return comment


def delete(*, comment: Comment) -> None:
    """Take a comment away from the page; the row stays."""
    comment.deleted_at = timezone.now()
    comment.save(update_fields=["deleted_at"])
