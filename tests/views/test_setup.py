"""The first visit to an empty installation."""

import logging
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.cast import Cast
from tracker.actions.setup import setup_code
from tracker.models import Organisation, Team, User
from tracker.views.setup import from_this_machine

LOCAL: dict[str, Any] = {"HTTP_HOST": "localhost:8000"}
AWAY: dict[str, Any] = {"HTTP_HOST": "testserver", "REMOTE_ADDR": "203.0.113.9"}
FORM = {
    "organisation": "Acme",
    "reporting_zone": "Europe/Berlin",
    "fiscal_start_month": "4",
    "currency": "eur",
    "name": "Ines Kurz",
    "email": "Ines@Example.org",
    "password": "correct horse battery staple",
    "team_name": "Platform",
    "key_prefix": "",
}


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.ALLOWED_HOSTS = ["*"]


@pytest.mark.django_db
class TestEmptyInstallation:
    @pytest.mark.parametrize(
        "path",
        ["/", "/accounts/login/", "/admin/", "/search/", "/invitations/x/", "/teams/a/members/"],
    )
    def test_every_page_leads_to_the_setup(self, client: Client, path: str) -> None:
        response = client.get(path)

        assert response.status_code == 302
        assert response.headers["Location"] == "/setup/"

    def test_htmx_is_sent_there_whole(self, client: Client) -> None:
        response = client.get("/search/", headers={"HX-Request": "true"})

        assert response.headers["HX-Redirect"] == "/setup/"

    def test_the_health_page_stays(self, client: Client) -> None:
        assert client.get("/health/").status_code == 200

    def test_one_form_sets_everything_up_and_signs_the_first_lead_in(self, client: Client) -> None:
        response = client.post("/setup/", FORM, **LOCAL)

        team = Team.objects.get()
        assert response.headers["Location"] == reverse("overview", args=[team.slug])
        org = Organisation.objects.get()
        assert (org.name, org.currency, org.fiscal_start_month) == ("Acme", "EUR", 4)
        lead = User.objects.get()
        assert (lead.email, lead.name, lead.is_superuser) == ("ines@example.org", "Ines Kurz", True)
        assert client.session["_auth_user_id"] == str(lead.pk)
        assert team.key_prefix == "PLAT"

    @pytest.mark.parametrize(
        ("field", "value", "says"),
        [
            ("reporting_zone", "Mars/Olympus", "time zone"),
            ("currency", "EURO", "3 characters"),
            ("currency", "12", "three letters"),
            ("password", "ines kurz", "similar"),
            ("password", "12345678", "common"),
            ("email", "nonsense", "valid email"),
            ("key_prefix", "9 lives", "capital letters"),
            ("organisation", "   ", "required"),
            ("team_name", "", "required"),
            ("fiscal_start_month", "13", "valid choice"),
        ],
    )
    def test_nonsense_is_refused_with_what_was_typed(
        self, client: Client, field: str, value: str, says: str
    ) -> None:
        response = client.post("/setup/", FORM | {"name": "Ines Kurz", field: value}, **LOCAL)

        page = response.content.decode()
        assert response.status_code == 422
        assert says in page
        assert "Acme" in page or field == "organisation"
        assert FORM["password"] not in page
        assert not Organisation.objects.exists()

    def test_an_empty_form_is_refused(self, client: Client) -> None:
        assert client.post("/setup/", {}, **LOCAL).status_code == 422


@pytest.mark.django_db
class TestFromElsewhere:
    def test_asks_for_the_token_and_writes_it_to_the_log(
        self, client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        logging.getLogger("roadmap").propagate = True
        with caplog.at_level("WARNING"):
            page = client.get("/setup/", **AWAY).content.decode()

        assert 'name="code"' in page
        assert setup_code() not in page
        assert setup_code() in caplog.text

    @pytest.mark.parametrize("code", ["", "wrong", "ünïcode"])
    def test_without_the_right_code_nothing_happens(self, client: Client, code: str) -> None:
        response = client.post("/setup/", FORM | {"code": code}, **AWAY)

        assert response.status_code == 422
        assert not Organisation.objects.exists()

    def test_with_it_the_set_up_works(self, client: Client) -> None:
        response = client.post("/setup/", FORM | {"code": setup_code()}, **AWAY)

        assert response.status_code == 302
        assert Organisation.objects.exists()

    @pytest.mark.parametrize(
        ("meta", "local"),
        [
            ({"HTTP_HOST": "localhost:8000", "REMOTE_ADDR": "127.0.0.1"}, True),
            ({"HTTP_HOST": "127.0.0.1", "REMOTE_ADDR": "127.0.0.1"}, True),
            ({"HTTP_HOST": "[::1]:8000", "REMOTE_ADDR": "::1"}, True),
            ({"HTTP_HOST": "roadmix.example", "REMOTE_ADDR": "127.0.0.1"}, False),
            ({"HTTP_HOST": "localhost", "REMOTE_ADDR": "203.0.113.9"}, False),
            ({"HTTP_HOST": "localhost", "REMOTE_ADDR": ""}, False),
            (
                {
                    "HTTP_HOST": "localhost",
                    "REMOTE_ADDR": "127.0.0.1",
                    "HTTP_X_FORWARDED_FOR": "127.0.0.1",
                },
                False,
            ),
        ],
    )
    def test_a_proxy_on_the_same_machine_does_not_make_everybody_local(
        self, meta: dict[str, str], local: bool
    ) -> None:
        request: HttpRequest = RequestFactory().get("/setup/")
        request.META.update(meta)

        assert from_this_machine(request) is local


class TestAfterwards:
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_there_is_no_setup(self, cast: Cast, client: Client, method: str) -> None:
        response = getattr(client, method)("/setup/", FORM, **LOCAL)

        assert response.status_code == 404
        assert Organisation.objects.get().name == "Acme"
        assert not User.objects.filter(name="Ines Kurz").exists()

    def test_other_methods_are_refused(self, cast: Cast, client: Client) -> None:
        assert client.put("/setup/").status_code == 405
