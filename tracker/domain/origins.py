"""The derived origin of an initiative in a cycle, its evidence, and what overrides do to the mix.

Planned is who stands above the line of the cycle-opening baseline, or descends from one who does.
Words for the evidence are made elsewhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from tracker.domain.baseline import (
    Baseline,
    BaselineItem,
    BaselineKind,
    PlanCycle,
    opening_baseline,
)
from tracker.domain.lineage import Lineage, ancestors
from tracker.domain.shares import Mix, Origin, sum_mixes


class Derived(StrEnum):
    """What the baseline says about an initiative; unknown where no baseline opened the cycle."""

    PLANNED = "planned"
    OPPORTUNISTIC = "opportunistic"
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """On what a derived origin rests."""

    LISTED = "listed"
    DESCENDED = "descended"
    BELOW_LINE = "below-line"
    ABSENT = "absent"
    NO_LOCK = "no-lock"


class OverrideReason(StrEnum):
    """Why a person knows better than the baseline."""

    AGREED_OUTSIDE_PLAN = "agreed-outside-plan"
    PART_OF_PLANNED_WORK = "part-of-planned-work"
    NEW_SCOPE = "new-scope"
    PLAN_WAS_LATE = "plan-was-late"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class LockRef:
    """Which baseline is meant, and the dates that prove it."""

    number: int
    kind: BaselineKind
    effective_on: date
    locked_on: date

    @classmethod
    def of(cls, baseline: Baseline) -> "LockRef":
        """Return the reference to a baseline."""
        return cls(baseline.number, baseline.kind, baseline.effective_on, baseline.locked_on)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why an origin was derived.

    ``listed`` is the item the baseline lists, itself or an ancestor, and ``rank`` its rank.
    ``ratified`` is the amendment that adopted an opportunity later. ``carried`` marks work
    committed before the cycle, ``locked_late`` a baseline recorded after its day.
    """

    basis: Basis
    lock: LockRef | None = None
    listed: int | None = None
    rank: int | None = None
    committed_on: date | None = None
    carried: bool = False
    ratified: LockRef | None = None
    locked_late: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The derived origin of one item in one cycle, with its evidence."""

    item: int
    origin: Derived
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Override:
    """A person's word against the baseline's; ValueError without a text or a person."""

    origin: Origin
    code: OverrideReason
    text: str
    by: str

    def __post_init__(self) -> None:
        """Refuse an override that does not explain itself."""
        if not self.text.strip() or not self.by.strip():
            raise ValueError("Say who overrides the origin, and why.")
        if self.origin == Origin.UNCLASSIFIED:
            raise ValueError("Override with planned or opportunistic.")


@dataclass(frozen=True, slots=True)
class Tagged:
    """One item with all its origins, and what it weighs (mpd, 1 or value)."""

    item: int
    declared: Origin
    derived: Derived
    override: Override | None = None
    amount: int = 1

    @property
    def effective(self) -> Origin:
        """Return the origin that counts."""
        return effective_origin(self.declared, self.derived, self.override)

    @property
    def without_override(self) -> Origin:
        """Return the origin that would count without an override."""
        return effective_origin(self.declared, self.derived, None)

    @property
    def is_overridden(self) -> bool:
        """Tell whether an override changes anything."""
        return self.effective != self.without_override

    @property
    def disagrees(self) -> bool:
        """Tell whether declared and derived origin differ and nobody has settled it."""
        known = self.derived != Derived.UNKNOWN and self.declared != Origin.UNCLASSIFIED
        return known and self.override is None and self.declared.value != self.derived.value


@dataclass(frozen=True, slots=True)
class OverrideReport:
    """How much overrides weigh: how many of the suggested, and the mix with and without them."""

    overridden: int
    suggested: int
    unknown: int
    mix: Mix
    mix_without: Mix

    @property
    def rate(self) -> Fraction | None:
        """Return the overridden part of the items with a suggestion; None without any."""
        return Fraction(self.overridden, self.suggested) if self.suggested else None


def derive_origins(
    committed_on: Mapping[int, date | None],
    cycle: PlanCycle,
    baselines: Sequence[Baseline],
    *,
    lineage: Lineage,
    before: date,
) -> dict[int, Suggestion]:
    """Return the suggestion for each item of a team, given the day it was first committed.

    ``baselines`` is the team's chain for the cycle. Amendments never change an origin: they
    only mark an opportunity as ratified. Locks made from ``before`` on are not yet known.
    """
    opening = opening_baseline(baselines, cycle, before=before)
    if opening is None:
        return {
            item: Suggestion(item, Derived.UNKNOWN, Evidence(Basis.NO_LOCK, committed_on=day))
            for item, day in committed_on.items()
        }
    rules = _Opened(
        LockRef.of(opening.baseline),
        opening.locked_late,
        opening.baseline.snapshot.by_item,
        _later(opening.baseline, baselines, before),
        cycle.start,
    )
    return {
        item: _suggest((item, *ancestors(item, lineage)), day, rules)
        for item, day in committed_on.items()
    }


def effective_origin(declared: Origin, derived: Derived, override: Override | None) -> Origin:
    """Return the origin that counts: overridden, else derived, else declared."""
    if override is not None:
        return override.origin
    return declared if derived == Derived.UNKNOWN else Origin(derived.value)


def birth_origin(by_cycle: Iterable[tuple[date, Origin]]) -> Origin:
    """Return the origin in the first cycle that classified an item, given (cycle start, origin)."""
    known = [row for row in by_cycle if row[1] != Origin.UNCLASSIFIED]
    return min(known)[1] if known else Origin.UNCLASSIFIED


def override_report(rows: Iterable[Tagged]) -> OverrideReport:
    """Return what overrides do to the mix of some items."""
    tagged = tuple(rows)
    return OverrideReport(
        sum(row.is_overridden for row in tagged),
        sum(row.derived != Derived.UNKNOWN for row in tagged),
        sum(row.derived == Derived.UNKNOWN for row in tagged),
        sum_mixes(Mix.of(row.effective, row.amount) for row in tagged),
        sum_mixes(Mix.of(row.without_override, row.amount) for row in tagged),
    )


@dataclass(frozen=True, slots=True)
class _Opened:
    """What a cycle's suggestions rest on; ``later`` are the amendments in force."""

    lock: LockRef
    locked_late: bool
    listing: Mapping[int, BaselineItem]
    later: Sequence[tuple[LockRef, frozenset[int]]]
    start: date


def _suggest(line: Sequence[int], committed_on: date | None, rules: _Opened) -> Suggestion:
    """Judge an item by its line: itself, then its ancestors, nearest first."""
    basis, entry = _membership(line, rules.listing)
    is_planned = basis in (Basis.LISTED, Basis.DESCENDED)
    evidence = Evidence(
        basis,
        rules.lock,
        entry.item if entry else None,
        entry.rank if entry else None,
        committed_on,
        carried=committed_on is not None and committed_on < rules.start,
        ratified=None if is_planned else _ratified(line, rules.later),
        locked_late=rules.locked_late,
    )
    return Suggestion(line[0], Derived.PLANNED if is_planned else Derived.OPPORTUNISTIC, evidence)


def _membership(
    line: Sequence[int], listing: Mapping[int, BaselineItem]
) -> tuple[Basis, BaselineItem | None]:
    """Find the item or its nearest ancestor, above the line where there is one."""
    entries = [listing[one] for one in line if one in listing]
    above = [entry for entry in entries if entry.above_line]
    if above:
        return (Basis.LISTED if above[0].item == line[0] else Basis.DESCENDED), above[0]
    return (Basis.BELOW_LINE, entries[0]) if entries else (Basis.ABSENT, None)


def _later(
    opening: Baseline, baselines: Iterable[Baseline], before: date
) -> list[tuple[LockRef, frozenset[int]]]:
    """Return the baselines after the opening one that are in force, with what they plan."""
    known = [b for b in baselines if b.effective_on < before and b.locked_on < before]
    return [
        (LockRef.of(lock), frozenset(entry.item for entry in lock.snapshot.planned))
        for lock in sorted(known, key=lambda lock: lock.number)
        if lock.number > opening.number
    ]


def _ratified(
    line: Sequence[int], later: Iterable[tuple[LockRef, frozenset[int]]]
) -> LockRef | None:
    return next((lock for lock, planned in later if planned.intersection(line)), None)
