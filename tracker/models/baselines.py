"""Baselines: plans as they were locked. The database refuses to change or delete one."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tracker.domain.baseline import BaselineKind
from tracker.models.choices import choices
from tracker.models.initiatives import Initiative
from tracker.models.plans import Plan, PlanPartQuerySet


class Baseline(models.Model):
    """A locked plan. ``number`` counts the chain of its plan from 0.

    ``effective_on`` is the day it holds from, ``locked_on`` the civil date of the lock. The
    person's name is stored as it was, so that the record reads the same for ever. ``fingerprint``
    covers the content and the fingerprint before it.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="baselines")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=9, choices=choices(BaselineKind))
    effective_on = models.DateField()
    locked_on = models.DateField()
    locked_at = models.DateTimeField(default=timezone.now)
    locked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    locked_by_name = models.CharField(max_length=200)
    reason = models.CharField(max_length=1000, blank=True)
    capacity_mpd = models.PositiveBigIntegerField(null=True)
    reserve_mpd = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(max_length=64)

    objects: ClassVar[PlanPartQuerySet] = PlanPartQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="baseline_number_once_a_plan"),
            models.CheckConstraint(
                condition=Q(kind__in=list(BaselineKind)), name="baseline_kind_is_known"
            ),
            models.UniqueConstraint(
                fields=["plan", "kind"],
                condition=~Q(kind=BaselineKind.AMENDMENT),
                name="baseline_op1_and_op2_once_a_plan",
            ),
            models.CheckConstraint(
                condition=~Q(kind=BaselineKind.AMENDMENT) | ~Q(reason=""),
                name="baseline_amendment_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of plan {self.plan_id}"

    @property
    def name(self) -> str:
        """Return OP1, OP2 or the amendment with its number, as people say it."""
        if self.kind != BaselineKind.AMENDMENT:
            return self.kind.upper()
        return f"Amendment {self.number}"


class BaselineItemQuerySet(PlanPartQuerySet):
    """Items of baselines by the team of their plan."""

    team_path = "baseline__plan__team_id"


class BaselineItem(models.Model):
    """One initiative as a locked plan had it.

    Effort is in mpd, FTE in thousandths, value in whole units; ``due_on`` is the last day.
    ``lineage`` lists the ids of what it was split or merged from, nearest first.
    """

    baseline = models.ForeignKey(Baseline, models.PROTECT, related_name="items")
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="baseline_items")
    rank = models.PositiveIntegerField()
    above_line = models.BooleanField(default=True)
    effort_mpd = models.PositiveIntegerField(null=True)
    start_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    value = models.PositiveBigIntegerField(null=True)
    fte_milli = models.PositiveIntegerField(null=True)
    lineage = models.JSONField(default=list)
    key = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    outcome = models.TextField(blank=True)
    measured_by = models.TextField(blank=True)
    approach = models.TextField(blank=True)

    objects: ClassVar[BaselineItemQuerySet] = BaselineItemQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["baseline", "initiative"], name="baseline_item_once_a_baseline"
            ),
            models.UniqueConstraint(
                fields=["baseline", "rank"], name="baseline_rank_once_a_baseline"
            ),
        ]
        indexes = [models.Index(fields=["initiative", "baseline"], name="baseline_item_back")]

    def __str__(self) -> str:
        return f"{self.rank}. {self.key}"
