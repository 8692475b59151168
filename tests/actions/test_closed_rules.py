"""What a closed period keeps when the rules change: its working days, its holidays, its band."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from tests.cast import Cast
from tests.views.golden import write_example
from tracker.actions import periods
from tracker.actions.teams import add_holiday, change_settings, delete_holiday, version_of
from tracker.models import FormerWeek, Holiday, PeriodClose, Team
from tracker.models.periods import Bands
from tracker.queries.calendars import calendars_of

APRIL = date(2026, 4, 1)
FOUR_DAYS = 0b0001111
MON_TO_FRI = frozenset(range(5))


@pytest.fixture
def closed(cast: Cast) -> Team:
    """Give Platform with the first quarter and its months closed."""
    write_example(cast.platform)
    periods.close_due(date(2026, 4, 8))
    return Team.objects.get(pk=cast.platform.pk)


def work(cast: Cast, team: Team, bits: int) -> Team:
    """Change a team's working days."""
    return change_settings(
        by=cast.lead,
        team_id=team.pk,
        version=version_of(team),
        changes={"working_weekdays": bits},
    )


class TestWeeks:
    """Other working days."""

    def test_they_hold_from_the_first_open_day(self, cast: Cast, closed: Team) -> None:
        """The closed quarter keeps its 63 working days, April has four a week."""
        work(cast, closed, FOUR_DAYS)
        calendar = Team.objects.get(pk=closed.pk).calendar
        assert calendar.former == ((APRIL, MON_TO_FRI),)
        assert calendar.working_days(date(2026, 1, 1), APRIL) == 63
        assert calendar.working_days(APRIL, date(2026, 5, 1)) == 18
        assert calendars_of([Team.objects.get(pk=closed.pk)])[closed.pk] == calendar

    def test_a_second_change_keeps_what_held_before(self, cast: Cast, closed: Team) -> None:
        """Nothing was closed under the days in between."""
        work(cast, closed, FOUR_DAYS)
        work(cast, Team.objects.get(pk=closed.pk), 0b0000111)
        assert list(FormerWeek.objects.values_list("until", "working_weekdays")) == [(APRIL, 31)]

    def test_without_a_close_all_days_follow(self, cast: Cast) -> None:
        """As before there were closes."""
        work(cast, cast.checkout, FOUR_DAYS)
        assert not FormerWeek.objects.exists()

    def test_the_next_close_knows_both(self, cast: Cast, closed: Team) -> None:
        """The half-year has the old week until April and the new one from then on."""
        work(cast, closed, FOUR_DAYS)
        periods.close_due(date(2026, 7, 10))
        half = PeriodClose.objects.get(slug="2026-h1")
        assert half.rules["former"] == [["2026-04-01", [0, 1, 2, 3, 4]]]
        assert half.rules["weekdays"] == [0, 1, 2, 3]
        second = PeriodClose.objects.get(slug="2026-q2")
        assert (second.rules["former"], second.rules["weekdays"]) == ([], [0, 1, 2, 3])


class TestHolidays:
    """Days off in periods that have been reported."""

    def test_a_new_one_is_refused(self, cast: Cast, closed: Team) -> None:
        """It would change what was reported."""
        with pytest.raises(ValidationError, match=r"Mar 2026, which Platform has closed"):
            add_holiday(by=cast.lead, team=closed, day=date(2026, 3, 3), name="Mardi Gras")
        assert Holiday.objects.count() == 1

    def test_one_of_a_team_above_is_refused_as_well(self, cast: Cast, closed: Team) -> None:
        """It would hold for the closed team, too."""
        with pytest.raises(ValidationError, match="Platform has closed"):
            add_holiday(by=cast.group_lead, team=cast.group, day=date(2026, 3, 3), name="")

    def test_an_old_one_stays(self, cast: Cast, closed: Team) -> None:
        """New Year's Day was no working day in the report."""
        with pytest.raises(ValidationError, match="stay as they were reported"):
            delete_holiday(by=cast.lead, holiday=Holiday.objects.get())
        assert Holiday.objects.count() == 1

    def test_an_open_day_is_free_to_change(self, cast: Cast, closed: Team) -> None:
        """April has not been closed."""
        holiday, is_new = add_holiday(by=cast.lead, team=closed, day=date(2026, 4, 3), name="")
        assert is_new
        delete_holiday(by=cast.lead, holiday=holiday)


def test_a_closed_period_keeps_its_band(cast: Cast, closed: Team) -> None:
    """The new one holds for what is open."""
    change_settings(
        by=cast.lead,
        team_id=closed.pk,
        version=version_of(closed),
        changes={"band_upper": 500},
    )
    team = Team.objects.get(pk=closed.pk)
    quarter = PeriodClose.objects.get(slug="2026-q1").period
    bands = Bands(team)
    assert float(bands.of(quarter).upper) == 0.35
    assert float(bands.of_open(quarter).upper) == 0.5
