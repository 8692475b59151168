"""Closed periods: what was reported, for good. The database refuses to change or delete it."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Min, Q
from django.utils import timezone

from tracker.domain.calendar import Period, PeriodKind
from tracker.domain.mix import PeriodMix
from tracker.domain.reporting import Rules, mix_from_plain
from tracker.domain.shares import Measure
from tracker.domain.zone import Band
from tracker.models.choices import choices
from tracker.models.initiatives import Initiative
from tracker.models.plans import Plan
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

    @property
    def period(self) -> Period:
        """Return the period as it was named when it closed; the year is that of its end."""
        kind = PeriodKind(self.kind)
        return Period(
            kind, self.last_day.year, self.label, self.starts_on, self.ends_before, self.slug
        )

    @property
    def rules_held(self) -> Rules:
        """Return what it was closed under."""
        return Rules.from_plain(self.rules)

    def mix(self, measure: Measure = Measure.CAPACITY) -> PeriodMix:
        """Return its mix under a measure, as it was reported."""
        return mix_from_plain(self.figures, self.period, measure)


class Bands:
    """Which band holds for a period of a team; two queries.

    A closed period keeps the one it was reported under. An open one has that of its cycle's
    plan, by its last day, or else the team's own.
    """

    def __init__(self, team: Team) -> None:
        self.team = team
        closes = PeriodClose.objects.filter(team=team).values_list("kind", "starts_on", "rules")
        self._closed: dict[tuple[str, date], dict[str, Any]] = {
            (kind, start): rules for kind, start, rules in closes
        }
        plans = Plan.objects.filter(team=team, band_lower__isnull=False)
        self._plans: list[Plan] = list(plans.select_related("cycle", "team"))

    def of(self, period: Period) -> Band:
        """Return the band of a period."""
        rules = self._closed.get((period.kind.value, period.start))
        return Band.of_thousandths(*rules["band"]) if rules else self.of_open(period)

    def of_open(self, period: Period) -> Band:
        """Return the band a period would close under."""
        day = period.last_day
        for plan in self._plans:
            if plan.cycle.starts_on <= day < plan.cycle.ends_before:
                return plan.band
        return self.team.band


def first_days(team_ids: Collection[int]) -> dict[int, date]:
    """Return by team the day of its first commitment or work; teams without any are left out."""
    rows = Initiative.objects.filter(team_id__in=list(team_ids)).order_by().values("team_id")
    found = rows.annotate(committed=Min("committed_on"), worked=Min("segments__starts_on"))
    days = {
        row["team_id"]: [day for day in (row["committed"], row["worked"]) if day] for row in found
    }
    return {team: min(own) for team, own in days.items() if own}


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
