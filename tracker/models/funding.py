"""The funding ledger: what gave way for an opportunity."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from simple_history.models import HistoricalRecords

from tracker.domain import funding
from tracker.domain.baseline import current_baseline, opening_baseline
from tracker.domain.capacity import worked_mpd
from tracker.domain.funding import Caps, Manner, Source, remaining_plan
from tracker.domain.lifecycle import Status
from tracker.domain.lineage import ancestors
from tracker.domain.mix import Origin
from tracker.domain.planning import Placement, capacity_mpd
from tracker.models.baselines import BaselineItem
from tracker.models.choices import choices
from tracker.models.cycles import Cycle
from tracker.models.history import WithHistory
from tracker.models.initiatives import AFTER_COMMITMENT, MOST_MPD, Initiative
from tracker.models.origins import counts_as
from tracker.models.plans import Plan, PlanPartQuerySet
from tracker.models.segments import WorkSegment


class FundingQuerySet(PlanPartQuerySet):
    """Entries by the team of their plan."""

    def entries(self) -> tuple[funding.Funding, ...]:
        """Return the entries as the domain knows them, in order; one query."""
        rows = self.order_by("on", "pk").values_list(
            "opportunity_id", "source", "mpd", "on", "displaced_id", "manner"
        )
        return tuple(
            funding.Funding(
                opportunity, Source(source), mpd, on, item, Manner(manner) if manner else None
            )
            for opportunity, source, mpd, on, item, manner in rows
        )


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

    objects: ClassVar[FundingQuerySet] = FundingQuerySet.as_manager()  # type: ignore[assignment]

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


def plan_on(team_id: int, day: date) -> Plan | None:
    """Return the plan of a team for the cycle of a day, None where there is none; one query."""
    plans = Plan.objects.filter(
        team_id=team_id, cycle__starts_on__lte=day, cycle__ends_before__gt=day
    )
    found: Plan | None = plans.select_related("team", "cycle").first()
    return found


def caps_of(plan: Plan, *, before: date) -> Caps:
    """Return what the planned items and the reserve of a plan can give ahead of any ledger.

    The plan of an item is what the baseline in force the day ahead of ``before`` says or, while
    nothing is locked, its estimate; work on it and on what was split off it is taken off. An
    opportunity that an amendment adopted is none, and what was delivered has nothing left. Six
    queries.
    """
    efforts, reserve = _planned(plan, before)
    open_items = set(
        Initiative.objects.filter(pk__in=list(efforts))
        .exclude(status=Status.DELIVERED)
        .values_list("pk", flat=True)
    )
    worked = _worked(plan, efforts, before)
    return Caps(
        {
            item: remaining_plan(mpd, worked.get(item, 0))
            for item, mpd in efforts.items()
            if item in open_items
        },
        reserve,
    )


def _planned(plan: Plan, before: date) -> tuple[dict[int, int], int]:
    """Return the effort of each planned item and the reserve, as they hold on a day."""
    rows = {row.number: row for row in plan.baselines.order_by("number")}
    chain = [row.fact_with(()) for row in rows.values()]
    current = current_baseline(chain, before=before)
    if current is None:
        _, placed = plan.ranking(capacity_mpd(plan.capacities()))
        above = (row for row in placed.rows if row.placement == Placement.ABOVE)
        return {row.item: row.estimate_mpd or 0 for row in above}, plan.reserve_mpd
    opening = opening_baseline(chain, plan.cycle.span, before=before)
    wanted = {rows[lock.number].pk for lock in (current, opening and opening.baseline) if lock}
    listed: dict[int, dict[int, int]] = {pk: {} for pk in wanted}
    above_line = BaselineItem.objects.filter(baseline_id__in=wanted, above_line=True).order_by(
        "rank"
    )
    for lock, item, mpd in above_line.values_list("baseline_id", "initiative_id", "effort_mpd"):
        listed[lock][item] = mpd or 0
    efforts = listed[rows[current.number].pk]
    if opening is not None:
        first = listed[rows[opening.baseline.number].pk]
        efforts = {item: mpd for item, mpd in efforts.items() if item in first}
    return efforts, current.snapshot.reserve_mpd


def _worked(plan: Plan, items: Mapping[int, int], before: date) -> dict[int, int]:
    """Return what was worked on planned items and on their parts, ahead of a day."""
    lineage = Initiative.every.lineage_of([plan.team_id])
    parts = {part: _listed(ancestors(part, lineage), items) for part in lineage}
    owner = {part: item for part, item in parts.items() if item and part not in items}
    owner.update(dict.fromkeys(items, 0))
    worked: dict[int, int] = {}
    segments = WorkSegment.objects.filter(initiative_id__in=list(owner), starts_on__lt=before)
    for segment in segments.order_by():
        item = owner[segment.initiative_id] or segment.initiative_id
        days = (segment.starts_on, date.max)
        mpd = worked_mpd(segment.fact, *days, before=before, calendar=plan.team.calendar)
        worked[item] = worked.get(item, 0) + mpd
    return worked


def _listed(line: Iterable[int], items: Mapping[int, int]) -> int | None:
    return next((item for item in line if item in items), None)


def unfunded(day: date) -> Q:
    """Return what keeps initiatives that lack funding on a day.

    These are opportunities committed since the cycle of the day began, in a team that has a plan
    for it, whose ledger does not cover their estimate.
    """
    began = Subquery(Cycle.objects.on(day).values("starts_on")[:1])
    plans = Plan.objects.filter(
        team=OuterRef("team"), cycle__starts_on__lte=day, cycle__ends_before__gt=day
    )
    return (
        Q(status__in=AFTER_COMMITMENT, committed_on__gte=began, committed_on__lte=day)
        & Q(Exists(plans))
        & counts_as(Origin.OPPORTUNISTIC, day=day)
        & Q(estimate_mpd__gt=funded_mpd())
    )


def funded_mpd() -> Coalesce:
    """Return what an initiative's ledger gives it, as an expression; 0 without entries."""
    given = Funding.objects.filter(opportunity=OuterRef("pk")).order_by().values("opportunity")
    total = Subquery(given.annotate(total=Sum("mpd")).values("total")[:1])
    return Coalesce(total, 0, output_field=IntegerField())
