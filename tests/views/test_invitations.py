"""The page an invitation leads to."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import PASSWORD, Cast
from tracker.actions.invitations import invite
from tracker.models import Invitation, Membership, Role, User

As = Callable[[str], Client]
JOIN = {"name": "New Person", "password": PASSWORD}


def offer(cast: Cast, email: str = "new@example.org", role: Role = Role.MEMBER) -> str:
    _, token = invite(by=cast.lead, team=cast.platform, email=email, role=role)
    return f"/invitations/{token}/"


class TestNewPerson:
    def test_chooses_a_name_and_a_password_and_is_in(self, cast: Cast, client: Client) -> None:
        url = offer(cast)
        assert "new@example.org" in client.get(url).content.decode()

        response = client.post(url, JOIN)

        assert response.headers["Location"] == "/teams/platform/"
        user = User.objects.get(email="new@example.org")
        assert (user.name, user.is_superuser, user.is_staff) == ("New Person", False, False)
        assert client.session["_auth_user_id"] == str(user.pk)
        assert Membership.objects.get(user=user).role == Role.MEMBER

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({"name": "", "password": PASSWORD}, "required"),
            ({"name": "Typed Name", "password": ""}, "required"),
            ({"name": "Typed Name", "password": "typed name"}, "similar"),
            ({"name": "Typed Name", "password": "1"}, "at least"),
        ],
    )
    def test_nonsense_is_refused(
        self, cast: Cast, client: Client, given: dict[str, str], says: str
    ) -> None:
        response = client.post(offer(cast), given)

        assert response.status_code == 422
        assert says in response.content.decode()
        assert given["name"] in response.content.decode()
        assert not User.objects.filter(email="new@example.org").exists()

    def test_can_not_choose_another_address(self, cast: Cast, client: Client) -> None:
        client.post(offer(cast), JOIN | {"email": "boss@example.org", "role": "3"})

        assert not User.objects.filter(email="boss@example.org").exists()
        user = User.objects.get(email="new@example.org")
        assert Membership.objects.get(user=user).role == Role.MEMBER


class TestPersonWithAnAccount:
    def test_is_asked_to_sign_in_and_comes_back(self, cast: Cast, client: Client) -> None:
        url = offer(cast, "stranger@example.org")

        page = client.get(url).content.decode()

        assert f"/accounts/login/?next={url}" in page
        assert 'name="password"' not in page

    def test_nobody_else_can_take_their_account_by_the_link(
        self, cast: Cast, client: Client
    ) -> None:
        response = client.post(offer(cast, "stranger@example.org"), JOIN)

        assert response.status_code == 200
        assert "_auth_user_id" not in client.session
        assert User.objects.get(email="stranger@example.org").check_password(PASSWORD)
        assert not Membership.objects.filter(user=cast.stranger).exists()

    def test_joins_by_a_click(self, cast: Cast, as_person: As) -> None:
        url = offer(cast, "Stranger@example.org", Role.LEAD)
        client = as_person("stranger")
        assert "Join as Stranger" in client.get(url).content.decode()

        assert client.post(url).headers["Location"] == "/teams/platform/"
        assert Membership.objects.get(user=cast.stranger).role == Role.LEAD

    def test_a_look_alone_changes_nothing(self, cast: Cast, as_person: As) -> None:
        as_person("stranger").get(offer(cast, "stranger@example.org"))

        assert not Membership.objects.filter(user=cast.stranger).exists()

    def test_somebody_else_who_is_signed_in_is_turned_away(self, cast: Cast, as_person: As) -> None:
        url, client = offer(cast), as_person("other_lead")

        assert "for somebody else" in client.get(url).content.decode()
        assert client.post(url).status_code == 403
        assert not Membership.objects.filter(user=cast.other_lead, team=cast.platform).exists()
        assert Invitation.objects.get().accepted_at is None


class TestLinksThatDoNotWork:
    @pytest.mark.parametrize("token", ["nonsense", "x" * 500, "%00", "é"])
    def test_an_unknown_one(self, cast: Cast, client: Client, token: str) -> None:
        assert client.get(f"/invitations/{token}/").status_code in {400, 404}

    def test_a_used_one_says_so(self, cast: Cast, client: Client) -> None:
        url = offer(cast)
        client.post(url, JOIN)

        response = Client().get(url)

        assert response.status_code == 410
        assert "has been used" in response.content.decode()
        assert Client().post(url, JOIN).status_code == 410

    def test_an_expired_one(self, cast: Cast, client: Client) -> None:
        url = offer(cast)
        Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))

        assert client.get(url).status_code == 410
        assert client.post(url, JOIN).status_code == 410
        assert not User.objects.filter(email="new@example.org").exists()

    def test_is_never_kept_in_a_cache(self, cast: Cast, client: Client) -> None:
        assert "no-store" in client.get(offer(cast)).headers["Cache-Control"]
