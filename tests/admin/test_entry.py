"""Who enters the panel, and which addresses it has at all."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from tests.admin.support import PANEL, page
from tests.cast import Cast
from tracker.models import Membership, Role

AsPerson = Callable[[str], Client]
MODELS = [
    "team",
    "membership",
    "initiative",
    "label",
    "plan",
    "importbatch",
    "organisation",
    "user",
]
LISTS = [page(model) for model in MODELS]


class TestWhoEnters:
    @pytest.mark.parametrize("url", [PANEL, *LISTS])
    def test_nobody_is_sent_to_sign_in_and_back(self, url: str, as_person: AsPerson) -> None:
        response = as_person("anonymous").get(url)
        assert response.status_code == 302
        assert response.url == f"{reverse('account_login')}?next={url}"  # type: ignore[attr-defined]

    @pytest.mark.parametrize("url", [PANEL, *LISTS])
    @pytest.mark.parametrize("role", ["stranger", "viewer", "member"])
    def test_people_who_lead_no_team_get_403(
        self, role: str, url: str, as_person: AsPerson
    ) -> None:
        assert as_person(role).get(url).status_code == 403
        assert as_person(role).post(url).status_code == 403

    @pytest.mark.parametrize("role", ["lead", "group_lead", "superuser"])
    def test_leads_enter(self, role: str, as_person: AsPerson) -> None:
        assert as_person(role).get(PANEL).status_code == 200

    def test_is_staff_opens_nothing(self, cast: Cast, as_person: AsPerson) -> None:
        cast.member.is_staff = True
        cast.member.save()
        assert as_person("member").get(PANEL).status_code == 403

    def test_djangos_permissions_open_nothing(self, cast: Cast, as_person: AsPerson) -> None:
        for person in (cast.member, cast.lead):
            person.user_permissions.set(Permission.objects.all())
        assert as_person("member").get(PANEL).status_code == 403
        assert as_person("lead").get(page("user")).status_code == 403
        assert as_person("lead").get(page("organisation")).status_code == 403
        assert as_person("lead").get(page("team", "add")).status_code == 403

    def test_a_lead_who_is_switched_off_is_out_at_once(
        self, cast: Cast, as_person: AsPerson
    ) -> None:
        client = as_person("lead")
        assert client.get(PANEL).status_code == 200
        cast.lead.is_active = False
        cast.lead.save()
        assert client.get(PANEL).status_code == 302

    def test_a_lead_who_is_demoted_is_out_at_once(self, cast: Cast, as_person: AsPerson) -> None:
        client = as_person("lead")
        assert client.get(PANEL).status_code == 200
        membership = Membership.objects.get(user=cast.lead)
        membership.role = Role.MEMBER
        membership.save()
        assert client.get(PANEL).status_code == 403

    def test_an_installation_without_organisation_is_set_up_first(
        self, cast: Cast, as_person: AsPerson
    ) -> None:
        cast.org.delete()
        type(cast.org).forget()
        response = as_person("superuser").get(PANEL)
        assert response.url == reverse("setup")  # type: ignore[attr-defined]


class TestSignIn:
    def test_djangos_sign_in_leads_to_the_products(self, as_person: AsPerson) -> None:
        response = as_person("anonymous").get("/admin/login/?next=/admin/tracker/team/")
        assert response.url == f"{reverse('account_login')}?next=/admin/tracker/team/"  # type: ignore[attr-defined]

    def test_djangos_sign_in_takes_no_password(self, cast: Cast, as_person: AsPerson) -> None:
        client = as_person("anonymous")
        client.post("/admin/login/", {"username": cast.lead.email, "password": "x"})
        assert "_auth_user_id" not in client.session

    def test_it_sends_people_who_have_signed_in_to_the_panel(self, as_person: AsPerson) -> None:
        assert as_person("lead").get("/admin/login/").url == PANEL  # type: ignore[attr-defined]


class TestWhatThereIs:
    def test_only_the_products_own_tables_are_registered(self) -> None:
        names = {model._meta.label_lower for model in admin.site._registry}
        assert names == {f"tracker.{model}" for model in MODELS}

    @pytest.mark.parametrize(
        "path",
        [
            "autocomplete/?app_label=tracker&model_name=membership&field_name=user&term=a",
            "jsi18n/",
            "logout/",
            "password_change/",
            "password_change/done/",
            "r/1/1/",
            "auth/group/",
            "account/emailaddress/",
        ],
    )
    @pytest.mark.parametrize("role", ["lead", "superuser"])
    def test_djangos_other_addresses_are_gone(
        self, role: str, path: str, as_person: AsPerson
    ) -> None:
        assert as_person(role).get(PANEL + path).status_code == 404

    @pytest.mark.parametrize("name", ["_popup", "_to_field"])
    def test_popups_and_other_fields_are_refused(
        self, name: str, cast: Cast, as_person: AsPerson
    ) -> None:
        client = as_person("lead")
        url = page("team", "change", cast.platform.pk)
        assert client.get(f"{url}?{name}=id").status_code == 404
        assert client.post(url, {name: "id"}).status_code == 404
        assert client.get(f"{page('membership', 'add')}?{name}=1").status_code == 404

    def test_the_applications_page_is_the_index(self, as_person: AsPerson) -> None:
        assert as_person("lead").get("/admin/tracker/").url == PANEL  # type: ignore[attr-defined]

    def test_the_rail_shows_where_one_is(self, as_person: AsPerson) -> None:
        html = as_person("lead").get(page("team")).content.decode()
        assert 'data-nav="admin" aria-current="page"' in html

    @pytest.mark.parametrize("role", ["lead", "superuser"])
    def test_the_tabs_show_only_what_a_person_may_open(
        self, role: str, as_person: AsPerson
    ) -> None:
        html = as_person(role).get(PANEL).content.decode()
        assert (page("user") in html) is (role == "superuser")
        assert (page("organisation") in html) is (role == "superuser")
        assert page("team") in html
