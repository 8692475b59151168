"""A plan against what became of it: every figure of plan against actual, and the items behind it.

It puts the arithmetic of ``delivery`` and ``slips`` to the facts of one plan. Effort is in mpd.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tracker.domain.baseline import BaselineItem, Snapshot
from tracker.domain.calendar import Period
from tracker.domain.delivery import (
    Accuracy,
    Churn,
    Growth,
    SayDo,
    accuracy,
    churn,
    commitments,
    say_do,
    scope_growth,
)
from tracker.domain.funding import Funding, known_before
from tracker.domain.lifecycle import CLOSED, Status
from tracker.domain.lineage import completed_on
from tracker.domain.slips import Attribution, attribute, slip_days, total_attribution
from tracker.domain.workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class Fact:
    """What became of one initiative so far; ``merged_into`` is what goes on with its work."""

    status: Status
    estimate_mpd: int | None = None
    delivered_on: date | None = None
    realised_mpd: int | None = None
    worked_mpd: int = 0
    merged_into: int | None = None

    @property
    def actual_mpd(self) -> int:
        """Return what it took: as realised where that was told, else as worked."""
        return self.worked_mpd if self.realised_mpd is None else self.realised_mpd


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """All that is known of one plan; an item without a fact has been deleted.

    ``current`` is the baseline in force now. ``parts_of`` gives the items split off each.
    ``usual_fte`` stands in for items whose baseline has none.
    """

    current: Snapshot
    facts: Mapping[int, Fact]
    parts_of: Mapping[int, Sequence[int]]
    entries: Sequence[Funding]
    calendar: WorkCalendar
    usual_fte: int = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """One item above the line of a baseline, and what became of it.

    ``status`` is that of all its parts together. ``actual_mpd`` is known once it is delivered,
    ``current_mpd`` while it survives in the plan. ``is_due`` and ``is_delivered`` tell whether
    it was due, and delivered, in the period so far. ``slip`` is in working days and None where
    there is none to speak of.
    """

    entry: BaselineItem
    status: Status | None
    ended_on: date | None
    actual_mpd: int | None
    current_mpd: int | None
    is_due: bool
    is_delivered: bool
    slip: int | None = None
    causes: Attribution = field(default_factory=Attribution)

    @property
    def in_time(self) -> bool:
        """Tell whether it was delivered by its day."""
        return (
            self.ended_on is not None
            and self.entry.due_on is not None
            and self.ended_on <= self.entry.due_on
        )


@dataclass(frozen=True, slots=True)
class Against:
    """One baseline against what was done in a period; additive over teams."""

    say_do: SayDo = field(default_factory=SayDo)
    accuracy: Accuracy = field(default_factory=Accuracy)
    growth: Growth = field(default_factory=Growth)
    churn: Churn = field(default_factory=Churn)
    slips: Attribution = field(default_factory=Attribution)
    rows: tuple[Row, ...] = ()

    @property
    def late(self) -> list[Row]:
        """Return what came, or still is, late: the largest slip first."""
        rows = [row for row in self.rows if row.slip is not None and row.slip > 0]
        return sorted(rows, key=lambda row: (-(row.slip or 0), row.entry.rank, row.entry.item))

    @property
    def early(self) -> list[Row]:
        """Return what came ahead of its day, the earliest first."""
        rows = [row for row in self.rows if row.slip is not None and row.slip < 0]
        return sorted(rows, key=lambda row: (row.slip or 0, row.entry.rank, row.entry.item))

    def __add__(self, other: "Against") -> "Against":
        """Return both together, such as two teams."""
        return Against(
            self.say_do + other.say_do,
            self.accuracy + other.accuracy,
            self.growth + other.growth,
            self.churn + other.churn,
            self.slips + other.slips,
            self.rows + other.rows,
        )


def against(facts: PlanFacts, baseline: Snapshot, period: Period, *, before: date) -> Against:
    """Return what was done against a baseline of the plan, in a period and before the bound.

    Say/do takes what was due in the period so far, accuracy what was delivered in it, slips what
    is due in all of it. Growth and churn are of the whole plan as it stands.
    """
    known = _Known(facts, before)
    so_far = replace(period, end=max(period.start, min(period.end, before)))
    due = commitments(baseline, so_far)
    promised = {entry.item for entry in commitments(baseline, period)}
    on_the_list = {entry.item for entry in due}
    rows = tuple(
        known.row(
            entry,
            so_far,
            is_due=entry.item in on_the_list,
            is_promised=entry.item in promised,
        )
        for entry in baseline.planned
    )
    done = {row.entry.item: row.ended_on for row in rows if row.ended_on is not None}
    current = {row.entry.item: row.current_mpd for row in rows}
    return Against(
        say_do(due, done, so_far, before=before),
        accuracy((row.entry.effort_mpd, row.actual_mpd) for row in rows if row.is_delivered),
        scope_growth(baseline, current),
        churn(baseline, facts.current),
        total_attribution(row.causes for row in rows),
        rows,
    )


class _Known:
    """What is known of the items ahead of a day."""

    def __init__(self, facts: PlanFacts, before: date) -> None:
        self.facts, self.before = facts, before
        self.entries = known_before(facts.entries, before)
        self.ways: dict[int, Sequence[int]] = dict(facts.parts_of)
        self.delivered: dict[int, date] = {}
        for item, fact in facts.facts.items():
            if fact.delivered_on is not None and fact.delivered_on < before:
                self.delivered[item] = fact.delivered_on
            if fact.merged_into is not None:
                self.ways[item] = (*self.ways.get(item, ()), fact.merged_into)
        self.merged = {i for i, fact in facts.facts.items() if fact.merged_into is not None}
        self.merged |= {self.facts.facts[item].merged_into or item for item in self.merged}

    def row(self, entry: BaselineItem, period: Period, *, is_due: bool, is_promised: bool) -> Row:
        members = self._members(entry.item)
        ended = completed_on(entry.item, self.ways, self.delivered)
        status = Status.DELIVERED if ended is not None else self._status(entry.item)
        slip = None
        if is_promised and status is not None:
            slip = slip_days(
                entry.due_on, status, ended, before=self.before, calendar=self.facts.calendar
            )
        # What one of them took can't be told from what was taken over from the other.
        is_merged = not self.merged.isdisjoint(members)
        return Row(
            entry,
            status,
            ended,
            None if ended is None or is_merged else self._actual(members),
            self._current(members, status),
            is_due,
            ended is not None and period.contains(ended),
            slip,
            Attribution() if slip is None else self._causes(entry, slip, members),
        )

    def _members(self, item: int) -> tuple[int, ...]:
        """Return an item and all that was split off it, each once."""
        found: dict[int, None] = {}
        queue = [item]
        while queue:
            one = queue.pop(0)
            if one not in found:
                found[one] = None
                queue.extend(self.facts.parts_of.get(one, ()))
        return tuple(found)

    def _status(self, item: int) -> Status | None:
        """Return the status of what has not been delivered; that of its last parts, once split."""
        leaves = [one for one in self._leaves(item) if one in self.facts.facts]
        if not leaves:
            return None
        statuses = [self.facts.facts[one].status for one in leaves]
        open_ones = [status for status in statuses if status not in CLOSED]
        left_out = [status for status in statuses if status != Status.DELIVERED]
        return (open_ones or left_out or [Status.ACTIVE])[0]

    def _leaves(self, item: int) -> Iterable[int]:
        seen: set[int] = set()
        queue = [item]
        while queue:
            one = queue.pop(0)
            if one in seen:
                continue
            seen.add(one)
            ways = self.ways.get(one, ())
            if not ways:
                yield one
            queue.extend(ways)

    def _actual(self, members: Iterable[int]) -> int:
        facts = self.facts.facts
        return sum(facts[one].actual_mpd for one in members if one in facts)

    def _current(self, members: Sequence[int], status: Status | None) -> int | None:
        """Return what is estimated now, None for what left the plan or nobody has estimated.

        What was split counts as what was worked on it before and the estimates of its parts; what
        was merged by its own estimate, since what remained of it went over to the other.
        """
        if status is None or status in (Status.CANCELLED, Status.DEFERRED):
            return None
        facts = self.facts.facts
        whole = [one for one in members if one in facts and not self.facts.parts_of.get(one)]
        estimates = [facts[one].estimate_mpd for one in whole]
        known = [mpd for mpd in estimates if mpd is not None]
        if not known or len(known) < len(estimates):
            return None
        split = (one for one in members if one in facts and self.facts.parts_of.get(one))
        return sum(known) + sum(facts[one].worked_mpd for one in split)

    def _causes(self, entry: BaselineItem, slip: int, members: Iterable[int]) -> Attribution:
        wanted = set(members)
        taken: dict[int, int] = {}
        for gave in self.entries:
            if gave.item in wanted:
                taken[gave.opportunity] = taken.get(gave.opportunity, 0) + gave.mpd
        return attribute(slip, taken, entry.fte_milli or self.facts.usual_fte)
