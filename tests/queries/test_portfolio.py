"""The portfolio against brute force: roll-ups are sums of what each team says on its own page."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import TODAY, Cast
from tests.queries.random_work import fill
from tracker.domain.calendar import FiscalCalendar, PeriodKind, period_of
from tracker.domain.mix import Measure, Mix, Weight, sum_mixes
from tracker.domain.portfolio import Portfolio
from tracker.domain.question import Question
from tracker.domain.zone import DEFAULT_BAND
from tracker.models import Holiday, Team, TeamCounter, User
from tracker.queries import ledgers
from tracker.queries.facts import entries_in
from tracker.queries.overview import overview_of
from tracker.queries.portfolio import portfolio_of
from tracker.queries.stamps import stamps as stamps_of
from tracker.queries.teams import known_teams, team_tree

BEFORE = TODAY + timedelta(days=1)
FISCAL = FiscalCalendar()
KINDS = (PeriodKind.MONTH, PeriodKind.QUARTER)


def question(
    measure: Measure = Measure.CAPACITY,
    weight: Weight = Weight.EFFORT,
    kind: PeriodKind = PeriodKind.QUARTER,
    day: date = TODAY,
) -> Question:
    return Question(measure, weight, period_of(day, kind, FISCAL), PeriodKind.MONTH, 18)


def fresh(cast: Cast) -> User:
    """Return the superuser as a new request would see them."""
    return User.objects.get(pk=cast.superuser.pk)


def ask(cast: Cast, asked: Question) -> Portfolio:
    user = fresh(cast)
    known = {team.pk: team.stamp for team in known_teams(user)}
    nodes = team_tree(user)
    return portfolio_of(nodes, DEFAULT_BAND, asked, fiscal=FISCAL, before=BEFORE, stamps=known)


@pytest.fixture
def worked(cast: Cast) -> Cast:
    Holiday.objects.create(team=cast.group, day=date(2026, 5, 1))
    Holiday.objects.create(team=cast.platform, day=date(2026, 8, 14))
    fill([cast.group, cast.platform, cast.checkout], 60, seed=7)
    return cast


class TestPortfolioOf:
    @pytest.mark.parametrize("measure", list(Measure))
    @pytest.mark.parametrize("weight", list(Weight))
    @pytest.mark.parametrize("kind", KINDS)
    def test_each_row_is_the_sum_over_itself_and_all_below(
        self, worked: Cast, measure: Measure, weight: Weight, kind: PeriodKind
    ) -> None:
        asked = question(measure, weight, kind)
        for row in ask(worked, asked).rows:
            team = Team.objects.get(slug=row.slug)
            below = list(Team.objects.under(team))
            assert row.mix == _brute(below, asked)

    def test_a_closed_period_stands_where_the_overview_says(self, worked: Cast) -> None:
        now = datetime(2026, 9, 18, 10, tzinfo=UTC)
        for day in (date(2026, 2, 1), date(2026, 5, 1), TODAY):
            for weight in (Weight.EFFORT, Weight.COUNT):
                asked = question(weight=weight, day=day)
                for row in ask(worked, asked).rows:
                    team = Team.objects.get(slug=row.slug)
                    below = list(Team.objects.under(team))
                    stamps = dict(stamps_of(each.pk for each in below))
                    own = overview_of(team.pk, stamps, asked, fiscal=FISCAL, before=BEFORE, now=now)
                    assert row.standing == own.standing
                    assert row.interval == pytest.approx(own.interval)
                    assert row.confidence == own.confidence
                    assert row.share == own.point.share

    def test_the_total_is_a_ratio_of_sums_of_all_teams_each_once(self, worked: Cast) -> None:
        found = ask(worked, question())
        assert found.total.mix == _brute(list(Team.objects.all()), question())

    def test_a_row_shows_eight_periods_with_none_where_nothing_was_worked(
        self, worked: Cast
    ) -> None:
        row = ask(worked, question()).rows[1]
        assert len(row.spark) == 8
        assert row.spark[0] is None
        assert row.spark[-1] == row.share

    @pytest.mark.parametrize("measure", list(Measure))
    def test_what_is_kept_of_a_team_ends_with_its_stamp(
        self, worked: Cast, measure: Measure
    ) -> None:
        ask(worked, question(measure))
        fill([worked.checkout], 25, seed=11)
        TeamCounter.bump(worked.checkout.pk)
        with CaptureQueriesContext(connection) as captured:
            again = ask(worked, question(measure))
        ledgers.forget()
        assert again == ask(worked, question(measure))
        ids = f"IN ({worked.checkout.pk})"
        assert sum(ids in query["sql"] for query in captured) >= 1

    def test_teams_are_told_apart_from_groups(self, worked: Cast) -> None:
        found = ask(worked, question())
        assert [row.slug for row in found.groups] == ["engineering"]
        assert [row.slug for row in found.teams] == ["checkout", "platform"]

    def test_without_work_every_share_is_no_data(self, cast: Cast) -> None:
        found = ask(cast, question())
        assert found.first_day is None
        assert {row.share for row in (*found.rows, found.total)} == {None}
        assert {row.zone for row in found.rows} == {"no-data"}

    @pytest.mark.parametrize("measure", list(Measure))
    def test_queries_do_not_grow_with_teams(self, worked: Cast, measure: Measure) -> None:
        with CaptureQueriesContext(connection) as few:
            ask(worked, question(measure))
        more = [
            Team.objects.create(
                name=f"T{n}", slug=f"t{n}", key_prefix=f"TT{n}", parent=worked.group
            )
            for n in range(12)
        ]
        fill(more, 20, seed=3)
        ledgers.forget()
        with CaptureQueriesContext(connection) as many:
            ask(worked, question(measure))
        with CaptureQueriesContext(connection) as again:
            ask(worked, question(measure))
        own = 3  # who the person is, and what they may see
        assert len(many) == len(few) <= own + 7
        assert len(again) <= own


def _brute(teams: list[Team], asked: Question) -> Mix:
    entries = entries_in(teams, asked.focus, asked.measure, before=BEFORE)
    if asked.weight is Weight.COUNT:
        counted = {(entry.team, entry.root, entry.origin) for entry in entries}
        return sum_mixes(Mix.of(origin, 1) for _, _, origin in counted)
    name = "effort_mpd" if asked.weight is Weight.EFFORT else "value"
    return sum_mixes(Mix.of(entry.origin, getattr(entry, name) or 0) for entry in entries)
