"""Writes of roles: a team is never left without a lead by mistake."""

import pytest

from tests.cast import Cast
from tracker.actions.members import LastLead, RoleMoved, change_role, remove
from tracker.models import Membership, Role, User


def membership(person: User) -> Membership:
    return Membership.objects.get(user=person)


class TestChangeRole:
    def test_gives_another_role_with_who_in_the_history(self, cast: Cast) -> None:
        change_role(
            by=cast.lead, membership=membership(cast.member), role=Role.LEAD, seen=Role.MEMBER
        )

        now = membership(cast.member)
        assert now.role == Role.LEAD
        assert now.history.first().history_user == cast.lead

    def test_a_role_that_moved_in_between_is_a_conflict(self, cast: Cast) -> None:
        member = membership(cast.member)
        change_role(by=cast.lead, membership=member, role=Role.LEAD, seen=Role.MEMBER)

        with pytest.raises(RoleMoved) as caught:
            change_role(by=cast.lead, membership=member, role=Role.VIEWER, seen=Role.MEMBER)

        assert caught.value.membership.role == Role.LEAD
        assert membership(cast.member).role == Role.LEAD

    def test_the_same_change_twice_is_no_conflict(self, cast: Cast) -> None:
        member = membership(cast.member)
        change_role(by=cast.lead, membership=member, role=Role.LEAD, seen=Role.MEMBER)
        change_role(by=cast.lead, membership=member, role=Role.LEAD, seen=Role.MEMBER)

        assert membership(cast.member).history.count() == 2

    def test_the_last_lead_of_a_root_team_stays(self, cast: Cast) -> None:
        own = membership(cast.group_lead)

        with pytest.raises(LastLead):
            change_role(by=cast.group_lead, membership=own, role=Role.MEMBER, seen=Role.LEAD)

        assert membership(cast.group_lead).role == Role.LEAD

    def test_a_lead_may_step_down_where_one_above_leads(self, cast: Cast) -> None:
        own = membership(cast.lead)

        change_role(by=cast.lead, membership=own, role=Role.MEMBER, seen=Role.LEAD)

        assert membership(cast.lead).role == Role.MEMBER


class TestRemove:
    def test_takes_a_person_out(self, cast: Cast) -> None:
        remove(by=cast.lead, membership=membership(cast.member))

        assert not Membership.objects.filter(user=cast.member).exists()

    def test_the_last_lead_of_a_root_team_stays(self, cast: Cast) -> None:
        with pytest.raises(LastLead):
            remove(by=cast.group_lead, membership=membership(cast.group_lead))

    def test_a_lead_who_can_no_longer_sign_in_does_not_count(self, cast: Cast) -> None:
        other = User.objects.create_user("gone@example.org", is_active=False)
        Membership.objects.create(user=other, team=cast.group, role=Role.LEAD)

        with pytest.raises(LastLead):
            remove(by=cast.group_lead, membership=membership(cast.group_lead))

    def test_an_administrator_may(self, cast: Cast) -> None:
        remove(by=cast.superuser, membership=membership(cast.group_lead))

        assert not Membership.objects.filter(user=cast.group_lead).exists()
