"""Replays what was recorded of initiatives, up to any moment, into the facts that figures read.

Recorded are states of initiatives, of their work and of overrides, and locks. The origin that
counts in a cycle follows from the locks and overrides recorded by then, as it did at the time.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from tracker.domain.baseline import Baseline, PlanCycle, opening_baseline
from tracker.domain.capacity import Segment
from tracker.domain.facts import Item, Shift
from tracker.domain.lineage import ancestors
from tracker.domain.restatement import Revision
from tracker.domain.shares import Origin

# One save may write an item and its segments, one after the other: that is one change.
TOGETHER = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Words:
    """What people call an initiative and what they say of it."""

    key: str = ""
    title: str = ""
    status: str = ""
    need: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded state: when, by whom, and its place among those of the same moment."""

    at: datetime
    number: int
    by: str
    item: int


@dataclass(frozen=True, slots=True)
class ItemRecord(Recorded):
    """The state of an initiative; ``facts`` has the declared origin and no segments.

    ``facts`` is None where it was deleted. ``team`` and lineage are known even then.
    """

    team: int
    facts: Item | None
    parent: int | None = None
    merged_into: int | None = None
    words: Words = field(default_factory=Words, compare=False)


@dataclass(frozen=True, slots=True)
class SegmentRecord(Recorded):
    """The state of a segment of ``item``; None where it was removed."""

    segment: int
    facts: Segment | None


@dataclass(frozen=True, slots=True)
class OverrideRecord(Recorded):
    """The overriding origin of ``item`` in a cycle; None where it was withdrawn."""

    cycle: int
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class LockRecord(Recorded):
    """A lock, its baseline without items, and what stood above its line; ``item`` is 0."""

    baseline: Baseline
    planned: frozenset[int]


# Work is written ahead of the initiative it belongs to, so it comes first at the same moment.
_ORDER: tuple[type[Recorded], ...] = (SegmentRecord, OverrideRecord, LockRecord, ItemRecord)


class Replay:
    """The facts of teams after some of the records; ``cycles`` are by id.

    ``items`` holds the facts by initiative, ``words`` how those are called.
    """

    def __init__(self, teams: Collection[int], cycles: Mapping[int, PlanCycle]) -> None:
        self.teams, self.cycles = frozenset(teams), cycles
        self.items: dict[int, Item] = {}
        self.words: dict[int, Words] = {}
        self._states: dict[int, ItemRecord] = {}
        self._segments: dict[int, dict[int, Segment]] = {}
        self._overrides: dict[int, dict[int, Origin]] = {}
        self._locks: dict[tuple[int, int], list[LockRecord]] = {}
        self._opened: dict[int, dict[int, frozenset[int]]] = {}
        self._lineage: dict[int, dict[int, tuple[int, ...]]] = {team: {} for team in teams}

    def run(self, records: Iterable[Recorded], before: datetime | None = None) -> "Replay":
        """Apply the records made ahead of a moment, all of them for None, and return itself."""
        touched: set[int] = set()
        for record in in_order(records, before):
            touched |= self._apply(record)
        for item in touched:
            self._refresh(item)
        return self

    def revisions(self, records: Iterable[Recorded]) -> tuple[Revision, ...]:
        """Apply records and return what each changed, one save of one item as one change."""
        found: list[Revision] = []
        for sequence, record in enumerate(in_order(records), 1):
            for item in sorted(self._apply(record)):
                if self._refresh(item):
                    facts = self.items.get(item)
                    found.append(Revision(record.at, sequence, item, facts, record.by))
        return _together(found)

    def without_overrides(self) -> dict[int, Item]:
        """Return the facts as they would be had nobody overridden an origin."""
        overrides, self._overrides = self._overrides, {}
        made = {item: self._made(item) for item in self.items}
        self._overrides = overrides
        return {item: facts for item, facts in made.items() if facts is not None}

    def _refresh(self, item: int) -> bool:
        """Work out the facts of an item anew, and tell whether they changed."""
        old, new = self.items.get(item), self._made(item)
        if new is None:
            self.items.pop(item, None)
        else:
            self.items[item] = new
        return old != new

    def _made(self, item: int) -> Item | None:
        state = self._states.get(item)
        if state is None or state.facts is None or state.team not in self.teams:
            return None
        work = self._segments.get(item, {}).values()
        segments = tuple(sorted(work, key=lambda one: (one.start, one.end or date.max)))
        return replace(state.facts, segments=segments, shifts=self._shifts(state))

    def _shifts(self, state: ItemRecord) -> tuple[Shift, ...]:
        if state.facts is None:
            return ()
        chosen = self._overrides.get(state.item, {})
        found = []
        for cycle, origin in {**self._derived(state), **chosen}.items():
            span = self.cycles.get(cycle)
            if span and origin != state.facts.origin:
                found.append(Shift(span.start, span.end, origin))
        return tuple(sorted(found, key=lambda one: one.start))

    def _derived(self, state: ItemRecord) -> dict[int, Origin]:
        """Return the origin that follows from the locks, in each cycle that one opened."""
        opened = self._opened.get(state.team)
        if not opened:
            return {}
        line = {state.item, *ancestors(state.item, self._lineage[state.team])}
        return {
            cycle: Origin.OPPORTUNISTIC if line.isdisjoint(planned) else Origin.PLANNED
            for cycle, planned in opened.items()
        }

    def _apply(self, record: Recorded) -> set[int]:
        """Take in a record and return the items whose facts may follow."""
        if isinstance(record, SegmentRecord):
            work = self._segments.setdefault(record.item, {})
            work.pop(record.segment, None)
            if record.facts is not None:
                work[record.segment] = record.facts
        elif isinstance(record, OverrideRecord):
            chosen = self._overrides.setdefault(record.item, {})
            chosen.pop(record.cycle, None)
            if record.origin is not None:
                chosen[record.cycle] = record.origin
        elif isinstance(record, LockRecord):
            return self._lock(record)
        elif isinstance(record, ItemRecord):
            return self._state(record)
        return {record.item}

    def _state(self, record: ItemRecord) -> set[int]:
        old = self._states.get(record.item)
        self._states[record.item], self.words[record.item] = record, record.words
        before = (old.team, old.parent, old.merged_into) if old else (record.team, None, None)
        if before == (record.team, record.parent, record.merged_into):
            return {record.item}
        self._trace()
        return set(self._states)

    def _trace(self) -> None:
        """Work out the lineage of each team anew."""
        self._lineage = {team: {} for team in self.teams}
        for item, state in sorted(self._states.items()):
            own = self._lineage.get(state.team, {})
            if state.parent is not None:
                own[item] = (state.parent, *own.get(item, ()))
            if state.merged_into is not None:
                own[state.merged_into] = (*own.get(state.merged_into, ()), item)

    def _lock(self, record: LockRecord) -> set[int]:
        team, cycle = record.baseline.team, record.baseline.cycle
        self._locks.setdefault((team, cycle), []).append(record)
        for (owner, key), locks in self._locks.items():
            span = self.cycles.get(key)
            if owner != team or span is None:
                continue
            chain = [lock.baseline for lock in locks]
            opening = opening_baseline(chain, span, before=date.max)
            if opening:
                planned = next(one.planned for one in locks if one.baseline == opening.baseline)
                self._opened.setdefault(team, {})[key] = planned
        return {item for item, state in self._states.items() if state.team == team}


def in_order(records: Iterable[Recorded], before: datetime | None = None) -> list[Recorded]:
    """Return the records made ahead of a moment, all of them for None, as they were made."""
    known = (record for record in records if before is None or record.at < before)
    return sorted(known, key=lambda one: (one.at, _ORDER.index(type(one)), one.number))


def _together(revisions: Iterable[Revision]) -> tuple[Revision, ...]:
    """Keep the last of the revisions that one save left of an item."""
    last: dict[int, Revision] = {}
    kept: list[Revision] = []
    for revision in revisions:
        before = last.get(revision.item)
        if before and before.by == revision.by and revision.at - before.at < TOGETHER:
            kept.remove(before)
        last[revision.item] = revision
        kept.append(revision)
    return tuple(kept)
