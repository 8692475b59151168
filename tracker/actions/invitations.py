"""Writes of invitations: invite, revoke, accept; and the letter that carries the link."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from tracker.actions.setup import own_address
from tracker.models import Invitation, Membership, Role, Team, User
from tracker.models.invitations import in_two_weeks

MOST_OPEN = 200
GOES_NOWHERE = ("console.EmailBackend", "dummy.EmailBackend", "filebased.EmailBackend")
log = logging.getLogger("roadmap.invitations")


class NotOpen(Exception):
    """The invitation was used, withdrawn, has expired, or its sender no longer leads the team."""


def invite(*, by: User, team: Team, email: str, role: Role) -> tuple[Invitation, str]:
    """Offer a role to an address and return the invitation with its secret.

    A second offer to the same address replaces the first, whose link stops working. Raises
    ValidationError for somebody who belongs to the team, and where too many offers are open.
    """
    email = email.strip().lower()
    with transaction.atomic():
        Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
        if Membership.objects.filter(team=team, user__email__iexact=email).exists():
            raise ValidationError({"email": f"{email} belongs to {team} already."})
        waiting = Invitation.objects.filter(team=team, accepted_at__isnull=True)
        invitation = waiting.filter(email__iexact=email).first() or Invitation(team=team)
        if not invitation.pk and waiting.count() >= MOST_OPEN:
            raise ValidationError(f"{MOST_OPEN} invitations are open. Withdraw some first.")
        invitation.email, invitation.role, invitation.invited_by = email, role, by
        invitation.created_at, invitation.expires_at = timezone.now(), in_two_weeks()
        token = invitation.new_token()
        invitation.save()
    return invitation, token


def deliver(*, invitation: Invitation, link: str) -> bool:
    """Send the letter with the link and tell whether it left for its reader.

    Printing it on the server's console, which is the default, does not count.
    """
    subject = " ".join(f"Join {invitation.team} on Roadmix".split())
    text = render_to_string("tracker/invitation_mail.txt", {"it": invitation, "link": link})
    try:
        sent = send_mail(subject, text, None, [invitation.email])
    except (SMTPException, OSError, ValueError):
        log.exception("the mail to a person invited to %s failed", invitation.team.slug)
        return False
    return bool(sent) and not settings.EMAIL_BACKEND.endswith(GOES_NOWHERE)


def find(*, token: str) -> Invitation | None:
    """Return the invitation with this secret, used and expired ones included."""
    rows = Invitation.objects.select_related("team", "invited_by")
    found: Invitation | None = rows.filter(token_hash=Invitation.hash_of(token)).first()
    return found


def is_valid(invitation: Invitation) -> bool:
    """Tell whether it can be accepted: open, and sent by somebody who still leads the team."""
    return invitation.is_open and invitation.invited_by.role_in(invitation.team_id) == Role.LEAD


def accept(*, invitation: Invitation, user: User) -> Membership:
    """Make the person a member; a higher role that they have already stays. Raises NotOpen."""
    with transaction.atomic():
        locked = _lock(invitation)
        membership, is_new = Membership.objects.get_or_create(
            user=user, team=locked.team, defaults={"role": locked.role}
        )
        if not is_new and membership.role < locked.role:
            membership.role = locked.role
            membership.save()
        locked.accepted_at = timezone.now()
        locked.save()
    return membership


def accept_as_new(*, invitation: Invitation, name: str, password: str) -> User:
    """Make an account for the invited address and accept. Raises NotOpen.

    Raises ValidationError where somebody has taken the address in the meantime.
    """
    try:
        with transaction.atomic():
            locked = _lock(invitation)
            user = User.objects.create_user(locked.email, password, name=name)
            own_address(user=user)
            accept(invitation=locked, user=user)
    except IntegrityError as error:
        raise ValidationError("This address has an account. Sign in to accept.") from error
    return user


def _lock(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("team", "invited_by")
    # The secret is asked for again: a fresh link makes the old one worthless at once.
    locked = rows.filter(pk=invitation.pk, token_hash=invitation.token_hash).first()
    if locked is None or not is_valid(locked):
        raise NotOpen
    return locked  # type: ignore[no-any-return]
