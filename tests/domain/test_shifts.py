"""Origins by cycle: each day of work, and each entry, has the origin that counts then."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.q1_2026 import AFTERWARDS, CALENDARS, ITEMS, Q1
from tests.domain.strategies import items as drawn_items
from tracker.domain.facts import Item, Shift
from tracker.domain.mix import Measure, Mix, Origin, Weight, entries, period_mix, sum_mixes

B, F = ITEMS[1], ITEMS[5]
FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)
near = st.dates(date(2025, 6, 1), date(2026, 12, 31))


@st.composite
def shifts(draw: st.DrawFn) -> tuple[Shift, ...]:
    """Draw cycles that follow each other, some with an origin of their own."""
    days = sorted(draw(st.sets(near, min_size=2, max_size=5)))
    pairs = pairwise(days)
    origins = st.sampled_from([Origin.PLANNED, Origin.OPPORTUNISTIC])
    return tuple(Shift(a, b, draw(origins)) for a, b in pairs if draw(st.booleans()))


def worked(item: Item, measure: Measure = Measure.CAPACITY) -> Mix:
    """Return the item's mix by effort in the first quarter."""
    found = entries([item], Q1, measure, before=AFTERWARDS, calendar_of_team=CALENDARS)
    return period_mix(Q1, measure, found).mixes[Weight.EFFORT]


@given(drawn_items, shifts())
def test_work_is_split_by_day_and_none_of_it_is_lost(item: Item, own: tuple[Shift, ...]) -> None:
    shifted = replace(item, shifts=own)
    days = [Q1.start + timedelta(days=ahead) for ahead in range((Q1.end - Q1.start).days)]
    by_day = sum_mixes(
        Mix.of(
            shifted.origin_on(day),
            sum(
                part.fte_milli * CALENDARS[1].working_days(day, day + timedelta(days=1))
                for part in item.segments
                if part.start <= day and (part.end is None or day < part.end)
            ),
        )
        for day in days
    )

    assert worked(shifted) == by_day


def test_a_cycle_that_another_origin_counts_in_takes_its_days() -> None:
    shifted = replace(B, shifts=(Shift(FEBRUARY, MARCH, Origin.OPPORTUNISTIC),))

    assert worked(B) == Mix(planned=124_000)
    assert worked(shifted) == Mix(opportunistic=40_000, planned=84_000)


def test_planned_work_enters_on_its_planned_day_and_other_work_when_committed() -> None:
    planned = (Shift(date(2026, 1, 1), date(2027, 1, 1), Origin.PLANNED),)
    shifted = replace(F, planned_on=date(2026, 4, 1), shifts=planned)

    assert F.entered_on == date(2026, 3, 9)
    assert shifted.entered_on == date(2026, 4, 1)
    assert worked(shifted, Measure.INTAKE_GROSS) == Mix()
    assert worked(F, Measure.INTAKE_GROSS) == Mix(opportunistic=40_000)


def test_a_delivery_has_the_origin_of_its_day() -> None:
    shifted = replace(ITEMS[0], shifts=(Shift(FEBRUARY, MARCH, Origin.OPPORTUNISTIC),))

    assert worked(shifted, Measure.DELIVERED) == Mix(opportunistic=45_000)
