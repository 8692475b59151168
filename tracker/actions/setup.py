"""The first set-up of an installation, once and for good."""

import os
import secrets
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from tracker.models import Membership, Organisation, Role, Team, User


class AlreadySetUp(Exception):
    """Somebody else has set this installation up."""


def set_up(
    *,
    organisation: dict[str, Any],
    name: str,
    email: str,
    password: str,
    team_name: str,
    key_prefix: str,
) -> tuple[User, Team]:
    """Make the organisation, its first lead (an administrator) and the first team; all or nothing.

    Raises AlreadySetUp for everybody but the first: the organisation's only row is inserted
    before anything else, never updated, so the database itself lets one through.
    """
    with transaction.atomic():
        _claim(Organisation(pk=1, **organisation))
        lead = User.objects.create_superuser(email, password, name=name)
        own_address(user=lead)
        team = Team(
            name=team_name,
            slug=slugify(team_name)[:60] or key_prefix.lower(),
            key_prefix=key_prefix,
        )
        team.save()
        Membership.objects.create(user=lead, team=team, role=Role.LEAD)
    forget_setup_code()
    return lead, team


def _claim(organisation: Organisation) -> None:
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadySetUp from error


def own_address(*, user: User) -> EmailAddress:
    """Record that the person's address is theirs: they set this up, or came by an invitation."""
    address, _ = EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"primary": True, "verified": True}
    )
    return address


def setup_code() -> str:
    """Return the word that a visitor from elsewhere must know to set this installation up.

    It comes from ROADMIX_SETUP_CODE, which several servers can share, or is made once and kept
    beside the database, readable by its owner only.
    """
    if settings.SETUP_CODE:
        return str(settings.SETUP_CODE)
    path = _code_path()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    code = secrets.token_urlsafe(24)
    with os.fdopen(handle, "w") as file:
        file.write(code)
    return code


def forget_setup_code() -> None:
    """Remove the word: it has done its work."""
    _code_path().unlink(missing_ok=True)


def _code_path() -> Path:
    return Path(settings.DATA_DIR) / "setup-code"
