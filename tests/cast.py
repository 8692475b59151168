"""The cast every test can call on: one organisation, three teams, a person in each role."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tracker.actions import initiatives as actions
from tracker.domain.lifecycle import Status
from tracker.models import Initiative, Membership, Organisation, Role, Team, User
from tracker.queries import ledgers
from tracker.views import kept, kept_page, shell

PASSWORD = "correct horse battery staple"
TODAY = date(2026, 9, 18)


@dataclass(slots=True)
class Cast:
    """Who is there. Platform and Checkout belong to the group Engineering."""

    org: Organisation
    group: Team
    platform: Team
    checkout: Team
    stranger: User
    viewer: User
    member: User
    lead: User
    other_lead: User
    group_lead: User
    superuser: User

    def person(self, role: str) -> User:
        """Return a person by the name of the field."""
        found = getattr(self, role)
        assert isinstance(found, User)
        return found


def make_cast() -> Cast:
    """Make the cast; ``member`` belongs to Platform, ``other_lead`` leads Checkout."""
    org = Organisation.objects.create(name="Acme", reporting_zone="Europe/Berlin")
    group = Team.objects.create(name="Engineering", slug="engineering", key_prefix="ENG")
    platform = Team.objects.create(
        name="Platform", slug="platform", key_prefix="PLAT", parent=group
    )
    checkout = Team.objects.create(name="Checkout", slug="checkout", key_prefix="CHK", parent=group)
    roles: dict[str, tuple[Team, Role] | None] = {
        "stranger": None,
        "viewer": (platform, Role.VIEWER),
        "member": (platform, Role.MEMBER),
        "lead": (platform, Role.LEAD),
        "other_lead": (checkout, Role.LEAD),
        "group_lead": (group, Role.LEAD),
    }
    people: dict[str, User] = {}
    for name, held in roles.items():
        title = name.replace("_", " ").title()
        people[name] = User.objects.create_user(f"{name}@example.org", PASSWORD, name=title)
        if held:
            Membership.objects.create(user=people[name], team=held[0], role=held[1])
    boss = User.objects.create_superuser("superuser@example.org", PASSWORD, name="Super User")
    return Cast(org, group, platform, checkout, superuser=boss, **people)


@pytest.fixture(autouse=True)
def _fresh_organisation() -> Iterator[None]:
    """Forget what a worker keeps, since each test starts anew."""
    Organisation.forget()
    kept.forget()
    kept_page.forget()
    shell.forget()
    ledgers.forget()
    yield
    Organisation.forget()


@pytest.fixture
def cast(db: None) -> Cast:
    """Give the cast."""
    return make_cast()


@pytest.fixture
def as_person(cast: Cast) -> Callable[[str], Client]:
    """Give a client signed in as one of the cast, by role name; ``anonymous`` is nobody."""

    def sign_in(role: str) -> Client:
        client = Client()
        if role != "anonymous":
            client.force_login(cast.person(role))
        return client

    return sign_in


@pytest.fixture
def log(cast: Cast) -> Callable[..., Initiative]:
    """Give a function that logs an initiative in Platform as its member, effort in pd."""

    def make(title: str = "Rate limits", *, pd: float | None = None, **fields: Any) -> Initiative:
        given: dict[str, Any] = {"team": cast.platform, "by": cast.member, "today": TODAY}
        given |= {"status": Status.COMMITTED, **fields}
        if pd is not None:
            given["estimate_mpd"] = round(pd * 1000)
        return actions.log(title=title, **given)[0]

    return make
