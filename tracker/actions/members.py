"""Writes of who belongs to a team, and in which role."""

from django.core.exceptions import ValidationError
from django.db import transaction

from tracker.models import Membership, Role, Team, User


class LastLead(ValidationError):
    """The team would be left without anybody who leads it."""

    def __init__(self, team: Team) -> None:
        super().__init__(
            f"{team} would be left without a lead. Make somebody else a lead first, then try again."
        )


class RoleMoved(Exception):
    """Somebody else changed the role after it was read; ``membership`` is how it stands."""

    def __init__(self, membership: Membership) -> None:
        super().__init__("The role has changed since it was read.")
        self.membership = membership


def change_role(*, by: User, membership: Membership, role: Role, seen: int) -> Membership:
    """Give a person another role in a team; ``seen`` is the role that ``by`` saw on screen.

    Raises RoleMoved for a stale ``seen`` and LastLead where nobody would lead the team.
    """
    with transaction.atomic():
        locked = _lock(membership)
        if locked.role not in {seen, role}:
            raise RoleMoved(locked)
        if locked.role != role:
            _keep_a_lead(by, locked, role)
            locked.role = role
            _sign(locked, by, "Role changed")
            locked.save()
    return locked


def remove(*, by: User, membership: Membership) -> None:
    """Take a person out of a team; roles that come from a team above stay.

    Raises LastLead where nobody would lead the team.
    """
    with transaction.atomic():
        locked = _lock(membership)
        _keep_a_lead(by, locked, None)
        _sign(locked, by, "Removed")
        locked.delete()


def _lock(membership: Membership) -> Membership:
    """Lock the team first: two leads who demote each other must queue."""
    Team.objects.select_for_update(of=("self",)).get(pk=membership.team_id)
    rows = Membership.objects.select_for_update(of=("self",)).select_related("team", "user")
    found: Membership = rows.get(pk=membership.pk)
    return found


def _keep_a_lead(by: User, membership: Membership, role: int | None) -> None:
    if membership.role != Role.LEAD or role == Role.LEAD or by.is_superuser:
        return
    leads = Membership.objects.filter(
        team_id__in=membership.team.ancestor_ids, role=Role.LEAD, user__is_active=True
    )
    if not leads.exclude(pk=membership.pk).exists():
        raise LastLead(membership.team)


def _sign(membership: Membership, by: User, reason: str) -> None:
    membership._history_user = by  # type: ignore[attr-defined]
    membership._change_reason = reason  # type: ignore[attr-defined]
