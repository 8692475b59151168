"""Baselines: plans as they were locked. The database refuses to change or delete one."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tracker.domain import baseline as domain
from tracker.domain.baseline import BaselineKind, Snapshot
from tracker.models.choices import choices
from tracker.models.initiatives import Initiative
from tracker.models.plans import Plan, PlanPartQuerySet


class BaselineQuerySet(PlanPartQuerySet):
    """Baselines by permission, and as the domain knows them."""

    def facts(self) -> list[domain.Baseline]:
        """Return the baselines with all they hold, by plan and number; two queries."""
        rows = list(self.order_by("plan_id", "number").select_related("plan"))
        items: dict[int, list[domain.BaselineItem]] = {row.pk: [] for row in rows}
        for item in BaselineItem.objects.filter(baseline_id__in=list(items)).order_by("rank"):
            items[item.baseline_id].append(item.fact)
        return [row.fact_with(tuple(items[row.pk])) for row in rows]


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

    objects: ClassVar[BaselineQuerySet] = BaselineQuerySet.as_manager()  # type: ignore[assignment]

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

    def fact_with(self, items: tuple[domain.BaselineItem, ...]) -> domain.Baseline:
        """Return the baseline as the domain knows it, given its items."""
        return domain.Baseline(
            self.plan.team_id,
            self.plan.cycle_id,
            self.number,
            BaselineKind(self.kind),
            self.effective_on,
            self.locked_on,
            Snapshot(items, self.capacity_mpd, self.reserve_mpd),
            self.reason,
            self.locked_by_name,
        )


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

    @property
    def fact(self) -> domain.BaselineItem:
        """Return the item as the domain knows it."""
        return domain.BaselineItem(
            self.initiative_id,
            self.rank,
            self.effort_mpd,
            self.start_on,
            self.due_on,
            self.value,
            self.fte_milli,
            self.above_line,
            tuple(self.lineage),
            self.key,
            self.title,
            self.outcome,
            self.measured_by,
            self.approach,
        )

    @classmethod
    def of(cls, baseline: Baseline, entry: domain.BaselineItem) -> "BaselineItem":
        """Return the row of an entry, not yet saved."""
        return cls(
            baseline=baseline,
            initiative_id=entry.item,
            lineage=list(entry.lineage),
            **{name: getattr(entry, name) for name in _SAME},
        )


_SAME = (
    "rank",
    "above_line",
    "effort_mpd",
    "start_on",
    "due_on",
    "value",
    "fte_milli",
    "key",
    "title",
    "outcome",
    "measured_by",
    "approach",
)
