"""Who belongs to a team."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast
from tracker.actions.invitations import find, invite
from tracker.models import Invitation, Membership, Role, User

As = Callable[[str], Client]
URL = "/teams/platform/members/"
INVITE = "/teams/platform/invitations/"
HTMX = {"HX-Request": "true", "HX-Target": "div#team-people"}


def post_to(person: User) -> str:
    membership = Membership.objects.get(user=person)
    return reverse("team_member", args=["platform", membership.pk])


class TestTeamMembers:
    @pytest.mark.parametrize(
        ("role", "status"),
        [
            ("anonymous", 302),
            ("stranger", 404),
            ("other_lead", 404),
            ("viewer", 200),
            ("lead", 200),
        ],
    )
    def test_is_open_to_the_team(self, as_person: As, role: str, status: int) -> None:
        assert as_person(role).get(URL).status_code == status

    def test_readers_see_names_but_neither_addresses_nor_forms(self, as_person: As) -> None:
        page = as_person("member").get(URL).content.decode()

        assert "Other Lead" not in page
        assert "Viewer" in page
        assert "lead@example.org" not in page
        assert "team-people" in page
        assert 'action="/teams/' not in page

    def test_says_which_roles_come_from_above(self, as_person: As) -> None:
        page = as_person("lead").get(URL).content.decode()

        assert "from a team above" in page
        assert "Engineering" not in page
        assert "from Engineering" in as_person("group_lead").get(URL).content.decode()

    def test_queries_do_not_grow_with_the_people(
        self, cast: Cast, as_person: As, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = as_person("lead")
        client.get(URL)
        for number in range(20):
            user = User.objects.create_user(f"p{number}@example.org")
            Membership.objects.create(user=user, team=cast.platform)
            invite(by=cast.lead, team=cast.platform, email=f"i{number}@x.org", role=Role.MEMBER)

        # session, person, roles, team, members, invitations, menu of teams
        with django_assert_num_queries(7):
            client.get(URL)


class TestTeamMember:
    @pytest.mark.parametrize(
        ("role", "status"),
        [("anonymous", 302), ("stranger", 404), ("viewer", 403), ("member", 403)],
    )
    def test_is_for_leads(self, cast: Cast, as_person: As, role: str, status: int) -> None:
        client = as_person(role)

        raised = client.post(post_to(cast.member), {"role": "3", "seen": "2"})
        removed = client.post(post_to(cast.viewer), {"remove": "1"})

        assert (raised.status_code, removed.status_code) == (status, status)
        assert Membership.objects.get(user=cast.member).role == Role.MEMBER
        assert Membership.objects.filter(user=cast.viewer).exists()

    def test_changes_a_role(self, cast: Cast, as_person: As) -> None:
        response = as_person("lead").post(
            post_to(cast.member), {"role": "1", "seen": "2"}, follow=True
        )

        assert "Member is viewer now." in response.content.decode()
        assert Membership.objects.get(user=cast.member).role == Role.VIEWER

    def test_removes_a_person(self, cast: Cast, as_person: As) -> None:
        as_person("lead").post(post_to(cast.member), {"remove": "1"})

        assert not Membership.objects.filter(user=cast.member).exists()

    @pytest.mark.parametrize("role", ["0", "4", "99", "", "lead", "-1"])
    def test_there_is_nothing_above_lead(self, cast: Cast, as_person: As, role: str) -> None:
        response = as_person("lead").post(post_to(cast.member), {"role": role, "seen": "2"})

        assert response.status_code == 422
        assert Membership.objects.get(user=cast.member).role == Role.MEMBER

    def test_a_role_held_above_or_elsewhere_can_not_be_touched(
        self, cast: Cast, as_person: As
    ) -> None:
        client = as_person("lead")

        for person in (cast.group_lead, cast.other_lead):
            response = client.post(post_to(person), {"role": "1", "seen": "3"})
            assert response.status_code == 404
            assert Membership.objects.get(user=person).role == Role.LEAD

    def test_the_last_lead_of_a_root_team_stays(self, cast: Cast, as_person: As) -> None:
        own = Membership.objects.get(user=cast.group_lead)
        url = reverse("team_member", args=["engineering", own.pk])

        response = as_person("group_lead").post(url, {"remove": "1"}, headers=HTMX)

        assert response.status_code == 422
        assert "Make somebody else a lead first" in response.content.decode()
        assert Membership.objects.filter(pk=own.pk).exists()

    def test_a_role_that_moved_in_between_is_a_conflict(self, cast: Cast, as_person: As) -> None:
        Membership.objects.filter(user=cast.member).update(role=Role.LEAD)

        response = as_person("lead").post(
            post_to(cast.member), {"role": "1", "seen": "2"}, headers=HTMX
        )

        assert response.status_code == 409
        assert "made Member lead in the meantime" in response.content.decode()

    def test_who_steps_down_is_led_to_the_page_a_member_sees(
        self, cast: Cast, as_person: As
    ) -> None:
        response = as_person("lead").post(
            post_to(cast.lead), {"role": "2", "seen": "3"}, headers=HTMX
        )

        assert response.headers["HX-Redirect"] == URL

    def test_who_leaves_is_led_home(self, cast: Cast, as_person: As) -> None:
        response = as_person("lead").post(post_to(cast.lead), {"remove": "1"})

        assert response.headers["Location"] == "/"


class TestTeamInvite:
    @pytest.mark.parametrize(
        ("role", "status"),
        [("anonymous", 302), ("stranger", 404), ("viewer", 403), ("member", 403)],
    )
    def test_is_for_leads(self, cast: Cast, as_person: As, role: str, status: int) -> None:
        response = as_person(role).post(INVITE, {"email": "x@example.org", "role": "2"})

        assert response.status_code == status
        assert not Invitation.objects.exists()
        assert not mail.outbox

    def test_sends_a_link_and_shows_it_once(self, cast: Cast, as_person: As) -> None:
        client = as_person("lead")

        response = client.post(INVITE, {"email": "X@example.org", "role": "2"}, headers=HTMX)

        page = response.content.decode()
        link = re.search(r"http://testserver/invitations/([\w-]+)/", page)
        assert link
        assert link[0] in mail.outbox[0].body
        found = find(token=link[1])
        assert found
        assert (found.email, found.role, found.team) == ("x@example.org", 2, cast.platform)
        assert link[1] not in client.get(URL).content.decode()

    def test_without_script_the_link_comes_with_the_next_page(self, as_person: As) -> None:
        client = as_person("lead")

        response = client.post(INVITE, {"email": "x@example.org", "role": "2"}, follow=True)

        assert "http://testserver/invitations/" in response.content.decode()
        assert "/invitations/" not in client.get(URL).content.decode().replace(INVITE, "")

    @pytest.mark.parametrize(
        "given",
        [
            {"email": "nonsense", "role": "2"},
            {"email": "", "role": "2"},
            {"email": "x@example.org", "role": "4"},
            {"email": "x@example.org\nBcc: y@example.org", "role": "2"},
            {"email": "member@example.org", "role": "2"},
        ],
    )
    def test_nonsense_is_refused(self, as_person: As, given: dict[str, Any]) -> None:
        response = as_person("lead").post(INVITE, given)

        assert response.status_code == 422
        assert not Invitation.objects.exists()
        assert not mail.outbox


class TestTeamInvitationRevoke:
    def test_the_link_stops_working_at_once(self, cast: Cast, as_person: As) -> None:
        made, token = invite(by=cast.lead, team=cast.platform, email="x@e.org", role=Role.MEMBER)

        as_person("lead").post(reverse("team_invitation_revoke", args=["platform", made.pk]))

        assert find(token=token) is None

    @pytest.mark.parametrize(
        ("role", "status"),
        [("anonymous", 302), ("stranger", 404), ("member", 403), ("other_lead", 404)],
    )
    def test_is_for_leads(self, cast: Cast, as_person: As, role: str, status: int) -> None:
        made, _ = invite(by=cast.lead, team=cast.platform, email="x@e.org", role=Role.MEMBER)

        response = as_person(role).post(
            reverse("team_invitation_revoke", args=["platform", made.pk])
        )

        assert response.status_code == status
        assert Invitation.objects.exists()

    def test_another_teams_invitation_is_out_of_reach(self, cast: Cast, as_person: As) -> None:
        made, _ = invite(by=cast.other_lead, team=cast.checkout, email="x@e.org", role=Role.MEMBER)

        response = as_person("lead").post(
            reverse("team_invitation_revoke", args=["platform", made.pk])
        )

        assert response.status_code == 404
        assert Invitation.objects.exists()
