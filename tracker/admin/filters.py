"""Filters of the lists that offer only what the led teams have."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.http import HttpRequest

from tracker.admin.base import leads_team, user_of
from tracker.models import Membership, Team, User
from tracker.queries.teams import visible_teams


def led_teams(user: User) -> list[Team]:
    """Return the teams a person leads, each below its parent."""
    return [team for team in visible_teams(user) if leads_team(user, team.pk)]


def people_of(user: User) -> Any:
    """Return the people a lead knows: those with a role in a led team, or above one.

    A superuser knows everybody.
    """
    if user.is_superuser:
        return User.objects.all()
    reach = {pk for team in Team.objects.led_by(user) for pk in team.ancestor_ids}
    return User.objects.filter(pk__in=Membership.objects.filter(team__in=reach).values("user"))


class TeamFilter(SimpleListFilter):
    """One of the led teams, with those below it."""

    title = "team"
    parameter_name = "team"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the led teams."""
        self.teams = {str(team.pk): team for team in led_teams(user_of(request))}
        top = min((team.depth for team in self.teams.values()), default=0)
        return [(pk, "\u2003" * (team.depth - top) + team.name) for pk, team in self.teams.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep the rows of the chosen team and of those below."""
        chosen = self.teams.get(self.value() or "")
        if chosen is None:
            return queryset.none() if self.value() else queryset
        below = [team.pk for team in self.teams.values() if team.path.startswith(chosen.path)]
        return queryset.filter(team__in=below)


class OwnerFilter(SimpleListFilter):
    """One of the people the lead knows, or nobody."""

    title = "owner"
    parameter_name = "owner"
    NOBODY = "none"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer people by name."""
        people = people_of(user_of(request)).only("name", "email")
        return [(self.NOBODY, "Nobody"), *((str(person.pk), str(person)) for person in people)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep the rows of the chosen owner."""
        known = {value for value, _ in self.lookup_choices}
        if self.value() == self.NOBODY:
            return queryset.filter(owner__isnull=True)
        if self.value() in known:
            return queryset.filter(owner=self.value())
        return queryset.none() if self.value() else queryset


class DeletedFilter(SimpleListFilter):
    """What is there, unless one asks for what has been deleted."""

    title = "deleted"
    parameter_name = "kept"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the deleted ones, and all."""
        return [("deleted", "Deleted"), ("all", "All")]

    def choices(self, changelist: Any) -> Any:
        """Call the usual choice by its name."""
        for choice in super().choices(changelist):
            if choice["display"] == "All" and not choice["query_string"].count("kept="):
                yield choice | {"display": "Current"}
            else:
                yield choice

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Leave out deleted rows by default."""
        if self.value() == "all":
            return queryset
        return queryset.filter(deleted_at__isnull=self.value() != "deleted")
