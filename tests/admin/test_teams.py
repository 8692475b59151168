"""Teams in the panel: settings and holidays for leads, the tree for superusers."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.test import Client

from tests.admin.support import context_of, fill, page, send
from tests.cast import Cast
from tracker.models import Holiday, Team, TeamCounter

AsPerson = Callable[[str], Client]


def stamp(team: Team) -> int:
    return TeamCounter.objects.get(team=team).stamp


class TestSettings:
    def test_a_lead_sets_band_days_and_fte(self, cast: Cast, as_person: AsPerson) -> None:
        url = page("team", "change", cast.platform.pk)
        new = {"band_lower": "12.5", "band_upper": "40", "working_weekdays": ["0", "2"]}
        before = stamp(cast.platform)
        assert send(as_person("lead"), url, **new, default_fte_milli="1.5").status_code == 302
        team = Team.objects.get(pk=cast.platform.pk)
        assert (team.band_lower, team.band_upper, team.band_derail) == (125, 400, 500)
        assert (team.working_weekdays, team.default_fte_milli) == (0b101, 1500)
        assert stamp(cast.platform) > before

    def test_the_history_says_who(self, cast: Cast, as_person: AsPerson) -> None:
        url = page("team", "change", cast.platform.pk)
        send(as_person("lead"), url, band_lower="10")
        newest = Team.objects.get(pk=cast.platform.pk).history.first()
        assert newest.history_user == cast.lead
        html = as_person("lead").get(page("team", "history", cast.platform.pk)).content.decode()
        assert "<del>20\u2009%</del> → <ins>10\u2009%</ins>" in html

    def test_saving_without_a_change_leaves_no_history(
        self, cast: Cast, as_person: AsPerson
    ) -> None:
        before = cast.platform.history.count()
        send(as_person("lead"), page("team", "change", cast.platform.pk))
        assert cast.platform.history.count() == before

    def test_edges_must_rise(self, cast: Cast, as_person: AsPerson) -> None:
        url = page("team", "change", cast.platform.pk)
        response = send(as_person("lead"), url, band_lower="60")
        assert response.status_code == 422
        assert "edges must rise" in response.content.decode()
        assert 'value="60"' in response.content.decode()

    def test_a_team_works_some_day(self, cast: Cast, as_person: AsPerson) -> None:
        url = page("team", "change", cast.platform.pk)
        assert send(as_person("lead"), url, working_weekdays=[]).status_code == 422

    def test_a_stale_setting_is_a_conflict_and_the_next_save_overwrites(
        self, cast: Cast, as_person: AsPerson
    ) -> None:
        url = page("team", "change", cast.platform.pk)
        mine = fill(as_person("lead"), url) | {"band_lower": "11"}
        send(as_person("group_lead"), url, band_lower="22")
        response = as_person("lead").post(url, mine)
        assert response.status_code == 409
        assert "now 22" in response.content.decode()
        assert 'value="11"' in response.content.decode()
        again = context_of(response)["adminform"].form.data["seen"]
        assert as_person("lead").post(url, mine | {"seen": again}).status_code == 302
        assert Team.objects.get(pk=cast.platform.pk).band_lower == 110

    def test_two_leads_who_change_different_settings_both_win(
        self, cast: Cast, as_person: AsPerson
    ) -> None:
        url = page("team", "change", cast.platform.pk)
        mine = fill(as_person("lead"), url) | {"default_fte_milli": "2"}
        send(as_person("group_lead"), url, band_lower="22")
        assert as_person("lead").post(url, mine).status_code == 302
        team = Team.objects.get(pk=cast.platform.pk)
        assert (team.band_lower, team.default_fte_milli) == (220, 2000)


class TestHolidays:
    def test_a_lead_adds_and_removes_days_off(self, cast: Cast, as_person: AsPerson) -> None:
        url = page("team", "change", cast.platform.pk)
        new = {"holidays-0-day": "2026-12-24", "holidays-0-name": "Christmas Eve"}
        assert send(as_person("lead"), url, **new).status_code == 302
        holiday = Holiday.objects.get()
        assert (holiday.team, holiday.day) == (cast.platform, date(2026, 12, 24))
        assert send(as_person("lead"), url, **{"holidays-0-DELETE": "on"}).status_code == 302
        assert not Holiday.objects.exists()

    def test_a_day_off_of_the_group_moves_the_stamps_below(
        self, cast: Cast, as_person: AsPerson
    ) -> None:
        before = stamp(cast.platform)
        url = page("team", "change", cast.group.pk)
        send(as_person("group_lead"), url, **{"holidays-0-day": "2026-12-24"})
        assert stamp(cast.platform) > before

    def test_the_same_day_twice_is_told(self, cast: Cast, as_person: AsPerson) -> None:
        Holiday.objects.create(team=cast.platform, day=date(2026, 12, 24))
        url = page("team", "change", cast.platform.pk)
        response = send(as_person("lead"), url, **{"holidays-1-day": "2026-12-24"})
        assert response.status_code == 422


class TestTree:
    def test_a_superuser_makes_a_team(self, cast: Cast, as_person: AsPerson) -> None:
        new = {"name": "Search", "slug": "search", "key_prefix": "SRC", "parent": cast.group.pk}
        response = send(as_person("superuser"), page("team", "add"), **new)
        assert response.status_code == 302
        team = Team.objects.get(slug="search")
        assert team.band == cast.org.band
        assert team.path == f"{cast.group.path}{team.pk}/"

    def test_a_superuser_moves_a_team_and_all_figures_may_move(
        self, cast: Cast, as_person: AsPerson
    ) -> None:
        before = stamp(cast.group)
        url = page("team", "change", cast.platform.pk)
        assert send(as_person("superuser"), url, parent="").status_code == 302
        assert Team.objects.get(pk=cast.platform.pk).path == f"/{cast.platform.pk}/"
        assert stamp(cast.group) > before

    def test_a_team_does_not_go_below_itself(self, cast: Cast, as_person: AsPerson) -> None:
        url = page("team", "change", cast.group.pk)
        response = send(as_person("superuser"), url, parent=str(cast.platform.pk))
        assert response.status_code == 422
        assert Team.objects.get(pk=cast.group.pk).parent is None

    def test_keys_and_links_stay(self, cast: Cast, as_person: AsPerson) -> None:
        url = page("team", "change", cast.platform.pk)
        send(as_person("superuser"), url, key_prefix="NEW", slug="new", name="New")
        team = Team.objects.get(pk=cast.platform.pk)
        assert (team.key_prefix, team.slug, team.name) == ("PLAT", "platform", "New")

    def test_a_team_with_work_is_not_deleted(
        self, cast: Cast, log: Any, as_person: AsPerson
    ) -> None:
        log()
        url = page("team", "delete", cast.platform.pk)
        assert as_person("superuser").post(url, {"post": "yes"}).status_code == 403
        assert Team.objects.filter(pk=cast.platform.pk).exists()

    def test_an_empty_team_is_deleted(self, cast: Cast, as_person: AsPerson) -> None:
        url = page("team", "delete", cast.checkout.pk)
        assert as_person("superuser").post(url, {"post": "yes"}).status_code == 302
        assert not Team.objects.filter(pk=cast.checkout.pk).exists()
