"""What a team of the demo puts into the plan of a cycle, given what was done in the end."""

import random
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta

from tracker.domain.calendar import (
    FiscalCalendar,
    Period,
    PeriodKind,
    WorkCalendar,
    last_periods,
    period_of,
)
from tracker.domain.lifecycle import Status
from tracker.domain.planning import capacity_mpd, month_capacities
from tracker.management.demo.plan_stories import Planning
from tracker.management.demo.planning import (
    FULL,
    Listing,
    Locksmith,
    TeamPlan,
    dropped,
    words_of,
)
from tracker.management.demo.simulation import TeamSimulation, Work
from tracker.management.demo.stories import MONTHS

PREPARED = timedelta(days=25)
LATE_STEP, NEW_TEAM_MONTHS = timedelta(days=40), 6


class Staffing:
    """How many people worked in each month, on average, in thousandths of an FTE."""

    def __init__(self, works: Sequence[Work], calendar: WorkCalendar, today: date) -> None:
        self.by_month: dict[date, int] = {}
        self.this_month = today.replace(day=1)
        done: dict[date, int] = {}
        for work in works:
            for start, end, fte in work.segments:
                last = end or today
                month = start.replace(day=1)
                while month < last:
                    after = _next_month(month)
                    days = calendar.working_days(max(start, month), min(last, after))
                    done[month] = done.get(month, 0) + fte * days
                    month = after
        for month, mpd in done.items():
            days = calendar.working_days(month, _next_month(month))
            if month < self.this_month and days:
                self.by_month[month] = mpd // days
        recent = [self.by_month[month] for month in sorted(self.by_month)[-4:]]
        self.usual = sum(recent) // max(1, len(recent))

    def of(self, cycle: Period, factor: float = 1.0) -> dict[date, int]:
        """Return the FTE of each month of a cycle; months ahead are like the last ones."""
        found, month = {}, cycle.start
        while month < cycle.end:
            ahead = self.usual if month >= self.this_month else 0
            fte = self.by_month.get(month, ahead) * factor * 1.03
            found[month] = -int(-fte // 100) * 100
            month = _next_month(month)
        return found


class Lister:
    """Makes the plans of one team in the order of the cycles."""

    def __init__(self, simulation: TeamSimulation, planning: Planning, seed: str) -> None:
        self.simulation, self.planning = simulation, planning
        self.calendar, self.today = simulation.calendar, simulation.today
        self.chance = random.Random(seed)  # noqa: S311 - a story, not a secret
        self.overlooked: dict[int, bool] = {}
        self.listed: set[int] = set()
        self.locksmith = Locksmith(planning, self.calendar, self.chance)

    def plans(self, works: list[Work], cycles: Sequence[Period]) -> list[TeamPlan]:
        """Return a plan a cycle; ``works`` gains what was promised and never begun."""
        begun = [work for work in works if work.begins_on is not None]
        begun.sort(key=lambda work: work.begins_on or self.today)
        if not begun:
            return []
        self.first = begun[0].begins_on or self.today
        staffing = Staffing(works, self.calendar, self.today)
        plans = []
        for cycle in cycles:
            days = self._lock_days(cycle)
            if days and days[0] - PREPARED < self.today:
                plan = self._plan(cycle, begun, staffing, days)
                works += [row.work for row in plan.listings if not row.work.segments and _new(row)]
                self.locksmith.lock_all(plan, days, begun, self.today)
                plans.append(plan)
        return plans

    def _lock_days(self, cycle: Period) -> list[date]:
        """Return the days of OP1 and OP2; a team that is new locks once, and may be late."""
        if cycle.start < self.first:
            is_new = self.simulation.story.months < NEW_TEAM_MONTHS and cycle.end > self.first
            return [self._workday(self.first + LATE_STEP)] if is_new else []
        early = self._workday(cycle.start - timedelta(days=self.chance.randrange(66, 78)))
        late = self._workday(cycle.start - timedelta(days=self.chance.randrange(10, 18)))
        return [early, late] if early > self.first + timedelta(days=14) else [late]

    def _workday(self, day: date) -> date:
        return self.calendar.nth_working_day(day - timedelta(days=1), 1)

    def _plan(
        self, cycle: Period, begun: list[Work], staffing: Staffing, days: list[date]
    ) -> TeamPlan:
        rows = [*self._carried(cycle, begun, days[-1]), *self._fresh(cycle, begun)]
        rows += self._never_begun(cycle, len(rows), days[-1])
        effort = sum(row.mpd or 0 for row in rows)
        plan = self._sized(cycle, staffing, effort if cycle.start <= self.today else 0, days)
        room = FULL * (plan.capacity_mpd - plan.reserve_mpd) - effort
        later = self._later(cycle, begun)
        pushed = self._pushed(cycle, later, room)
        self._promise(cycle, [row for row in rows if not row.is_carried] + pushed, bool(pushed))
        rows += pushed + self._below(cycle, later[len(pushed) :], begun)
        for row in rows:
            self._describe(row, cycle, days)
        plan.listings = rows
        return plan

    def _sized(self, cycle: Period, staffing: Staffing, effort: int, days: list[date]) -> TeamPlan:
        """Return the empty plan; people who never fill their reserve had more of it than work."""
        reserve = self.planning.reserve
        fte = staffing.of(cycle)
        capacity = self._capacity(cycle, fte)
        needed = effort / (1 - reserve) / FULL
        if capacity < needed:
            fte = staffing.of(cycle, 1.01 * needed / max(1, capacity))
            capacity = self._capacity(cycle, fte)
        step = 5000 if capacity > 200_000 else 1000
        prepared = days[0] - PREPARED
        return TeamPlan(cycle, fte, capacity, int(capacity * reserve / step) * step, prepared)

    def _capacity(self, cycle: Period, fte: dict[date, int]) -> int:
        return capacity_mpd(month_capacities(cycle.start, cycle.end, fte, self.calendar)) or 0

    def _is_listed(self, work: Work) -> bool:
        """Tell whether anybody thought of it when the plan was made; a few are forgotten."""
        if id(work) not in self.overlooked:
            self.overlooked[id(work)] = self.chance.random() < self.planning.forgets
        return not work.is_opportunity and not self.overlooked[id(work)]

    def _carried(self, cycle: Period, begun: list[Work], locked: date) -> list[Listing]:
        """Return what ran into the cycle: most of the plan, and some of what had been let in."""
        rows = []
        for work in begun:
            if not work.segments or work.segments[0][0] >= cycle.start:
                continue
            end = work.segments[-1][1] or (self._expected_end(work) if work.is_open else None)
            is_known = (work.committed_on or self.today) < locked
            chance = 0.3 * is_known if work.is_opportunity else self._is_listed(work)
            chance *= 1 - 3 * self.planning.forgets
            if end and end > cycle.start + timedelta(days=3) and self.chance.random() < chance:
                due = self._workday(end + timedelta(days=self.chance.randrange(-9, 4)))
                due = max(due, cycle.start + timedelta(days=4))
                start = min(work.target_start or work.segments[0][0], due)
                rows.append(Listing(work, work.estimate_pd, start, due, is_carried=True))
        return rows

    def _expected_end(self, work: Work) -> date:
        """Return when work that goes on might end: as estimated, and not in the next two weeks."""
        start, _, fte = work.segments[-1]
        days = round((work.estimate_pd or 10) * 1000 / fte)
        return max(self.calendar.nth_working_day(start, days), self.today + timedelta(days=14))

    def _fresh(self, cycle: Period, begun: list[Work]) -> list[Listing]:
        inside = self._beginning(begun, cycle.start, cycle.end)
        return [
            Listing(work, self._estimate(work), work.target_start, work.due_on)
            for work in inside
            if self._is_listed(work)
        ]

    def _never_begun(self, cycle: Period, fresh: int, locked: date) -> list[Listing]:
        """Return work that was promised for the cycle, and dropped inside of it."""
        rows = []
        end = min(cycle.end, self.today) - timedelta(days=5)
        for _ in range(round(fresh * self.planning.dropped + self.chance.random() * 0.6)):
            start = self._workday(cycle.start + timedelta(days=self.chance.randrange(20, 110)))
            gone = cycle.start + timedelta(days=self.chance.randrange(25, 120))
            if gone >= end or locked >= gone:
                continue
            work = dropped(self.simulation.promised(start), gone, self.chance)
            rows.append(Listing(work, work.estimate_pd, work.target_start, work.due_on))
        return rows

    def _later(self, cycle: Period, begun: list[Work]) -> list[Work]:
        """Return what begins after the cycle, soonest first, as far as the plan may reach."""
        reach = cycle.end + timedelta(days=max(45, self.planning.spread))
        return [w for w in self._beginning(begun, cycle.end, reach) if self._is_listed(w)]

    def _pushed(self, cycle: Period, later: list[Work], room: float) -> list[Listing]:
        """Return what the plan promised for the cycle and what then had to wait for the next."""
        rows: list[Listing] = []
        reach = cycle.end + timedelta(days=self.planning.spread)
        unbegun = cycle.end > self.today
        most = 0 if cycle.start > self.today else len(later) * 3 // 5 if unbegun else len(later)
        for work in later[:most]:
            row = Listing(work, self._estimate(work), work.target_start, work.due_on)
            room -= row.mpd or 0
            if room < 0 or (work.begins_on or reach) >= reach:
                break
            rows.append(row)
        return rows

    def _promise(self, cycle: Period, rows: list[Listing], is_derailed: bool) -> None:
        """Set the dates as promised: where work was pushed out, all of it had been due earlier."""
        begins = [row.work.begins_on or cycle.start for row in rows if row.work.segments]
        begins += [row.start for row in rows if row.start is not None]
        span = (cycle.end - cycle.start).days - 12
        factor = 1.0
        if is_derailed:
            factor = min(1.0, span / max(1, (max(begins) - cycle.start).days))
        for row in rows:
            if row.start is None or row.due is None:
                continue
            length = self.calendar.working_days(row.start, row.due)
            ahead = max(0, (row.start - cycle.start).days)
            row.start = self._workday(cycle.start + timedelta(days=int(ahead * factor)))
            row.due = self.calendar.nth_working_day(row.start, length)

    def _below(self, cycle: Period, later: list[Work], begun: list[Work]) -> list[Listing]:
        """Return what was considered and not promised; some of it was then let in all the same."""
        waiting = later[:: max(1, len(later) // 5)][: 3 + len(later) // 8]
        inside = self._beginning(begun, cycle.start + timedelta(days=25), cycle.end)
        let_in = [w for w in inside if w.is_opportunity and self.chance.random() < 0.06]
        return [
            Listing(work, work.estimate_pd, None, None, above=False) for work in waiting + let_in
        ]

    def _describe(self, row: Listing, cycle: Period, days: list[date]) -> None:
        """Give a listing its words, and the work the days on which people wrote it down."""
        work, is_ahead = row.work, cycle.start > self.today
        row.words = words_of(work, self.chance, 0.3 if is_ahead else 0.07)
        if work.is_opportunity and row.is_carried:
            return
        row.is_big = not row.is_carried and self._is_big(row)
        day = days[0] if row.is_big else days[-1]
        entered = min(day, self.today) - timedelta(days=self.chance.randrange(2, 21))
        known = work.created_on or work.committed_on or self.today
        work.created_on = min(known, entered)
        if row.above and not row.is_carried and id(work) not in self.listed:
            self._commit(work, cycle, days, is_ahead)

    def _is_big(self, row: Listing) -> bool:
        return (row.effort or 0) >= 12 or self.chance.random() < 0.25

    def _commit(self, work: Work, cycle: Period, days: list[date], is_ahead: bool) -> None:
        """Commit planned work when its cycle opens; until then it is proposed."""
        if is_ahead:
            if not work.segments and work.is_open:
                work.status, work.committed_on = Status.PROPOSED, None
            return
        self.listed.add(id(work))
        opens = max(self._workday(cycle.start), days[-1] if days[-1] > cycle.start else cycle.start)
        begins = work.segments[0][0] if work.segments else opens
        work.committed_on = min(opens, begins)
        if work.status == Status.PROPOSED:
            work.status = Status.COMMITTED

    def _estimate(self, work: Work) -> float | None:
        """Return the estimate as it was when the plan was locked: most still stand."""
        if work.estimate_pd is None or self.chance.random() < 0.75:
            return work.estimate_pd
        return max(0.5, round(work.estimate_pd * self.chance.lognormvariate(-0.08, 0.2) * 2) / 2)

    @staticmethod
    def _beginning(begun: list[Work], start: date, end: date) -> list[Work]:
        """Return what begins in ``[start, end)``; ``begun`` is in that order."""
        low = bisect_left(begun, start, key=lambda work: work.begins_on or start)
        high = bisect_left(begun, end, key=lambda work: work.begins_on or end)
        return begun[low:high]


def halves(today: date, fiscal: FiscalCalendar) -> list[Period]:
    """Return the cycles of the organisation: the halves of the demo's time, and the next one."""
    known = last_periods(MONTHS // 6 + 1, PeriodKind.HALF, today, fiscal)
    return [*known, period_of(known[-1].end, PeriodKind.HALF, fiscal)]


def _new(row: Listing) -> bool:
    return row.work.ended_on is not None


def _next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)
