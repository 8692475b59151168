"""Import batches: a file, how it was read, and what came of it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from tracker.domain.words import ImportState
from tracker.models.choices import choices
from tracker.models.scoping import ScopedQuerySet
from tracker.models.teams import Team

if TYPE_CHECKING:
    from tracker.models.initiatives import Initiative


class ImportBatch(models.Model):
    """One uploaded file on its way into a team, undone as a whole.

    The file waits in the row between the steps, so that any worker can take the next one;
    it is emptied when the batch is applied or dropped.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="import_batches")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    filename = models.CharField(max_length=200)
    content = models.BinaryField(default=b"", editable=False)
    file_format = models.CharField(max_length=30, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    report = models.JSONField(default=dict, blank=True, editable=False)
    state = models.CharField(
        max_length=8, choices=choices(ImportState), default=ImportState.DRAFT.value
    )
    row_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    applied_at = models.DateTimeField(null=True, blank=True, editable=False)
    undone_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[ScopedQuerySet] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=list(ImportState)), name="import_state_is_known"
            )
        ]
        indexes = [models.Index(fields=["team", "-created_at"], name="import_team_newest")]

    def __str__(self) -> str:
        return f"{self.filename} into {self.team}"

    def keys_there(self, source: str, keys: Iterable[str]) -> set[str]:
        """Return those of a tracker's keys that its team has already; one query."""
        from tracker.models.initiatives import Initiative  # here, since they refer to batches

        wanted = set(keys) - {""}
        if not wanted:
            return set()
        rows = Initiative.objects.filter(team=self.team_id, external_source=source)
        return wanted.intersection(rows.values_list("external_key", flat=True))

    def changed_since(self) -> "list[Initiative]":
        """Return what people have changed, commented or worked on since it came; one query.

        What was deleted since stays out: nothing is left to undo.
        """
        from tracker.models.comments import Comment
        from tracker.models.initiatives import Initiative
        from tracker.models.segments import WorkSegment

        comments = Comment.objects.filter(initiative=models.OuterRef("pk"), deleted_at=None)
        work = WorkSegment.history.filter(
            initiative_id=models.OuterRef("pk"), history_date__gt=self.applied_at
        )
        touched = models.Q(version__gt=1) | models.Exists(comments) | models.Exists(work)
        rows = Initiative.objects.filter(touched, import_batch=self).select_related("team")
        return list(rows.order_by("number"))
