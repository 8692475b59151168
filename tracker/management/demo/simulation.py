"""A team's two and a half years: people who take one piece of work after the other."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import heapify, heapreplace

from tracker.domain.calendar import WorkCalendar
from tracker.domain.lifecycle import Status
from tracker.domain.mix import Origin
from tracker.management.demo.stories import (
    OPPORTUNISTIC_FRAMES,
    PLANNED_FRAMES,
    REASONS,
    Story,
)

MEDIAN_PD, SPREAD = 13.0, 0.65
MONTH_NAMES = (
    "January February March April May June July August September October November December"
)


@dataclass(slots=True)
class Work:
    """One simulated initiative; dates inclusive but for ``segments``, which end exclusively."""

    title: str
    origin: Origin
    trigger: str = ""
    reason: str = ""
    status: Status = Status.COMMITTED
    estimate_pd: float | None = None
    actual_pd: float | None = None
    value: int | None = None
    committed_on: date | None = None
    target_start: date | None = None
    due_on: date | None = None
    ended_on: date | None = None
    segments: list[tuple[date, date | None, int]] = field(default_factory=list)
    entered_late: int = 0
    thing: str = ""
    frame: str = ""
    created_on: date | None = None

    @property
    def is_opportunity(self) -> bool:
        """Tell whether it was let in, or else meant to be planned, tagged or not."""
        return self.origin == Origin.OPPORTUNISTIC

    @property
    def begins_on(self) -> date | None:
        """Return the first day of work, the targeted one while there is none."""
        return self.segments[0][0] if self.segments else self.target_start

    @property
    def is_open(self) -> bool:
        """Tell whether work on it goes on or lies ahead."""
        return self.ended_on is None

    def worked_pd(self, start: date, end: date, calendar: WorkCalendar) -> float:
        """Return the effort spent on it in ``[start, end)``, in person-days."""
        return sum(
            calendar.working_days(max(first, start), min(last or end, end)) * fte / 1000
            for first, last, fte in self.segments
        )


class TeamSimulation:
    """Makes ``Work`` for a team, in order of commitment; the same for the same seed."""

    def __init__(self, story: Story, calendar: WorkCalendar, today: date, seed: str) -> None:
        self.story, self.calendar, self.today = story, calendar, today
        self.random = random.Random(seed)  # noqa: S311 - a story, not a secret
        self.seen: dict[str, int] = {}
        self.recent = {True: 0.0, False: 0.0}

    def run(self, count: int) -> Iterator[Work]:
        """Yield about ``count`` initiatives: finished and running ones, then the backlog."""
        backlog = max(4, count // 7)
        first = self.today - timedelta(days=int(self.story.months * 30.44))
        working = self.calendar.working_days(first, self.today)
        mean = MEDIAN_PD * math.exp(SPREAD**2 / 2) * 1.08
        slots = max(1, round((count - backlog) * mean / max(1, working)))
        stretch = working * slots / max(1, count - backlog) / mean
        free = [self.calendar.nth_working_day(first, 1 + slot % 9) for slot in range(slots)]
        heapify(free)
        while free[0] < self.today:
            work, after = self._piece(free[0], stretch)
            yield work
            heapreplace(free, max(after, free[0] + timedelta(days=1)))
        for index in range(backlog):
            yield self._waiting(index)

    def _piece(self, start: date, stretch: float) -> tuple[Work, date]:
        opportunistic = self._next_is_opportunistic(start)
        size = MEDIAN_PD * math.exp(self.random.gauss(0, SPREAD)) * stretch
        size *= self.story.size_of_opportunities if opportunistic else 1.0
        days = max(1, round(size))
        work = self._classified(opportunistic, start)
        fte = self.random.choice((1000, 1000, 1000, 1000, 500, 1500, 2000))
        self._plan(work, start, days, fte, opportunistic)
        self._remember(opportunistic, days * fte)
        return work, self._happen(work, start, days, fte)

    def _next_is_opportunistic(self, start: date) -> bool:
        """Draw the origin, leaning against the recent mix so that a story shows in few years."""
        month = -((self.today - start).days // 30)
        share = self.story.share(month)
        total = sum(self.recent.values())
        drift = share - self.recent[True] / total if total else 0.0
        return self.random.random() < min(0.97, max(0.02, share + 1.5 * drift))

    def _remember(self, opportunistic: bool, effort: float) -> None:
        for key in self.recent:
            self.recent[key] *= 0.92
        self.recent[opportunistic] += effort

    def _classified(self, opportunistic: bool, start: date) -> Work:
        if not opportunistic:
            recent = (self.today - start).days < 60
            lost = recent and self.random.random() < 0.09
            origin = Origin.UNCLASSIFIED if lost else Origin.PLANNED
            return self._titled(PLANNED_FRAMES, start, origin)
        triggers = self.story.triggers
        trigger = self.random.choices(list(triggers), list(triggers.values()))[0]
        work = self._titled(OPPORTUNISTIC_FRAMES[trigger], start, Origin.OPPORTUNISTIC)
        work.trigger, work.reason = trigger, REASONS[trigger]
        return work

    def _titled(self, frames: tuple[str, ...], day: date, origin: Origin) -> Work:
        thing = self.random.choice(self.story.objects)
        frame = self.random.choice(frames)
        text = frame.format(
            o=thing,
            O=thing[0].upper() + thing[1:],
            customer=self.random.choice(self.story.customers),
            month=MONTH_NAMES.split()[(day.month - 2) % 12],
        )
        text = text[0].upper() + text[1:]
        self.seen[text] = self.seen.get(text, 0) + 1
        again = self.seen[text]
        title = text if again == 1 else f"{text}, part {again}"
        return Work(title, origin, thing=thing, frame=frame)

    def promised(self, start: date) -> Work:
        """Make planned work that nobody has begun, promised for a day."""
        work = self._classified(False, start)
        work.origin = Origin.PLANNED
        days = max(3, round(MEDIAN_PD * math.exp(self.random.gauss(0, SPREAD))))
        self._plan(work, start, days, 1000, False)
        work.target_start, work.estimate_pd = start, float(days)
        work.due_on = self.calendar.nth_working_day(start, days)
        return work

    def _plan(self, work: Work, start: date, days: int, fte: int, opportunistic: bool) -> None:
        guess = math.exp(self.random.gauss(-0.08, 0.25))
        planned_days = max(1, round(days * guess))
        if self.random.random() > 0.04:
            work.estimate_pd = max(0.5, round(planned_days * fte / 1000 * 2) / 2)
        lead = self.random.randrange(1, 8) if opportunistic else self.random.randrange(15, 80)
        work.committed_on = start - timedelta(days=lead)
        if self.random.random() > 0.06:
            early = 0 if opportunistic else self.random.randrange(0, 12)
            work.target_start = start - timedelta(days=early)
            work.due_on = self.calendar.nth_working_day(work.target_start, planned_days)
        if self.random.random() > 0.15:
            worth = (work.estimate_pd or 8) * self.random.lognormvariate(0.8, 0.5)
            work.value = max(1, round(worth)) * 1000

    def _happen(self, work: Work, start: date, days: int, fte: int) -> date:
        """Work it off, perhaps with a pause; return the next day on which the person is free."""
        pause = self.random.random() < 0.1 and days > 8
        half = days // 2 if pause else days
        end = self.calendar.nth_working_day(start, half)
        work.segments.append((start, end, fte))
        if pause:
            again = self.calendar.nth_working_day(end, self.random.randrange(4, 16))
            end = self.calendar.nth_working_day(again, days - half)
            work.segments.append((again, end, fte))
        self._settle(work, end)
        if self.random.random() < self.story.late:
            work.entered_late = self.random.randrange(8, 25)
        return end

    def _settle(self, work: Work, end: date) -> None:
        """Cut the future off and find the status that follows."""
        work.segments = [
            (first, last if last and last <= self.today else None, fte)
            for first, last, fte in work.segments
            if first <= self.today
        ]
        running = work.segments[-1][1] is None
        if running or end > self.today:
            work.status = Status.ACTIVE if running else Status.PAUSED
            return
        draw = self.random.random()
        work.ended_on = work.segments[-1][1]
        if draw < 0.06:
            work.status = Status.CANCELLED
        elif draw < 0.09:
            work.status = Status.DEFERRED
        else:
            work.status = Status.DELIVERED
            work.ended_on = (work.segments[-1][1] or end) - timedelta(days=1)
            if self.random.random() < 0.7:
                work.actual_pd = sum(
                    self.calendar.working_days(a, b or end) * f / 1000 for a, b, f in work.segments
                )

    def _waiting(self, index: int) -> Work:
        """Make work that has not started: committed for the weeks ahead, or proposed."""
        opportunistic = self.random.random() < self.story.share(0) * 0.4
        work = self._classified(opportunistic, self.today)
        start = self.today + timedelta(days=self.random.randrange(3, 30 if opportunistic else 210))
        size = MEDIAN_PD if (start - self.today).days < 40 else 1.7 * MEDIAN_PD
        days = max(2, round(size * math.exp(self.random.gauss(0, SPREAD))))
        self._plan(work, start, days, 1000, opportunistic)
        work.committed_on = self.today - timedelta(days=self.random.randrange(1, 20))
        if index % 3 == 2 or (start - self.today).days > 60:
            work.status, work.committed_on = Status.PROPOSED, None
            work.created_on = self.today - timedelta(days=self.random.randrange(0, 60))
            if index % 6 == 5:
                work.origin, work.trigger, work.reason = Origin.UNCLASSIFIED, "", ""
        return work
