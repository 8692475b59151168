"""The funding ledger: what gave way for an opportunity."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from tracker.domain import funding
from tracker.domain.funding import Manner, Source
from tracker.models.choices import choices
from tracker.models.history import WithHistory
from tracker.models.initiatives import MOST_MPD, Initiative
from tracker.models.plans import Plan, PlanPartQuerySet


class Funding(WithHistory, models.Model):
    """One entry: an opportunity takes effort from a planned item, the reserve or new capacity.

    ``mpd`` is in thousandths of a person-day; ``on`` is the day it was decided.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="funding")
    opportunity = models.ForeignKey(Initiative, models.PROTECT, related_name="funding")
    source = models.CharField(max_length=14, choices=choices(Source))
    displaced = models.ForeignKey(
        Initiative, models.PROTECT, null=True, blank=True, related_name="losses"
    )
    manner = models.CharField(max_length=7, choices=choices(Manner), blank=True)
    mpd = models.PositiveIntegerField(
        "effort", validators=[MinValueValidator(1), MaxValueValidator(MOST_MPD)]
    )
    on = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    creation_key = models.UUIDField(null=True, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    history = HistoricalRecords(
        history_change_reason_field=models.CharField(max_length=500, null=True)
    )

    objects: ClassVar[PlanPartQuerySet] = PlanPartQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(mpd__gte=1), name="funding_gives_something"),
            models.CheckConstraint(
                condition=Q(source__in=list(Source)), name="funding_source_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    source=Source.DISPLACED,
                    displaced__isnull=False,
                    manner__in=list(Manner),
                )
                | (~Q(source=Source.DISPLACED) & Q(displaced__isnull=True, manner="")),
                name="funding_names_what_gives_way",
            ),
            models.CheckConstraint(
                condition=Q(displaced__isnull=True) | ~Q(displaced=F("opportunity")),
                name="funding_is_not_of_itself",
            ),
        ]
        indexes = [
            models.Index(fields=["plan", "on"], name="funding_of_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.mpd / 1000:g} pd from {self.source} for {self.opportunity_id}"

    @property
    def entry(self) -> funding.Funding:
        """Return the entry as the domain knows it."""
        return funding.Funding(
            self.opportunity_id,
            Source(self.source),
            self.mpd,
            self.on,
            self.displaced_id,
            Manner(self.manner) if self.manner else None,
        )
