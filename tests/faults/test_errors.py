"""Faults are answered in words, with the right status, and never by a bare 500."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from roadmap import urls as project
from tests.cast import Cast


def raiser(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


def reads_its_form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.POST)))


urlpatterns = [
    *project.urlpatterns,
    path("busy/", raiser(OperationalError("database is locked"))),
    path("away/", raiser(InterfaceError("connection already closed"))),
    path("broken/", raiser(DatabaseError("no such column"))),
    path("denied/", raiser(PermissionDenied("Only leads may do this."))),
    path("huge/", raiser(RequestDataTooBig("too big"))),
    path("form/", reads_its_form),
]
handler400, handler403 = project.handler400, project.handler403
handler404, handler500 = project.handler404, project.handler500
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(cast: Cast) -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
class TestErrors:
    @pytest.mark.parametrize("address", ["/busy/", "/away/"])
    def test_a_busy_or_absent_store_is_503_with_retry_after(
        self, client: Client, address: str
    ) -> None:
        answer = client.get(address)
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert b"try again" in answer.content

    def test_any_other_fault_is_a_500_that_says_nothing_of_the_inside(self, client: Client) -> None:
        answer = client.get("/broken/")
        assert answer.status_code == 500
        assert b"column" not in answer.content
        assert b"Nothing was changed" in answer.content

    def test_what_one_may_not_do_is_403_with_its_reason(self, client: Client) -> None:
        answer = client.get("/denied/")
        assert answer.status_code == 403
        assert b"Only leads may do this." in answer.content

    def test_what_does_not_exist_is_404_with_a_way_back(self, client: Client) -> None:
        answer = client.get("/nowhere/")
        assert answer.status_code == 404
        assert b'href="/"' in answer.content

    def test_too_much_at_once_is_413(self, client: Client) -> None:
        assert client.get("/huge/").status_code == 413

    @override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=10)
    def test_too_many_fields_are_413(self, client: Client) -> None:
        fields = {f"f{number}": "1" for number in range(20)}
        assert client.post("/form/", fields).status_code == 413

    def test_a_null_character_in_an_address_is_400(self, client: Client) -> None:
        assert client.get("/health/?q=a%00b").status_code == 400
        assert client.get("/initiatives/%00/").status_code in {400, 404}

    def test_a_form_without_its_token_is_403_and_says_what_to_do(self) -> None:
        answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})
        assert answer.status_code == 403
        assert b"reload the page" in answer.content

    @pytest.mark.parametrize("address", ["/busy/", "/broken/", "/denied/", "/nowhere/"])
    def test_htmx_gets_a_fragment_and_no_second_page(self, client: Client, address: str) -> None:
        answer = client.get(address, headers=HTMX)
        assert answer.status_code >= 400
        assert b"<html" not in answer.content
        assert b"data-error" in answer.content

    def test_the_theme_of_the_person_holds_and_nonsense_does_not(self, client: Client) -> None:
        client.cookies["theme"] = "dark"
        assert b'data-theme="dark"' in client.get("/nowhere/").content
        client.cookies["theme"] = 'x"><script>'
        assert b"<script>" not in client.get("/nowhere/").content


@pytest.mark.django_db
def test_the_health_page_tells_whether_the_store_answers(client: Client) -> None:
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
