"""What gives way for an opportunity: planned work displaced, reserve drawn, capacity added.

All effort is in mpd. What is not funded is shown and warned about, never refused; what is refused
is taking more than is left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Source(StrEnum):
    """Where the effort for an opportunity comes from."""

    DISPLACED = "displaced"
    RESERVE = "reserve"
    ADDED_CAPACITY = "added-capacity"


class Manner(StrEnum):
    """How a planned item gives way."""

    DELAY = "delay"
    DESCOPE = "descope"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Funding:
    """One entry of an opportunity's ledger; ``item`` and ``manner`` are those of the displaced.

    Raises ValueError where they do not fit the source, and on no effort.
    """

    opportunity: int
    source: Source
    mpd: int
    on: date
    item: int | None = None
    manner: Manner | None = None

    def __post_init__(self) -> None:
        """Refuse an entry that says nothing, or of which it is not clear what gives way."""
        if self.mpd <= 0:
            raise ValueError("Say how much effort it gives: more than 0.")
        is_displaced = self.source == Source.DISPLACED
        if (self.item is not None, self.manner is not None) != (is_displaced, is_displaced):
            raise ValueError("Name the planned item that gives way and how, and only there.")
        if self.item == self.opportunity:
            raise ValueError("An initiative can't give way for itself.")


@dataclass(frozen=True, slots=True)
class Ledger:
    """What funds one opportunity; ``effort_mpd`` is what it needs, None while not estimated."""

    opportunity: int
    effort_mpd: int | None
    entries: tuple[Funding, ...] = ()

    def of(self, source: Source) -> int:
        """Return the effort from one source."""
        return sum(entry.mpd for entry in self.entries if entry.source == source)

    @property
    def displaced_mpd(self) -> int:
        """Return what planned items give."""
        return self.of(Source.DISPLACED)

    @property
    def reserve_mpd(self) -> int:
        """Return what the reserve gives."""
        return self.of(Source.RESERVE)

    @property
    def added_mpd(self) -> int:
        """Return what additional capacity gives."""
        return self.of(Source.ADDED_CAPACITY)

    @property
    def funded_mpd(self) -> int:
        """Return the effort from all sources."""
        return sum(entry.mpd for entry in self.entries)

    @property
    def unfunded_mpd(self) -> int | None:
        """Return by how much it is unfunded, None while it has no estimate."""
        return None if self.effort_mpd is None else max(0, self.effort_mpd - self.funded_mpd)

    @property
    def excess_mpd(self) -> int:
        """Return by how much it takes more than it needs."""
        return 0 if self.effort_mpd is None else max(0, self.funded_mpd - self.effort_mpd)


@dataclass(frozen=True, slots=True)
class Caps:
    """What there is to take before any ledger: each planned item's remaining plan, the reserve.

    An item that is missing has nothing to give.
    """

    remaining_mpd: Mapping[int, int]
    reserve_mpd: int = 0


@dataclass(frozen=True, slots=True)
class Excess:
    """More is asked of a planned item, or of the reserve (``item`` is None), than is left."""

    item: int | None
    asked_mpd: int
    left_mpd: int


@dataclass(frozen=True, slots=True)
class FundingSum:
    """The ledgers of several opportunities together; additive over disjoint sets of them.

    ``effort_mpd`` counts what is estimated, ``unestimated`` the opportunities that are not.
    """

    opportunities: int = 0
    effort_mpd: int = 0
    displaced_mpd: int = 0
    reserve_mpd: int = 0
    added_mpd: int = 0
    unfunded_mpd: int = 0
    unfunded: int = 0
    unestimated: int = 0

    def __add__(self, other: "FundingSum") -> "FundingSum":
        """Return the sums of both."""
        return FundingSum(
            self.opportunities + other.opportunities,
            self.effort_mpd + other.effort_mpd,
            self.displaced_mpd + other.displaced_mpd,
            self.reserve_mpd + other.reserve_mpd,
            self.added_mpd + other.added_mpd,
            self.unfunded_mpd + other.unfunded_mpd,
            self.unfunded + other.unfunded,
            self.unestimated + other.unestimated,
        )


def known_before(entries: Iterable[Funding], before: date) -> tuple[Funding, ...]:
    """Return the entries made ahead of the as-of bound."""
    return tuple(entry for entry in entries if entry.on < before)


def remaining_plan(planned_mpd: int, worked_mpd: int) -> int:
    """Return what a planned item may give at most: its plan less what was already worked."""
    return max(0, planned_mpd - worked_mpd)


def left_to_take(caps: Caps, others: Iterable[Funding]) -> Caps:
    """Return what is left after the ledgers of others; nothing falls below 0."""
    standing = tuple(others)
    taken = taken_by_item(standing)
    drawn = sum(entry.mpd for entry in standing if entry.source == Source.RESERVE)
    return Caps(
        {item: max(0, mpd - taken.get(item, 0)) for item, mpd in caps.remaining_mpd.items()},
        max(0, caps.reserve_mpd - drawn),
    )


def excesses(ledger: Ledger, caps: Caps, others: Iterable[Funding] = ()) -> tuple[Excess, ...]:
    """Return where a ledger asks for more than the others leave; empty where it may be saved.

    Give the ledger as it would stand after the change, and only entries of other opportunities
    that draw on the same plan.
    """
    left = left_to_take(caps, others)
    asked = taken_by_item(ledger.entries)
    rows = [Excess(item, mpd, left.remaining_mpd.get(item, 0)) for item, mpd in asked.items()]
    rows.append(Excess(None, ledger.reserve_mpd, left.reserve_mpd))
    return tuple(row for row in rows if row.asked_mpd > row.left_mpd)


def taken_by_item(entries: Iterable[Funding]) -> dict[int, int]:
    """Return what each displaced item lost in mpd."""
    taken: dict[int, int] = {}
    for entry in entries:
        if entry.item is not None:
            taken[entry.item] = taken.get(entry.item, 0) + entry.mpd
    return taken


def losses(item: int, entries: Iterable[Funding]) -> dict[int, int]:
    """Return a_ij: what one planned item lost to each opportunity, in mpd."""
    lost: dict[int, int] = {}
    for entry in entries:
        if entry.item == item:
            lost[entry.opportunity] = lost.get(entry.opportunity, 0) + entry.mpd
    return lost


def funding_sum(ledgers: Iterable[Ledger]) -> FundingSum:
    """Return the sum of ledgers, one row for the waterfall of what opportunities cost."""
    return sum((_row(ledger) for ledger in ledgers), FundingSum())


def by_need(ledgers: Iterable[Ledger]) -> tuple[Ledger, ...]:
    """Return the ledgers that lack funding, the largest gap first, unestimated ones last."""
    lacking = [ledger for ledger in ledgers if ledger.unfunded_mpd != 0]
    return tuple(sorted(lacking, key=lambda one: (-(one.unfunded_mpd or 0), one.opportunity)))


def _row(ledger: Ledger) -> FundingSum:
    unfunded = ledger.unfunded_mpd
    return FundingSum(
        1,
        ledger.effort_mpd or 0,
        ledger.displaced_mpd,
        ledger.reserve_mpd,
        ledger.added_mpd,
        unfunded or 0,
        int(bool(unfunded)),
        int(unfunded is None),
    )
