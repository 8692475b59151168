"""Comments on initiatives."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from tracker.models.initiatives import Initiative
from tracker.models.scoping import ScopedQuerySet


class CommentQuerySet(ScopedQuerySet):
    """Comments by the team of their initiative."""

    team_path = "initiative__team_id"


class Comment(models.Model):
    """What somebody said about an initiative, in Markdown."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    body = models.TextField(max_length=20_000)
    creation_key = models.UUIDField(null=True, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[CommentQuerySet] = CommentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(body=""), name="comment_is_said")]
        indexes = [models.Index(fields=["initiative", "created_at"], name="comment_thread")]

    def __str__(self) -> str:
        return f"{self.author} on {self.initiative_id}"
