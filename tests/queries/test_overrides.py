"""What overrides do to a mix, and shifted origins in every figure against brute force."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.brute import mix_of_facts
from tests.cast import TODAY, Cast
from tests.plans import lock, rank
from tests.queries.random_work import fill, items_of
from tracker.actions import overrides, segments
from tracker.domain.calendar import FiscalCalendar, PeriodKind, period_of, periods
from tracker.domain.facts import Item, Shift
from tracker.domain.mix import Measure, Mix, Origin, PeriodMix, Weight, entries, period_mix
from tracker.domain.origins import OverrideReason
from tracker.models import Cycle, Initiative, OriginShift, Plan, Team
from tracker.queries.ledgers import ledgers
from tracker.queries.overrides import mix_without_overrides, unsettled
from tracker.queries.series import Series

Log = Callable[..., Initiative]
Q3 = period_of(TODAY, PeriodKind.QUARTER, FiscalCalendar())
AFTER = TODAY + timedelta(days=1)


def override(cast: Cast, it: Initiative) -> None:
    """Say planned."""
    overrides.override(
        by=cast.member,
        initiative_pk=it.pk,
        cycle=Cycle.objects.get(),
        origin=Origin.PLANNED,
        code=OverrideReason.OTHER,
        text="Because.",
    )


@pytest.fixture
def late(plan: Plan, cast: Cast, log: Log) -> Initiative:
    """Give one that the locked plan does not have, with five days of work; five more are listed."""
    rank(plan, log("Listed", pd=5, origin="planned"))
    lock(plan, cast)
    found = log("Late", origin="planned")
    for it in Initiative.objects.all():
        segments.add(
            by=cast.member,
            initiative_pk=it.pk,
            starts_on=date(2026, 9, 7),
            ends_before=date(2026, 9, 12),
            fte_milli=1000,
        )
    return found


class TestUnsettled:
    """What wants attention."""

    def test_counts_by_team_until_it_is_settled(
        self, late: Initiative, cast: Cast, log: Log
    ) -> None:
        log("Nobody's")
        (one,) = unsettled([cast.platform.pk, cast.checkout.pk], TODAY)
        assert (one.team, one.slug, one.cycle, one.count) == ("Platform", "platform", "2026-h2", 1)
        override(cast, late)
        assert unsettled([cast.platform.pk], TODAY) == []

    def test_an_override_against_what_was_declared_is_settled_too(
        self, late: Initiative, cast: Cast
    ) -> None:
        """Somebody has spoken, whatever was declared."""
        Initiative.objects.filter(pk=late.pk).update(origin="opportunistic")
        override(cast, late)
        assert OriginShift.objects.filter(initiative=late).exists()
        assert unsettled([cast.platform.pk], TODAY) == []

    def test_other_cycles_are_another_matter(self, late: Initiative, cast: Cast) -> None:
        assert unsettled([cast.platform.pk], date(2027, 2, 1)) == []


class TestWithoutOverrides:
    """The share beside the headline."""

    def mix(self, cast: Cast) -> Mix | None:
        return mix_without_overrides(
            [cast.platform.pk], Q3, Measure.CAPACITY, Weight.EFFORT, before=AFTER
        )

    def test_there_is_none_without_overrides(
        self, late: Initiative, cast: Cast, django_assert_num_queries: Any
    ) -> None:
        with django_assert_num_queries(1):
            assert self.mix(cast) is None

    def test_it_is_what_the_plan_says(self, late: Initiative, cast: Cast) -> None:
        override(cast, late)
        now = mix_of_facts([cast.platform], Q3, Measure.CAPACITY, before=AFTER)
        assert now.mixes[Weight.EFFORT] == Mix(planned=10_000)
        assert self.mix(cast) == Mix(opportunistic=5_000, planned=5_000)


BREAKS = [
    date(2025, 4, 1),
    date(2025, 10, 1),
    date(2026, 2, 14),
    date(2026, 8, 1),
    date(2027, 1, 1),
]


def shifted(teams: Sequence[Team], seed: int) -> dict[int, tuple[Shift, ...]]:
    """Shift random initiatives in random cycles, and return what was shifted."""
    draw = random.Random(seed)
    cycles = [
        Cycle.objects.create(name=f"{start}", slug=f"{start}", starts_on=start, ends_before=end)
        for start, end in pairwise(BREAKS)
    ]
    found: dict[int, tuple[Shift, ...]] = {}
    for it in Initiative.objects.filter(team__in=teams):
        for cycle in cycles:
            origin = draw.choice([None, Origin.PLANNED, Origin.OPPORTUNISTIC])
            if origin is None or origin == it.origin:
                continue
            OriginShift.objects.create(initiative=it, cycle=cycle, origin=origin.value)
            shift = Shift(cycle.starts_on, cycle.ends_before, origin)
            found[it.pk] = (*found.get(it.pk, ()), shift)
    return found


def brute(items: list[Item], team: Team, measure: Measure, before: date) -> list[PeriodMix]:
    """Return the mixes of the months by the definition alone."""
    calendars = {team.pk: team.calendar}
    return [
        period_mix(
            month,
            measure,
            entries(items, month, measure, before=before, calendar_of_team=calendars),
        )
        for month in MONTHS
    ]


MONTHS = periods(PeriodKind.MONTH, date(2025, 5, 1), date(2026, 12, 1), FiscalCalendar())


class TestEveryFigure:
    """Goes by the origin that counts on its day."""

    @pytest.mark.parametrize("seed", [1, 2, 3])
    @pytest.mark.parametrize("measure", list(Measure))
    def test_behind_a_mark_is_what_the_definition_gives(
        self, cast: Cast, measure: Measure, seed: int
    ) -> None:
        fill([cast.platform], 40, seed)
        of = shifted([cast.platform], seed)
        items = [replace(it, shifts=of.get(it.item, ())) for it in items_of(cast.platform)]
        expected = brute(items, cast.platform, measure, AFTER)
        assert any(mix.mixes[Weight.EFFORT].total for mix in expected)
        for month, mix in zip(MONTHS, expected, strict=True):
            found = mix_of_facts([cast.platform], month, measure, before=AFTER)
            assert (found.mixes, found.n_eff) == (mix.mixes, mix.n_eff)

    @pytest.mark.parametrize("measure", list(Measure))
    @pytest.mark.parametrize("weight", list(Weight))
    def test_a_kept_series_is_too(self, cast: Cast, measure: Measure, weight: Weight) -> None:
        fill([cast.platform], 60, seed=4)
        of = shifted([cast.platform], seed=4)
        items = [replace(it, shifts=of.get(it.item, ())) for it in items_of(cast.platform)]
        expected = brute(items, cast.platform, measure, AFTER)
        with ledgers({cast.platform.pk: 1}) as kept:
            series = Series(kept.values(), measure, weight, FiscalCalendar(), AFTER)
            points = series.points(MONTHS)
        assert [point.mix for point in points] == [mix.mixes[weight] for mix in expected]
