"""A lead tries to reach beyond lead of the own team, by every door the panel has."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.http import HttpRequest
from django.test import Client

from tests.admin.support import MODELS, fill, page, send, snapshot
from tests.cast import TODAY, Cast
from tracker.actions import initiatives as actions
from tracker.admin.site import leads
from tracker.models import (
    Holiday,
    Initiative,
    Membership,
    Role,
    Team,
    User,
)

AsPerson = Callable[[str], Client]


class TestForeignRows:
    @pytest.mark.parametrize("model", MODELS)
    def test_lists_leave_them_out(self, model: str, foreign: dict[str, Any], lead: Client) -> None:
        html = lead.get(page(model)).content.decode()
        assert page(model, "change", foreign[model].pk) not in html
        assert "secret" not in html.lower()
        assert "Checkout" not in html

    @pytest.mark.parametrize("what", ["change", "delete", "history"])
    @pytest.mark.parametrize("model", MODELS)
    def test_pages_answer_404_and_change_nothing(
        self, model: str, what: str, foreign: dict[str, Any], lead: Client
    ) -> None:
        url = page(model, what, foreign[model].pk)
        before = snapshot()
        forms = {"post": "yes", "role": "3", "title": "Mine", "name": "Mine", "_save": "1"}
        statuses = {lead.get(url).status_code, lead.post(url, forms).status_code}
        assert statuses <= {403, 404}
        assert snapshot() == before

    def test_a_foreign_initiative_is_not_restored(
        self, theirs: Initiative, cast: Cast, lead: Client
    ) -> None:
        actions.delete(by=cast.other_lead, pk=theirs.pk, version=theirs.version)
        assert lead.post(page("initiative", "restore", theirs.pk)).status_code == 404
        theirs.refresh_from_db()
        assert theirs.is_deleted

    @pytest.mark.parametrize("term", ["Secret", "CHK-1", "secret"])
    def test_search_does_not_find_them(self, term: str, theirs: Initiative, lead: Client) -> None:
        html = lead.get(page("initiative"), {"q": term}).content.decode()
        assert "Secret checkout plan" not in html

    def test_filters_do_not_reach_them(self, cast: Cast, theirs: Initiative, lead: Client) -> None:
        for query in ({"team": cast.checkout.pk}, {"owner": cast.other_lead.pk}, {"kept": "all"}):
            html = lead.get(page("initiative"), query, follow=True).content.decode()
            assert "Secret checkout plan" not in html

    @pytest.mark.parametrize("role", [Role.VIEWER, Role.MEMBER])
    def test_a_team_that_a_lead_only_belongs_to_is_not_administered(
        self, role: Role, cast: Cast, foreign: dict[str, Any], lead: Client
    ) -> None:
        Membership.objects.create(user=cast.lead, team=cast.checkout, role=role)
        urls = [page(model) for model in MODELS]
        for url in [*urls, page("membership", "add"), page("label", "add")]:
            main = lead.get(url).content.decode().partition("<main")[2]
            assert "Checkout" not in main
            assert "secret" not in main.lower()
        for model in MODELS:
            assert lead.get(page(model, "change", foreign[model].pk)).status_code == 404

    def test_after_a_move_the_former_lead_is_out(self, cast: Cast, log: Any, lead: Client) -> None:
        made = log("Was ours")
        actions.move(by=cast.superuser, pk=made.pk, version=made.version, team=cast.checkout)
        for what in ("change", "history", "delete"):
            assert lead.get(page("initiative", what, made.pk)).status_code == 404


class TestGuessing:
    @pytest.mark.parametrize(
        ("model", "query"),
        [
            ("initiative", "owner__password__startswith=md5"),
            ("initiative", "owner__email__startswith=a"),
            ("initiative", "team__memberships__user__is_superuser=1"),
            ("initiative", "parent__title__startswith=S"),
            ("initiative", "import_batch__content__contains=a"),
            ("initiative", "title__regex=(a%2B)%2B$"),
            ("initiative", "origin__regex=(a%2B)%2B$"),
            ("initiative", "created_by=1"),
            ("initiative", "description__exact=x"),
            ("membership", "user=1"),
            ("membership", "user__password__startswith=md5"),
            ("membership", "user__is_superuser=1"),
            ("team", "memberships__user__password__startswith=md5"),
            ("team", "parent__name__startswith=E"),
            ("label", "team__parent__name__startswith=E"),
        ],
    )
    def test_no_column_is_guessed_by_look_ups(
        self, model: str, query: str, cast: Cast, lead: Client
    ) -> None:
        assert lead.get(f"{page(model)}?{query}").status_code == 400

    @pytest.mark.parametrize("model", ["team", "membership", "initiative", "label"])
    def test_no_page_names_people_from_elsewhere(
        self, model: str, cast: Cast, log: Any, lead: Client
    ) -> None:
        log()
        urls = [page(model)]
        if model in {"membership", "label"}:
            urls.append(page(model, "add"))
        rows: Any = {"team": Team, "membership": Membership, "initiative": Initiative}.get(model)
        if rows:
            urls.append(page(model, "change", rows.objects.led_by(cast.lead).first().pk))
        for url in urls:
            html = lead.get(url).content.decode()
            for person in (cast.stranger, cast.other_lead, cast.superuser):
                assert person.email not in html
                assert person.name not in html


class TestWholeInstallation:
    @pytest.mark.parametrize("what", ["changelist", "add", "change", "delete", "history"])
    @pytest.mark.parametrize("model", ["user", "organisation"])
    def test_its_pages_are_closed_to_leads(
        self, model: str, what: str, cast: Cast, lead: Client
    ) -> None:
        pk = cast.lead.pk if model == "user" else 1
        url = page(model, what, *([] if what in {"changelist", "add"} else [pk]))
        before = snapshot()
        forms = {"is_superuser": "on", "is_active": "on", "email": "x@example.org", "post": "yes"}
        assert {lead.get(url).status_code, lead.post(url, forms).status_code} <= {403, 404}
        assert snapshot() == before

    def test_a_lead_makes_no_password_link(self, cast: Cast, lead: Client) -> None:
        url = page("user", "password_link", cast.superuser.pk)
        response = lead.post(url)
        assert response.status_code == 404
        assert b"password/reset/key" not in response.content


class TestTeams:
    def test_a_lead_makes_no_team(self, cast: Cast, lead: Client) -> None:
        assert lead.get(page("team", "add")).status_code == 403
        assert lead.post(page("team", "add"), {"name": "Mine"}).status_code == 403

    def test_save_as_new_makes_no_team(self, cast: Cast, lead: Client) -> None:
        url = page("team", "change", cast.platform.pk)
        response = send(lead, url, _saveasnew="1", name="Mine", slug="mine", key_prefix="MINE")
        assert response.status_code == 403
        assert Team.objects.count() == 3

    def test_a_lead_deletes_no_team(self, cast: Cast, lead: Client) -> None:
        url = page("team", "delete", cast.platform.pk)
        assert lead.get(url).status_code == 403
        assert lead.post(url, {"post": "yes"}).status_code == 403
        assert Team.objects.filter(pk=cast.platform.pk).exists()

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", "Ours now"),
            ("slug", "ours"),
            ("key_prefix", "OURS"),
            ("path", "/1/"),
            ("parent", ""),
            ("id", "1"),
        ],
    )
    def test_the_tree_is_out_of_a_leads_reach(
        self, field: str, value: str, cast: Cast, lead: Client
    ) -> None:
        before = Team.objects.filter(pk=cast.platform.pk).values().get()
        url = page("team", "change", cast.platform.pk)
        assert send(lead, url, band_lower="10", **{field: value}).status_code == 302
        after = Team.objects.filter(pk=cast.platform.pk).values().get()
        assert after == before | {"band_lower": 100}

    def test_a_group_above_is_not_the_leads_either(self, cast: Cast, lead: Client) -> None:
        assert lead.get(page("team", "change", cast.group.pk)).status_code == 404

    def test_a_foreign_holiday_is_not_removed_by_its_id(self, cast: Cast, lead: Client) -> None:
        own = Holiday.objects.create(team=cast.platform, day=TODAY, name="Ours")
        other = Holiday.objects.create(team=cast.checkout, day=TODAY, name="Theirs")
        url = page("team", "change", cast.platform.pk)
        send(lead, url, **{"holidays-0-id": str(other.pk), "holidays-0-DELETE": "on"})
        assert Holiday.objects.filter(pk__in=[own.pk, other.pk]).count() == 2

    def test_a_holiday_goes_to_the_team_of_the_page(self, cast: Cast, lead: Client) -> None:
        url = page("team", "change", cast.platform.pk)
        forged = {"holidays-0-team": str(cast.checkout.pk), "holidays-0-day": "2026-12-24"}
        send(lead, url, **forged)
        assert not Holiday.objects.filter(team=cast.checkout).exists()


class TestSecondLocks:
    """What holds should the first lock, the rows of the page, ever be left open."""

    def request(self, person: User) -> HttpRequest:
        request = HttpRequest()
        request.user = User.objects.get(pk=person.pk)
        return request

    @pytest.mark.parametrize("model", MODELS)
    def test_each_permission_asks_for_the_team_of_the_row(
        self, model: str, cast: Cast, foreign: dict[str, Any]
    ) -> None:
        request, row = self.request(cast.lead), foreign[model]
        panel: Any = admin.site.get_model_admin(type(row))
        for part in [panel, *panel.get_inline_instances(self.request(cast.superuser), row)]:
            assert not part.has_view_permission(request, row)
            assert not part.has_change_permission(request, row)
            assert not part.has_delete_permission(request, row)

    def test_actions_hold_their_rows_to_the_led_teams(self, cast: Cast, theirs: Initiative) -> None:
        panel: Any = admin.site.get_model_admin(Initiative)
        rows = panel.rows_of(self.request(cast.lead), Initiative.every.all())
        assert not rows.exists()

    def test_a_membership_offers_neither_person_nor_team(self, cast: Cast, lead: Client) -> None:
        url = page("membership", "change", Membership.objects.get(user=cast.member).pk)
        assert not {"user", "team"} & set(fill(lead, url))

    @pytest.mark.parametrize("role", ["lead", "superuser"])
    def test_somebody_switched_off_is_no_lead(self, role: str, cast: Cast) -> None:
        person = cast.person(role)
        assert leads(person)
        person = User.objects.get(pk=person.pk)
        person.is_active = False
        assert not leads(person)


class TestReach:
    def test_a_lead_of_the_group_leads_its_teams(
        self, cast: Cast, theirs: Initiative, as_person: AsPerson
    ) -> None:
        client = as_person("group_lead")
        assert client.get(page("team", "change", cast.checkout.pk)).status_code == 200
        assert b"Secret checkout plan" in client.get(page("initiative")).content

    def test_a_superuser_has_everything(self, foreign: dict[str, Any], as_person: AsPerson) -> None:
        client = as_person("superuser")
        for model in MODELS:
            assert client.get(page(model, "change", foreign[model].pk)).status_code == 200
