"""Initiatives: pieces of roadmap work with an outcome."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinLengthValidator, MinValueValidator
from django.db import models
from django.db.models import F, Max, Min, Q
from django.urls import reverse
from django.utils import timezone

from tracker.domain.lifecycle import Life, Status, life_of
from tracker.domain.mix import Origin
from tracker.domain.words import Need, Trigger
from tracker.models.choices import choices
from tracker.models.history import Records, WithHistory
from tracker.models.labels import Label
from tracker.models.lifecycle import LifecycleVerbs
from tracker.models.scoping import ScopedQuerySet
from tracker.models.teams import Team

MOST_MPD = 100_000_000  # 100,000 person-days: more is a typing error
MOST_VALUE = 10**15
LIFE = ("committed_on", "target_start", "delivered_on", "cancelled_on", "deferred_on")
AFTER_COMMITMENT = [Status.COMMITTED, Status.ACTIVE, Status.PAUSED, Status.DELIVERED]


class InitiativeQuerySet(ScopedQuerySet):
    """Initiatives by permission and by what wants attention."""

    def unclassified(self) -> Self:
        """Keep those without an origin."""
        return self.filter(origin=Origin.UNCLASSIFIED)

    def unestimated(self) -> Self:
        """Keep those without an estimate."""
        return self.filter(estimate_mpd__isnull=True)

    def lives(self, *columns: str) -> Any:
        """Return what bounds the lives of those that were committed or worked on, as dicts.

        One query; ``life_in`` reads a row. ``columns`` come along.
        """
        work = {"first": Min("segments__starts_on"), "last": Max("segments__ends_before")}
        known = self.annotate(**work).filter(Q(committed_on__isnull=False) | Q(first__isnull=False))
        return known.order_by().values("pk", "first", "last", *LIFE, *columns)

    def lineage_of(self, team_ids: list[int]) -> dict[int, tuple[int, ...]]:
        """Return what the teams' initiatives were split from or merged of, nearest first.

        Only those with an origin of that kind are in it; two queries.
        """
        found: dict[int, tuple[int, ...]] = {}
        rows = self.filter(team_id__in=team_ids).order_by("pk")
        for pk, parent in rows.filter(parent__isnull=False).values_list("pk", "parent_id"):
            found[pk] = (parent,)
        merged = rows.filter(merged_into__isnull=False)
        for pk, target in merged.values_list("pk", "merged_into_id"):
            found[target] = (*found.get(target, ()), pk)
        return found

    def with_key(self, key: str) -> Self:
        """Keep the one with a key such as PLAT-42, also where it was known by that key before."""
        prefix, _, number = key.upper().rpartition("-")
        if not number.isdecimal() or len(number) > 9:
            return self.none()
        asked = {"team__key_prefix": prefix, "number": int(number)}
        # Ids from either index; the conditions themselves, joined by OR, would read every row.
        here = Q(pk__in=Initiative.every.filter(**asked).order_by().values("pk"))
        former = Q(pk__in=FormerKey.objects.filter(**asked).values("initiative"))
        return self.filter(here | former)


def life_in(row: Mapping[str, Any]) -> Life:
    """Return the life that a row of ``lives`` bounds."""
    committed_on, target_start, *ended = (row[name] for name in LIFE)
    life = life_of(committed_on, target_start, (row["first"], row["last"]), ended)
    assert life is not None  # noqa: S101 - the query leaves out those without
    return life


class AliveManager(models.Manager.from_queryset(InitiativeQuerySet)):  # type: ignore[misc]
    """Leaves out what has been deleted."""

    def get_queryset(self) -> InitiativeQuerySet:
        """Return the initiatives that have not been deleted."""
        return super().get_queryset().filter(deleted_at__isnull=True)  # type: ignore[no-any-return]


class Initiative(LifecycleVerbs, WithHistory, models.Model):
    """A piece of roadmap work.

    Effort is in thousandths of a person-day (``_mpd``), value in whole units of the
    organisation's currency. ``due_on`` is the last day of the target, inclusive.
    ``committed_effort_mpd`` and ``committed_value`` are what was known at the commitment and
    stay as they are. So does ``birth_origin``, the first origin that counted after it.
    ``parent`` is what it was split from, ``merged_into`` what goes on with its work, ``root``
    the first of its line.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="initiatives")
    number = models.PositiveIntegerField(editable=False)
    title = models.CharField(max_length=200, validators=[MinLengthValidator(1)])
    description = models.TextField(blank=True, max_length=50_000, help_text="Markdown.")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    origin = models.CharField(
        max_length=13, choices=choices(Origin), default=Origin.UNCLASSIFIED.value
    )
    need = models.CharField(max_length=11, choices=choices(Need), blank=True)
    trigger = models.CharField(max_length=19, choices=choices(Trigger), blank=True)
    reason = models.CharField(
        max_length=500, blank=True, help_text="Why the opportunity or need could not wait."
    )
    status = models.CharField(max_length=9, choices=choices(Status), default=Status.PROPOSED.value)
    estimate_mpd = models.PositiveIntegerField(
        "estimate",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MPD)],
    )
    actual_mpd = models.PositiveIntegerField(
        "realised effort", null=True, blank=True, validators=[MaxValueValidator(MOST_MPD)]
    )
    expected_value = models.PositiveBigIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(MOST_VALUE)]
    )
    realised_value = models.PositiveBigIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(MOST_VALUE)]
    )
    target_start = models.DateField(null=True, blank=True)
    due_on = models.DateField("target date", null=True, blank=True)
    committed_on = models.DateField(null=True, blank=True)
    committed_effort_mpd = models.PositiveIntegerField(null=True, blank=True, editable=False)
    committed_value = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    delivered_on = models.DateField(null=True, blank=True)
    cancelled_on = models.DateField(null=True, blank=True)
    deferred_on = models.DateField(null=True, blank=True)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children"
    )
    root = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, editable=False, related_name="merged"
    )
    birth_origin = models.CharField(
        max_length=13, choices=choices(Origin), blank=True, default="", editable=False
    )
    labels = models.ManyToManyField(Label, blank=True, related_name="initiatives")
    external_source = models.CharField(max_length=40, blank=True)
    external_key = models.CharField(max_length=120, blank=True)
    external_url = models.URLField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    creation_key = models.UUIDField(null=True, unique=True, editable=False)
    import_batch = models.ForeignKey(
        "tracker.ImportBatch",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="initiatives",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)
    history = Records(
        m2m_fields=[labels],
        history_change_reason_field=models.CharField(max_length=500, null=True),
    )

    objects: ClassVar[AliveManager] = AliveManager()
    every: ClassVar[InitiativeQuerySet] = InitiativeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-pk"]
        base_manager_name = "every"
        default_manager_name = "every"
        constraints = [
            models.UniqueConstraint(fields=["team", "number"], name="initiative_key_is_unique"),
            models.UniqueConstraint(
                fields=["team", "external_source", "external_key"],
                condition=~Q(external_key="") & Q(deleted_at__isnull=True),
                name="initiative_external_key_is_unique",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="initiative_has_a_title"),
            models.CheckConstraint(
                condition=Q(origin__in=list(Origin)), name="initiative_origin_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=list(Status)), name="initiative_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(origin=Origin.OPPORTUNISTIC) | Q(need="", trigger=""),
                name="initiative_need_and_trigger_are_of_opportunities",
            ),
            models.CheckConstraint(
                condition=Q(estimate_mpd__isnull=True) | Q(estimate_mpd__range=(1, MOST_MPD)),
                name="initiative_estimate_is_positive",
            ),
            models.CheckConstraint(
                condition=Q(target_start__isnull=True)
                | Q(due_on__isnull=True)
                | Q(target_start__lte=F("due_on")),
                name="initiative_target_is_in_order",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.PROPOSED, committed_on__isnull=True)
                | Q(status__in=AFTER_COMMITMENT, committed_on__isnull=False)
                | Q(status__in=[Status.DEFERRED, Status.CANCELLED]),
                name="initiative_commitment_fits_status",
            ),
            *[
                models.CheckConstraint(
                    condition=Q(status=status, **{f"{status}_on__isnull": False})
                    | (~Q(status=status) & Q(**{f"{status}_on__isnull": True})),
                    name=f"initiative_{status}_on_fits_status",
                )
                for status in (Status.DELIVERED, Status.CANCELLED, Status.DEFERRED)
            ],
        ]
        indexes = [
            # the list of one team, newest first, and its counts by origin and by status
            models.Index(fields=["team", "-number"], name="initiative_team_newest"),
            models.Index(
                fields=["team", "deleted_at", "origin", "status", "estimate_mpd"],
                name="initiative_team_attention",
            ),
            # the list over teams, and search by time of entry
            models.Index(fields=["team", "status", "-id"], name="initiative_team_status"),
            models.Index(fields=["owner", "status"], name="initiative_owner_status"),
            # the measures: who is in which period
            models.Index(
                fields=["team", "committed_on", "origin"], name="initiative_team_committed"
            ),
            models.Index(
                fields=["team", "delivered_on", "origin"], name="initiative_team_delivered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"

    @property
    def key(self) -> str:
        """Return the key people quote, such as PLAT-42."""
        return f"{self.team.key_prefix}-{self.number}"

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("initiative", args=[self.key])

    @property
    def is_deleted(self) -> bool:
        """Tell whether it has been deleted and can be restored."""
        return self.deleted_at is not None

    def clean(self) -> None:
        """Refuse what the database would refuse, with words that say what to do."""
        self.title = " ".join(self.title.split())
        if not self.title:
            raise ValidationError({"title": "Give it a title."})
        if self.target_start and self.due_on and self.target_start > self.due_on:
            raise ValidationError({"due_on": "The target date lies before the target start."})
        if self.origin != Origin.OPPORTUNISTIC:
            self.need = self.trigger = ""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and move the time of the last change."""
        self.updated_at = timezone.now()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "updated_at"}
        super().save(*args, **kwargs)


class FormerKey(models.Model):
    """A key that an initiative bore before it moved to another team; the link still works."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="former_keys")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "number"], name="former_key_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.team.key_prefix}-{self.number}"
