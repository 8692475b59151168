"""The golden values of docs/metrics.md sections 0 and 1, digit for digit."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from tests.domain import q1_2026 as q1
from tests.domain.q1_2026 import CALENDARS, ITEMS, Q1, mix_of, opportunity, percent, planned, work
from tracker.domain.calendar import civil_date
from tracker.domain.capacity import worked_mpd
from tracker.domain.facts import Item
from tracker.domain.mix import (
    Measure,
    Mix,
    PeriodMix,
    Weight,
    period_mix,
    straddles,
    sum_mixes,
    touched,
)
from tracker.domain.progress import schedule_projection
from tracker.domain.zone import Band

FIRST_OF_MARCH = date(2026, 3, 1)


def test_golden_instant_is_31_march_in_new_york_and_1_april_in_berlin() -> None:
    instant = datetime(2026, 4, 1, 3, 30, tzinfo=UTC)

    assert civil_date(instant, "America/New_York") == date(2026, 3, 31)
    assert civil_date(instant, "Europe/Berlin") == date(2026, 4, 1)


def test_golden_ratio_of_sums_is_19_2_percent_and_no_mean_of_ratios() -> None:
    share = sum_mixes([Mix(30, 30), Mix(20, 180)]).share

    assert share == Fraction(50, 260)
    assert percent(share) == "19.2"


def test_zero_denominator_is_no_data_and_never_zero_percent() -> None:
    assert Mix().share is None
    assert Mix(unclassified=5000).share is None
    assert Mix(0, 5000).share == 0


def test_golden_first_quarter_of_2026_has_63_working_days() -> None:
    assert q1.CALENDAR.working_days(Q1.start, Q1.end) == 63


def test_golden_inclusive_13_february_is_stored_as_14_february() -> None:
    assert ITEMS[0].segments[0].end == date(2026, 2, 14)


@pytest.mark.parametrize(
    ("number", "pd"), [(1, 31), (2, 124), (3, 45), (4, 40), (5, 15), (6, 24), (7, 0)]
)
def test_golden_person_days_of_each_initiative_in_q1_2026(number: int, pd: int) -> None:
    item = ITEMS[number - 1]

    worked = sum(
        worked_mpd(s, Q1.start, Q1.end, before=q1.AFTERWARDS, calendar=q1.CALENDAR)
        for s in item.segments
    )

    assert worked == pd * 1000


def test_golden_capacity_share_q1_2026_is_79_of_279() -> None:
    mix = mix_of(Measure.CAPACITY).mixes[Weight.EFFORT]

    assert (mix.opportunistic, mix.classified) == (79_000, 279_000)
    assert percent(mix.share) == "28.3"


def touched_mix() -> PeriodMix:
    members = touched(ITEMS, Q1, before=q1.AFTERWARDS, calendar_of_team=CALENDARS)
    return period_mix(Q1, Measure.CAPACITY, members)


def check_row(mix: PeriodMix, count: str, effort_pw: str, value: str) -> None:
    units = {Weight.COUNT: 1, Weight.EFFORT: 5000, Weight.VALUE: 1}
    for weight, expected in zip(
        (Weight.COUNT, Weight.EFFORT, Weight.VALUE), (count, effort_pw, value), strict=True
    ):
        ratio, _, share = expected.partition(" = ")
        opportunistic, classified = (int(number) for number in ratio.split("/"))
        found = mix.mixes[weight]
        unit = units[weight]
        assert (found.opportunistic, found.classified) == (opportunistic * unit, classified * unit)
        assert percent(found.share) == share


def test_golden_intake_gross_q1_2026() -> None:
    members = q1.members(Measure.INTAKE_GROSS)

    assert {entry.item for entry in members} == {q1.B, q1.C, q1.G, q1.D, q1.E, q1.F}
    check_row(mix_of(Measure.INTAKE_GROSS), "3/6 = 50.0", "22/73 = 30.1", "310/880 = 35.2")


def test_golden_intake_net_q1_2026() -> None:
    check_row(mix_of(Measure.INTAKE_NET), "2/4 = 50.0", "16/57 = 28.1", "250/740 = 33.8")


def test_golden_touched_q1_2026() -> None:
    check_row(touched_mix(), "3/6 = 50.0", "22/72 = 30.6", "310/920 = 33.7")


def test_golden_delivered_q1_2026() -> None:
    check_row(mix_of(Measure.DELIVERED), "1/3 = 33.3", "8/26 = 30.8", "150/360 = 41.7")


def test_golden_capacity_counts_and_values_what_was_touched() -> None:
    capacity = mix_of(Measure.CAPACITY)

    assert capacity.mixes[Weight.COUNT] == touched_mix().mixes[Weight.COUNT]
    assert capacity.mixes[Weight.VALUE] == touched_mix().mixes[Weight.VALUE]


def test_golden_count_and_effort_of_the_intake_straddle_the_default_band() -> None:
    shares = mix_of(Measure.INTAKE_GROSS).shares

    assert straddles(shares.values(), Band())
    assert not straddles([shares[Weight.EFFORT], None], Band())


def test_golden_effective_number_of_initiatives_in_q1_2026_is_3_75() -> None:
    n_eff = mix_of(Measure.CAPACITY).n_eff

    assert n_eff is not None
    assert round(n_eff, 2) == 3.75


def test_golden_to_date_at_1_march_is_50_of_191() -> None:
    mix = mix_of(Measure.CAPACITY, before=FIRST_OF_MARCH).mixes[Weight.EFFORT]

    assert (mix.opportunistic, mix.classified) == (50_000, 191_000)
    assert percent(mix.share) == "26.2"


def as_known_at_1_march() -> tuple[Item, ...]:
    """Return the facts of that day: nothing cancelled, E still running, F unheard of.

    The published 325 needs two things that its table leaves open. E's six weeks end on 27 March,
    and G is scheduled at 2.5 FTE from 2 March beyond the quarter's end (22 days make 55).
    """
    return (
        *ITEMS[:2],
        planned(q1.C, 9, 90, date(2026, 2, 2), segments=ITEMS[2].segments),
        ITEMS[3],
        opportunity(
            q1.E, 6, 60, date(2026, 2, 10), segments=(work((2, 16), None, 1000),),
            target_on=date(2026, 3, 27),
        ),
        ITEMS[5],
        planned(q1.G, 10, 80, date(2026, 3, 2), segments=(work((3, 2), None, 2500),)),
    )  # fmt: skip


def test_golden_schedule_only_projection_at_1_march_is_70_of_325() -> None:
    mix = schedule_projection(
        as_known_at_1_march(), Q1, before=FIRST_OF_MARCH, calendar_of_team=CALENDARS
    )

    assert (mix.opportunistic, mix.classified) == (70_000, 325_000)
    assert percent(mix.share) == "21.5"
