"""Work up to any day, after one pass over the changes of the FTE at work."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter

from tracker.domain.calendar import Period
from tracker.domain.shares import Mix, Origin
from tracker.domain.workdays import WorkCalendar

Change = tuple[date, str, int]


class RunningWork:
    """What ``capacity.capacity_by_period`` says, for many sets of periods over the same changes.

    A change is a day, an origin and thousandths of an FTE, negative where work ends. With W(x)
    the working days ahead of x, work before x is W(x) * sum(fte) - sum(fte * W(day)): both sums
    are kept for each day on which something changes, so that any bound is one look-up.
    """

    def __init__(self, changes: Iterable[Change], calendar: WorkCalendar) -> None:
        self.calendar = calendar
        self.days: list[date] = []
        self._sums: list[tuple[int, ...]] = [(0,) * 6]
        places = {origin.value: 2 * place for place, origin in enumerate(_ORDER)}
        sums = [0] * 6
        for day, same in groupby(sorted(changes, key=itemgetter(0)), key=itemgetter(0)):
            ahead = calendar.working_days(date.min, day)
            for _, origin, fte in same:
                place = places[origin]
                sums[place] += fte
                sums[place + 1] += fte * ahead
            self.days.append(day)
            self._sums.append(tuple(sums))

    def before(self, bound: date) -> tuple[int, int, int]:
        """Return the mpd worked ahead of a day: opportunistic, planned, unclassified."""
        days = self.calendar.working_days(date.min, bound)
        sums = self._sums[bisect_left(self.days, bound)]
        return (
            days * sums[0] - sums[1],
            days * sums[2] - sums[3],
            days * sums[4] - sums[5],
        )

    def mixes(self, periods: Sequence[Period], before: date) -> tuple[Mix, ...]:
        """Return one mix in mpd a period, of work ahead of ``before``."""
        known: dict[date, tuple[int, int, int]] = {}
        found = []
        for period in periods:
            bounds = (min(period.start, before), min(period.end, before))
            for bound in bounds:
                if bound not in known:
                    known[bound] = self.before(bound)
            first, last = known[bounds[0]], known[bounds[1]]
            found.append(Mix(last[0] - first[0], last[1] - first[1], last[2] - first[2]))
        return tuple(found)


_ORDER = (Origin.OPPORTUNISTIC, Origin.PLANNED, Origin.UNCLASSIFIED)
