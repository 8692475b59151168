"""Series of kept ledgers against the domain's arithmetic over all that the database holds."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.brute import mix_of_facts
from tests.cast import Cast
from tests.queries.random_work import FIRST, LAST, fill, items_of
from tracker.domain.calendar import FiscalCalendar, Period, PeriodKind, periods
from tracker.domain.mix import Measure, Origin, PeriodMix, Weight, entries, period_mix, sum_mixes
from tracker.domain.totals import mix_of_totals
from tracker.models import Holiday, Initiative, Team, TeamCounter
from tracker.queries.calendars import calendars_of
from tracker.queries.facts import entries_in
from tracker.queries.ledgers import forget, ledgers
from tracker.queries.series import Series
from tracker.queries.stamps import stamps

BEFORE = date(2026, 9, 19)
FISCAL = FiscalCalendar(start_month=2)


@contextmanager
def series_of(
    teams: Sequence[Team], measure: Measure, weight: Weight = Weight.EFFORT
) -> Iterator[dict[int, Series]]:
    """Give a series a team, of ledgers as they stand."""
    with ledgers(dict(stamps(team.pk for team in teams))) as kept:
        yield {pk: Series([own], measure, weight, FISCAL, BEFORE) for pk, own in kept.items()}


def mixes_of(
    teams: Sequence[Team], asked: Sequence[Period], measure: Measure
) -> dict[int, list[PeriodMix]]:
    """Return by team the mixes of periods."""
    with series_of(teams, measure) as found:
        return {pk: [own.period_mix(period) for period in asked] for pk, own in found.items()}


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

    found = mixes_of(teams, asked, measure)

    for team in teams:
        items = items_of(team)
        for mix in found[team.pk]:
            members = entries(items, mix.period, measure, before=BEFORE, calendar_of_team=calendars)
            assert mix == period_mix(mix.period, measure, members)
    assert any(mix.mixes[weight].total for mix in found[teams[1].pk] for weight in Weight)


@pytest.mark.parametrize("kind", list(PeriodKind))
def test_the_points_of_a_line_equal_the_full_mixes(teams: list[Team], kind: PeriodKind) -> None:
    asked = periods(kind, FIRST, LAST, FISCAL)[2:]
    full = mixes_of(teams, asked, Measure.CAPACITY)

    with series_of(teams, Measure.CAPACITY) as found:
        lines = {pk: [point.mix for point in own.points(asked)] for pk, own in found.items()}

    for team in teams:
        assert lines[team.pk] == [mix.mixes[Weight.EFFORT] for mix in full[team.pk]]


@pytest.mark.parametrize("measure", list(Measure))
@pytest.mark.parametrize("weight", list(Weight))
def test_triggers_add_up_to_the_opportunistic_part(
    teams: list[Team], measure: Measure, weight: Weight
) -> None:
    with series_of(teams, measure, weight) as found:
        for period in periods(PeriodKind.HALF, FIRST, LAST, FISCAL):
            for own in found.values():
                whole = own.period_mix(period).mixes[weight].opportunistic
                assert sum(row.amount for row in own.triggers(period)) == whole


@pytest.mark.parametrize("measure", list(Measure))
def test_entries_of_a_period_add_up_to_its_mix(teams: list[Team], measure: Measure) -> None:
    for period in periods(PeriodKind.QUARTER, FIRST, LAST, FISCAL):
        entries_by_team = {
            team.pk: entries_in([team], period, measure, before=BEFORE) for team in teams
        }
        together = entries_in(teams, period, measure, before=BEFORE)

        mixes = mixes_of(teams, [period], measure)
        for team in teams:
            assert period_mix(period, measure, entries_by_team[team.pk]) == mixes[team.pk][0]
        assert len(together) == sum(map(len, entries_by_team.values()))
        total = sum_mixes(own[0].mixes[Weight.EFFORT] for own in mixes.values())
        assert total == period_mix(period, measure, together).mixes[Weight.EFFORT]
        both = mix_of_facts(teams, period, measure, before=BEFORE)
        assert both.mixes[Weight.EFFORT] == total


def test_a_team_without_work_has_empty_mixes(cast: Cast) -> None:
    asked = periods(PeriodKind.QUARTER, FIRST, LAST, FISCAL)

    for measure in Measure:
        series = mixes_of([cast.platform], asked, measure)[cast.platform.pk]
        assert [mix.mixes[Weight.EFFORT].share for mix in series] == [None] * len(asked)
    with series_of([cast.platform], Measure.CAPACITY) as found:
        assert found[cast.platform.pk].points([]) == ()


def test_largest_efforts_and_values_do_not_overflow(
    cast: Cast, log: Callable[..., Initiative]
) -> None:
    first = log(pd=100_000, origin=Origin.PLANNED, expected_value=10**15)
    for number in range(30):
        log(f"Huge {number}", pd=100_000, origin=Origin.PLANNED, expected_value=10**15)
    period = periods(PeriodKind.YEAR, date(2026, 9, 1), date(2026, 9, 2), FISCAL)[0]

    mix = mixes_of([cast.platform], [period], Measure.INTAKE_GROSS)[first.team_id][0]

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
        forget()
        with django_assert_max_num_queries(9):  # the stamps, and eight to read teams anew
            mixes_of(teams, asked, measure)


def test_calendars_of_teams_equal_their_own(teams: list[Team]) -> None:
    fresh = {team.pk: Team.objects.get(pk=team.pk).calendar for team in teams}

    assert calendars_of(teams) == fresh


def test_a_stamp_moves_with_its_team_alone(cast: Cast) -> None:
    before = dict(stamps([cast.platform.pk, cast.checkout.pk]))

    TeamCounter.bump(cast.platform.pk)

    after = dict(stamps([cast.platform.pk, cast.checkout.pk]))
    assert after[cast.platform.pk] == before[cast.platform.pk] + 1
    assert after[cast.checkout.pk] == before[cast.checkout.pk]


def test_work_ahead_of_a_stretch_is_anchored(teams: list[Team]) -> None:
    start = date(2026, 6, 1)
    months = periods(PeriodKind.MONTH, start, LAST, FISCAL)

    with series_of(teams, Measure.CAPACITY) as found:
        for own in found.values():
            whole = mix_of_totals(own.stretch(start, months[-1].end), Weight.EFFORT)
            assert whole == sum_mixes(point.mix for point in own.points(months))
            assert whole.total
