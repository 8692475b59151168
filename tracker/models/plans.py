"""Plans: what one team means to do in one cycle, ranked, while it can still be changed."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from tracker.domain.baseline import BaselineItem, Snapshot
from tracker.domain.capacity import frozen_fte
from tracker.domain.lineage import Lineage, ancestors
from tracker.domain.planning import (
    MonthCapacity,
    Placement,
    PlanSum,
    RankedItem,
    available_mpd,
    capacity_mpd,
    month_capacities,
    place,
)
from tracker.domain.zone import Band
from tracker.models.cycles import Cycle
from tracker.models.history import WithHistory
from tracker.models.initiatives import MOST_MPD, Initiative
from tracker.models.scoping import ScopedQuerySet
from tracker.models.teams import Team

MOST_FTE_MILLI = 10_000_000


class Plan(WithHistory, models.Model):
    """One team's plan for one cycle: what it can do, what it keeps back, what it ranked.

    The reserve is in thousandths of a person-day. The band is in thousandths of the share; all
    three edges or none: without them the team's own band holds.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="plans")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="plans")
    reserve_mpd = models.PositiveIntegerField(default=0, validators=[MaxValueValidator(MOST_MPD)])
    band_lower = models.PositiveSmallIntegerField(null=True, blank=True)
    band_upper = models.PositiveSmallIntegerField(null=True, blank=True)
    band_derail = models.PositiveSmallIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    history = HistoricalRecords(
        history_change_reason_field=models.CharField(max_length=500, null=True)
    )

    objects: ClassVar[ScopedQuerySet] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-cycle__starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["team", "cycle"], name="plan_once_a_team_and_cycle"),
            models.CheckConstraint(
                condition=Q(
                    band_lower__isnull=True, band_upper__isnull=True, band_derail__isnull=True
                )
                | Q(
                    band_lower__lte=F("band_upper"),
                    band_upper__lte=F("band_derail"),
                    band_derail__lte=1000,
                ),
                name="plan_band_is_whole_and_in_order",
                violation_error_message="The band's edges must rise: from, to, derailed above.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team}, {self.cycle}"

    @property
    def band(self) -> Band:
        """Return the band that holds in this cycle: the plan's own, or else the team's."""
        if self.band_lower is None or self.band_upper is None or self.band_derail is None:
            return self.team.band
        return Band.of_thousandths(self.band_lower, self.band_upper, self.band_derail)

    def capacities(self) -> tuple[MonthCapacity, ...]:
        """Return the months of the cycle with their working days and FTE; one or two queries."""
        fte = dict(self.months.values_list("month", "fte_milli"))
        cycle = self.cycle
        return month_capacities(cycle.starts_on, cycle.ends_before, fte, self.team.calendar)

    def ranking(self, capacity: int | None) -> "tuple[list[PlanItem], PlanSum]":
        """Return the items by position, held ones last, and where the line falls; one query.

        ``capacity`` is in mpd, None where it is not known. Deleted initiatives are left out.
        """
        rows = self.items.filter(initiative__deleted_at__isnull=True)
        rows = rows.order_by("held_below", "position", "pk")
        items = list(rows.select_related("initiative__team", "initiative__owner"))
        ranked = (
            RankedItem(item.initiative_id, rank, item.initiative.estimate_mpd, item.held_below)
            for rank, item in enumerate(items, 1)
        )
        return items, place(ranked, available_mpd(capacity, self.reserve_mpd))

    def snapshot(self) -> Snapshot:
        """Return the plan as it stands, as a lock would store it; four queries."""
        capacity = capacity_mpd(self.capacities())
        items, placed = self.ranking(capacity)
        above = {row.item for row in placed.rows if row.placement == Placement.ABOVE}
        lineage = Initiative.every.lineage_of([self.team_id])
        entries = (
            item.entry(rank, item.initiative_id in above, lineage)
            for rank, item in enumerate(items, 1)
        )
        return Snapshot(tuple(entries), capacity, self.reserve_mpd)


class PlanPartQuerySet(ScopedQuerySet):
    """Parts of plans by the team of their plan."""

    team_path = "plan__team_id"


class PlanMonth(WithHistory, models.Model):
    """How many people, in thousandths of an FTE, the team has in one calendar month."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="months")
    month = models.DateField(help_text="The first day of the month.")
    fte_milli = models.PositiveIntegerField(validators=[MaxValueValidator(MOST_FTE_MILLI)])
    history = HistoricalRecords()

    objects: ClassVar[PlanPartQuerySet] = PlanPartQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "month"], name="plan_month_once_a_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.fte_milli / 1000:g} FTE"


class PlanItem(WithHistory, models.Model):
    """An initiative in a plan. Its effort, dates and value are the initiative's own.

    ``position`` sorts the items and leaves gaps; the rank people see counts from 1.
    ``held_below`` keeps it below the line by choice, whether or not it fits.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="items")
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="plan_items")
    position = models.BigIntegerField()
    held_below = models.BooleanField(default=False)
    outcome = models.TextField(
        blank=True, max_length=2000, help_text="What will be different once it is done."
    )
    measured_by = models.TextField(
        blank=True, max_length=2000, help_text="How you will see that it worked."
    )
    approach = models.TextField(
        blank=True, max_length=5000, help_text="How it will be done; asked for at OP2."
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    history = HistoricalRecords()

    objects: ClassVar[PlanPartQuerySet] = PlanPartQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "initiative"], name="plan_item_once_a_plan")
        ]
        indexes = [models.Index(fields=["plan", "position"], name="plan_item_ranking")]

    def __str__(self) -> str:
        return f"{self.initiative_id} in plan {self.plan_id}"

    def entry(self, rank: int, above_line: bool, lineage: Lineage) -> BaselineItem:
        """Return the item as a lock stores it: the initiative's facts and the plan's words.

        The FTE is the one the estimate and both target dates amount to, None where one is
        missing.
        """
        initiative = self.initiative
        fte, assumed = None, True
        if initiative.target_start:
            calendar = self.plan.team.calendar
            fte, assumed = frozen_fte(
                initiative.estimate_mpd, initiative.target_start, initiative.due_on, calendar
            )
        return BaselineItem(
            initiative.pk,
            rank,
            initiative.estimate_mpd,
            initiative.target_start,
            initiative.due_on,
            initiative.expected_value,
            None if assumed else fte,
            above_line,
            ancestors(initiative.pk, lineage),
            initiative.key,
            initiative.title,
            self.outcome,
            self.measured_by,
            self.approach,
        )
