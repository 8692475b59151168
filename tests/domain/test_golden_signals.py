"""The golden values of docs/metrics.md section 4, digit for digit."""

from fractions import Fraction
from itertools import pairwise
from math import sqrt
from statistics import fmean

import pytest

from tests.domain.q1_2026 import mix_of, percent
from tracker.domain.calendar import PeriodKind
from tracker.domain.intervals import jeffreys, wilson, zone_masses
from tracker.domain.limits import (
    ClosedPoint,
    Finding,
    Rule,
    Signal,
    control_chart,
    freeze,
    longest_run,
    run_limit,
    spread_by_deviation,
)
from tracker.domain.mix import Measure, Weight
from tracker.domain.zone import Band, Zone, states

OPPORTUNISTIC = (38, 52, 41, 60, 47, 35, 58, 44, 49, 66, 40, 51)
TOTALS = (160, 172, 150, 168, 158, 120, 176, 165, 170, 162, 140, 168)
POINTS = tuple(ClosedPoint(o, t) for o, t in zip(OPPORTUNISTIC, TOTALS, strict=True))


def four_digits(pair: tuple[float, float] | None) -> tuple[str, str]:
    assert pair is not None
    return f"{pair[0]:.4f}", f"{pair[1]:.4f}"


def test_golden_control_limits_of_twelve_months() -> None:
    chart = control_chart(PeriodKind.MONTH, POINTS)

    assert chart.rule is Rule.FULL
    assert chart.baseline is not None
    assert f"{chart.baseline.centre:.4f}" == "0.3043"
    assert f"{chart.baseline.sigma_z:.4f}" == "1.3819"
    assert f"{spread_by_deviation(POINTS, chart.baseline.centre):.4f}" == "1.2284"
    assert four_digits(chart.limits[11]) == ("0.1572", "0.4515")
    assert chart.findings == ()


def test_golden_plain_p_chart_would_put_the_upper_limit_at_4108() -> None:
    centre = sum(OPPORTUNISTIC) / sum(TOTALS)

    assert f"{centre + 3 * sqrt(centre * (1 - centre) / 168):.4f}" == "0.4108"


def test_golden_new_point_of_84_in_158_is_a_signal_against_4561() -> None:
    chart = control_chart(PeriodKind.MONTH, (*POINTS, ClosedPoint(84, 158)))

    assert percent(Fraction(84, 158)) == "53.2"
    assert four_digits(chart.limits[12])[1] == "0.4561"
    assert chart.findings == (Finding(12, Signal.ABOVE_LIMIT),)


def test_golden_point_of_40_person_days_has_limits_0027_to_6060() -> None:
    baseline = freeze(PeriodKind.MONTH, POINTS)

    assert baseline is not None
    assert four_digits(baseline.limits(ClosedPoint(10, 40))) == ("0.0027", "0.6060")


def test_golden_individuals_chart_for_comparison_is_1525_to_4543() -> None:
    shares = [point.opportunistic / point.total for point in POINTS]
    spread = 2.66 * fmean(abs(later - earlier) for earlier, later in pairwise(shares))

    assert four_digits((fmean(shares) - spread, fmean(shares) + spread)) == ("0.1525", "0.4543")


def test_golden_run_of_twelve_points_is_a_signal_above_7() -> None:
    assert run_limit(12) == 7
    assert longest_run([0.1] * 8 + [0.5] * 8)[0] == 8


@pytest.mark.parametrize(
    ("k", "n", "low", "high"), [(3, 10, "10.8", "60.3"), (0, 6, "0.0", "39.0")]
)
def test_golden_wilson_intervals(k: int, n: int, low: str, high: str) -> None:
    interval = wilson(k, n)

    assert interval is not None
    assert (percent(interval[0]), percent(interval[1])) == (low, high)


def test_golden_jeffreys_interval_of_q1_2026_is_8_8_to_60_9_percent() -> None:
    capacity = mix_of(Measure.CAPACITY)

    interval = jeffreys(capacity.mixes[Weight.EFFORT].share, capacity.n_eff)

    assert interval is not None
    assert (percent(interval[0]), percent(interval[1])) == ("8.8", "60.9")


def test_golden_hysteresis_sequence() -> None:
    percents = ("33", "36", "34", "36", "36.1", "39", "34", "32", None, "19", "51", "52", "48")
    shares = [None if text is None else Fraction(text) / 100 for text in percents]

    names = {Zone.ON_TARGET: "ON", Zone.STRETCHED: "STR", Zone.DERAILED: "DER"}
    found = [names[zone] for zone in states(shares, Band())]

    assert found == [
        "ON",
        "ON",
        "ON",
        "ON",
        "STR",
        "STR",
        "STR",
        "ON",
        "ON",
        "ON",
        "STR",
        "DER",
        "STR",
    ]


def test_golden_zone_confidence_at_43_percent_with_30_effective_initiatives() -> None:
    masses = zone_masses(Fraction(43, 100), 30, Band())

    assert masses is not None
    assert f"{masses[Zone.STRETCHED]:.2f}" == "0.60"
    assert f"{masses[Zone.DERAILED]:.2f}" == "0.22"
    assert f"{masses[Zone.STRETCHED] + masses[Zone.DERAILED]:.2f}" == "0.82"
