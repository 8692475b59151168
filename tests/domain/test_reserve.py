"""The reserve: what is left each day, when it would be gone, and how sure that is."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import calendars
from tracker.domain.calendar import WorkCalendar
from tracker.domain.intervals import Confidence
from tracker.domain.reserve import Draw, Outlook, burn_down, outlook

WEEK = WorkCalendar()
START, END = date(2026, 1, 5), date(2026, 7, 6)  # 26 weeks of 5 working days
NOW = date(2026, 3, 2)  # 8 weeks later
draws = st.lists(
    st.builds(Draw, st.dates(date(2025, 12, 1), date(2026, 8, 1)), st.integers(1, 20_000)),
    max_size=12,
)


def seen(reserve_mpd: int, *drawn: Draw, before: date = NOW, end: date = END) -> Outlook:
    return outlook(reserve_mpd, drawn, START, end, before=before, calendar=WEEK)


def weekly(mpd: int, weeks: int = 8) -> tuple[Draw, ...]:
    return tuple(Draw(START + timedelta(weeks=week), mpd) for week in range(weeks))


def test_the_reserve_steps_down_with_each_day_that_draws() -> None:
    drawn = [Draw(NOW, 9), Draw(date(2026, 2, 2), 10), Draw(date(2025, 12, 1), 5)]
    drawn.append(Draw(date(2026, 2, 2), 20))

    assert burn_down(100, drawn, START, before=NOW) == (
        (START, 95),
        (date(2026, 2, 2), 65),
    )
    assert burn_down(100, [], START, before=NOW) == ((START, 100),)


def test_at_the_pace_of_the_last_eight_weeks_the_rest_lasts_so_many_working_days() -> None:
    found = seen(60_000, *weekly(5000))  # 40 of 60 pd in 40 working days: 20 are left

    assert (found.left_mpd, found.draws) == (20_000, 8)
    assert found.pace == 1000
    assert found.exhausted_on == date(2026, 3, 27)
    assert WEEK.working_days(NOW, date(2026, 3, 28)) == 20


def test_a_reserve_that_outlasts_the_cycle_has_no_exhaustion_date() -> None:
    found = seen(300_000, *weekly(5000))

    assert found.exhausted_on is None
    assert found.runs_out is not None
    assert found.runs_out < 0.1
    assert found.confidence == Confidence.HIGH


def test_many_small_draws_are_surer_than_one_large_one() -> None:
    many, one = seen(60_000, *weekly(5000)), seen(60_000, Draw(START, 40_000))

    assert many.exhausted_on == one.exhausted_on
    assert many.earliest is not None
    assert many.latest is not None
    assert one.earliest is not None
    assert one.earliest < many.earliest < date(2026, 3, 27) < many.latest
    assert one.latest is None or one.latest > many.latest
    assert many.confidence == Confidence.HIGH
    assert one.confidence != Confidence.HIGH


def test_a_rest_smaller_than_a_usual_draw_goes_at_the_pace_at_the_earliest() -> None:
    found = seen(40_001, Draw(START, 40_000))

    assert found.exhausted_on == NOW
    assert found.earliest == NOW
    assert found.latest is None  # one draw says little: the next may come after the cycle


def test_draws_before_the_window_do_not_count_for_the_pace() -> None:
    later = NOW + timedelta(weeks=8)

    found = seen(60_000, *weekly(5000), before=later)

    assert (found.left_mpd, found.draws) == (20_000, 0)
    assert found.pace == 0
    assert found.exhausted_on is None
    assert found.confidence is None


def test_a_reserve_that_is_used_up_says_since_when() -> None:
    found = seen(30_000, *weekly(5000))

    assert found.is_exhausted
    assert found.exhausted_on == START + timedelta(weeks=5)
    assert found.left_mpd == -10_000


def test_before_the_first_working_day_there_is_no_pace() -> None:
    for before in (START, START - timedelta(days=30)):
        found = seen(30_000, before=before)

        assert found.pace is None
        assert not found.is_exhausted


def test_after_the_end_of_the_cycle_no_chance_is_left_to_tell() -> None:
    found = seen(60_000, *weekly(5000), end=NOW)

    assert found.exhausted_on is None
    assert found.runs_out is None


def test_the_chance_and_the_bounds_agree_with_simulated_draws() -> None:
    """Redraw the rate from its gamma distribution and wait for the missing draws, many times."""
    chance = random.Random(7)
    found = seen(60_000, *weekly(5000))  # 8 draws in 40 days; 4 more use up the rest

    waits = sorted(
        sum(chance.expovariate(rate) for _ in range(4))
        for rate in (chance.gammavariate(8.5, 1 / 40) for _ in range(20_000))
    )

    until = WEEK.working_days(NOW, END)
    assert found.runs_out == pytest.approx(sum(w <= until for w in waits) / 20_000, abs=0.01)
    assert found.earliest is not None
    assert found.latest is not None
    for tail, day in ((0.1, found.earliest), (0.9, found.latest)):
        assert WEEK.working_days_through(NOW, day) == pytest.approx(
            waits[int(tail * 20_000)], abs=1.5
        )


@given(st.integers(0, 200_000), draws, calendars, st.randoms(use_true_random=False))
def test_the_order_of_draws_does_not_matter(
    reserve_mpd: int, drawn: list[Draw], calendar: WorkCalendar, chance: random.Random
) -> None:
    shuffled = chance.sample(drawn, len(drawn))

    assert outlook(reserve_mpd, shuffled, START, END, before=NOW, calendar=calendar) == outlook(
        reserve_mpd, drawn, START, END, before=NOW, calendar=calendar
    )
    assert burn_down(reserve_mpd, shuffled, START, before=NOW) == burn_down(
        reserve_mpd, drawn, START, before=NOW
    )


@given(st.integers(0, 200_000), draws, calendars, st.dates(date(2025, 12, 1), date(2026, 12, 1)))
def test_the_dates_stand_in_order_and_inside_the_cycle(
    reserve_mpd: int, drawn: list[Draw], calendar: WorkCalendar, before: date
) -> None:
    found = outlook(reserve_mpd, drawn, START, END, before=before, calendar=calendar)
    points = burn_down(reserve_mpd, drawn, START, before=before)

    assert points[-1][1] == found.left_mpd
    assert found.runs_out is None or 0 <= found.runs_out <= 1
    if found.is_exhausted:
        return
    dates = [found.earliest, found.exhausted_on, found.latest]
    known = [day for day in dates if day is not None]
    assert known == sorted(known)
    assert dates[: len(known)] == known  # only the later ones lie beyond the cycle
    assert all(before <= day < END and calendar.is_working_day(day) for day in known)
