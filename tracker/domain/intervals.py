"""Intervals for the rate behind a share, and the confidence in a zone.

Wilson for counts and Jeffreys for effort follow Brown, Cai and DasGupta (2001), the effective
sample size follows Kish. Everything here is a float: it is statistics, not bookkeeping.
"""

from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import exp, lgamma, log, log1p, sqrt
from statistics import NormalDist

from tracker.domain.zone import Band, Zone

MOST_STEPS = 500
TINY = 1e-300
EPSILON = 1e-15
CLOSE = 1e-6
SHARP = 0.5


class Confidence(StrEnum):
    """How sure a zone is, in a word."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"


def wilson(k: int, n: int, level: float = 0.95) -> tuple[float, float] | None:
    """Return Wilson's interval for ``k`` of ``n``, None for no trials."""
    if n <= 0:
        return None
    z = NormalDist().inv_cdf(0.5 + level / 2)
    rate, weight = k / n, z * z / n
    centre = (rate + weight / 2) / (1 + weight)
    half = z / (1 + weight) * sqrt(rate * (1 - rate) / n + weight / (4 * n))
    low = 0.0 if k == 0 else max(0.0, centre - half)
    return low, 1.0 if k == n else min(1.0, centre + half)


def jeffreys(
    share: Fraction | float | None, n_eff: float | None, level: float = 0.80
) -> tuple[float, float] | None:
    """Return the equal-tailed interval of Beta(1/2 + n s, 1/2 + n (1 - s)), None for no data.

    At a share of 0 or 1 that end of the interval is 0 or 1, so that it holds the share itself.
    """
    shapes = _posterior(share, n_eff)
    if shapes is None or share is None:
        return None
    tail = (1 - level) / 2
    low = 0.0 if share <= 0 else beta_quantile(tail, *shapes)
    return low, 1.0 if share >= 1 else beta_quantile(1 - tail, *shapes)


def kish(weights: Iterable[float]) -> float | None:
    """Return the effective sample size (sum w)^2 / sum w^2, None for no weight at all."""
    taken = list(weights)
    squares = sum(weight * weight for weight in taken)
    return sum(taken) ** 2 / squares if squares else None


def zone_masses(
    share: Fraction | float | None, n_eff: float | None, band: Band
) -> dict[Zone, float] | None:
    """Return the posterior mass of the underlying rate in each zone, None for no data."""
    shapes = _posterior(share, n_eff)
    if shapes is None:
        return None
    lower, upper, derail = (
        beta_cdf(float(edge), *shapes) for edge in (band.lower, band.upper, band.derail)
    )
    return {
        Zone.RIGID: lower,
        Zone.ON_TARGET: upper - lower,
        Zone.STRETCHED: derail - upper,
        Zone.DERAILED: 1 - derail,
    }


def confidence_label(mass: float) -> Confidence:
    """Return the word for the posterior mass in the zone that is shown."""
    if mass >= 0.9:
        return Confidence.HIGH
    return Confidence.MODERATE if mass >= 0.7 else Confidence.LOW


def beta_cdf(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _continued_fraction(x, a, b) / a
    return 1 - front * _continued_fraction(1 - x, b, a) / b


@lru_cache(maxsize=4096)
def beta_quantile(p: float, a: float, b: float) -> float:
    """Return x with I_x(a, b) = p; p from 0 to 1.

    Halley's steps from a normal guess, each replaced by a bisection where it would leave the
    bracket. They triple the digits, so that a small step is the last. Kept, since pages ask for
    the same few hundred again and again.
    """
    low, high, x = 0.0, 1.0, _guess(p, a, b)
    scale = lgamma(a + b) - lgamma(a) - lgamma(b)
    while True:
        error = beta_cdf(x, a, b) - p
        low, high = (low, x) if error > 0 else (x, high)
        middle = (low + high) / 2
        if error == 0 or middle in (low, high) or high - low < EPSILON * high:
            return x if error == 0 else middle
        slope = exp(scale + (a - 1) * log(x) + (b - 1) * log1p(-x))
        step = error / slope if slope > TINY else 1.0
        bend = 1 - step * ((a - 1) / x - (b - 1) / (1 - x)) / 2
        ahead = x - (step / bend if bend > SHARP else step)
        if abs(ahead - x) < CLOSE * min(x, 1 - x):
            return min(max(ahead, low), high)
        x = ahead if low < ahead < high else middle


def _guess(p: float, a: float, b: float) -> float:
    """Return roughly where the quantile lies, by the normal curve and its first correction."""
    if not 0 < p < 1:
        return a / (a + b)
    whole = a + b
    spread = sqrt(a * b / (whole + 1)) / whole
    skew = 2 * (b - a) * sqrt(whole + 1) / ((whole + 2) * sqrt(a * b))
    z = _normal(p)
    guess = a / whole + spread * (z + (z * z - 1) * skew / 6)
    return guess if 0 < guess < 1 else a / whole


@lru_cache(maxsize=64)
def _normal(p: float) -> float:
    return NormalDist().inv_cdf(p)


def _posterior(share: Fraction | float | None, n_eff: float | None) -> tuple[float, float] | None:
    if share is None or n_eff is None or n_eff <= 0:
        return None
    rate = float(share)
    return 0.5 + n_eff * rate, 0.5 + n_eff * (1 - rate)


def _continued_fraction(x: float, a: float, b: float) -> float:
    """Evaluate the fraction of I_x(a, b) by Lentz's method (DLMF 8.17.22)."""
    both, above = a + b, a + 1
    c, d = 1.0, 1 / (1 - both * x / above or TINY)
    value = d
    for m in range(1, MOST_STEPS):
        place = a + 2 * m
        even = m * (b - m) * x / ((place - 1) * place)
        odd = -(a + m) * (both + m) * x / (place * (place + 1))
        d = 1 / (1 + even * d or TINY)
        c = 1 + even / c or TINY
        value *= c * d
        d = 1 / (1 + odd * d or TINY)
        c = 1 + odd / c or TINY
        step = c * d
        value *= step
        if abs(step - 1) < EPSILON:
            break
    return value
