"""People, who sign in by e-mail."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

from tracker.models.choices import Role


class UserManager(BaseUserManager["User"]):
    """Makes people; the e-mail address is the name they sign in with."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Return a new person; without a password they sign in by reset link only."""
        if not email:
            raise ValueError("A person needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Return a new person who may do everything."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, email: str | None) -> "User":
        """Find a person by e-mail, whatever its case."""
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do follows from memberships, or from is_superuser."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["name", "email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case_unique")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """Return the name shown to others."""
        return str(self)

    @property
    def initials(self) -> str:
        """Return one or two letters for the avatar."""
        words = (self.name or self.email.partition("@")[0].replace(".", " ")).split()
        letters = [word[0] for word in words if word]
        return "".join(letters[:1] + letters[1:][-1:]).upper() or "?"

    @cached_property
    def team_roles(self) -> dict[int, int]:
        """Return role by team id, inherited down the team tree; one query, kept per request."""
        from tracker.models.teams import Team  # here, since teams refer to people

        if not self.is_active:
            return {}
        if self.is_superuser:
            return dict.fromkeys(Team.objects.values_list("pk", flat=True), int(Role.LEAD))
        return Team.objects.roles_of(self)

    def role_in(self, team_id: int) -> int:
        """Return the role in a team, 0 for a stranger."""
        if "team_roles" not in self.__dict__ and team_id in self._learned:
            return self._learned[team_id]
        return self.team_roles.get(team_id, 0)

    def learn_role(self, team_id: int, role: int) -> None:
        """Remember the role in one team that was just read beside something else."""
        self._learned[team_id] = role

    @cached_property
    def _learned(self) -> dict[int, int]:
        return {}

    @property
    def leads_any_team(self) -> bool:
        """Tell whether the person may enter the admin panel."""
        return self.is_superuser or Role.LEAD in self.team_roles.values()

    def teams_with(self, at_least: int) -> list[int]:
        """Return the ids of the teams where the person has at least that role."""
        return [pk for pk, role in self.team_roles.items() if role >= at_least]
