"""Signing in and out, passwords, addresses, the second step, and who may sign up."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache
from django.test import Client

from tests.cast import PASSWORD, Cast
from tracker.models import User

As = Callable[[str], Client]
NEW = "another horse battery staple"


@pytest.fixture(autouse=True)
def _fresh_limits(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def code_of(secret: str) -> str:
    """Return what an authenticator app shows now."""
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: str) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password, **extra})


class TestSignIn:
    @pytest.mark.parametrize("email", ["member@example.org", "MEMBER@example.org"])
    def test_by_address_in_any_case(self, cast: Cast, client: Client, email: str) -> None:
        response = sign_in(client, email)

        assert response.headers["Location"] == "/"
        assert client.session["_auth_user_id"] == str(cast.member.pk)

    def test_leads_back_to_where_one_wanted_to_go(self, cast: Cast, client: Client) -> None:
        wanted = client.get("/search/?q=x").headers["Location"]
        assert wanted == "/accounts/login/?next=/search/%3Fq%3Dx"

        response = sign_in(client, "member@example.org", next="/search/?q=x")

        assert response.headers["Location"] == "/search/?q=x"

    def test_never_leads_to_another_site(self, cast: Cast, client: Client) -> None:
        response = sign_in(client, "member@example.org", next="https://evil.example/")

        assert "evil" not in response.headers["Location"]

    @pytest.mark.parametrize("email", ["member@example.org", "nobody@example.org"])
    def test_a_wrong_password_and_an_unknown_address_look_the_same(
        self, cast: Cast, client: Client, email: str
    ) -> None:
        page = sign_in(client, email, "wrong").content.decode()

        assert "are not correct" in page
        assert f'value="{email}"' in page
        assert "_auth_user_id" not in client.session

    def test_guessing_is_stopped(self, cast: Cast, client: Client) -> None:
        for _ in range(12):
            sign_in(client, "member@example.org", "wrong")

        page = sign_in(client, "member@example.org").content.decode()

        assert "Too many failed login attempts" in page
        assert "_auth_user_id" not in client.session

    def test_a_person_who_was_shut_out_can_not_sign_in(self, cast: Cast, client: Client) -> None:
        User.objects.filter(pk=cast.member.pk).update(is_active=False)

        sign_in(client, "member@example.org")

        assert "_auth_user_id" not in client.session

    def test_sign_out_takes_a_post(self, as_person: As) -> None:
        client = as_person("member")
        assert client.get("/accounts/logout/").status_code == 200
        assert "_auth_user_id" in client.session

        client.post("/accounts/logout/")

        assert "_auth_user_id" not in client.session


class TestPassword:
    def test_change(self, cast: Cast, as_person: As) -> None:
        client = as_person("member")

        client.post(
            "/accounts/password/change/",
            {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
        )

        assert User.objects.get(pk=cast.member.pk).check_password(NEW)

    def test_change_needs_the_current_one(self, cast: Cast, as_person: As) -> None:
        as_person("member").post(
            "/accounts/password/change/",
            {"oldpassword": "wrong", "password1": NEW, "password2": NEW},
        )

        assert User.objects.get(pk=cast.member.pk).check_password(PASSWORD)

    def test_reset_by_a_letter(self, cast: Cast, client: Client) -> None:
        client.post("/accounts/password/reset/", {"email": "member@example.org"})
        letter = mail.outbox[0]
        assert letter.subject.startswith("[Roadmix]")
        link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", str(letter.body))
        assert link

        form = client.get(link[1]).headers["Location"]
        client.post(form, {"password1": NEW, "password2": NEW})

        assert User.objects.get(pk=cast.member.pk).check_password(NEW)
        assert "does not work" in client.get(link[1], follow=True).content.decode()

    def test_reset_does_not_tell_who_has_an_account(self, cast: Cast, client: Client) -> None:
        answers = [
            client.post("/accounts/password/reset/", {"email": email})
            for email in ("member@example.org", "nobody@example.org")
        ]

        assert len({(answer.status_code, answer.headers["Location"]) for answer in answers}) == 1


class TestAddresses:
    def test_a_second_one_is_confirmed_by_a_letter_and_made_primary(
        self, cast: Cast, as_person: As
    ) -> None:
        client = as_person("member")
        client.post("/accounts/email/", {"action_add": "1", "email": "second@example.org"})
        link = re.search(
            r"http://testserver(/accounts/confirm-email/\S+)", str(mail.outbox[0].body)
        )
        assert link

        client.post(link[1])
        client.post("/accounts/email/", {"action_primary": "1", "email": "second@example.org"})

        assert EmailAddress.objects.get(email="second@example.org").verified
        assert User.objects.get(pk=cast.member.pk).email == "second@example.org"

    @pytest.mark.parametrize("email", ["lead@example.org", "nobody-yet@example.org"])
    def test_an_unconfirmed_one_can_not_become_the_primary(
        self, cast: Cast, as_person: As, email: str
    ) -> None:
        client = as_person("member")
        client.post("/accounts/email/", {"action_add": "1", "email": email})

        response = client.post(
            "/accounts/email/", {"action_primary": "1", "email": email}, follow=True
        )

        assert "Confirm the address first" in response.content.decode()
        assert User.objects.get(pk=cast.member.pk).email == "member@example.org"

    def test_somebody_elses_can_not_be_taken(self, cast: Cast, as_person: As) -> None:
        EmailAddress.objects.create(
            user=cast.lead, email="lead@example.org", verified=True, primary=True
        )
        client = as_person("member")

        client.post("/accounts/email/", {"action_add": "1", "email": "lead@example.org"})

        # The link goes to the address's owner, and does nothing even there.
        assert mail.outbox[0].to == ["lead@example.org"]
        link = re.search(
            r"http://testserver(/accounts/confirm-email/\S+)", str(mail.outbox[0].body)
        )
        assert link
        assert "This address is taken" in client.get(link[1]).content.decode()
        client.post(link[1])
        taken = EmailAddress.objects.filter(user=cast.member, email="lead@example.org")
        assert not taken.filter(verified=True).exists()


class TestSecondStep:
    def test_the_password_alone_no_longer_opens(self, cast: Cast, client: Client) -> None:
        secret = totp.generate_totp_secret()
        totp.TOTP.activate(cast.member, secret)

        response = sign_in(client, "member@example.org")

        assert response.headers["Location"] == "/accounts/2fa/authenticate/"
        assert "_auth_user_id" not in client.session
        page = client.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
        assert "Incorrect code" in page
        code = code_of(secret)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        assert client.session["_auth_user_id"] == str(cast.member.pk)

    def test_is_switched_on_with_the_apps_first_code(self, cast: Cast, client: Client) -> None:
        sign_in(client, "member@example.org")
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        page = client.get("/accounts/2fa/totp/activate/")
        secret = page.context["form"].secret
        code = code_of(secret)

        client.post("/accounts/2fa/totp/activate/", {"code": code})

        assert get_adapter().is_mfa_enabled(cast.member)
        assert Authenticator.objects.filter(type="recovery_codes", user=cast.member).exists()
        assert "Off." not in client.get("/accounts/2fa/").content.decode()

    def test_a_changed_protection_asks_for_the_password_again(self, as_person: As) -> None:
        response = as_person("member").get("/accounts/2fa/totp/activate/")

        assert response.headers["Location"].startswith("/accounts/reauthenticate/")


class TestSignUp:
    def test_is_closed_and_says_whom_to_ask(self, cast: Cast, client: Client) -> None:
        page = client.get("/accounts/signup/").content.decode()
        client.post(
            "/accounts/signup/",
            {"name": "M", "email": "m@example.org", "password1": NEW, "password2": NEW},
        )

        assert "Ask a lead" in page
        assert not User.objects.filter(email="m@example.org").exists()

    def test_is_a_setting(self, cast: Cast, client: Client, settings: Any) -> None:
        settings.OPEN_SIGNUP = True
        settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
        assert "Make one" in client.get("/accounts/login/").content.decode()

        client.post(
            "/accounts/signup/",
            {"name": " Mira  Lu ", "email": "m@example.org", "password1": NEW, "password2": NEW},
        )

        user = User.objects.get(email="m@example.org")
        assert user.name == "Mira Lu"
        assert not user.is_staff
        assert user.team_roles == {}
        assert "_auth_user_id" not in client.session  # the address must be confirmed first


class TestPages:
    @pytest.mark.parametrize(
        "path",
        [
            "/accounts/password/change/",
            "/accounts/email/",
            "/accounts/2fa/",
            "/accounts/logout/",
        ],
    )
    def test_stand_in_the_shell(self, as_person: As, path: str) -> None:
        page = as_person("member").get(path).content.decode()

        assert 'class="rail"' in page
        assert "style=" not in page

    @pytest.mark.parametrize(
        "path",
        [
            "/accounts/login/",
            "/accounts/signup/",
            "/accounts/password/reset/",
            "/accounts/password/reset/done/",
            "/accounts/password/reset/key/1-a-b/",
            "/accounts/password/reset/key/done/",
            "/accounts/confirm-email/",
            "/accounts/confirm-email/nonsense/",
            "/accounts/inactive/",
            "/accounts/3rdparty/login/cancelled/",
            "/accounts/3rdparty/login/error/",
        ],
    )
    def test_open_to_everybody(self, cast: Cast, client: Client, path: str) -> None:
        response = client.get(path, follow=True)

        page = response.content.decode()
        assert response.status_code in {200, 401}
        assert 'class="brand"' in page
        assert "style=" not in page
