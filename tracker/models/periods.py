"""Closed periods: what was reported, for good. The database refuses to change or delete it."""

from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from tracker.domain.calendar import PeriodKind
from tracker.models.choices import choices
from tracker.models.scoping import ScopedQuerySet
from tracker.models.teams import Team


class PeriodClose(models.Model):
    """A period of one team as it was reported.

    ``planned``, ``opportunistic``, ``unclassified`` and ``assumed`` are the headline in mpd;
    ``figures`` holds every measure and weight, ``report`` what else the review page said, and
    ``rules`` the band, the working days and the cycle rules it was made by. ``closed_by`` is
    empty where it closed by itself.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="closes")
    kind = models.CharField(max_length=11, choices=choices(PeriodKind))
    slug = models.CharField(max_length=10)
    label = models.CharField(max_length=40)
    starts_on = models.DateField()
    ends_before = models.DateField()
    closed_on = models.DateField()
    closed_at = models.DateTimeField(default=timezone.now)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    closed_by_name = models.CharField(max_length=200, blank=True)
    planned = models.PositiveBigIntegerField(default=0)
    opportunistic = models.PositiveBigIntegerField(default=0)
    unclassified = models.PositiveBigIntegerField(default=0)
    assumed = models.PositiveBigIntegerField(default=0)
    zone = models.CharField(max_length=12, blank=True)
    finding = models.CharField(max_length=500, blank=True)
    figures = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    rules = models.JSONField(default=dict)
    definition = models.CharField(max_length=64)
    calendar = models.CharField(max_length=64)
    inputs = models.CharField(max_length=64)

    objects: ClassVar[ScopedQuerySet] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-ends_before", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "kind", "starts_on"], name="period_closes_once_a_team"
            ),
            models.UniqueConstraint(fields=["team", "slug"], name="period_close_has_its_address"),
            models.CheckConstraint(
                condition=Q(ends_before__gt=F("starts_on")), name="period_close_has_days"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=list(PeriodKind)), name="period_close_kind_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["team", "-ends_before"], name="period_close_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.label} of {self.team_id}, closed {self.closed_on.isoformat()}"

    @property
    def last_day(self) -> date:
        """Return the inclusive end that people see."""
        return self.ends_before - timedelta(days=1)


class FormerWeek(models.Model):
    """The working weekdays a team had until a day, so that closed periods keep their own.

    Bits, Monday first, as ``Team.working_weekdays``; they held for the days before ``until``.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="former_weeks")
    until = models.DateField()
    working_weekdays = models.PositiveSmallIntegerField()

    objects: ClassVar[ScopedQuerySet] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["until"]
        constraints = [
            models.UniqueConstraint(fields=["team", "until"], name="former_week_once_a_day"),
            models.CheckConstraint(
                condition=Q(working_weekdays__range=(1, 127)), name="former_week_works_some_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} until {self.until.isoformat()}: {self.working_weekdays}"
