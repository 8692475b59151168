"""Labels, which belong to a team."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower

from tracker.models.scoping import ScopedQuerySet
from tracker.models.teams import Team


class Label(models.Model):
    """A word that a team sorts its initiatives by."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="labels")
    name = models.CharField(max_length=50)

    objects: ClassVar[ScopedQuerySet] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("team", Lower("name"), name="label_once_a_team"),
            models.CheckConstraint(condition=~models.Q(name=""), name="label_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
