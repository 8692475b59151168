"""What each initiative adds to a mark of a figure, so that its sum is the mark."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.domain.facts import Entry
from tracker.domain.mix import Mix, Origin, Weight


@dataclass(frozen=True, slots=True)
class Contribution:
    """An entry and its part of the sum; None is unestimated or unvalued, so outside of it."""

    entry: Entry
    amount: int | None


@dataclass(frozen=True, slots=True)
class Named:
    """A contribution with what people call the initiative; ``team`` is the team's name."""

    part: Contribution
    key: str
    title: str
    status: str
    team: str


def contributions(entries: Iterable[Entry], weight: Weight) -> tuple[Contribution, ...]:
    """Return the parts that entries have in a mix, in their order.

    By count the first part of a split stands for all of its team and origin, the others add 0.
    """
    counted: set[tuple[int, int, str]] = set()
    found = []
    for entry in entries:
        if weight is not Weight.COUNT:
            amount = entry.effort_mpd if weight is Weight.EFFORT else entry.value
        else:
            lineage = (entry.team, entry.root, entry.origin)
            amount = 0 if lineage in counted else 1
            counted.add(lineage)
        found.append(Contribution(entry, amount))
    return tuple(found)


def mix_of(parts: Iterable[Contribution]) -> Mix:
    """Return the mix that contributions add up to."""
    sums = dict.fromkeys(Origin, 0)
    for part in parts:
        sums[part.entry.origin] += part.amount or 0
    return Mix(**{origin.value: amount for origin, amount in sums.items()})
