"""What a team's initiatives add up to, kept so that a change of one costs the reading of one.

Days are ordinals (``date.toordinal``), effort is in mpd. A ``Ledger`` holds the facts of each
initiative; a ``Fold`` holds their sums by period, to which a changed initiative is subtracted as
it was and added as it is.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from tracker.domain.compact import Facts
from tracker.domain.folding import Fold, Grid, Upto
from tracker.domain.shares import Measure, Origin
from tracker.domain.workdays import WorkCalendar

MOST_FOLDS = 16
MOST_STEPS = 64


class Step(NamedTuple):
    """What one change took out of a ledger and put in; ``split`` are all parts and parents."""

    gone: Sequence[Facts]
    come: Sequence[Facts]
    split: Sequence[Facts] | None


class Ledger:
    """The facts of one team's initiatives, and the sums asked of them so far.

    Without ``items`` they are loaded when first needed. A ledger that can ``load`` may also let
    them go: it keeps its sums, and loads the facts again for others.
    """

    def __init__(
        self,
        calendar: WorkCalendar,
        items: Iterable[Facts] | None = None,
        load: Callable[[], Iterable[Facts]] | None = None,
    ) -> None:
        self.items: dict[int, Facts] = {}
        self.upto = Upto(calendar)
        self._load = load
        self._is_loaded = self._is_filled = False
        if items is not None:
            self._fill(items)

    def __len__(self) -> int:
        self._need_counts()
        return self._size

    def let_go(self) -> None:
        """Drop the facts, where they can be loaded again."""
        if self._load is not None:
            self.items, self._is_loaded = {}, False

    def _need_counts(self) -> None:
        if not self._is_filled:
            self._need_items()

    def _need_items(self) -> None:
        """Load the facts; they may be newer than the sums, so those are made anew."""
        if not self._is_loaded:
            self._fill(self._load() if self._load else ())

    def _fill(self, items: Iterable[Facts]) -> None:
        self.items = {facts.item: facts for facts in items}
        self._is_loaded = self._is_filled = True
        self._size = len(self.items)
        self._kin: Counter[int] = Counter()
        self._counts = [0, 0]
        self._touched: dict[int, float] = {}
        for facts in self.items.values():
            self._count(facts, 1)
        self._split = self._find_split()
        self._folds: OrderedDict[tuple[Measure, Grid, int], tuple[Fold, int]] = OrderedDict()
        self._steps: list[Step] = []
        self._dropped = 0
        self._firsts: dict[tuple[Measure, int, int], int | None] = {}

    @property
    def unclassified(self) -> int:
        """Return how many initiatives have no origin."""
        self._need_counts()
        return self._counts[0]

    @property
    def unestimated(self) -> int:
        """Return how many initiatives have no estimate."""
        self._need_counts()
        return self._counts[1]

    def untouched_since(self, moment: float) -> int:
        """Return how many active initiatives were last changed ahead of a moment."""
        self._need_counts()
        return sum(touched < moment for touched in self._touched.values())

    def change(self, items: Iterable[int], found: Mapping[int, Facts]) -> None:
        """Take over the facts of initiatives as they are now; those not ``found`` are gone."""
        if not self._is_loaded:
            self._is_filled = False
            return
        gone, come = [], []
        for item in items:
            was, now = self.items.pop(item, None), found.get(item)
            if was is not None:
                self._count(was, -1)
                gone.append(was)
            if now is not None:
                self.items[item] = now
                self._count(now, 1)
                come.append(now)
        self._size = len(self.items)
        self._note_firsts(gone, come)
        self._steps.append(self._step(gone, come))
        if len(self._steps) > MOST_STEPS:
            self._steps.pop(0)
            self._dropped += 1

    def fold(self, measure: Measure, grid: Grid, before: date) -> Fold:
        """Return the sums by period of what is known ahead of ``before``."""
        key = (measure, grid, before.toordinal())
        self._need_counts()
        if key not in self._folds:
            self._need_items()
        fold, position = self._folds.get(key, (None, -1))
        now = self._dropped + len(self._steps)
        if fold is None or position < self._dropped:
            fold = Fold(measure, grid, key[2], self.upto)
            fold.change((), self._singles(), [self.items[item] for item in self._split])
        else:
            for step in self._steps[position - self._dropped :]:
                fold.change(*step)
        self._folds[key] = (fold, now)
        self._folds.move_to_end(key)
        if len(self._folds) > MOST_FOLDS:
            self._folds.popitem(last=False)
        return fold

    def first(self, measure: Measure, since: date, before: date) -> date | None:
        """Return the first day in ``[since, before)`` on which anything happened."""
        key = (measure, since.toordinal(), before.toordinal())
        self._need_counts()
        if key not in self._firsts:
            self._need_items()
            if len(self._firsts) > MOST_STEPS:
                self._firsts.clear()
            days = (_first_day(facts, *key) for facts in self.items.values())
            self._firsts[key] = min((day for day in days if day is not None), default=None)
        found = self._firsts[key]
        return None if found is None else date.fromordinal(found)

    def _count(self, facts: Facts, sign: int) -> None:
        self._counts[0] += sign * (facts.sort[0] == Origin.UNCLASSIFIED)
        self._counts[1] += sign * (not facts.is_estimated)
        for other in (facts.parent, facts.root):
            if other is not None:
                self._kin[other] += sign
        if sign < 0:
            self._touched.pop(facts.item, None)
        elif facts.touched is not None:
            self._touched[facts.item] = facts.touched

    def _find_split(self) -> frozenset[int]:
        """Return the parts of splits and what they were split from."""
        return frozenset(item for item, facts in self.items.items() if self._is_split(facts))

    def _is_split(self, facts: Facts) -> bool:
        alone = facts.parent is None and facts.root is None
        return not alone or self._kin[facts.item] > 0

    def _singles(self) -> list[Facts]:
        return [facts for item, facts in self.items.items() if item not in self._split]

    def _step(self, gone: list[Facts], come: list[Facts]) -> Step:
        changed = {facts.item for facts in (*gone, *come)}
        if not (changed & self._split) and not any(map(self._is_split, (*gone, *come))):
            return Step(gone, come, None)
        before, after = self._split, self._find_split()
        self._split = after
        was = {facts.item: facts for facts in gone}
        for item in (before ^ after) - changed:
            was[item] = self.items[item]
        now = {item: self.items[item] for item in (*was, *changed) if item in self.items}
        return Step(
            [facts for item, facts in was.items() if item not in before],
            [facts for item, facts in now.items() if item not in after],
            [self.items[item] for item in after],
        )

    def _note_firsts(self, gone: Sequence[Facts], come: Sequence[Facts]) -> None:
        for key, known in list(self._firsts.items()):
            old = [day for facts in gone if (day := _first_day(facts, *key)) is not None]
            new = [day for facts in come if (day := _first_day(facts, *key)) is not None]
            if known in old:
                del self._firsts[key]
            elif new:
                self._firsts[key] = min(new) if known is None else min(known, *new)


def _first_day(facts: Facts, measure: Measure, since: int, before: int) -> int | None:
    if measure == Measure.CAPACITY:
        days = [
            max(work.start, since)
            for work in facts.works
            if work.start < before and (work.end is None or work.end > since)
        ]
        return min(days, default=None)
    day = facts.delivered if measure == Measure.DELIVERED else facts.entered
    known = measure == Measure.DELIVERED or (facts.committed or before) < before
    return day if day is not None and known and since <= day < before else None
