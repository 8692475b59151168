"""How a reserve burns down, when it would be used up, and how sure that is.

The bookkeeping is whole mpd; the outlook is statistics, and so floats.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import cbrt, ceil, sqrt
from statistics import NormalDist

from tracker.domain.intervals import Confidence, confidence_label, kish
from tracker.domain.workdays import WorkCalendar

PACE_WEEKS = 8
TAILS = (0.10, 0.90)  # the middle 80 %


@dataclass(frozen=True, slots=True)
class Draw:
    """What one opportunity took from the reserve on a day."""

    on: date
    mpd: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """When the reserve would be used up at the pace of the last weeks.

    ``pace`` is in mpd per working day over ``draws`` draws in ``[since, before)``, None where
    the window has no working day. ``exhausted_on`` is the day the last of it goes, None where it
    outlasts the cycle; ``earliest`` and ``latest`` bound it (80 %), None where that end does.
    ``runs_out`` is the chance that it goes before the cycle ends, None without a pace.
    """

    left_mpd: int
    since: date
    draws: int
    pace: Fraction | None
    exhausted_on: date | None = None
    earliest: date | None = None
    latest: date | None = None
    runs_out: float | None = None

    @property
    def is_exhausted(self) -> bool:
        """Tell whether nothing is left today."""
        return self.left_mpd <= 0

    @property
    def confidence(self) -> Confidence | None:
        """Return how sure it is that it runs out or lasts, whichever is more likely."""
        if self.runs_out is None:
            return None
        return confidence_label(max(self.runs_out, 1 - self.runs_out))


def burn_down(
    reserve_mpd: int, draws: Iterable[Draw], start: date, *, before: date
) -> tuple[tuple[date, int], ...]:
    """Return what was left after each day with a draw, from the whole reserve at ``start``.

    Draws ahead of the cycle's start count on its first day; those from ``before`` on are not yet
    known. It falls below 0 only where more was drawn than there was.
    """
    by_day: dict[date, int] = {start: 0}
    for draw in _known(draws, before):
        day = max(start, draw.on)
        by_day[day] = by_day.get(day, 0) + draw.mpd
    points, left = [], reserve_mpd
    for day in sorted(by_day):
        left -= by_day[day]
        points.append((day, left))
    return tuple(points)


def outlook(
    reserve_mpd: int,
    draws: Iterable[Draw],
    start: date,
    end: date,
    *,
    before: date,
    calendar: WorkCalendar,
    weeks: int = PACE_WEEKS,
) -> Outlook:
    """Return when the reserve of the cycle ``[start, end)`` would be used up.

    The pace is what was drawn in the last weeks, or since the start where that is less, over the
    working days of that time. Its uncertainty follows the effective number n of draws (Kish): the
    rate of n events has a gamma distribution of shape n + 1/2 (Jeffreys). Without a draw in that
    time the pace is 0 and says nothing about how sure it is.
    """
    known = _known(draws, before)
    left = reserve_mpd - sum(draw.mpd for draw in known)
    since = min(before, max(start, before - timedelta(weeks=weeks)))
    recent = [draw for draw in known if draw.on >= since]
    days = calendar.working_days(since, before)
    pace = Fraction(sum(draw.mpd for draw in recent), days) if days else None
    if left <= 0:
        return Outlook(left, since, len(recent), pace, _used_up(reserve_mpd, known))
    until = calendar.working_days(before, end)
    n = kish(draw.mpd for draw in recent)
    if not pace or n is None:
        return Outlook(left, since, len(recent), pace)
    low, high = (float(pace) * _gamma_quantile(n, tail) / n for tail in TAILS)
    return Outlook(
        left,
        since,
        len(recent),
        pace,
        _gone_on(left, pace, until, before, calendar),
        _gone_on(left, high, until, before, calendar),
        _gone_on(left, low, until, before, calendar),
        _beyond(n, n * left / (float(pace) * until)) if until else None,
    )


def _known(draws: Iterable[Draw], before: date) -> list[Draw]:
    return sorted((draw for draw in draws if draw.on < before), key=lambda draw: draw.on)


def _used_up(reserve_mpd: int, draws: Iterable[Draw]) -> date | None:
    """Return the day on which the draws, in order, reached the reserve."""
    drawn = 0
    for draw in draws:
        drawn += draw.mpd
        if drawn >= reserve_mpd:
            return draw.on
    return None


def _gone_on(
    left: int, rate: Fraction | float, until: int, before: date, calendar: WorkCalendar
) -> date | None:
    """Return the working day on which the last of it goes, None after ``until`` of them."""
    days = ceil(left / rate)
    if days > until:
        return None
    return calendar.nth_working_day(before - timedelta(days=1), days)


def _gamma_quantile(n: float, p: float) -> float:
    """Return the quantile of a gamma distribution of shape n + 1/2 (Wilson and Hilferty 1931)."""
    shape = n + 0.5
    root = 1 - 1 / (9 * shape) + NormalDist().inv_cdf(p) / (3 * sqrt(shape))
    return shape * root**3


def _beyond(n: float, x: float) -> float:
    """Return the chance that it exceeds x, by the same approximation."""
    shape = n + 0.5
    return 1 - NormalDist().cdf(3 * sqrt(shape) * (cbrt(x / shape) - 1 + 1 / (9 * shape)))
