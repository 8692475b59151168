"""Queries of the mix against the domain's arithmetic over everything the database holds."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast
from tests.queries.random_work import FIRST, LAST, fill, items_of
from tracker.domain.calendar import FiscalCalendar, PeriodKind, periods
from tracker.domain.mix import Measure, Origin, Weight, entries, period_mix, sum_period_mixes
from tracker.models import Holiday, Initiative, Team, TeamCounter
from tracker.queries.calendars import calendars_of
from tracker.queries.facts import entries_in
from tracker.queries.mix import capacity_series, mix_series
from tracker.queries.stamps import stamps

BEFORE = date(2026, 9, 19)
FISCAL = FiscalCalendar(start_month=2)


@pytest.fixture
def teams(cast: Cast) -> list[Team]:
    """Give three teams with calendars of their own, full of work; one initiative is deleted."""
    cast.checkout.working_weekdays = 0b0101111
    cast.checkout.save()
    Holiday.objects.create(team=cast.group, day=date(2026, 1, 1))
    Holiday.objects.create(team=cast.platform, day=date(2026, 4, 6))
    teams = [cast.group, cast.platform, cast.checkout]
    fill(teams, 90, seed=7)
    deleted = Initiative.objects.earliest("pk")
    Initiative.every.filter(pk=deleted.pk).update(deleted_at=timezone.now())
    return teams


@pytest.mark.parametrize("kind", list(PeriodKind))
@pytest.mark.parametrize("measure", list(Measure))
def test_series_equal_the_domain_over_all_items(
    teams: list[Team], measure: Measure, kind: PeriodKind
) -> None:
    asked = periods(kind, FIRST, LAST, FISCAL)
    calendars = {team.pk: team.calendar for team in teams}

    found = mix_series(teams, asked, measure, BEFORE)

    for team in teams:
        items = items_of(team)
        for mix in found[team.pk]:
            members = entries(items, mix.period, measure, before=BEFORE, calendar_of_team=calendars)
            assert mix == period_mix(mix.period, measure, members)
    assert any(mix.mixes[weight].total for mix in found[teams[1].pk] for weight in Weight)


@pytest.mark.parametrize("kind", list(PeriodKind))
def test_quick_capacity_equals_the_full_series(teams: list[Team], kind: PeriodKind) -> None:
    asked = periods(kind, FIRST, LAST, FISCAL)[2:]

    quick = capacity_series(teams, asked, BEFORE)

    full = mix_series(teams, asked, Measure.CAPACITY, BEFORE)
    for team in teams:
        assert quick[team.pk] == tuple(mix.mixes[Weight.EFFORT] for mix in full[team.pk])


@pytest.mark.parametrize("measure", list(Measure))
def test_entries_of_a_period_add_up_to_its_mix(teams: list[Team], measure: Measure) -> None:
    for period in periods(PeriodKind.QUARTER, FIRST, LAST, FISCAL):
        entries_by_team = {
            team.pk: entries_in([team], period, measure, before=BEFORE) for team in teams
        }
        together = entries_in(teams, period, measure, before=BEFORE)

        mixes = mix_series(teams, [period], measure, BEFORE)
        for team in teams:
            assert period_mix(period, measure, entries_by_team[team.pk]) == mixes[team.pk][0]
        assert len(together) == sum(map(len, entries_by_team.values()))
        total = sum_period_mixes(own[0] for own in mixes.values())
        assert total is not None
        assert (
            total.mixes[Weight.EFFORT] == period_mix(period, measure, together).mixes[Weight.EFFORT]
        )


def test_a_team_without_work_has_empty_mixes(cast: Cast) -> None:
    asked = periods(PeriodKind.QUARTER, FIRST, LAST, FISCAL)

    for measure in Measure:
        series = mix_series([cast.platform], asked, measure, BEFORE)[cast.platform.pk]
        assert [mix.mixes[Weight.EFFORT].share for mix in series] == [None] * len(asked)
    assert mix_series([cast.platform], [], Measure.CAPACITY, BEFORE) == {cast.platform.pk: ()}


def test_largest_efforts_and_values_do_not_overflow(
    cast: Cast, log: Callable[..., Initiative]
) -> None:
    first = log(pd=100_000, origin=Origin.PLANNED, expected_value=10**15)
    for number in range(30):
        log(f"Huge {number}", pd=100_000, origin=Origin.PLANNED, expected_value=10**15)
    period = periods(PeriodKind.YEAR, date(2026, 9, 1), date(2026, 9, 2), FiscalCalendar())[0]

    mix = mix_series([cast.platform], [period], Measure.INTAKE_GROSS, BEFORE)[first.team_id][0]

    assert mix.mixes[Weight.VALUE].planned == 31 * 10**15
    assert mix.sum_w2 == 31 * (10**8) ** 2


@pytest.mark.parametrize("measure", list(Measure))
def test_queries_do_not_grow_with_teams_or_rows(
    cast: Cast, measure: Measure, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    teams = [cast.group, cast.platform, cast.checkout]
    asked = periods(PeriodKind.MONTH, FIRST, LAST, FISCAL)
    for count in (2, 20):
        fill(teams, count, seed=count)
        with django_assert_max_num_queries(4):
            mix_series(teams, asked, measure, BEFORE)
        with django_assert_max_num_queries(3):
            capacity_series(teams, asked, BEFORE)


def test_calendars_of_teams_equal_their_own(teams: list[Team]) -> None:
    fresh = {team.pk: Team.objects.get(pk=team.pk).calendar for team in teams}

    assert calendars_of(teams) == fresh


def test_a_stamp_moves_with_its_team_alone(cast: Cast) -> None:
    before = dict(stamps([cast.platform.pk, cast.checkout.pk]))

    TeamCounter.bump(cast.platform.pk)

    after = dict(stamps([cast.platform.pk, cast.checkout.pk]))
    assert after[cast.platform.pk] == before[cast.platform.pk] + 1
    assert after[cast.checkout.pk] == before[cast.checkout.pk]


def test_work_ahead_of_the_window_is_anchored(teams: list[Team]) -> None:
    late = periods(PeriodKind.MONTH, date(2026, 6, 1), LAST, FISCAL)
    everything = periods(PeriodKind.MONTH, FIRST - timedelta(days=60), LAST, FISCAL)

    for team, series in capacity_series(teams, late, BEFORE).items():
        assert series == capacity_series(teams, everything, BEFORE)[team][-len(late) :]
