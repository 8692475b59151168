"""Baselines: what a team's plan said when it was locked, and which of them opened a cycle.

A lock stores a snapshot for good. OP1 and OP2 come first, amendments follow, and each bears the
hash of the one before it, so that the chain can be verified.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from tracker.domain.fingerprint import fingerprint

FORM = "baseline-1"


class BaselineKind(StrEnum):
    """Which lock it was: the big rocks, the corrected plan with its how, or an amendment."""

    OP1 = "op1"
    OP2 = "op2"
    AMENDMENT = "amendment"


@dataclass(frozen=True, slots=True)
class BaselineItem:
    """One initiative as the plan had it.

    ``rank`` counts from 1, effort is in mpd, value in whole units of the currency, FTE in
    thousandths. ``due_on`` is the last day, inclusive. ``lineage`` holds what it was split or
    merged from, nearest first. ``above_line`` is False where it was kept but did not fit.
    """

    item: int
    rank: int
    effort_mpd: int | None = None
    start_on: date | None = None
    due_on: date | None = None
    value: int | None = None
    fte_milli: int | None = None
    above_line: bool = True
    lineage: tuple[int, ...] = ()
    key: str = ""
    title: str = ""
    outcome: str = ""
    measured_by: str = ""
    approach: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A plan at one moment: capacity and reserve in mpd (None: not yet known) and its items.

    Raises ValueError where an item or a rank occurs twice.
    """

    items: tuple[BaselineItem, ...] = ()
    capacity_mpd: int | None = None
    reserve_mpd: int = 0

    def __post_init__(self) -> None:
        """Refuse what is no ranking."""
        for name in ("item", "rank"):
            if len({getattr(item, name) for item in self.items}) < len(self.items):
                raise ValueError(f"Each {name} stands in a plan once.")

    @property
    def by_item(self) -> dict[int, BaselineItem]:
        """Return all items by their id, those below the line included."""
        return {item.item: item for item in self.items}

    @property
    def planned(self) -> tuple[BaselineItem, ...]:
        """Return the items above the line, by rank: what the plan commits to."""
        above = (item for item in self.items if item.above_line)
        return tuple(sorted(above, key=lambda item: item.rank))

    @property
    def planned_mpd(self) -> int:
        """Return the effort above the line; items without an estimate add nothing."""
        return sum(item.effort_mpd or 0 for item in self.planned)


@dataclass(frozen=True, slots=True)
class Baseline:
    """A locked plan of one team for one cycle. ``number`` counts the chain from 0.

    ``effective_on`` is the day it holds from, ``locked_on`` the civil date on which it was
    locked. Raises ValueError on a negative number.
    """

    team: int
    cycle: int
    number: int
    kind: BaselineKind
    effective_on: date
    locked_on: date
    snapshot: Snapshot
    reason: str = ""
    locked_by: str = ""

    def __post_init__(self) -> None:
        """Refuse a number that no chain has."""
        if self.number < 0:
            raise ValueError("Baselines are numbered from 0.")


@dataclass(frozen=True, slots=True)
class PlanCycle:
    """A cycle ``[start, end)`` and how many days after its start a lock may still open it."""

    start: date
    end: date
    grace_days: int = 0

    @property
    def opening_bound(self) -> date:
        """Return the last day on which a lock may hold from to open the cycle."""
        return self.start + timedelta(days=self.grace_days)


@dataclass(frozen=True, slots=True)
class Opening:
    """The baseline that opened a cycle; ``locked_late`` where it was only recorded afterwards."""

    baseline: Baseline
    locked_late: bool = False


def baseline_hash(baseline: Baseline, previous_hash: str = "") -> str:
    """Return the hash of a baseline and the chain before it, whatever the order of its items."""
    items = tuple(sorted(baseline.snapshot.items, key=lambda item: item.item))
    ordered = replace(baseline, snapshot=replace(baseline.snapshot, items=items))
    return fingerprint(FORM, previous_hash, ordered)


def chain_hashes(baselines: Iterable[Baseline]) -> tuple[str, ...]:
    """Return the hash of each baseline of one team and cycle, in the order of their numbers."""
    hashes: list[str] = []
    for baseline in sorted(baselines, key=lambda lock: lock.number):
        hashes.append(baseline_hash(baseline, hashes[-1] if hashes else ""))
    return tuple(hashes)


def opening_baseline(
    baselines: Sequence[Baseline], cycle: PlanCycle, *, before: date
) -> Opening | None:
    """Return B*, the last baseline in force when the cycle opened; None where there was no lock.

    Locks made from ``before`` on are not yet known. A lock made after the opening and dated
    back could launder an opportunity into the plan; so it counts only where no lock was made in
    time, then the first one made, marked as late.
    """
    bound = cycle.opening_bound
    dated = [b for b in baselines if b.effective_on <= bound and b.locked_on < before]
    in_time = [b for b in dated if b.locked_on <= bound]
    if in_time:
        return Opening(max(in_time, key=_in_force))
    if dated:
        return Opening(min(dated, key=lambda lock: (lock.locked_on, lock.number)), locked_late=True)
    return None


def current_baseline(baselines: Iterable[Baseline], *, before: date) -> Baseline | None:
    """Return Bk, the baseline in force on the day ahead of ``before``; None where there is none."""
    known = [b for b in baselines if b.effective_on < before and b.locked_on < before]
    return max(known, key=_in_force, default=None)


def _in_force(baseline: Baseline) -> tuple[date, int]:
    return baseline.effective_on, baseline.number
