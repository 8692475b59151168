"""Members, people, labels and the organisation in the panel."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.admin.support import context_of, fill, page, send
from tests.cast import PASSWORD, Cast
from tracker.models import ImportBatch, Label, Membership, Organisation, Role, User

AsPerson = Callable[[str], Client]


class TestMembers:
    def test_a_lead_of_the_group_adds_somebody_known_to_another_team(
        self, cast: Cast, as_person: AsPerson
    ) -> None:
        data = {"team": cast.checkout.pk, "user": cast.member.pk, "role": "2"}
        assert as_person("group_lead").post(page("membership", "add"), data).status_code == 302
        assert Membership.objects.get(user=cast.member, team=cast.checkout).role == Role.MEMBER

    def test_nobody_joins_twice(self, cast: Cast, as_person: AsPerson) -> None:
        data = {"team": cast.platform.pk, "user": cast.member.pk, "role": "1"}
        assert as_person("lead").post(page("membership", "add"), data).status_code == 422

    def test_a_stale_role_is_a_conflict(self, cast: Cast, as_person: AsPerson) -> None:
        membership = Membership.objects.get(user=cast.member)
        url = page("membership", "change", membership.pk)
        mine = fill(as_person("lead"), url) | {"role": "1"}
        send(as_person("group_lead"), url, role="3")
        response = as_person("lead").post(url, mine)
        assert response.status_code == 409
        assert "now lead" in response.content.decode()

    @pytest.fixture
    def alone(self, cast: Cast) -> Membership:
        """Leave Platform with one lead."""
        Membership.objects.get(user=cast.group_lead).delete()
        return Membership.objects.get(user=cast.lead)

    def test_the_last_lead_does_not_step_down(self, alone: Membership, as_person: AsPerson) -> None:
        url = page("membership", "change", alone.pk)
        response = send(as_person("lead"), url, role="1")
        assert response.status_code == 422
        assert "without a lead" in response.content.decode()

    def test_the_last_lead_is_not_removed(self, alone: Membership, as_person: AsPerson) -> None:
        url = page("membership", "delete", alone.pk)
        assert "without a lead" in as_person("lead").get(url).content.decode()
        as_person("lead").post(url, {"post": "yes"})
        assert Membership.objects.filter(pk=alone.pk).exists()

    def test_the_history_shows_the_roles(self, cast: Cast, as_person: AsPerson) -> None:
        membership = Membership.objects.get(user=cast.member)
        send(as_person("lead"), page("membership", "change", membership.pk), role="1")
        html = as_person("lead").get(page("membership", "history", membership.pk)).content.decode()
        assert "<del>Member</del> → <ins>Viewer</ins>" in html
        assert "Role changed" in html

    def test_the_list_leads_to_where_others_are_invited(
        self, cast: Cast, as_person: AsPerson
    ) -> None:
        html = as_person("lead").get(page("membership")).content.decode()
        assert "/teams/platform/members/" in html
        assert "/teams/checkout/members/" not in html


class TestPeople:
    def test_a_superuser_adds_somebody_who_has_no_password_yet(
        self, cast: Cast, as_person: AsPerson
    ) -> None:
        data = {"name": "New", "email": "New.Person@Example.org", "is_active": "on"}
        assert as_person("superuser").post(page("user", "add"), data).status_code == 302
        made = User.objects.get(email="new.person@example.org")
        assert not made.has_usable_password()

    def test_the_password_link_works_once(self, cast: Cast, as_person: AsPerson) -> None:
        url = page("user", "password_link", cast.member.pk)
        response = as_person("superuser").post(url)
        link = context_of(response)["link"]
        client = Client()
        form = client.get(link, follow=True)
        new = "a much better horse"
        client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
        cast.member.refresh_from_db()
        assert cast.member.check_password(new)
        assert "reset" in Client().get(link, follow=True).content.decode().lower()
        assert cast.member.check_password(new)

    def test_a_get_makes_no_password_link(self, cast: Cast, as_person: AsPerson) -> None:
        url = page("user", "password_link", cast.member.pk)
        assert as_person("superuser").get(url).status_code == 405

    def test_a_superuser_switches_somebody_off_and_they_are_out(
        self, cast: Cast, as_person: AsPerson
    ) -> None:
        client = as_person("member")
        url = page("user", "change", cast.member.pk)
        data = fill(as_person("superuser"), url)
        del data["is_active"]
        assert as_person("superuser").post(url, data).status_code == 302
        assert client.get(page("team")).status_code == 302
        assert not Client().login(username=cast.member.email, password=PASSWORD)

    @pytest.mark.parametrize("switch", ["is_active", "is_superuser"])
    def test_superusers_do_not_lock_themselves_out(
        self, switch: str, cast: Cast, as_person: AsPerson
    ) -> None:
        url = page("user", "change", cast.superuser.pk)
        data = fill(as_person("superuser"), url)
        del data[switch]
        assert as_person("superuser").post(url, data).status_code == 422

    def test_nobody_is_deleted(self, cast: Cast, as_person: AsPerson) -> None:
        url = page("user", "delete", cast.member.pk)
        assert as_person("superuser").post(url, {"post": "yes"}).status_code == 403

    def test_an_address_in_use_is_told_whatever_its_case(
        self, cast: Cast, as_person: AsPerson
    ) -> None:
        data = {"email": cast.member.email.upper(), "is_active": "on"}
        assert as_person("superuser").post(page("user", "add"), data).status_code == 422

    def test_a_former_address_stops_working(self, cast: Cast, as_person: AsPerson) -> None:
        from allauth.account.models import EmailAddress

        EmailAddress.objects.create(user=cast.member, email=cast.member.email, verified=True)
        url = page("user", "change", cast.member.pk)
        send(as_person("superuser"), url, email="other@example.org")
        assert not EmailAddress.objects.filter(email="member@example.org").exists()


class TestLabels:
    def test_a_name_is_once_a_team_whatever_its_case(self, cast: Cast, as_person: AsPerson) -> None:
        Label.objects.create(team=cast.platform, name="Debt")
        data = {"team": cast.platform.pk, "name": " dEBT "}
        assert as_person("lead").post(page("label", "add"), data).status_code == 422

    def test_deleting_one_leaves_a_trace_in_each_initiative(
        self, cast: Cast, log: Any, as_person: AsPerson
    ) -> None:
        label = Label.objects.create(team=cast.platform, name="Debt")
        made = log()
        made.labels.add(label)
        url = page("label", "delete", label.pk)
        assert as_person("lead").post(url, {"post": "yes"}).status_code == 302
        made.refresh_from_db()
        assert made.version == 2
        assert made.history.first().history_user == cast.lead
        html = as_person("lead").get(page("initiative", "history", made.pk)).content.decode()
        assert "Labels" in html


class TestOrganisation:
    def test_a_superuser_changes_it_at_once(self, cast: Cast, as_person: AsPerson) -> None:
        url = page("organisation", "change", 1)
        response = send(as_person("superuser"), url, name="New name", band_lower="15")
        assert response.status_code == 302
        kept = Organisation.objects.get()
        assert (kept.name, kept.band_lower) == ("New name", 150)

    def test_a_zone_that_is_none_is_told(self, cast: Cast, as_person: AsPerson) -> None:
        url = page("organisation", "change", 1)
        response = send(as_person("superuser"), url, reporting_zone="Mars/Olympus")
        assert response.status_code == 422

    def test_there_is_one(self, cast: Cast, as_person: AsPerson) -> None:
        client = as_person("superuser")
        assert client.get(page("organisation", "add")).status_code == 403
        assert client.get(page("organisation", "delete", 1)).status_code == 403
        assert client.get(page("organisation")).status_code == 302


class TestImports:
    def test_a_lead_sees_them_and_changes_nothing(self, cast: Cast, as_person: AsPerson) -> None:
        batch = ImportBatch.objects.create(
            team=cast.platform, user=cast.member, filename="<b>plan</b>.csv", row_count=7
        )
        html = as_person("lead").get(page("importbatch")).content.decode()
        assert "&lt;b&gt;plan&lt;/b&gt;.csv" in html
        assert reverse("import_batch", args=[batch.pk]) in html
        url = page("importbatch", "change", batch.pk)
        assert as_person("lead").get(url).status_code == 200
        assert as_person("lead").post(url, {"filename": "x"}).status_code == 403
        assert as_person("lead").get(page("importbatch", "add")).status_code == 403
