"""Permission as a filter: the one spelling that pages, admin, export and figures share."""

from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from tracker.models.choices import Role
from tracker.models.users import User

Person = User | AnonymousUser


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows that belong to a team; ``team_path`` is the lookup that leads to its id."""

    team_path = "team_id"

    def in_teams(self, team_ids: list[int]) -> Self:
        """Keep the rows of these teams."""
        return self.filter(**{f"{self.team_path}__in": team_ids})

    def with_role(self, user: Person, at_least: int) -> Self:
        """Keep the rows of teams in which the person has at least that role."""
        if not isinstance(user, User):
            return self.none()
        if user.is_superuser and user.is_active:
            return self.all()
        return self.in_teams(user.teams_with(at_least))

    def visible_to(self, user: Person) -> Self:
        """Keep what the person may read."""
        return self.with_role(user, Role.VIEWER)

    def editable_by(self, user: Person) -> Self:
        """Keep what the person may change."""
        return self.with_role(user, Role.MEMBER)

    def led_by(self, user: Person) -> Self:
        """Keep what the person may administer."""
        return self.with_role(user, Role.LEAD)
