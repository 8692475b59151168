"""What each team of the demo planned: what it listed in a cycle, and how that was locked."""

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tracker.domain.baseline import BaselineKind
from tracker.domain.calendar import Period, WorkCalendar
from tracker.domain.lifecycle import Status
from tracker.domain.planning import Placement, RankedItem, place
from tracker.management.demo.plan_stories import Planning
from tracker.management.demo.plan_words import ADOPTED_WORDS, AMENDMENTS, ITEM_WORDS, LOCK_REASONS
from tracker.management.demo.simulation import Work

FULL = 0.985  # of what the line leaves: the sum of a plan is never exact


@dataclass(slots=True)
class Listing:
    """One piece of work as a plan has it; effort in person-days, days inclusive."""

    work: Work
    effort: float | None
    start: date | None
    due: date | None
    above: bool = True
    is_carried: bool = False
    is_big: bool = False
    is_adopted: bool = False
    held: bool = False
    words: tuple[str, str, str] = ("", "", "")

    @property
    def mpd(self) -> int | None:
        """Return the effort as the plan stores it."""
        return None if self.effort is None else round(self.effort * 1000)


@dataclass(frozen=True, slots=True)
class Line:
    """A listing as one lock stored it."""

    listing: Listing
    above_line: bool


@dataclass(frozen=True, slots=True)
class Lock:
    """One lock of a plan."""

    kind: BaselineKind
    effective_on: date
    locked_on: date
    reason: str
    lines: tuple[Line, ...]


@dataclass(slots=True)
class TeamPlan:
    """One team's plan for one cycle; FTE in thousandths by month, the rest in mpd."""

    cycle: Period
    fte: dict[date, int]
    capacity_mpd: int
    reserve_mpd: int
    prepared_on: date
    listings: list[Listing] = field(default_factory=list)
    locks: list[Lock] = field(default_factory=list)

    @property
    def opening(self) -> Lock | None:
        """Return the last lock before the amendments."""
        known = [lock for lock in self.locks if lock.kind != BaselineKind.AMENDMENT]
        return known[-1] if known else None


def laid_out(listings: Iterable[Listing], available: int) -> tuple[Line, ...]:
    """Return listings with the line drawn; what would fit but is not meant to is held below."""
    rows = list(listings)
    running = sum(row.mpd or 0 for row in rows if row.above)
    is_over = running > available
    for row in rows:
        if not row.above:
            row.held = not is_over and running + (row.mpd or 0) <= available
            is_over = is_over or not row.held
    ranked = sorted(rows, key=lambda row: not row.above)
    placed = place(
        (RankedItem(n, n, row.mpd, row.held) for n, row in enumerate(ranked, 1)), available
    )
    above = {row.rank for row in placed.rows if row.placement == Placement.ABOVE}
    return tuple(Line(replace(row), n in above) for n, row in enumerate(ranked, 1))


def words_of(work: Work, chance: random.Random, missing: float) -> tuple[str, str, str]:
    """Return outcome, measure and approach of a piece of work, each missing now and then."""
    texts = ITEM_WORDS.get(work.frame, ADOPTED_WORDS)
    outcome, measure, approach = (
        "" if chance.random() < missing else text.format(o=work.thing) for text in texts
    )
    return outcome, measure, approach


class Locksmith:
    """Locks the plans of one team: before a cycle, and inside of it."""

    def __init__(self, planning: Planning, calendar: WorkCalendar, chance: random.Random) -> None:
        self.planning, self.calendar, self.chance = planning, calendar, chance

    def lock_all(
        self, plan: TeamPlan, days: Sequence[date], works: Sequence[Work], today: date
    ) -> None:
        """Make the locks of a plan: ``days`` are those of OP1 and, where there was one, of OP2."""
        start, available = plan.cycle.start, plan.capacity_mpd - plan.reserve_mpd
        plan.listings.sort(key=self._rank(start))
        kinds = (BaselineKind.OP1, BaselineKind.OP2)
        for kind, day in zip(kinds, days, strict=False):
            if day >= today:
                break
            is_draft = kind == BaselineKind.OP1 and len(days) > 1
            rows = [self._roughly(row) for row in plan.listings if row.is_big]
            rows = rows if is_draft else [replace(row) for row in plan.listings]
            why = "late" if day > start else kind.value
            reason = self.chance.choice(LOCK_REASONS[why])
            if rows:
                plan.locks.append(Lock(kind, start, day, reason, laid_out(rows, available)))
        if len(plan.locks) == len(days) and start <= today:
            self._amend(plan, works, today)
        laid_out(plan.listings, available)

    def _rank(self, start: date) -> "Ranking":
        return Ranking(start, self.chance)

    def _roughly(self, row: Listing) -> Listing:
        """Return a listing as it was guessed mid-year: round effort, earlier dates, no how."""
        rough, shift = row.effort, timedelta(days=self.chance.choice((0, 0, 0, -7, -14, 7)))
        if rough is not None and self.chance.random() < 0.5:
            rough = max(5.0, round(rough * self.chance.lognormvariate(-0.05, 0.25) / 5) * 5.0)
        start, due = (day + shift if day else None for day in (row.start, row.due))
        return replace(row, effort=rough, start=start, due=due, words=(*row.words[:2], ""))

    def _amend(self, plan: TeamPlan, works: Sequence[Work], today: date) -> None:
        whole, part = divmod(self.planning.amends, 1)
        reasons = AMENDMENTS[self.planning.mood]
        for turn in range(int(whole) + (self.chance.random() < part)):
            day = plan.cycle.start + timedelta(days=self.chance.randrange(48, 66) + turn * 52)
            day = self.calendar.nth_working_day(day, 1)
            if day >= min(today, plan.cycle.end - timedelta(days=10)):
                return
            self._change(plan, works, day)
            lines = laid_out(plan.listings, plan.capacity_mpd - plan.reserve_mpd)
            reason = reasons[turn % len(reasons)]
            plan.locks.append(Lock(BaselineKind.AMENDMENT, day, day, reason, lines))

    def _change(self, plan: TeamPlan, works: Sequence[Work], day: date) -> None:
        """Bring a plan up to date: what was dropped goes, dates and estimates follow the work."""
        kept = [row for row in plan.listings if not _is_dropped(row.work, day)]
        for row in kept:
            work = row.work
            moved = work.is_open or (work.ended_on or day) > day
            if row.above and moved and self.chance.random() < 0.8:
                row.start, row.due = work.target_start, work.due_on
                row.effort = work.estimate_pd
        known = {id(row.work) for row in kept}
        since = plan.cycle.start
        adopted = [
            work
            for work in works
            if work.is_opportunity
            and id(work) not in known
            and work.segments
            and since <= work.segments[0][0] < day
            and (work.is_open or (work.ended_on or day) > day)
            and (work.estimate_pd or 0) >= 8
        ]
        adopted.sort(key=lambda work: -(work.estimate_pd or 0))
        fresh = [
            Listing(work, work.estimate_pd, work.target_start, work.due_on, is_adopted=True)
            for work in adopted[: max(1, len(kept) // 16)]
        ]
        for row in fresh:
            row.words = words_of(row.work, self.chance, 0.2)
        plan.listings = kept[:3] + fresh + kept[3:]


class Ranking:
    """Sorts a plan: what is carried first, then by date with a will of its own."""

    def __init__(self, start: date, chance: random.Random) -> None:
        self.start, self.chance = start, chance

    def __call__(self, row: Listing) -> tuple[bool, bool, float]:
        """Return the sort key."""
        day = row.start or self.start + timedelta(days=60)
        noise = self.chance.gauss(0, 20)
        return not row.above, not row.is_carried, (day - self.start).days + noise


def _is_dropped(work: Work, day: date) -> bool:
    return not work.segments and work.ended_on is not None and work.ended_on <= day


def dropped(work: Work, on: date, chance: random.Random) -> Work:
    """Say of promised work that it was given up or put off before anybody began."""
    work.status = Status.CANCELLED if chance.random() < 0.4 else Status.DEFERRED
    work.ended_on = on
    return work


def rounded(pd: float) -> float:
    """Return an effort as people write it: to half a day, to five days where it is large."""
    return max(0.5, round(pd * 2) / 2) if pd < 40 else math.floor(pd / 5) * 5.0
