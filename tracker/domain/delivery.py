"""The plan against what was done: say/do, accuracy, bias, growth, churn. Effort is in mpd."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import log
from statistics import median

from tracker.domain.baseline import BaselineItem, Snapshot
from tracker.domain.calendar import Period


@dataclass(frozen=True, slots=True)
class SayDo:
    """What was delivered of what was due, by count and by baseline effort; additive over teams.

    ``unestimated`` counts the commitments that lie outside the effort. ``missed`` names those
    not delivered in time.
    """

    done: int = 0
    due: int = 0
    done_mpd: int = 0
    due_mpd: int = 0
    unestimated: int = 0
    missed: tuple[int, ...] = ()

    @property
    def by_count(self) -> Fraction | None:
        """Return the delivered part of the commitments, None where none was due."""
        return _ratio(self.done, self.due)

    @property
    def by_effort(self) -> Fraction | None:
        """Return the delivered part of the baseline effort, None where none was due."""
        return _ratio(self.done_mpd, self.due_mpd)

    def __add__(self, other: "SayDo") -> "SayDo":
        """Return the sums of both."""
        return SayDo(
            self.done + other.done,
            self.due + other.due,
            self.done_mpd + other.done_mpd,
            self.due_mpd + other.due_mpd,
            self.unestimated + other.unestimated,
            self.missed + other.missed,
        )


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Actual against baseline effort of the delivered items that have both; additive."""

    items: int = 0
    planned_mpd: int = 0
    actual_mpd: int = 0
    error_mpd: int = 0
    log_ratios: tuple[float, ...] = ()

    @property
    def accuracy(self) -> Fraction | None:
        """Return 1 - sum|a - p| / sum p, below 0 for wild misses; None without a plan."""
        error = _ratio(self.error_mpd, self.planned_mpd)
        return None if error is None else 1 - error

    @property
    def bias(self) -> Fraction | None:
        """Return sum a / sum p - 1: above 0 work took more than planned."""
        ratio = _ratio(self.actual_mpd, self.planned_mpd)
        return None if ratio is None else ratio - 1

    @property
    def typical_log_ratio(self) -> float | None:
        """Return the median |ln(a / p)| over items; exp of it is the typical factor of error."""
        return median(self.log_ratios) if self.log_ratios else None

    def __add__(self, other: "Accuracy") -> "Accuracy":
        """Return both together."""
        return Accuracy(
            self.items + other.items,
            self.planned_mpd + other.planned_mpd,
            self.actual_mpd + other.actual_mpd,
            self.error_mpd + other.error_mpd,
            self.log_ratios + other.log_ratios,
        )


@dataclass(frozen=True, slots=True)
class Growth:
    """Current against baseline effort of the items that survive in both; additive."""

    items: int = 0
    baseline_mpd: int = 0
    current_mpd: int = 0

    @property
    def rate(self) -> Fraction | None:
        """Return sum(current - baseline) / sum baseline, None without a baseline."""
        return _ratio(self.current_mpd - self.baseline_mpd, self.baseline_mpd)

    def __add__(self, other: "Growth") -> "Growth":
        """Return the sums of both."""
        return Growth(
            self.items + other.items,
            self.baseline_mpd + other.baseline_mpd,
            self.current_mpd + other.current_mpd,
        )


@dataclass(frozen=True, slots=True)
class Churn:
    """What entered and left a plan since its baseline; additive."""

    baseline_mpd: int = 0
    added_mpd: int = 0
    removed_mpd: int = 0

    @property
    def rate(self) -> Fraction | None:
        """Return (added + removed) / baseline: how much the plan moved."""
        return _ratio(self.added_mpd + self.removed_mpd, self.baseline_mpd)

    @property
    def net(self) -> Fraction | None:
        """Return (added - removed) / baseline: how much the plan grew by it."""
        return _ratio(self.added_mpd - self.removed_mpd, self.baseline_mpd)

    def __add__(self, other: "Churn") -> "Churn":
        """Return the sums of both."""
        return Churn(
            self.baseline_mpd + other.baseline_mpd,
            self.added_mpd + other.added_mpd,
            self.removed_mpd + other.removed_mpd,
        )


def commitments(snapshot: Snapshot, period: Period) -> tuple[BaselineItem, ...]:
    """Return what the baseline promised for a period: the items above the line due in it."""
    return tuple(
        entry
        for entry in snapshot.planned
        if entry.due_on is not None and period.contains(entry.due_on)
    )


def say_do(
    due: Iterable[BaselineItem], delivered_on: Mapping[int, date], period: Period, *, before: date
) -> SayDo:
    """Return what was delivered by the period's end, of the commitments due in it.

    ``delivered_on`` gives the last day of work of delivered items; those that are no commitment
    never enter the numerator. Deliveries from ``before`` on are not yet known.
    """
    rows = tuple(due)
    bound = min(period.end, before)
    done = [row for row in rows if delivered_on.get(row.item, bound) < bound]
    kept = {row.item for row in done}
    return SayDo(
        len(done),
        len(rows),
        sum(row.effort_mpd or 0 for row in done),
        sum(row.effort_mpd or 0 for row in rows),
        sum(row.effort_mpd is None for row in rows),
        tuple(row.item for row in rows if row.item not in kept),
    )


def accuracy(pairs: Iterable[tuple[int | None, int | None]]) -> Accuracy:
    """Return the accuracy over delivered items, given (planned, actual) mpd of each.

    Items that lack either are left out, and their number is the difference to ``items``.
    """
    known = [(p, a) for p, a in pairs if p is not None and a is not None]
    return Accuracy(
        len(known),
        sum(p for p, _ in known),
        sum(a for _, a in known),
        sum(abs(a - p) for p, a in known),
        tuple(abs(log(a / p)) for p, a in known if a > 0 and p > 0),
    )


def scope_growth(baseline: Snapshot, current_mpd: Mapping[int, int | None]) -> Growth:
    """Return how the surviving planned items grew; ``current_mpd`` leaves out what did not.

    Items without an estimate on either side say nothing about growth.
    """
    pairs = [
        (entry.effort_mpd, current)
        for entry in baseline.planned
        if entry.effort_mpd is not None and (current := current_mpd.get(entry.item)) is not None
    ]
    return Growth(len(pairs), sum(p for p, _ in pairs), sum(c for _, c in pairs))


def churn(baseline: Snapshot, current: Snapshot) -> Churn:
    """Return what entered and left the plan; crossing the line is entering or leaving it."""
    old = {entry.item: entry.effort_mpd or 0 for entry in baseline.planned}
    new = {entry.item: entry.effort_mpd or 0 for entry in current.planned}
    return Churn(
        sum(old.values()),
        sum(mpd for item, mpd in new.items() if item not in old),
        sum(mpd for item, mpd in old.items() if item not in new),
    )


def _ratio(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None
