"""Sums of initiatives by period, to which one may be added and from which one may be taken."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import add, itemgetter, sub
from typing import Any

from tracker.domain.calendar import FiscalCalendar, PeriodKind, period_of
from tracker.domain.compact import Facts, Sort
from tracker.domain.shares import Measure, Origin
from tracker.domain.workdays import WorkCalendar

# What a sum holds, in this order. Items are initiatives, lineages those with a root of their own.
(
    ITEMS,
    LINEAGES,
    ESTIMATED,
    EFFORT,
    SQUARES,
    VALUED,
    VALUE,
    VALUE_SQUARES,
    VALUED_EFFORT,
    ASSUMED,
) = range(10)
Sum = tuple[int, ...]
Totals = tuple[Sum, Sum, Sum]
NOTHING: Sum = (0,) * 10
NO_TOTALS: Totals = (NOTHING, NOTHING, NOTHING)
PLACES: dict[str, int] = {Origin.OPPORTUNISTIC: 0, Origin.PLANNED: 1, Origin.UNCLASSIFIED: 2}
EARLIEST = date(1990, 1, 1).toordinal()


class Upto(dict[int, int]):
    """Working days ahead of a day, each worked out once."""

    def __init__(self, calendar: WorkCalendar) -> None:
        super().__init__()
        self.calendar = calendar

    def __missing__(self, day: int) -> int:
        days = self[day] = self.calendar.working_days(date.min, date.fromordinal(day))
        return days


@dataclass(frozen=True, slots=True)
class Grid:
    """The periods of one kind, or a single stretch ``[start, end)``; a key is a first day."""

    kind: PeriodKind | None = None
    fiscal: FiscalCalendar = field(default_factory=FiscalCalendar)
    start: int = 0
    end: int = 0

    @classmethod
    def of(cls, start: date, end: date) -> "Grid":
        """Return the grid of one stretch."""
        return cls(start=start.toordinal(), end=end.toordinal())

    def cut(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """Return ``(key, start, end)`` of the pieces that periods cut from ``[start, end)``."""
        if self.kind is None:
            start, end = max(start, self.start), min(end, self.end)
            return [(self.start, start, end)] if start < end else []
        known = _bounds(self.kind, self.fiscal)
        found = []
        start = max(start, EARLIEST)
        while start < end:
            key, stop = known[start]
            found.append((key, start, min(stop, end)))
            start = stop
        return found

    def around(self, day: int) -> tuple[int, int] | None:
        """Return key and end of the period that holds a day, None for none."""
        if self.kind is None:
            return (self.start, self.end) if self.start <= day < self.end else None
        return _bounds(self.kind, self.fiscal)[day] if day >= EARLIEST else None


class _Bounds(dict[int, tuple[int, int]]):
    """First day and end of the period that holds a day, each worked out once."""

    def __init__(self, kind: PeriodKind, fiscal: FiscalCalendar) -> None:
        super().__init__()
        self.kind, self.fiscal = kind, fiscal

    def __missing__(self, day: int) -> tuple[int, int]:
        period = period_of(date.fromordinal(day), self.kind, self.fiscal)
        found = self[day] = (period.start.toordinal(), period.end.toordinal())
        return found


_known_bounds: dict[tuple[PeriodKind, FiscalCalendar], _Bounds] = {}


def _bounds(kind: PeriodKind, fiscal: FiscalCalendar) -> _Bounds:
    return _known_bounds.setdefault((kind, fiscal), _Bounds(kind, fiscal))


Part = tuple[int, Sort, Sum]


class Fold:
    """The sums of a team's initiatives by period, under one measure, ahead of a day."""

    def __init__(self, measure: Measure, grid: Grid, before: int, upto: Upto) -> None:
        self.measure, self.grid, self.before, self.upto = measure, grid, before, upto
        self.sums: dict[int, dict[Sort, Sum]] = {}
        # Whatever was made of a period's sums goes with them.
        self.made: dict[int, dict[Any, Any]] = {}
        self._totals: dict[int, Totals] = {}
        self._split: list[Part] = []
        self._parts = self._worked if measure == Measure.CAPACITY else self._dated

    def change(
        self,
        gone: Iterable[Facts],
        come: Iterable[Facts],
        split: Sequence[Facts] | None,
    ) -> None:
        """Take out initiatives as they were and add some as they are; None: no split changed."""
        for facts in gone:
            self._apply(self._parts(facts), sub)
        for facts in come:
            self._apply(self._parts(facts), add)
        if split is not None:
            self._apply(self._split, sub)
            self._split = list(self._lines(split))
            self._apply(self._split, add)

    def totals(self, key: int) -> Totals:
        """Return the sums of the period with that first day: see ``PLACES``."""
        known = self._totals.get(key)
        if known is None:
            found = [NOTHING, NOTHING, NOTHING]
            for (origin, _), sums in self.sums.get(key, {}).items():
                place = PLACES[origin]
                found[place] = tuple(map(add, found[place], sums))
            known = self._totals[key] = (found[0], found[1], found[2])
        return known

    def _apply(self, parts: Iterable[Part], how: Callable[[int, int], int]) -> None:
        for key, sort, sums in parts:
            period = self.sums.setdefault(key, {})
            self._totals.pop(key, None)
            self.made.pop(key, None)
            left = tuple(map(how, period.get(sort, NOTHING), sums))
            if left == NOTHING:
                period.pop(sort, None)
            else:
                period[sort] = left

    def _worked(self, facts: Facts) -> list[Part]:
        """Return the parts of work; each day was worked once, so that every part counts."""
        upto, before, cut = self.upto, self.before, self.grid.cut
        found: dict[tuple[int, Sort], tuple[int, int]] = {}
        pieces = facts.pieces if facts.shifts else ((facts.sort, work) for work in facts.works)
        for sort, (start, end, fte, assumed) in pieces:
            for key, first, last in cut(start, before if end is None or end > before else end):
                mpd = fte * (upto[last] - upto[first])
                effort, rests = found.get((key, sort), (0, 0))
                found[key, sort] = (effort + mpd, rests + mpd if assumed else rests)
        return [
            (key, sort, _sum(effort, facts.value, rests))
            for (key, sort), (effort, rests) in found.items()
            if effort
        ]

    def _dated(self, facts: Facts) -> list[Part]:
        key = self._period_of(facts)
        if key is None:
            return []
        delivered = self.measure == Measure.DELIVERED
        effort = facts.delivered_mpd if delivered else facts.intake_mpd
        day = facts.delivered if delivered else facts.entered
        return [(key, facts.sort_on(day or 0), _sum(effort, facts.value))]

    def _period_of(self, facts: Facts) -> int | None:
        """Return the key of the one period an initiative belongs to, None for none."""
        if self.measure == Measure.DELIVERED:
            day = facts.delivered
        elif facts.committed is None or facts.committed >= self.before:
            return None
        else:
            day = facts.entered
        around = None if day is None or day >= self.before else self.grid.around(day)
        if around is None:
            return None
        left = facts.gone is not None and facts.gone < min(self.before, around[1])
        return None if left and self.measure == Measure.INTAKE_NET else around[0]

    def _lines(self, split: Sequence[Facts]) -> Iterator[Part]:
        """Return the parts of splits: a line counts once an origin, and its leaves alone.

        Under capacity parents count beside their parts, since each day was worked once.
        """
        counted: set[tuple[int, int, str]] = set()
        covered: set[tuple[int, int]] = set()
        if self.measure != Measure.CAPACITY:
            covered = self._covered(split)
        for facts in sorted(split, key=itemgetter(0)):
            for key, sort, sums in self._parts(facts):
                if (key, facts.item) in covered:
                    continue
                line = (key, facts.root or facts.item, sort[0])
                again = line in counted
                counted.add(line)
                yield key, sort, (*sums[:LINEAGES], 0, *sums[ESTIMATED:]) if again else sums

    def _covered(self, split: Sequence[Facts]) -> set[tuple[int, int]]:
        """Return ``(key, item)`` of what has a part in the same period."""
        parent_of = {facts.item: facts.parent for facts in split}
        covered = set()
        for facts in split:
            key, parent = self._period_of(facts), facts.parent
            while key is not None and parent is not None and (key, parent) not in covered:
                covered.add((key, parent))
                parent = parent_of.get(parent)
        return covered


def _sum(effort: int | None, value: int | None, assumed: int = 0) -> Sum:
    known, valued = effort or 0, value or 0
    return (
        1,
        1,
        effort is not None,
        known,
        known * known,
        value is not None,
        valued,
        valued * valued,
        known if value is not None else 0,
        assumed,
    )


def added(totals: Iterable[Totals]) -> Totals:
    """Return the sums of disjoint sets of initiatives, such as teams."""
    lucky, planned, unclassified = NO_TOTALS
    for one, two, three in totals:
        lucky = tuple(map(add, lucky, one))
        planned = tuple(map(add, planned, two))
        unclassified = tuple(map(add, unclassified, three))
    return lucky, planned, unclassified
