"""Invitations by which a lead brings people into a team."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone

from tracker.models.choices import Role
from tracker.models.scoping import ScopedQuerySet
from tracker.models.teams import Team
from tracker.models.users import User

VALID_FOR = timedelta(days=14)


def in_two_weeks() -> datetime:
    """Return when an invitation made now expires."""
    return timezone.now() + VALID_FOR


class Invitation(models.Model):
    """An offer of a role to an e-mail address; only the hash of its secret is kept."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.PositiveSmallIntegerField(choices=Role.choices, default=Role.MEMBER)
    invited_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(default=in_two_weeks)
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[ScopedQuerySet] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="invitation_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.team}"

    @staticmethod
    def hash_of(token: str) -> str:
        """Return what is stored of a token."""
        return hashlib.sha256(token.encode()).hexdigest()

    def new_token(self) -> str:
        """Set a fresh secret and return it; it can't be read again."""
        token = secrets.token_urlsafe(32)
        self.token_hash = self.hash_of(token)
        return token

    @property
    def is_open(self) -> bool:
        """Tell whether it can still be accepted."""
        return self.accepted_at is None and self.expires_at > timezone.now()
