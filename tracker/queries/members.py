"""Reads about who belongs to a team."""

from dataclasses import dataclass

from tracker.models import Invitation, Membership, Role, Team, User


@dataclass(frozen=True, slots=True)
class Member:
    """A person's role in a team; ``through`` names the team above that it comes from, or is ""."""

    pk: int
    person: User
    role: int
    role_name: str
    through: str


def members_of(team: Team, seen_by: User) -> list[Member]:
    """Return who may do what in a team: own members by role and name, then those from above.

    A team above that ``seen_by`` may not see stays without a name. One query.
    """
    rows = Membership.objects.filter(team_id__in=team.ancestor_ids).select_related("user", "team")
    found = [
        Member(row.pk, row.user, row.role, row.get_role_display(), _through(row, team, seen_by))
        for row in rows
        if row.user.is_active
    ]
    return sorted(found, key=lambda it: (bool(it.through), -it.role, str(it.person).casefold()))


def _through(row: Membership, team: Team, seen_by: User) -> str:
    if row.team_id == team.pk:
        return ""
    return str(row.team) if seen_by.role_in(row.team_id) >= Role.VIEWER else "a team above"


def open_invitations(team: Team) -> list[Invitation]:
    """Return the invitations that wait for an answer, expired ones included; one query."""
    rows = Invitation.objects.filter(team=team, accepted_at__isnull=True)
    return list(rows.select_related("invited_by"))
