"""Cycles: the planning periods of the organisation."""

from datetime import date, timedelta
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from tracker.domain.baseline import PlanCycle
from tracker.models.history import WithHistory

MOST_GRACE_DAYS = 92


class CycleQuerySet(models.QuerySet["Cycle"]):
    """Cycles by their days."""

    def on(self, day: date) -> "CycleQuerySet":
        """Keep the one that a day belongs to."""
        return self.filter(starts_on__lte=day, ends_before__gt=day)

    def between(self, start: date, end: date) -> "CycleQuerySet":
        """Keep those that share a day with ``[start, end)``."""
        return self.filter(starts_on__lt=end, ends_before__gt=start)


class Cycle(WithHistory, models.Model):
    """A planning period ``[starts_on, ends_before)``, such as FY27 or 2027 H1.

    Cycles don't overlap, so that a day has one plan; their plans may be prepared at any time.
    ``grace_days`` is how long after its start a lock may still open it.
    """

    name = models.CharField(max_length=40, unique=True, validators=[MinLengthValidator(1)])
    slug = models.SlugField(max_length=50, unique=True)
    starts_on = models.DateField()
    ends_before = models.DateField()
    grace_days = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(MOST_GRACE_DAYS)]
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    history = HistoricalRecords()

    objects: ClassVar[CycleQuerySet] = CycleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_before__gt=F("starts_on")),
                name="cycle_ends_after_it_starts",
                violation_error_message="The last day must not lie before the first.",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="cycle_has_a_name"),
            models.CheckConstraint(
                condition=Q(grace_days__lte=MOST_GRACE_DAYS), name="cycle_grace_is_short"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def last_day(self) -> date:
        """Return the inclusive end that people see."""
        return self.ends_before - timedelta(days=1)

    @property
    def span(self) -> PlanCycle:
        """Return the cycle as the domain knows it."""
        return PlanCycle(self.starts_on, self.ends_before, self.grace_days)
