"""Import batches: a file, how it was read, and what came of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from tracker.domain.words import ImportState
from tracker.models.choices import choices
from tracker.models.scoping import ScopedQuerySet
from tracker.models.teams import Team


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
