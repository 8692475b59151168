"""What differs between two snapshots of a plan: any two baselines, or one and now."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.baseline import BaselineItem, Snapshot

Run = tuple[int, ...]


class ChangeKind(StrEnum):
    """How an item differs. Raised and lowered are the two ways across the line."""

    ADDED = "added"
    REMOVED = "removed"
    RAISED = "raised"
    LOWERED = "lowered"
    RE_ESTIMATED = "re-estimated"
    RE_DATED = "re-dated"
    RE_RANKED = "re-ranked"
    RE_VALUED = "re-valued"
    RE_STAFFED = "re-staffed"
    RE_WORDED = "re-worded"


_MIRRORED = {
    ChangeKind.ADDED: ChangeKind.REMOVED,
    ChangeKind.REMOVED: ChangeKind.ADDED,
    ChangeKind.RAISED: ChangeKind.LOWERED,
    ChangeKind.LOWERED: ChangeKind.RAISED,
}
_FIELDS: dict[ChangeKind, Callable[[BaselineItem], object]] = {
    ChangeKind.RE_ESTIMATED: lambda item: item.effort_mpd,
    ChangeKind.RE_DATED: lambda item: (item.start_on, item.due_on),
    ChangeKind.RE_VALUED: lambda item: item.value,
    ChangeKind.RE_STAFFED: lambda item: item.fte_milli,
    ChangeKind.RE_WORDED: lambda item: (
        item.key,
        item.title,
        item.outcome,
        item.measured_by,
        item.approach,
        item.lineage,
    ),
}


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item in both snapshots; ``old`` is None where it was added, ``new`` where removed."""

    item: int
    kinds: tuple[ChangeKind, ...]
    old: BaselineItem | None
    new: BaselineItem | None

    @property
    def growth_mpd(self) -> int:
        """Return by how much the effort grew; an unknown effort counts as none."""
        return _effort(self.new) - _effort(self.old)

    def reversed(self) -> "ItemChange":
        """Return the change the other way round."""
        kinds = {_MIRRORED.get(kind, kind) for kind in self.kinds}
        ordered = tuple(kind for kind in ChangeKind if kind in kinds)
        return ItemChange(self.item, ordered, self.new, self.old)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences of two snapshots, in the order of the newer plan.

    Capacity and reserve are (old, new) in mpd.
    """

    changes: tuple[ItemChange, ...]
    capacity_mpd: tuple[int | None, int | None]
    reserve_mpd: tuple[int, int]

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing differs."""
        capacity, reserve = self.capacity_mpd, self.reserve_mpd
        return not self.changes and capacity[0] == capacity[1] and reserve[0] == reserve[1]

    @property
    def counts(self) -> dict[ChangeKind, int]:
        """Return how many items changed in each way that occurs, in the order of the kinds."""
        found = [kind for change in self.changes for kind in change.kinds]
        return {kind: found.count(kind) for kind in ChangeKind if kind in found}

    def of_kind(self, *kinds: ChangeKind) -> tuple[ItemChange, ...]:
        """Return the changes of any of some kinds."""
        return tuple(change for change in self.changes if set(kinds) & set(change.kinds))

    def reversed(self) -> "Comparison":
        """Return the comparison of the same snapshots the other way round."""
        return Comparison(
            _in_order(change.reversed() for change in self.changes),
            (self.capacity_mpd[1], self.capacity_mpd[0]),
            (self.reserve_mpd[1], self.reserve_mpd[0]),
        )


def compare(old: Snapshot, new: Snapshot) -> Comparison:
    """Return what differs from ``old`` to ``new``; it is empty only where they say the same.

    Ranks are compared as an order: a gap left by a removed item is no difference.
    """
    before, after = old.by_item, new.by_item
    moved = re_ranked(before, after)
    changes = []
    for item in before.keys() | after.keys():
        kinds = _kinds(before.get(item), after.get(item), is_moved=item in moved)
        if kinds:
            changes.append(ItemChange(item, kinds, before.get(item), after.get(item)))
    return Comparison(
        _in_order(changes),
        (old.capacity_mpd, new.capacity_mpd),
        (old.reserve_mpd, new.reserve_mpd),
    )


def re_ranked(
    before: Mapping[int, BaselineItem], after: Mapping[int, BaselineItem]
) -> frozenset[int]:
    """Return the fewest items whose move explains the new order of those in both.

    An item pulled to the top is one move, though it pushes all others down by one. What stays
    is the longest run in the same order; of several the one with the lowest ids, so that both
    directions tell the same moves.
    """
    common = sorted(before.keys() & after.keys(), key=lambda item: before[item].rank)
    ranks = [after[item].rank for item in common]
    longest: list[Run] = []
    for index, item in enumerate(common):
        earlier = [longest[i] for i in range(index) if ranks[i] < ranks[index]]
        longest.append((*_preferred(earlier), item))
    return frozenset(common) - frozenset(_preferred(longest))


def _preferred(runs: Sequence[Run]) -> Run:
    return min(runs, key=lambda run: (-len(run), run)) if runs else ()


def _kinds(
    old: BaselineItem | None, new: BaselineItem | None, *, is_moved: bool
) -> tuple[ChangeKind, ...]:
    if old is None or new is None:
        return (ChangeKind.ADDED if old is None else ChangeKind.REMOVED,)
    kinds = {kind for kind, read in _FIELDS.items() if read(old) != read(new)}
    if is_moved:
        kinds.add(ChangeKind.RE_RANKED)
    if old.above_line != new.above_line:
        kinds.add(ChangeKind.RAISED if new.above_line else ChangeKind.LOWERED)
    return tuple(kind for kind in ChangeKind if kind in kinds)


def _in_order(changes: Iterable[ItemChange]) -> tuple[ItemChange, ...]:
    return tuple(sorted(changes, key=_position))


def _position(change: ItemChange) -> tuple[int, int, int]:
    """Sort by the new rank; what was removed comes last, by its old one."""
    entry = change.new or change.old
    return int(change.new is None), entry.rank if entry else 0, change.item


def _effort(entry: BaselineItem | None) -> int:
    return (entry.effort_mpd or 0) if entry else 0
