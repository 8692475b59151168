"""Where an initiative comes from: splits and merges, as a graph of items."""

from collections.abc import Mapping, Sequence
from datetime import date

from tracker.domain.shares import Origin

# item -> the items it was split from or merged of; an item without any may be missing
Lineage = Mapping[int, Sequence[int]]


def ancestors(item: int, lineage: Lineage) -> tuple[int, ...]:
    """Return the items an item descends from, nearest first, each once, itself left out.

    A loop, which a faulty import might bring, ends the walk rather than the program.
    """
    found: dict[int, None] = {}
    queue = list(lineage.get(item, ()))
    while queue:
        near = queue.pop(0)
        if near != item and near not in found:
            found[near] = None
            queue.extend(lineage.get(near, ()))
    return tuple(found)


def completed_on(
    item: int, parts_of: Mapping[int, Sequence[int]], delivered_on: Mapping[int, date]
) -> date | None:
    """Return the day an item was delivered, in one or in all of its parts; None while open.

    ``parts_of`` gives the items split off it. A part of a part counts likewise.
    """
    return _completed(item, parts_of, delivered_on, frozenset())


def split_growth_mpd(parent_remaining_mpd: int, parts_remaining_mpd: Sequence[int]) -> int:
    """Return how much more the parts of a split hold than was left of their parent, in mpd.

    It is scope growth; less than 0 is scope cut by the split.
    """
    return sum(parts_remaining_mpd) - parent_remaining_mpd


def merged_origin(origins: Sequence[Origin]) -> Origin:
    """Return the one origin of the initiatives that are to be merged.

    Raises ValueError where they differ, since the merged work would have no origin, and on none.
    """
    found = set(origins)
    if len(found) != 1:
        raise ValueError("Only initiatives of the same origin can be merged.")
    return found.pop()


def _completed(
    item: int,
    parts_of: Mapping[int, Sequence[int]],
    delivered_on: Mapping[int, date],
    seen: frozenset[int],
) -> date | None:
    if item in delivered_on:
        return delivered_on[item]
    parts = parts_of.get(item, ())
    if not parts or item in seen:
        return None
    days = [_completed(part, parts_of, delivered_on, seen | {item}) for part in parts]
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) else None
