"""Why a closed period's figure differs now: recorded changes replayed, each with what it moved.

``R(P, k)`` is the share over period P from what was recorded before moment k. Replaying the changes
after the close in the order recorded gives each of them R after less R before; so they add up
exactly to the whole difference.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from tracker.domain.facts import Item
from tracker.domain.shares import Mix

Facts = Mapping[int, Item]


class Cause(StrEnum):
    """What a recorded change did to the facts; where it did several things, the first of these."""

    LATE_ENTRY = "late-entry"
    REMOVAL = "removal"
    RETAG = "retag"
    DATE_CORRECTION = "date-correction"
    EFFORT_CORRECTION = "effort-correction"
    VALUE_CORRECTION = "value-correction"
    LINEAGE = "lineage"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Revision:
    """The facts of one item as recorded at a moment; None where it was removed.

    ``sequence`` orders what was recorded at the same moment.
    """

    at: datetime
    sequence: int
    item: int
    facts: Item | None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One change that moved the figure, with the mix before and after it.

    ``contribution`` is a difference of shares (0.01 is one percentage point), None where there
    was no data before it.
    """

    at: datetime
    item: int
    by: str
    cause: Cause
    before: Mix
    after: Mix
    contribution: Fraction | None


@dataclass(frozen=True, slots=True)
class Restatement:
    """A figure as reported, as it is now, and the changes between them in the order recorded."""

    reported: Mix
    current: Mix
    steps: tuple[Step, ...]

    @property
    def is_restated(self) -> bool:
        """Tell whether the figure, its numerator or its denominator differs from the report."""
        return self.reported != self.current

    @property
    def total(self) -> Fraction | None:
        """Return the share now less the share as reported, None where either has no data."""
        if self.reported.share is None or self.current.share is None:
            return None
        return self.current.share - self.reported.share

    @property
    def causes(self) -> dict[Cause, int]:
        """Return how many changes there were of each cause, the most frequent first."""
        counted = Counter(step.cause for step in self.steps)
        ordered = sorted(counted, key=lambda cause: (-counted[cause], list(Cause).index(cause)))
        return {cause: counted[cause] for cause in ordered}


def replayed(
    facts: Facts, revisions: Iterable[Revision], before: datetime | None = None
) -> dict[int, Item]:
    """Return the facts after the revisions recorded before a moment, all of them for None."""
    known = dict(facts)
    for revision in _in_order(revisions, before):
        _apply(known, revision)
    return known


def restate(
    facts: Facts, revisions: Iterable[Revision], measure: Callable[[Facts], Mix]
) -> Restatement:
    """Replay what was recorded after a close on the facts of the close.

    ``measure`` gives the mix of the period under the rules it was closed with. Changes that
    leave the mix as it is are no steps. A step without data keeps the share known before it,
    so that the contributions still add up to the total.
    """
    known = dict(facts)
    reported = mix = measure(known)
    share = reported.share
    steps: list[Step] = []
    for revision in _in_order(revisions):
        old = known.get(revision.item)
        _apply(known, revision)
        after = measure(known)
        if after == mix:
            continue
        now = share if after.share is None else after.share
        moved = None if now is None or share is None else now - share
        cause = cause_of(old, revision.facts)
        steps.append(Step(revision.at, revision.item, revision.by, cause, mix, after, moved))
        mix, share = after, now
    return Restatement(reported, mix, tuple(steps))


def cause_of(old: Item | None, new: Item | None) -> Cause:
    """Return what a change did; work added to a known item is a late entry, too."""
    if new is None or old is None:
        return Cause.REMOVAL if new is None else Cause.LATE_ENTRY
    return next((cause for cause, did in _TESTS.items() if did(old, new)), Cause.OTHER)


def merged_revisions(revisions: Iterable[Revision]) -> tuple[Revision, ...]:
    """Return the last of the revisions of an item that were recorded at the same moment.

    One save may write an item and its segments: that is one change.
    """
    ordered = _in_order(revisions)
    last = {(revision.at, revision.item): revision for revision in ordered}
    return tuple(_in_order(last.values()))


def _in_order(revisions: Iterable[Revision], before: datetime | None = None) -> list[Revision]:
    known = (one for one in revisions if before is None or one.at < before)
    return sorted(known, key=lambda one: (one.at, one.sequence))


def _apply(known: dict[int, Item], revision: Revision) -> None:
    if revision.facts is None:
        known.pop(revision.item, None)
    else:
        known[revision.item] = revision.facts


def _gained_work(old: Item, new: Item) -> bool:
    """Tell whether segments were added and the others left as they were."""
    return len(new.segments) > len(old.segments) and set(old.segments) <= set(new.segments)


def _tags(item: Item) -> tuple[object, ...]:
    return item.origin, item.trigger, item.shifts


def _dates(item: Item) -> tuple[object, ...]:
    spans = tuple((segment.start, segment.end) for segment in item.segments)
    milestones = (item.delivered_on, item.cancelled_on, item.deferred_on)
    return item.planned_on, item.committed_on, item.target_on, *milestones, spans


def _efforts(item: Item) -> tuple[object, ...]:
    rates = tuple((segment.fte_milli, segment.assumed) for segment in item.segments)
    return item.commit_effort_mpd, item.effort_mpd, item.actual_mpd, rates


_TESTS: dict[Cause, Callable[[Item, Item], bool]] = {
    Cause.RETAG: lambda old, new: _tags(old) != _tags(new),
    Cause.LATE_ENTRY: _gained_work,
    Cause.DATE_CORRECTION: lambda old, new: _dates(old) != _dates(new),
    Cause.EFFORT_CORRECTION: lambda old, new: _efforts(old) != _efforts(new),
    Cause.VALUE_CORRECTION: lambda old, new: old.commit_value != new.commit_value,
    Cause.LINEAGE: lambda old, new: (old.root, old.parent) != (new.root, new.parent),
}
