"""Nobody raises the own or anybody's rights by members and labels in the panel."""

import pytest
from django.test import Client

from tests.admin.support import page, send
from tests.cast import Cast
from tracker.models import (
    Label,
    Membership,
    Role,
    User,
)


class TestMemberships:
    def test_a_lead_gives_roles_up_to_lead_of_the_own_team(self, cast: Cast, lead: Client) -> None:
        membership = Membership.objects.get(user=cast.member)
        url = page("membership", "change", membership.pk)
        assert send(lead, url, role="3").status_code == 302
        membership.refresh_from_db()
        assert membership.role == Role.LEAD

    @pytest.mark.parametrize("role", ["0", "4", "99", "-1", "", "lead"])
    def test_there_is_no_other_role(self, role: str, cast: Cast, lead: Client) -> None:
        membership = Membership.objects.get(user=cast.lead)
        url = page("membership", "change", membership.pk)
        assert send(lead, url, role=role).status_code == 422
        membership.refresh_from_db()
        assert membership.role == Role.LEAD

    @pytest.mark.parametrize("team", ["checkout", "group"])
    @pytest.mark.parametrize("extra", [{}, {"_saveasnew": "1"}])
    def test_nobody_joins_a_team_that_the_lead_does_not_lead(
        self, team: str, extra: dict[str, str], cast: Cast, lead: Client
    ) -> None:
        own = Membership.objects.get(user=cast.lead)
        url = page("membership", "change", own.pk) if extra else page("membership", "add")
        before = Membership.objects.count()
        data = {"team": getattr(cast, team).pk, "user": cast.lead.pk, "role": "3", **extra}
        assert lead.post(url, data).status_code == 422
        assert Membership.objects.count() == before

    @pytest.mark.parametrize("person", ["stranger", "other_lead", "superuser"])
    def test_people_the_lead_does_not_know_are_not_added_by_their_id(
        self, person: str, cast: Cast, lead: Client
    ) -> None:
        data = {"team": cast.platform.pk, "user": cast.person(person).pk, "role": "1"}
        response = lead.post(page("membership", "add"), data)
        assert response.status_code == 422
        assert cast.person(person).email not in response.content.decode()
        assert not Membership.objects.filter(user=cast.person(person), team=cast.platform).exists()

    @pytest.mark.parametrize(
        ("field", "value"), [("team", "group"), ("team", "checkout"), ("user", "stranger")]
    )
    def test_a_membership_stays_with_its_person_and_team(
        self, field: str, value: str, cast: Cast, lead: Client
    ) -> None:
        membership = Membership.objects.get(user=cast.lead)
        url = page("membership", "change", membership.pk)
        send(lead, url, **{field: str(getattr(cast, value).pk)})
        membership.refresh_from_db()
        assert (membership.user, membership.team) == (cast.lead, cast.platform)

    @pytest.mark.parametrize("field", ["is_superuser", "user__is_superuser", "user-is_superuser"])
    def test_no_field_of_the_form_makes_a_superuser(
        self, field: str, cast: Cast, lead: Client
    ) -> None:
        url = page("membership", "change", Membership.objects.get(user=cast.lead).pk)
        send(lead, url, **{field: "on"})
        cast.lead.refresh_from_db()
        assert not cast.lead.is_superuser

    def test_removing_a_member_removes_no_person(self, cast: Cast, lead: Client) -> None:
        membership = Membership.objects.get(user=cast.member)
        url = page("membership", "delete", membership.pk)
        assert lead.post(url, {"post": "yes"}).status_code == 302
        assert not Membership.objects.filter(pk=membership.pk).exists()
        assert User.objects.filter(pk=cast.member.pk).exists()

    def test_the_list_is_not_editable_in_place(self, cast: Cast, lead: Client) -> None:
        membership = Membership.objects.get(user=cast.other_lead)
        forged = {
            "_save": "1",
            "form-TOTAL_FORMS": "1",
            "form-INITIAL_FORMS": "1",
            "form-0-id": str(membership.pk),
            "form-0-role": "1",
        }
        lead.post(page("membership"), forged)
        membership.refresh_from_db()
        assert membership.role == Role.LEAD


class TestLabels:
    def test_a_label_is_not_made_for_a_foreign_team(self, cast: Cast, lead: Client) -> None:
        data = {"team": cast.checkout.pk, "name": "ours"}
        assert lead.post(page("label", "add"), data).status_code == 422
        assert not Label.objects.exists()

    def test_a_label_does_not_move_to_a_foreign_team(self, cast: Cast, lead: Client) -> None:
        label = Label.objects.create(team=cast.platform, name="ours")
        send(lead, page("label", "change", label.pk), team=str(cast.checkout.pk), name="new")
        label.refresh_from_db()
        assert (label.team, label.name) == (cast.platform, "new")
