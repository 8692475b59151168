"""Pages that a worker keeps whole: nobody gets what is another's, or no longer theirs."""

import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.test import Client, RequestFactory

from tests.cast import TODAY, Cast
from tracker.domain.lifecycle import Status
from tracker.models import Initiative, Membership, Role, Team
from tracker.views import kept_page

Sign = Callable[[str], Client]
PAGES = ["/teams/platform/", "/portfolio/"]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def read(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.parametrize("path", PAGES)
class TestKeptPages:
    def test_the_second_visit_renders_nothing_and_differs_in_the_token_only(
        self, cast: Cast, as_person: Sign, path: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = as_person("viewer")
        first = read(client, path)
        monkeypatch.setattr(kept_page, "render_to_string", None)  # to call it would fail
        second = read(client, path)
        tokens = [set(TOKEN.findall(html)) for html in (first, second)]
        assert [len(found) for found in tokens] == [1, 1]
        assert tokens[0] != tokens[1]
        plain = [
            html.replace(found.pop(), "token")
            for html, found in zip((first, second), tokens, strict=True)
        ]
        assert plain[0] == plain[1]

    def test_the_token_of_a_kept_page_is_taken(
        self, cast: Cast, as_person: Sign, path: str
    ) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast.viewer)
        for _ in range(2):
            html = read(client, path)
        header = re.search(r'X-CSRFToken": "(\w+)"', html)
        form = TOKEN.search(html)
        assert header
        assert form
        for token in (header[1], form[1]):
            answer = client.post("/preview/", {"csrfmiddlewaretoken": token})
            assert answer.status_code != 403

    def test_each_person_gets_a_page_of_their_own(
        self, cast: Cast, as_person: Sign, path: str
    ) -> None:
        for who in ("viewer", "member", "lead", "group_lead"):
            html = read(as_person(who), path)
            mails = set(re.findall(r"\w+@example\.org", html))
            assert mails == {f"{who}@example.org"}
        assert "Log initiative" not in re.sub(r"<[^>]+>", "", read(as_person("viewer"), path))

    def test_who_is_signed_out_is_asked_to_sign_in(
        self, cast: Cast, as_person: Sign, path: str
    ) -> None:
        client = as_person("viewer")
        read(client, path)
        client.logout()
        read(client, path, 302)

    def test_who_is_deactivated_is_asked_to_sign_in(
        self, cast: Cast, as_person: Sign, path: str
    ) -> None:
        client = as_person("viewer")
        read(client, path)
        cast.viewer.is_active = False
        cast.viewer.save()
        read(client, path, 302)

    def test_a_removed_member_sees_the_team_no_more(
        self, cast: Cast, as_person: Sign, path: str
    ) -> None:
        client = as_person("viewer")
        assert "Platform" in read(client, path)
        Membership.objects.filter(user=cast.viewer).delete()
        html = read(client, path, 404 if "teams" in path else 200)
        assert "Platform" not in html

    def test_a_new_role_shows_at_once(self, cast: Cast, as_person: Sign, path: str) -> None:
        client = as_person("viewer")
        assert "Team settings" not in read(client, path)
        Membership.objects.filter(user=cast.viewer).update(role=Role.LEAD)
        assert "Team settings" in read(client, path)
        Membership.objects.filter(user=cast.viewer).update(role=Role.VIEWER)
        assert "Team settings" not in read(client, path)

    def test_a_team_by_another_name_shows_at_once(
        self, cast: Cast, as_person: Sign, path: str
    ) -> None:
        client = as_person("viewer")
        read(client, path)
        Team.objects.filter(pk=cast.platform.pk).update(name="Foundations")
        html = read(client, path)
        assert "Foundations" in html
        assert "Platform" not in html

    def test_the_theme_is_that_of_the_cookie(self, cast: Cast, as_person: Sign, path: str) -> None:
        client = as_person("viewer")
        read(client, path)
        client.cookies["theme"] = "dark"
        assert '<html lang="en" data-theme="dark">' in read(client, path)

    def test_a_message_is_shown_once(self, cast: Cast, as_person: Sign, path: str) -> None:
        client = as_person("viewer")
        read(client, path)
        storage, answer = CookieStorage(RequestFactory().get("/")), HttpResponse()
        storage.add(25, "Welcome aboard.")
        storage.update(answer)
        client.cookies["messages"] = answer.cookies["messages"].value
        assert "Welcome aboard." in read(client, path)
        assert "Welcome aboard." not in read(client, path)

    def test_what_is_kept_stays_out_of_every_cache(
        self, cast: Cast, as_person: Sign, path: str
    ) -> None:
        client = as_person("viewer")
        for _ in range(2):
            answer = client.get(path)
            assert answer["Cache-Control"] == "private, no-store"
            assert {"Cookie", "HX-Request", "HX-Target"} <= set(answer["Vary"].split(", "))


class TestOverview:
    def test_a_band_that_was_changed_shows_at_once(
        self, cast: Cast, as_person: Sign, log: Callable[..., Initiative]
    ) -> None:
        log(status=Status.ACTIVE, pd=5, origin="planned")
        viewer, lead = as_person("viewer"), as_person("lead")
        assert "band 20–35\u202f%" in read(viewer, "/teams/platform/")
        form = lead.get("/teams/platform/settings/").context["form"]
        fields = {name: form[name].value() for name in form.fields} | {"band_upper": "40"}
        given = {name: value for name, value in fields.items() if value is not None}
        assert lead.post("/teams/platform/settings/", given).status_code == 302
        assert "band 20–40\u202f%" in read(viewer, "/teams/platform/")
