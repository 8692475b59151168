"""The past by replay: as reported, as known on a day, and what moved a figure since."""

import random
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import time_machine
from django.core.exceptions import ValidationError
from django.test import TestCase as PlainTestCase
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.actions.test_origins_trial import Trial
from tests.cast import Cast, make_cast
from tests.views.golden import write_example
from tracker.actions import initiatives, periods, segments
from tracker.domain.baseline import PlanCycle
from tracker.domain.calendar import FiscalCalendar, Period, PeriodKind, period_of
from tracker.domain.mix import Measure, Mix, PeriodMix, period_mix
from tracker.domain.reporting import mixes_of
from tracker.domain.restatement import Cause
from tracker.domain.wording import points
from tracker.models import PeriodClose, Team, TeamCounter, WorkSegment
from tracker.models.record import Record, spans
from tracker.queries.facts import entries_in
from tracker.queries.ledgers import forget, ledgers
from tracker.queries.record import known_ledgers, measure_of, restatement_of
from tracker.queries.series import Series

FISCAL = FiscalCalendar()
APRIL_8 = datetime(2026, 4, 8, 9, tzinfo=UTC)
LATER = date(2028, 1, 1)
PERIODS = [
    period_of(day, PeriodKind.QUARTER, FISCAL) for day in (date(2026, 5, 1), date(2026, 8, 1))
]


def mixes_now(team: Team, period: Period, before: date = LATER) -> dict[Measure, PeriodMix]:
    """Return the period's mixes as the live rows have them."""
    return {
        measure: period_mix(period, measure, entries_in([team], period, measure, before=before))
        for measure in Measure
    }


class TestGolden(PlainTestCase):
    """The worked example of a restatement, written to the database."""

    def test_contributions_telescope_to_the_total(self) -> None:
        """64/264, E entered late 79/279, A's end corrected 79/274: +4.07, +0.52, +4.59 pp."""
        cast = make_cast()
        close = self.reported(cast)
        self.assertEqual(Mix(64_000, 200_000), Mix(close.opportunistic, close.planned))
        with time_machine.travel(APRIL_8 + timedelta(days=1), tick=False):
            late = initiatives.log(
                by=cast.member,
                team=cast.platform,
                today=date(2026, 2, 10),
                title="E",
                origin="opportunistic",
            )[0]
        with time_machine.travel(APRIL_8 + timedelta(days=1, seconds=30), tick=False):
            segments.add(
                by=cast.member,
                initiative_pk=late.pk,
                starts_on=date(2026, 2, 16),
                ends_before=date(2026, 3, 7),
                fte_milli=1000,
            )
        with time_machine.travel(APRIL_8 + timedelta(days=2), tick=False):
            work = WorkSegment.objects.get(initiative__title="Example A")
            segments.change(
                by=cast.lead,
                segment=work,
                seen=segments.seen_of(work),
                starts_on=work.starts_on,
                ends_before=date(2026, 2, 7),
                fte_milli=work.fte_milli,
            )
        found = restatement_of(close).found
        self.assertEqual(
            [(step.cause, step.after) for step in found.steps],
            [
                (Cause.LATE_ENTRY, Mix(79_000, 200_000)),
                (Cause.DATE_CORRECTION, Mix(79_000, 195_000)),
            ],
        )
        self.assertEqual(
            [step.contribution for step in found.steps],
            [Fraction(79, 279) - Fraction(64, 264), Fraction(79, 274) - Fraction(79, 279)],
        )
        assert found.total is not None
        self.assertEqual(points(found.total), "+4.6\u202fpp")
        self.assertEqual(found.causes, {Cause.LATE_ENTRY: 1, Cause.DATE_CORRECTION: 1})
        self.assertEqual(found.steps[1].by, "Lead")

    def reported(self, cast: Cast) -> PeriodClose:
        """Write the example without E and close the quarter on 8 April."""
        with time_machine.travel(APRIL_8 - timedelta(days=9), tick=False):
            example = write_example(cast.platform)
            example.pop("E").delete()
            TeamCounter.take_numbers(cast.platform.pk, 10)
        with time_machine.travel(APRIL_8, tick=False):
            return periods.close_due(date(2026, 4, 8))[-1]

    def test_reading_a_restatement_takes_five_queries_whatever_there_is(self) -> None:
        """Not one for each change."""
        cast = make_cast()
        close = self.reported(cast)
        with self.assertNumQueries(5):
            restatement_of(close)
        for title in ("One", "Two", "Three"):
            initiatives.log(
                by=cast.member, team=cast.platform, today=date(2026, 4, 20), title=title
            )
        with self.assertNumQueries(5):
            restatement_of(close)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the live rows said at a moment, and the cycles that held then."""

    at: datetime
    cycles: dict[int, PlanCycle]
    mixes: dict[tuple[int, str], dict[Measure, PeriodMix]]


class History(Trial):
    """Random writes a minute apart, with what was seen after each, and closes in between."""

    def __init__(self, draw: random.Random) -> None:
        self.now = datetime(2026, 9, 1, 8, tzinfo=UTC)
        self.seen: list[Seen] = []
        with time_machine.travel(self.now, tick=False):
            super().__init__(draw)

    def go(self) -> None:
        """Write something, then look."""
        self.now += timedelta(minutes=1)
        with time_machine.travel(self.now, tick=False):
            self.close() if self.draw.random() < 0.1 else self.step()
        self.now += timedelta(minutes=1)
        mixes = {
            (team.pk, period.slug): mixes_now(team, period)
            for team in self.teams
            for period in PERIODS
        }
        self.seen.append(Seen(self.now, spans(), mixes))

    def close(self) -> None:
        """Close a quarter as far as it may be closed."""
        with suppress(ValidationError):
            periods.close(
                by=self.cast.superuser,
                team=self.draw.choice(self.teams),
                period=self.draw.choice(PERIODS),
                closed_on=date(2026, 10, 1),
            )


def told(row: PeriodClose) -> dict[str, Any]:
    """Return all that a close says."""
    return {field.name: getattr(row, field.attname) for field in PeriodClose._meta.concrete_fields}


class TestByChance(TestCase):
    """Whatever is written, the past stays what it was."""

    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 10**9))
    def test_as_known_then_as_reported_and_what_moved_since(self, seed: int) -> None:
        """By replay the same as seen live; reports unchanged; contributions add up."""
        history = History(random.Random(seed))
        reported: dict[int, dict[str, Any]] = {}
        for _ in range(30):
            history.go()
            now = {row.pk: told(row) for row in PeriodClose.objects.all()}
            assert reported.items() <= now.items()
            for pk in now.keys() - reported.keys():
                self.is_what_was_seen(PeriodClose.objects.get(pk=pk))
            reported = now
        for team in history.teams:
            self.knows_the_past(team, history.seen)
        for close in PeriodClose.objects.filter(kind="quarter"):
            self.adds_up(close)

    def is_what_was_seen(self, close: PeriodClose) -> None:
        bound = close.closed_on + timedelta(days=1)
        for period in PERIODS:
            if period.slug == close.slug:
                for measure, mix in mixes_now(close.team, period, bound).items():
                    assert replace(close.mix(measure), period=period) == mix

    def knows_the_past(self, team: Team, seen: list[Seen]) -> None:
        record = Record([team.pk])
        for then in seen:
            items = record.replay(then.at, then.cycles).items.values()
            for period in PERIODS:
                found = mixes_of(items, period, team.calendar, LATER)
                assert found == then.mixes[team.pk, period.slug]

    def adds_up(self, close: PeriodClose) -> None:
        found = restatement_of(close).found
        assert found.reported == Mix(close.opportunistic, close.planned, close.unclassified)
        befores = [found.reported, *(step.after for step in found.steps)]
        assert [step.before for step in found.steps] == befores[:-1]
        assert befores[-1] == found.current
        rules = close.rules_held
        now = Record([close.team_id]).replay(None, rules.cycles)
        assert found.current == measure_of(close.period, rules)(now.items)
        if found.total is not None:
            assert sum((step.contribution or 0 for step in found.steps), Fraction(0)) == found.total

    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 10**9))
    def test_ledgers_of_the_past_are_those_that_were_kept(self, seed: int) -> None:
        """The pages read replayed ledgers as they read kept ones."""
        history = History(random.Random(seed))
        for _ in range(25):
            history.go()
        teams = [team.pk for team in history.teams]
        before = known_ledgers(teams, history.now + timedelta(minutes=1))
        forget()
        with ledgers(dict.fromkeys(teams, 0)) as kept:
            for measure in Measure:
                for pk in teams:
                    then, now = (
                        Series([one[pk]], measure, "effort", FISCAL, LATER)  # type: ignore[arg-type]
                        for one in (before, kept)
                    )
                    for period in PERIODS:
                        assert then.totals(period) == now.totals(period)
