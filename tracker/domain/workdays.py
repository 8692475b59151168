"""Working days of a team: its weekdays less its holidays."""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date

WEEKDAYS = range(7)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days a team works. Weekdays count from Monday as 0.

    Raises ValueError where no weekday is a working day.
    """

    weekdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    holidays: frozenset[date] = frozenset()
    _upto: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _off: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare the running counts that make every question a matter of arithmetic."""
        if not self.weekdays or not self.weekdays <= set(WEEKDAYS):
            raise ValueError("A team works on at least one weekday from 0 (Monday) to 6.")
        upto = tuple(sum(day < upper for day in self.weekdays) for upper in range(8))
        # A holiday on a day that is free anyway must not be taken off twice.
        off = sorted(day.toordinal() for day in self.holidays if day.weekday() in self.weekdays)
        object.__setattr__(self, "_upto", upto)
        object.__setattr__(self, "_off", tuple(off))

    def is_working_day(self, day: date) -> bool:
        """Tell whether the team works on a day."""
        return day.weekday() in self.weekdays and day not in self.holidays

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
        weeks, rest = divmod(ordinal - 1, 7)
        return weeks * len(self.weekdays) + self._upto[rest] - bisect_left(self._off, ordinal)
