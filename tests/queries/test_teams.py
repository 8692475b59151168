"""Which teams a person may see, asked once a request."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tracker.models import Membership, Role, Team, TeamCounter, User
from tracker.queries.teams import known_teams, team_tree

PEOPLE = ["stranger", "viewer", "member", "lead", "other_lead", "group_lead", "superuser"]


class TestKnownTeams:
    @pytest.mark.parametrize("who", PEOPLE)
    def test_are_exactly_those_that_the_filter_of_permission_lets_through(
        self, cast: Cast, who: str
    ) -> None:
        person = User.objects.get(pk=cast.person(who).pk)
        visible = Team.objects.visible_to(cast.person(who)).order_by("pk")
        known = sorted(known_teams(person), key=lambda team: team.pk)
        assert [team.pk for team in known] == [team.pk for team in visible]
        assert [(team.name, team.slug, team.path) for team in known] == [
            (team.name, team.slug, team.path) for team in visible
        ]

    @pytest.mark.parametrize("who", PEOPLE)
    def test_roles_come_along_and_are_the_same(self, cast: Cast, who: str) -> None:
        person, again = (User.objects.get(pk=cast.person(who).pk) for _ in range(2))
        known_teams(person)
        with CaptureQueriesContext(connection) as captured:
            assert person.team_roles == again.team_roles
        assert len(captured) == 1  # of the one who was not asked about before

    def test_the_highest_of_several_roles_counts(self, cast: Cast) -> None:
        Membership.objects.create(user=cast.viewer, team=cast.group, role=Role.LEAD)
        person = User.objects.get(pk=cast.viewer.pk)
        known_teams(person)
        assert person.role_in(cast.platform.pk) == Role.LEAD
        assert person.role_in(cast.checkout.pk) == Role.LEAD

    def test_somebody_inactive_knows_none(self, cast: Cast) -> None:
        for who in ("lead", "superuser"):
            person = cast.person(who)
            person.is_active = False
            assert known_teams(person) == []

    def test_a_write_moves_the_stamp(self, cast: Cast) -> None:
        TeamCounter.bump(cast.platform.pk)
        stamps = {team.pk: team.stamp for team in known_teams(cast.group_lead)}
        assert stamps == dict(TeamCounter.objects.values_list("team_id", "stamp"))

    def test_takes_one_query_however_often(self, cast: Cast) -> None:
        person = User.objects.get(pk=cast.lead.pk)
        with CaptureQueriesContext(connection) as captured:
            known_teams(person)
            known_teams(person)
            team_tree(person)
        assert len(captured) == 1
