"""Working days of a team: its weekdays less its holidays.

Weekdays may have been others before: then those hold for the days before the change, so that what
was worked there stays as it was.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

WEEKDAYS = range(7)
# (until, weekdays): the weekdays that held for the days before ``until``
FormerWeek = tuple[date, frozenset[int]]
# how much more was counted before it began, the days of a week, and those ahead of each weekday
_Week = tuple[int, int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days a team works. Weekdays count from Monday as 0.

    ``former`` lists the weekdays of earlier times in order of their days, each from the end of
    the one before it. Raises ValueError where no weekday is a working day, and where former
    weeks are out of order.
    """

    weekdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    holidays: frozenset[date] = frozenset()
    former: tuple[FormerWeek, ...] = ()
    _upto: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _off: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _untils: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _weeks: tuple[_Week, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare the running counts that make every question a matter of arithmetic."""
        weeks = [*(week for _, week in self.former), self.weekdays]
        if any(not week or not week <= set(WEEKDAYS) for week in weeks):
            raise ValueError("A team works on at least one weekday from 0 (Monday) to 6.")
        untils = tuple(until.toordinal() for until, _ in self.former)
        if any(later <= earlier for earlier, later in pairwise(untils)):
            raise ValueError("Former weeks are given in the order of their days.")
        # A holiday on a day that is free anyway must not be taken off twice.
        off = sorted(day.toordinal() for day in self.holidays if day.weekday() in self.week_on(day))
        object.__setattr__(self, "_upto", _upto(self.weekdays))
        object.__setattr__(self, "_off", tuple(off))
        object.__setattr__(self, "_untils", untils)
        object.__setattr__(self, "_weeks", _weeks(weeks, untils))

    def week_on(self, day: date) -> frozenset[int]:
        """Return the weekdays that are worked in the week of a day."""
        return next((week for until, week in self.former if day < until), self.weekdays)

    def is_working_day(self, day: date) -> bool:
        """Tell whether the team works on a day."""
        return day.weekday() in self.week_on(day) and day not in self.holidays

    def working_days(self, start: date, end: date) -> int:
        """Return the number of working days in ``[start, end)``; 0 where it is empty.

        Takes O(log holidays), however long the interval.
        """
        return max(0, self._before(end.toordinal()) - self._before(start.toordinal()))

    def working_days_through(self, start: date, last_day: date) -> int:
        """Return the number of working days from ``start`` to ``last_day``, both inclusive."""
        return max(0, self._before(last_day.toordinal() + 1) - self._before(start.toordinal()))

    def nth_working_day(self, start: date, n: int) -> date:
        """Return the ``n``-th working day after ``start``; ``start`` itself for 0.

        Raises ValueError on a negative ``n`` and where the calendar ends first.
        """
        if n < 0:
            raise ValueError("Working days are counted forwards: use 0 or more.")
        if n == 0:
            return start
        wanted = self._before(start.toordinal() + 1) + n
        low, high = start.toordinal(), date.max.toordinal()
        if self._before(high + 1) < wanted:
            raise ValueError("That lies outside the calendar. Use years from 1 to 9999.")
        while high - low > 1:
            middle = (low + high) // 2
            if self._before(middle + 1) >= wanted:
                high = middle
            else:
                low = middle
        return date.fromordinal(high)

    def _before(self, ordinal: int) -> int:
        """Count working days from 0001-01-01, a Monday, to the day before ``ordinal``."""
        off = bisect_left(self._off, ordinal)
        weeks, rest = divmod(ordinal - 1, 7)
        if not self._untils:
            return weeks * len(self.weekdays) + self._upto[rest] - off
        ahead, number, upto = self._weeks[bisect_left(self._untils, ordinal)]
        return ahead + weeks * number + upto[rest] - off


def _upto(weekdays: frozenset[int]) -> tuple[int, ...]:
    return tuple(sum(day < upper for day in weekdays) for upper in range(8))


def _weeks(weekdays: Sequence[frozenset[int]], untils: Sequence[int]) -> tuple[_Week, ...]:
    """Return the weeks in order, each with what the ones before it count more or less than it."""
    found: list[_Week] = [(0, len(weekdays[0]), _upto(weekdays[0]))]
    for week, until in zip(weekdays[1:], untils, strict=True):
        ahead, number, upto = found[-1]
        weeks, rest = divmod(until - 1, 7)
        own = _upto(week)
        more = weeks * (number - len(week)) + upto[rest] - own[rest]
        found.append((ahead + more, len(week), own))
    return tuple(found)
