"""What overrides an origin that was derived from a baseline, and where the two differ."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from tracker.domain.mix import Origin
from tracker.domain.origins import OverrideReason
from tracker.models.choices import choices
from tracker.models.cycles import Cycle
from tracker.models.history import WithHistory
from tracker.models.initiatives import Initiative
from tracker.models.scoping import ScopedQuerySet


class OfInitiativeQuerySet(ScopedQuerySet):
    """Rows by the team of their initiative."""

    team_path = "initiative__team_id"


class OriginOverride(WithHistory, models.Model):
    """A person's word against what the baseline says, for one initiative in one cycle."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="overrides")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="overrides")
    origin = models.CharField(max_length=13, choices=choices(Origin))
    code = models.CharField(max_length=24, choices=choices(OverrideReason))
    text = models.CharField(max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    history = HistoricalRecords()

    objects: ClassVar[OfInitiativeQuerySet] = OfInitiativeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "cycle"], name="override_once_a_cycle"),
            models.CheckConstraint(
                condition=Q(origin__in=[Origin.PLANNED, Origin.OPPORTUNISTIC]),
                name="override_classifies",
            ),
            models.CheckConstraint(
                condition=Q(code__in=list(OverrideReason)), name="override_reason_is_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="override_explains_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} is {self.origin} in {self.cycle_id}"


class OriginShift(models.Model):
    """Where the origin that counts in a cycle is not the declared one.

    Worked out from baselines and overrides whenever one of them, the declared origin, the
    lineage or the initiative's days change; ``verify`` works all of them out anew. It holds only
    cycles the initiative has anything to do with.
    """

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="shifts")
    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="+")
    origin = models.CharField(max_length=13, choices=choices(Origin))

    objects: ClassVar[OfInitiativeQuerySet] = OfInitiativeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "cycle"], name="shift_once_a_cycle"),
            models.CheckConstraint(
                condition=Q(origin__in=[Origin.PLANNED, Origin.OPPORTUNISTIC]),
                name="shift_classifies",
            ),
        ]
        indexes = [
            models.Index(fields=["initiative", "cycle", "origin"], name="shift_of_initiative")
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} counts as {self.origin} in {self.cycle_id}"


def counts_as(origin: str, *, day: date) -> Q:
    """Return what keeps initiatives whose origin counts as ``origin`` on a day.

    That is the one that follows from the baseline or overrides it in the cycle of the day, else
    the declared one.
    """
    shifts = OriginShift.objects.filter(
        initiative=OuterRef("pk"), cycle__starts_on__lte=day, cycle__ends_before__gt=day
    )
    return Q(Exists(shifts.filter(origin=origin))) | (Q(origin=origin) & Q(~Exists(shifts)))
