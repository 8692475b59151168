"""The zone that is shown for a period, and how sure it is."""

from datetime import date
from fractions import Fraction

import pytest

from tracker.domain.calendar import FiscalCalendar, PeriodKind, periods
from tracker.domain.intervals import Confidence
from tracker.domain.standing import confidence, pool_of, standing
from tracker.domain.zone import Band, Zone

BAND = Band()
MONTHS = periods(PeriodKind.MONTH, date(2026, 1, 1), date(2026, 7, 1), FiscalCalendar())


def percents(*values: int | None) -> list[Fraction | None]:
    return [None if value is None else Fraction(value, 100) for value in values]


def test_a_closed_period_has_the_state_that_hysteresis_gives_it() -> None:
    history = list(zip(MONTHS, percents(33, 36), strict=False))

    stand = standing(history, MONTHS[1], BAND, date(2026, 6, 10))

    assert (stand.zone, stand.raw, stand.is_held) == (Zone.ON_TARGET, Zone.STRETCHED, True)


def test_a_running_period_has_the_zone_of_its_share_so_far() -> None:
    history = list(zip(MONTHS, percents(33, 36), strict=False))

    stand = standing(history, MONTHS[1], BAND, date(2026, 2, 15))

    assert (stand.zone, stand.before, stand.to_date) == (Zone.STRETCHED, Zone.ON_TARGET, True)


def test_a_period_is_running_until_its_last_day_is_over() -> None:
    history = list(zip(MONTHS, percents(33), strict=False))

    assert standing(history, MONTHS[0], BAND, date(2026, 2, 1)).to_date
    assert not standing(history, MONTHS[0], BAND, date(2026, 2, 2)).to_date


def test_later_periods_do_not_change_an_earlier_standing() -> None:
    short = list(zip(MONTHS[:2], percents(33, 39), strict=True))
    longer = list(zip(MONTHS[:4], percents(33, 39, 10, 90), strict=True))
    before = date(2026, 6, 10)

    assert standing(short, MONTHS[1], BAND, before) == standing(longer, MONTHS[1], BAND, before)


def test_a_period_without_data_has_no_zone_though_the_state_is_kept() -> None:
    history = list(zip(MONTHS, percents(60, None), strict=False))

    stand = standing(history, MONTHS[1], BAND, date(2026, 6, 10))

    assert (stand.zone, stand.before) == (Zone.NO_DATA, Zone.DERAILED)


@pytest.mark.parametrize(
    ("before", "start"),
    [(date(2026, 5, 20), date(2026, 2, 20)), (date(2026, 9, 1), date(2026, 3, 1))],
)
def test_the_pool_holds_at_least_three_months(before: date, start: date) -> None:
    assert pool_of(MONTHS[4], before).start == start
    assert pool_of(MONTHS[4], before).end == MONTHS[4].end


def test_a_longer_period_is_its_own_pool() -> None:
    half = periods(PeriodKind.HALF, date(2026, 1, 1), date(2026, 2, 1), FiscalCalendar())[0]

    assert pool_of(half, date(2027, 1, 1)).start == half.start


def test_confidence_is_the_mass_in_the_zone() -> None:
    thirty = [1] * 30

    assert confidence(Fraction(43, 100), thirty, Zone.STRETCHED, BAND) is Confidence.LOW
    assert confidence(Fraction(28, 100), [1] * 500, Zone.ON_TARGET, BAND) is Confidence.HIGH
    assert confidence(None, [], Zone.NO_DATA, BAND) is None
