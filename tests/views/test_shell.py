"""The frame around every page: what the rail shows, and which team it stays on."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast
from tracker.models import Membership, Role, Team, User
from tracker.views import shell as shell_page
from tracker.views.shell import Shell, shell_of

As = Callable[[str], Client]


def shell_for(person: User, team: Team | None = None, cookie: str = "") -> Shell:
    request: HttpRequest = RequestFactory().get("/")
    request.user = User.objects.get(pk=person.pk)
    if team:
        request.team = team  # type: ignore[attr-defined]
    if cookie:
        request.COOKIES["team"] = cookie
    return shell_of(request)


def labels(shell: Shell) -> list[str]:
    return [item.label for item in shell.nav]


class TestRail:
    @pytest.mark.parametrize(
        ("role", "shown"),
        [
            ("stranger", ["Portfolio", "Initiatives"]),
            ("viewer", ["Portfolio", "Team overview", "Initiatives", "Plan", "Reports", "Members"]),
            (
                "member",
                [
                    "Portfolio",
                    "Team overview",
                    "Initiatives",
                    "Plan",
                    "Reports",
                    "Members",
                    "Imports",
                ],
            ),
            (
                "lead",
                [
                    "Portfolio",
                    "Team overview",
                    "Initiatives",
                    "Plan",
                    "Reports",
                    "Team settings",
                    "Imports",
                    "Admin",
                ],
            ),
        ],
    )
    def test_shows_only_what_one_may_open(self, cast: Cast, role: str, shown: list[str]) -> None:
        assert labels(shell_for(cast.person(role))) == shown

    def test_everything_shown_opens(self, cast: Cast, as_person: As) -> None:
        for role in ("stranger", "viewer", "member", "lead", "group_lead", "superuser"):
            client = as_person(role)
            for item in shell_for(cast.person(role)).nav:
                assert client.get(item.url).status_code == 200, (role, item.url)

    def test_marks_the_page_one_is_on(self, as_person: As) -> None:
        page = as_person("lead").get("/teams/platform/members/").content.decode()

        assert page.count('aria-current="page"') == 2  # the rail and the tab
        assert '/teams/platform/settings/" data-nav="settings" aria-current="page"' in page


class TestTeam:
    def test_the_rail_stays_on_the_team_last_visited(self, cast: Cast, as_person: As) -> None:
        client = as_person("group_lead")
        client.get("/teams/checkout/members/")

        page = client.get("/search/").content.decode()

        assert 'href="/initiatives/?team=checkout"' in page
        assert 'href="/teams/checkout/settings/"' in page

    def test_a_refused_visit_is_not_remembered(self, as_person: As) -> None:
        client = as_person("lead")
        client.get("/teams/checkout/members/")

        assert "team" not in client.cookies

    @pytest.mark.parametrize("cookie", ["checkout", "no-such-team", "<script>", "x" * 300])
    def test_a_cookie_can_not_reach_a_team_one_may_not_see(self, cast: Cast, cookie: str) -> None:
        shell = shell_for(cast.lead, cookie=cookie)

        assert shell.home_team is not None
        assert shell.home_team.slug == "platform"

    def test_without_a_visit_it_is_the_one_where_one_does_most(self, cast: Cast) -> None:
        Membership.objects.create(user=cast.viewer, team=cast.checkout, role=Role.LEAD)

        shell = shell_for(cast.viewer)

        assert shell.home_team is not None
        assert shell.home_team.slug == "checkout"

    def test_the_switcher_shows_the_tree(self, cast: Cast) -> None:
        teams = shell_for(cast.group_lead, cast.checkout).teams

        assert [(team.name, team.depth, team.current) for team in teams] == [
            ("Engineering", 0, False),
            ("Checkout", 1, True),
            ("Platform", 1, False),
        ]

    def test_a_team_whose_parent_one_may_not_see_is_not_indented(self, cast: Cast) -> None:
        assert [(team.name, team.depth) for team in shell_for(cast.lead).teams] == [("Platform", 0)]

    def test_a_deep_tree_is_listed_parent_by_parent(self, cast: Cast) -> None:
        below = Team.objects.create(name="Zeta", slug="z", key_prefix="ZZ", parent=cast.checkout)
        Team.objects.create(name="Alpha", slug="a", key_prefix="AA", parent=below)

        names = [team.name for team in shell_for(cast.superuser).teams]

        assert names == ["Engineering", "Checkout", "Zeta", "Alpha", "Platform"]


class TestLogging:
    def test_viewers_are_not_offered_to_log(self, cast: Cast) -> None:
        assert shell_for(cast.viewer).log_url == ""

    def test_goes_to_the_team_of_the_page(self, cast: Cast) -> None:
        shell = shell_for(cast.group_lead, cast.checkout)

        assert shell.log_url == "/initiatives/add/?team=checkout"
        assert shell.quick_add_url == "/initiatives/?team=checkout#id_log_title"

    def test_goes_to_a_team_of_ones_own_where_the_pages_is_not(self, cast: Cast) -> None:
        Membership.objects.create(user=cast.viewer, team=cast.checkout, role=Role.MEMBER)

        assert shell_for(cast.viewer, cast.platform).log_url == "/initiatives/add/?team=checkout"


def test_the_whole_shell_costs_one_query(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    shell = shell_for(cast.group_lead)
    shell.org  # noqa: B018 - the organisation is kept by the worker

    with django_assert_num_queries(1):
        assert shell.nav
        assert shell.teams
        assert shell.log_url


def test_nobody_signed_in_gets_a_bare_shell(cast: Cast, client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()

    assert "data-nav" not in page


class TestFrame:
    """What is kept around the content belongs to one person, one page and one session."""

    def test_the_page_and_the_person_are_told_apart(self, cast: Cast, as_person: As) -> None:
        as_person("lead").get("/search/")

        page = as_person("viewer").get("/search/").content.decode()

        assert cast.viewer.email in page
        assert cast.lead.email not in page
        assert 'data-nav="settings"' not in page

    def test_a_new_role_shows_at_once(self, cast: Cast, as_person: As) -> None:
        client = as_person("viewer")
        assert b"data-log " not in client.get("/search/").content

        Membership.objects.filter(user=cast.viewer).update(role=Role.LEAD)

        page = client.get("/search/").content
        assert b"data-log " in page
        assert b'data-nav="settings"' in page

    def test_a_new_name_shows_at_once(self, cast: Cast, as_person: As) -> None:
        client = as_person("viewer")
        client.get("/search/")

        User.objects.filter(pk=cast.viewer.pk).update(name="Zoe <b>Quill</b>")

        page = client.get("/search/").content.decode()
        assert "Zoe &lt;b&gt;Quill&lt;/b&gt;" in page
        assert "<b>Quill" not in page

    def test_a_kept_form_carries_the_token_of_its_own_session(self, cast: Cast) -> None:
        for _ in range(2):
            client, token = self._signed_in(cast)
            sent = client.post("/accounts/logout/", {"csrfmiddlewaretoken": token})
            assert sent.status_code == 302

    def test_the_token_of_another_session_does_not_do(self, cast: Cast) -> None:
        _, token = self._signed_in(cast)
        client, _ = self._signed_in(cast)

        refused = client.post("/accounts/logout/", {"csrfmiddlewaretoken": token})

        assert refused.status_code == 403

    def _signed_in(self, cast: Cast) -> tuple[Client, str]:
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast.viewer)
        page = client.get("/search/").content.decode()
        assert shell_page.TOKEN not in page
        form = page.partition('action="/accounts/logout/"')[2]
        return client, form.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
