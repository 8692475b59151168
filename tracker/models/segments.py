"""Work segments: intervals of active work at some FTE."""

from datetime import date, timedelta
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from tracker.domain.capacity import Segment
from tracker.models.history import WithHistory
from tracker.models.initiatives import Initiative
from tracker.models.scoping import ScopedQuerySet


class SegmentQuerySet(ScopedQuerySet):
    """Segments of initiatives that have not been deleted."""

    team_path = "initiative__team_id"


class WorkSegment(WithHistory, models.Model):
    """Work on an initiative from ``starts_on`` until the day before ``ends_before``.

    ``fte_milli`` is in thousandths of a full-time person and frozen at the start;
    ``fte_assumed`` marks one that was taken from the team's default.
    """

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="segments")
    starts_on = models.DateField()
    ends_before = models.DateField(null=True, blank=True)
    fte_milli = models.PositiveIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000)]
    )
    fte_assumed = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    history = HistoricalRecords()

    objects: ClassVar[SegmentQuerySet] = SegmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_before__isnull=True) | Q(ends_before__gt=F("starts_on")),
                name="segment_ends_after_it_starts",
                violation_error_message="The last day must not lie before the first.",
            ),
            models.CheckConstraint(condition=Q(fte_milli__gte=1), name="segment_fte_is_positive"),
            models.UniqueConstraint(
                fields=["initiative"],
                condition=Q(ends_before__isnull=True),
                name="segment_open_once_an_initiative",
            ),
        ]
        indexes = [
            # capacity: the segments of a set of initiatives, read from the index alone
            models.Index(
                fields=["initiative", "starts_on", "ends_before", "fte_milli", "fte_assumed"],
                name="segment_capacity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} to {self.last_day or 'now'} at {self.fte_milli / 1000:g} FTE"

    @property
    def last_day(self) -> date | None:
        """Return the inclusive end that people see, or None while it is open."""
        return self.ends_before - timedelta(days=1) if self.ends_before else None

    @property
    def fact(self) -> Segment:
        """Return the segment as the domain knows it."""
        return Segment(self.starts_on, self.ends_before, self.fte_milli, self.fte_assumed)
