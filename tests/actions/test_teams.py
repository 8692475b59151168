"""Writes of a team's settings and holidays."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tests.cast import Cast
from tracker.actions.teams import (
    StaleSettings,
    add_holiday,
    change_settings,
    delete_holiday,
    version_of,
)
from tracker.models import Holiday, Team, TeamCounter

CHRISTMAS = date(2026, 12, 25)


def stamps() -> dict[int, int]:
    return dict(TeamCounter.objects.values_list("team_id", "stamp"))


class TestChangeSettings:
    def test_stores_the_band_with_who_and_why(self, cast: Cast) -> None:
        change_settings(
            by=cast.lead,
            team_id=cast.platform.pk,
            version=version_of(cast.platform),
            changes={"band_lower": 100, "band_upper": 300},
        )

        team = Team.objects.get(pk=cast.platform.pk)
        assert (team.band_lower, team.band_upper, team.band_derail) == (100, 300, 500)
        latest = team.history.first()
        assert (latest.history_user, latest.history_change_reason) == (cast.lead, "Settings")

    def test_moves_the_stamps_of_the_team_and_of_those_below(self, cast: Cast) -> None:
        before = stamps()

        change_settings(
            by=cast.group_lead,
            team_id=cast.group.pk,
            version=version_of(cast.group),
            changes={"working_weekdays": 0b0001111},
        )

        assert all(stamps()[pk] == before[pk] + 1 for pk in before)

    def test_leaves_the_stamps_of_siblings_alone(self, cast: Cast) -> None:
        before = stamps()

        change_settings(
            by=cast.lead,
            team_id=cast.platform.pk,
            version=version_of(cast.platform),
            changes={"band_lower": 100},
        )

        assert stamps()[cast.checkout.pk] == before[cast.checkout.pk]

    def test_two_people_on_the_same_edge_is_a_conflict(self, cast: Cast) -> None:
        seen = version_of(cast.platform)
        common = {"team_id": cast.platform.pk, "version": seen}
        change_settings(by=cast.lead, changes={"band_lower": 100}, **common)

        with pytest.raises(StaleSettings) as caught:
            change_settings(by=cast.group_lead, changes={"band_lower": 150}, **common)

        assert caught.value.fields == {"band_lower"}
        assert caught.value.version == version_of(cast.platform)
        assert Team.objects.get(pk=cast.platform.pk).band_lower == 100

    def test_what_was_left_as_read_does_not_undo_the_others_change(self, cast: Cast) -> None:
        seen = version_of(cast.platform)
        common = {"team_id": cast.platform.pk, "version": seen}
        change_settings(by=cast.lead, changes={"band_lower": 100}, **common)

        change_settings(
            by=cast.group_lead, changes={"band_lower": 200, "name": "Foundations"}, **common
        )

        team = Team.objects.get(pk=cast.platform.pk)
        assert (team.name, team.band_lower) == ("Foundations", 100)

    def test_refuses_edges_out_of_order(self, cast: Cast) -> None:
        with pytest.raises(ValidationError):
            change_settings(
                by=cast.lead,
                team_id=cast.platform.pk,
                version=version_of(cast.platform),
                changes={"band_lower": 900},
            )

    def test_refuses_what_is_no_setting(self, cast: Cast) -> None:
        with pytest.raises(ValueError, match="parent"):
            change_settings(by=cast.lead, team_id=1, version=0, changes={"parent": None})


class TestHolidays:
    def test_a_day_off_counts_for_the_teams_below(self, cast: Cast) -> None:
        before = stamps()

        holiday, is_new = add_holiday(
            by=cast.group_lead, team=cast.group, day=CHRISTMAS, name="Christmas Day"
        )

        assert is_new
        assert CHRISTMAS in Team.objects.get(pk=cast.platform.pk).calendar.holidays
        assert stamps()[cast.platform.pk] == before[cast.platform.pk] + 1
        assert str(holiday) in cast.group.history.first().history_change_reason

    def test_a_double_submit_makes_one_row(self, cast: Cast) -> None:
        given: dict[str, Any] = {
            "by": cast.lead,
            "team": cast.platform,
            "day": CHRISTMAS,
            "name": "Christmas",
        }
        add_holiday(**given)

        _, is_new = add_holiday(**given)

        assert not is_new
        assert Holiday.objects.count() == 1

    def test_deleting_makes_it_a_working_day_again(self, cast: Cast) -> None:
        holiday, _ = add_holiday(by=cast.lead, team=cast.platform, day=CHRISTMAS, name="")
        before = stamps()

        delete_holiday(by=cast.lead, holiday=holiday)

        assert not Holiday.objects.exists()
        assert stamps()[cast.platform.pk] == before[cast.platform.pk] + 1
        assert "removed" in cast.platform.history.first().history_change_reason
