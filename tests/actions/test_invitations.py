"""Inviting and accepting."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.cast import PASSWORD, Cast
from tracker.actions import invitations
from tracker.actions.invitations import NotOpen, accept, accept_as_new, deliver, find, invite
from tracker.models import Invitation, Membership, Role, User


@pytest.fixture
def offer(cast: Cast) -> tuple[Invitation, str]:
    return invite(by=cast.lead, team=cast.platform, email="New@Example.org", role=Role.MEMBER)


class TestInvite:
    def test_keeps_only_the_hash_of_the_secret(self, offer: tuple[Invitation, str]) -> None:
        invitation, token = offer

        stored = Invitation.objects.filter(pk=invitation.pk).values().get()
        assert token not in str(stored)
        assert stored["email"] == "new@example.org"
        assert find(token=token) == invitation

    def test_a_second_offer_replaces_the_first_link(
        self, cast: Cast, offer: tuple[Invitation, str]
    ) -> None:
        _, old = offer

        _, new = invite(by=cast.lead, team=cast.platform, email="new@example.org", role=Role.VIEWER)

        assert Invitation.objects.get().role == Role.VIEWER
        assert find(token=old) is None
        assert find(token=new) is not None

    def test_refuses_somebody_who_belongs_to_the_team(self, cast: Cast) -> None:
        with pytest.raises(ValidationError):
            invite(by=cast.lead, team=cast.platform, email="MEMBER@example.org", role=Role.LEAD)

    def test_refuses_more_than_a_team_can_mean(
        self, cast: Cast, offer: tuple[Invitation, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(invitations, "MOST_OPEN", 1)

        with pytest.raises(ValidationError, match="Withdraw"):
            invite(by=cast.lead, team=cast.platform, email="b@example.org", role=Role.MEMBER)


class TestDeliver:
    def test_sends_the_link_to_the_invited_address(self, offer: tuple[Invitation, str]) -> None:
        assert deliver(invitation=offer[0], link="https://roadmix.example/x/")

        letter = mail.outbox[0]
        assert letter.to == ["new@example.org"]
        assert "https://roadmix.example/x/" in letter.body
        assert "Lead invites you to Platform" in letter.body

    def test_a_broken_mail_server_is_no_error_of_ours(
        self, offer: tuple[Invitation, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*args: object) -> int:
            raise ConnectionRefusedError

        monkeypatch.setattr(invitations, "send_mail", refuse)

        assert not deliver(invitation=offer[0], link="x")

    def test_a_letter_printed_on_the_console_has_not_left(
        self, offer: tuple[Invitation, str], settings: Any
    ) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

        assert not deliver(invitation=offer[0], link="x")

    def test_a_line_break_in_the_teams_name_can_not_add_a_header(
        self, cast: Cast, offer: tuple[Invitation, str]
    ) -> None:
        offer[0].team.name = "Evil\nBcc: all@example.org"

        assert deliver(invitation=offer[0], link="x")
        assert "\n" not in mail.outbox[0].subject


class TestAccept:
    def test_a_new_person_gets_an_account_with_the_role(
        self, cast: Cast, offer: tuple[Invitation, str]
    ) -> None:
        user = accept_as_new(invitation=offer[0], name="New Person", password=PASSWORD)

        assert (user.email, user.name) == ("new@example.org", "New Person")
        assert not user.is_superuser
        assert Membership.objects.get(user=user).role == Role.MEMBER
        assert EmailAddress.objects.get(user=user).verified

    def test_works_once(self, cast: Cast, offer: tuple[Invitation, str]) -> None:
        accept(invitation=offer[0], user=cast.stranger)

        with pytest.raises(NotOpen):
            accept(invitation=offer[0], user=cast.other_lead)

        assert not Membership.objects.filter(user=cast.other_lead, team=cast.platform).exists()

    def test_an_expired_one_lets_nobody_in(self, cast: Cast, offer: tuple[Invitation, str]) -> None:
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

        with pytest.raises(NotOpen):
            accept_as_new(invitation=offer[0], name="x", password=PASSWORD)

        assert not User.objects.filter(email="new@example.org").exists()

    def test_one_whose_sender_no_longer_leads_the_team_lets_nobody_in(
        self, cast: Cast, offer: tuple[Invitation, str]
    ) -> None:
        Membership.objects.filter(user=cast.lead).update(role=Role.MEMBER)

        with pytest.raises(NotOpen):
            accept(invitation=offer[0], user=cast.stranger)

    def test_a_replaced_link_lets_nobody_in(
        self, cast: Cast, offer: tuple[Invitation, str]
    ) -> None:
        invite(by=cast.lead, team=cast.platform, email="new@example.org", role=Role.MEMBER)

        with pytest.raises(NotOpen):
            accept(invitation=offer[0], user=cast.stranger)

    def test_a_higher_role_stays(self, cast: Cast) -> None:
        invitation, _ = invite(
            by=cast.group_lead, team=cast.platform, email="x@example.org", role=Role.VIEWER
        )

        accept(invitation=invitation, user=cast.member)

        assert Membership.objects.get(user=cast.member).role == Role.MEMBER

    def test_a_lower_role_rises(self, cast: Cast) -> None:
        invitation, _ = invite(
            by=cast.lead, team=cast.platform, email="x@example.org", role=Role.LEAD
        )

        accept(invitation=invitation, user=cast.viewer)

        assert Membership.objects.get(user=cast.viewer).role == Role.LEAD

    def test_an_address_taken_in_the_meantime_is_said_so(
        self, cast: Cast, offer: tuple[Invitation, str]
    ) -> None:
        User.objects.create_user("new@example.org")

        with pytest.raises(ValidationError, match="Sign in"):
            accept_as_new(invitation=offer[0], name="x", password=PASSWORD)
