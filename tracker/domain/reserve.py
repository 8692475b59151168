"""How a reserve burns down, when it would be used up, and how sure that is.

The bookkeeping is whole mpd; the outlook is statistics, and so floats.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, inf

from tracker.domain.intervals import Confidence, beta_cdf, beta_quantile, confidence_label, kish
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
    outlasts the cycle; ``earliest`` and ``latest`` bound it (80 %), None where they do.
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
    working days of that time. Without a draw in it the pace is 0, and nothing says how sure.
    """
    known = _known(draws, before)
    left = reserve_mpd - sum(draw.mpd for draw in known)
    since = min(before, max(start, before - timedelta(weeks=weeks)))
    recent = tuple(draw.mpd for draw in known if draw.on >= since)
    days = calendar.working_days(since, before)
    pace = Fraction(sum(recent), days) if days else None
    books = Outlook(left, since, len(recent), pace)
    if left <= 0:
        return replace(books, exhausted_on=_used_up(reserve_mpd, known))
    ahead = _Ahead(before, calendar.working_days(before, end), calendar)
    return _looked_ahead(books, pace, recent, days, ahead) if pace else books


@dataclass(frozen=True, slots=True)
class _Ahead:
    """The working days from ``before`` to the end of the cycle."""

    before: date
    days: int
    calendar: WorkCalendar

    def day(self, wait: Fraction | float) -> date | None:
        """Return the day after so many working days of waiting, None beyond the end."""
        if wait > self.days:
            return None
        return self.calendar.nth_working_day(self.before - timedelta(days=1), max(1, ceil(wait)))


def _looked_ahead(
    books: Outlook, pace: Fraction, recent: Sequence[int], days: int, ahead: _Ahead
) -> Outlook:
    shapes = _shapes(books.left_mpd, recent)
    low, high = (_wait(tail, days, shapes) for tail in TAILS)
    point = books.left_mpd / pace
    return replace(
        books,
        exhausted_on=ahead.day(point),
        earliest=ahead.day(min(low, float(point))),
        latest=ahead.day(high),
        runs_out=beta_cdf(ahead.days / (ahead.days + days), *shapes) if ahead.days else None,
    )


def _shapes(left: int, recent: Sequence[int]) -> tuple[float, float]:
    """Return the shapes a, b of the Beta that gives the wait for the draws still to come.

    Draws come at random at a rate known from n of them (Kish's effective number, Jeffreys'
    prior: gamma of shape n + 1/2), each as large as the effective one. Then the wait w for the
    k-th, in units of the time they were seen in, has w / (1 + w) ~ Beta(k, n + 1/2).
    """
    n = kish(recent) or 1.0
    return max(1.0, left * n / sum(recent)), n + 0.5


def _wait(tail: float, days: int, shapes: tuple[float, float]) -> float:
    """Return a quantile of the wait in working days."""
    part = beta_quantile(tail, *shapes)
    return days * part / (1 - part) if part < 1 else inf


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
