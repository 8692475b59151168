"""A team's settings and holidays."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast
from tracker.actions.teams import version_of
from tracker.models import Holiday, Team

As = Callable[[str], Client]
URL = "/teams/platform/settings/"
HTMX = {"HX-Request": "true", "HX-Target": "section#team-settings"}
HOLIDAYS = {"HX-Request": "true", "HX-Target": "section#team-holidays"}


def form(team: Team, **changes: Any) -> dict[str, Any]:
    return {
        "version": version_of(team),
        "name": "Platform",
        "band_lower": "20",
        "band_upper": "35",
        "band_derail": "50",
        "weekdays": ["0", "1", "2", "3", "4"],
        "default_fte": "1",
    } | changes


class TestTeamSettings:
    @pytest.mark.parametrize(
        ("role", "status"),
        [
            ("anonymous", 302),
            ("stranger", 404),
            ("other_lead", 404),
            ("viewer", 403),
            ("member", 403),
            ("lead", 200),
            ("group_lead", 200),
            ("superuser", 200),
        ],
    )
    def test_is_for_leads(self, cast: Cast, as_person: As, role: str, status: int) -> None:
        client = as_person(role)

        assert client.get(URL).status_code == status
        written = client.post(URL, form(cast.platform, band_lower="5")).status_code
        assert written == (302 if status == 200 else status)
        assert Team.objects.get(slug="platform").band_lower == (50 if status == 200 else 200)

    def test_shows_how_things_stand(self, as_person: As) -> None:
        page = as_person("lead").get(URL).content.decode()

        assert 'name="band_upper" value="35"' in page
        assert page.count("checked") == 5  # weekdays

    def test_stores_everything(self, cast: Cast, as_person: As) -> None:
        given = form(
            cast.platform,
            name="  Foundations  team ",
            band_lower="12.5",
            weekdays=["0", "6"],
            default_fte="1.25",
        )

        response = as_person("lead").post(URL, given, follow=True)

        team = Team.objects.get(slug="platform")
        assert team.name == "Foundations team"
        assert (team.band_lower, team.band_upper, team.band_derail) == (125, 350, 500)
        assert (team.weekdays, team.default_fte_milli) == (frozenset({0, 6}), 1250)
        assert "The settings are saved." in response.content.decode()

    def test_the_history_says_who_changed_what(self, cast: Cast, as_person: As) -> None:
        client = as_person("lead")
        client.post(URL, form(cast.platform, band_lower="10", weekdays=["0"]))

        page = client.get(URL).content.decode()

        assert "20.0\u202f%" in page
        assert "10.0\u202f%" in page
        assert "Mon, Tue, Wed, Thu, Fri" in page

    @pytest.mark.parametrize(
        ("field", "value", "says"),
        [
            ("name", " ", "required"),
            ("band_lower", "36", "end above its start"),
            ("band_derail", "34", "upper edge or above"),
            ("band_lower", "-1", "greater than or equal to 0"),
            ("band_derail", "101", "less than or equal to 100"),
            ("band_upper", "NaN", "number"),
            ("band_upper", "33.33", "1 decimal place"),
            ("weekdays", [], "required"),
            ("weekdays", ["7"], "valid choice"),
            ("default_fte", "0", "greater than or equal to"),
            ("default_fte", "1e9", "less than or equal to 100"),
            ("version", "x", "whole number"),
        ],
    )
    def test_nonsense_is_refused_with_what_was_typed(
        self, cast: Cast, as_person: As, field: str, value: Any, says: str
    ) -> None:
        given = form(cast.platform, **{"default_fte": "1.5", field: value})

        response = as_person("lead").post(URL, given)

        page = response.content.decode()
        assert response.status_code == 422
        assert says in page
        assert 'value="1.5"' in page or field == "default_fte"
        assert Team.objects.get(slug="platform").history.count() == 1

    def test_a_conflict_shows_both_values_and_keeps_the_typed_one(
        self, cast: Cast, as_person: As
    ) -> None:
        stale = form(cast.platform, band_lower="15")
        as_person("group_lead").post(URL, form(cast.platform, band_lower="10"))

        response = as_person("lead").post(URL, stale, headers=HTMX)

        page = response.content.decode()
        assert response.status_code == 409
        assert "10.0\u202f%" in page
        assert "15.0\u202f%" in page
        assert 'name="band_lower" value="15"' in page
        assert Team.objects.get(slug="platform").band_lower == 100

    def test_saving_again_after_a_conflict_sets_ones_own(self, cast: Cast, as_person: As) -> None:
        stale = form(cast.platform, band_lower="15")
        as_person("group_lead").post(URL, form(cast.platform, band_lower="10"))
        client = as_person("lead")
        refused = client.post(URL, stale)

        client.post(URL, {**stale, "version": refused.context["form"]["version"].value()})

        assert Team.objects.get(slug="platform").band_lower == 150

    def test_htmx_gets_the_part_and_an_event_for_the_history(
        self, cast: Cast, as_person: As
    ) -> None:
        response = as_person("lead").post(URL, form(cast.platform, band_lower="10"), headers=HTMX)

        page = response.content.decode()
        assert response.status_code == 200
        assert page.lstrip().startswith('<section id="team-settings"')
        assert "<html" not in page
        assert "teamChanged" in response.headers["HX-Trigger"]

    def test_a_new_name_loads_the_page_anew(self, cast: Cast, as_person: As) -> None:
        response = as_person("lead").post(URL, form(cast.platform, name="New"), headers=HTMX)

        assert response.headers["HX-Redirect"] == URL

    def test_a_hostile_name_stays_text(self, cast: Cast, as_person: As) -> None:
        client = as_person("lead")
        client.post(URL, form(cast.platform, name="<img src=x onerror=alert(1)>"))

        assert "<img src=x" not in client.get(URL).content.decode()

    def test_queries_do_not_grow_with_the_holidays(
        self, cast: Cast, as_person: As, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = as_person("lead")
        client.get(URL)
        for day in range(1, 29):
            Holiday.objects.create(team=cast.platform, day=date(2027, 1, day))

        # session, person, roles, team, holidays, changes, version, menu of teams
        with django_assert_num_queries(8):
            client.get(URL)


class TestHolidays:
    @pytest.mark.parametrize(
        ("role", "status"),
        [("anonymous", 302), ("stranger", 404), ("viewer", 403), ("member", 403)],
    )
    def test_are_for_leads(self, cast: Cast, as_person: As, role: str, status: int) -> None:
        kept = Holiday.objects.create(team=cast.platform, day=date(2026, 12, 25))
        client = as_person(role)

        add = client.post(
            reverse("team_holiday_add", args=["platform"]), {"holiday-day": "2026-12-24"}
        )
        delete = client.post(reverse("team_holiday_delete", args=["platform", kept.pk]))

        assert (add.status_code, delete.status_code) == (status, status)
        assert list(Holiday.objects.all()) == [kept]

    def test_add_and_delete(self, cast: Cast, as_person: As) -> None:
        client = as_person("lead")
        given = {"holiday-day": "2026-12-25", "holiday-name": "Christmas Day"}

        added = client.post(reverse("team_holiday_add", args=["platform"]), given, follow=True)
        assert "25 Dec 2026 is a day off." in added.content.decode()

        holiday = Holiday.objects.get()
        client.post(reverse("team_holiday_delete", args=["platform", holiday.pk]))
        assert not Holiday.objects.exists()

    def test_htmx_gets_the_list(self, cast: Cast, as_person: As) -> None:
        given = {"holiday-day": "2026-12-25", "holiday-name": "<b>Xmas</b>"}

        response = as_person("lead").post(
            reverse("team_holiday_add", args=["platform"]), given, headers=HOLIDAYS
        )

        page = response.content.decode()
        assert page.lstrip().startswith('<section id="team-holidays"')
        assert "&lt;b&gt;Xmas" in page

    @pytest.mark.parametrize("day", ["", "31.12.2026", "2026-02-30", "0001-01-01", "9999-12-31"])
    def test_nonsense_is_refused(self, cast: Cast, as_person: As, day: str) -> None:
        response = as_person("lead").post(
            reverse("team_holiday_add", args=["platform"]),
            {"holiday-day": day, "holiday-name": "kept text"},
        )

        assert response.status_code == 422
        assert "kept text" in response.content.decode()

    def test_a_day_twice_is_refused_unless_it_is_a_double_submit(
        self, cast: Cast, as_person: As
    ) -> None:
        client, url = as_person("lead"), reverse("team_holiday_add", args=["platform"])
        given = {"holiday-day": "2026-12-25", "holiday-name": "Christmas"}
        client.post(url, given)

        assert client.post(url, given).status_code == 302
        assert client.post(url, given | {"holiday-name": "Other"}).status_code == 422
        assert Holiday.objects.get().name == "Christmas"

    def test_a_day_off_from_above_can_not_be_touched_here(self, cast: Cast, as_person: As) -> None:
        above = Holiday.objects.create(team=cast.group, day=date(2026, 12, 25), name="Xmas")
        client = as_person("lead")

        page = client.get(URL).content.decode()
        again = client.post(
            reverse("team_holiday_add", args=["platform"]), {"holiday-day": "2026-12-25"}
        )
        delete = client.post(reverse("team_holiday_delete", args=["platform", above.pk]))

        assert "from a team above" in page
        assert again.status_code == 422
        assert delete.status_code == 404
        assert Holiday.objects.filter(pk=above.pk).exists()

    def test_get_is_refused(self, cast: Cast, as_person: As) -> None:
        assert (
            as_person("lead").get(reverse("team_holiday_add", args=["platform"])).status_code == 405
        )
