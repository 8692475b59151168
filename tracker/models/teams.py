"""Teams, their tree, their members and their holidays."""

from collections.abc import Collection
from functools import cache, cached_property
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import connection, models
from django.db.models import Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Length, Substr
from simple_history.models import HistoricalRecords

from tracker.domain.calendar import WorkCalendar
from tracker.models.bands import BandFields
from tracker.models.choices import Role
from tracker.models.prepared import Text, fetched, text_of
from tracker.models.scoping import ScopedQuerySet
from tracker.models.users import User

MONDAY_TO_FRIDAY = 0b0011111
ANYBODY = -1  # stands for the person in a query that is written once
key_prefix_is_valid = RegexValidator(
    r"^[A-Z][A-Z0-9]{1,9}$", "Use 2 to 10 capital letters or digits, starting with a letter."
)


class TeamQuerySet(ScopedQuerySet):
    """Teams by tree and by permission."""

    team_path = "pk"

    def with_roles_of(self, user: User) -> Self:
        """Keep the teams a person is let into, each with its ``role``: it holds below, too."""
        role = highest_role(user, OuterRef("path"))
        return self.annotate(role=role).filter(role__isnull=False).order_by()

    def roles_of(self, user: User) -> dict[int, int]:
        """Return role by team id for one person."""
        sql, params = _roles_text()
        return dict(fetched(sql, [user.pk if each == ANYBODY else each for each in params]))

    def under(self, team: "Team") -> Self:
        """Keep the team and all below it."""
        return self.filter(path__startswith=team.path)


def highest_role(user: User, path: OuterRef) -> Subquery:
    """Return a person's role in the team of a path, held there or above; NULL for a stranger."""
    held = (
        Membership.objects.filter(user=user)
        .annotate(reach=Substr(path, 1, Length("team__path")))
        .filter(reach=models.F("team__path"))
        .order_by()
        .values("user")
        .annotate(highest=Max("role"))
        .values("highest")
    )
    return Subquery(held)


@cache
def _roles_text() -> Text:
    return text_of(Team.objects.with_roles_of(User(pk=ANYBODY)).values_list("pk", "role"))


class Team(BandFields):
    """A team, or a group of teams. ``path`` lists the ids from the root, as ``/3/17/``."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=60, unique=True)
    key_prefix = models.CharField(max_length=10, unique=True, validators=[key_prefix_is_valid])
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=200, unique=True, editable=False)
    working_weekdays = models.PositiveSmallIntegerField(
        default=MONDAY_TO_FRIDAY,
        validators=[MinValueValidator(1), MaxValueValidator(127)],
        help_text="Bits, Monday first: 31 is Monday to Friday.",
    )
    default_fte_milli = models.PositiveIntegerField(
        "usual FTE of an initiative",
        default=1000,
        validators=[MinValueValidator(1), MaxValueValidator(100_000)],
        help_text="In thousandths; taken where an initiative has no estimate or no target date.",
    )
    history = HistoricalRecords()

    objects: ClassVar[TeamQuerySet] = TeamQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(working_weekdays__range=(1, 127)), name="team_works_some_day"
            ),
            models.CheckConstraint(
                condition=Q(default_fte_milli__gte=1), name="team_default_fte_is_positive"
            ),
            *BandFields.constraints("team"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a parent that lies below the team itself."""
        if self.pk and self.parent and self.parent.path.startswith(self.path):
            raise ValidationError({"parent": "A team can't belong to itself or to a team below."})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and keep the paths of the team and of those below it true."""
        before = self.path
        if not self.path:
            self.path = f"new-{self.slug}"
        super().save(*args, **kwargs)
        self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        if self.path != before:
            Team.objects.filter(pk=self.pk).update(path=self.path)
            self._move_children(before)
        TeamCounter.objects.get_or_create(team=self)

    def _move_children(self, before: str) -> None:
        if before.startswith("/"):
            cut = len(before) + 1
            below = Team.objects.filter(path__startswith=before).exclude(pk=self.pk)
            below.update(path=models.functions.Concat(Value(self.path), Substr("path", cut)))

    @property
    def ancestor_ids(self) -> list[int]:
        """Return the ids from the root down to and including this team."""
        return [int(part) for part in self.path.split("/") if part]

    @property
    def depth(self) -> int:
        """Return 0 for a root."""
        return self.path.count("/") - 2

    @property
    def weekdays(self) -> frozenset[int]:
        """Return the working weekdays, Monday as 0."""
        return frozenset(day for day in range(7) if self.working_weekdays >> day & 1)

    @cached_property
    def calendar(self) -> WorkCalendar:
        """Return the working days: weekdays less the holidays of the team and those above it."""
        from tracker.models.calendars import calendars_of_teams  # here, since it knows closes

        return calendars_of_teams([self])[self.pk]


class TeamCounter(models.Model):
    """What moves with every write of a team: the last key number and a stamp for caches.

    ``recent`` tells which initiatives the latest writes changed, newest first and each as
    ``stamp:id.id,``. A stamp that is missing there changed anything, or more than is told.
    """

    RECENT_SIGNS: ClassVar[int] = 1000
    MOST_NAMED: ClassVar[int] = 20

    team = models.OneToOneField(Team, models.CASCADE, primary_key=True, related_name="counter")
    last_number = models.PositiveIntegerField(default=0)
    stamp = models.PositiveBigIntegerField(default=0)
    recent = models.CharField(max_length=RECENT_SIGNS, default="", editable=False)

    def __str__(self) -> str:
        return f"{self.team_id}: {self.last_number}"

    @classmethod
    def take_numbers(cls, team_id: int, count: int = 1) -> int:
        """Reserve key numbers and return the first; the row lock makes them unique.

        Call it inside a transaction: the lock holds until its end. The stamp moves as well.
        """
        rows = cls.objects.filter(team_id=team_id)
        rows.update(last_number=models.F("last_number") + count, stamp=models.F("stamp") + 1)
        return int(rows.values_list("last_number", flat=True).get()) - count + 1

    @classmethod
    def bump(cls, *team_ids: int, of: Collection[int] = ()) -> None:
        """Move the stamps of teams whose figures may have changed, in the caller's transaction.

        ``of`` may name the initiatives the transaction changed, all of them: what is kept of a
        team is then brought up to date by reading them alone. Leave it out where in doubt, and
        where calendars or anything else besides initiatives and their segments changed.
        """
        wanted = sorted(set(team_ids))
        if wanted and 0 < len(of) <= cls.MOST_NAMED:
            cls._run("stamp = stamp + 1, ", "stamp + 1", wanted, of)
        elif wanted:
            cls.objects.filter(team_id__in=wanted).update(stamp=models.F("stamp") + 1)

    @classmethod
    def note(cls, team_id: int, *, of: Collection[int]) -> None:
        """Say of a stamp that has just moved, in the same transaction, what it was moved for."""
        cls._run("", "stamp", [team_id], of)

    @classmethod
    def _run(cls, moving: str, stamp: str, team_ids: list[int], of: Collection[int]) -> None:
        """Write as one statement, which the database compiles; a long memory loses its end."""
        places = ", ".join(["%s"] * len(team_ids))
        named = f":{'.'.join(str(pk) for pk in sorted(of))},"
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {cls._meta.db_table} SET {moving}recent = "  # noqa: S608
                f"substr(CAST({stamp} AS text) || CAST(%s AS text) || recent, 1, %s) "
                f"WHERE team_id IN ({places})",
                [named, cls.RECENT_SIGNS, *team_ids],
            )


class Membership(models.Model):
    """A person's role in a team and, by inheritance, in the teams below it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    role = models.PositiveSmallIntegerField(choices=Role.choices, default=Role.MEMBER)
    history = HistoricalRecords()

    objects: ClassVar[ScopedQuerySet] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-role", "user__name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "team"], name="membership_once_a_team"),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="membership_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display().lower()} of {self.team}"


class Holiday(models.Model):
    """A day off of a team and of the teams below it."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="holidays")
    day = models.DateField()
    name = models.CharField(max_length=120, blank=True)

    objects: ClassVar[ScopedQuerySet] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["team", "day"], name="holiday_once_a_team")]

    def __str__(self) -> str:
        return f"{self.day.isoformat()} {self.name}".rstrip()
