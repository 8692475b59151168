"""How each opportunity of the demo was paid for, and where people overruled the baseline."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice

from tracker.domain.calendar import WorkCalendar
from tracker.domain.funding import Manner, Source
from tracker.domain.lifecycle import Status
from tracker.management.demo.plan_stories import Planning
from tracker.management.demo.plan_words import FUNDING_NOTES, NEW_SCOPE, OVERRIDES
from tracker.management.demo.planning import Listing, TeamPlan
from tracker.management.demo.simulation import Work

SMALLEST = 500  # half a person-day


@dataclass(frozen=True, slots=True)
class Grant:
    """One entry of the funding ledger, in mpd."""

    opportunity: Work
    source: Source
    mpd: int
    on: date
    displaced: Work | None = None
    manner: Manner | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Overruling:
    """One override of a derived origin."""

    work: Work
    origin: str
    code: str
    text: str
    on: date


@dataclass(slots=True)
class _Giver:
    """A planned item that may give way: how much it has left, and until when."""

    listing: Listing
    manner: Manner
    left: int
    last_day: date


@dataclass(slots=True)
class Ledger:
    """Writes the ledger of one plan, in the order in which the opportunities came."""

    plan: TeamPlan
    planning: Planning
    calendar: WorkCalendar
    today: date
    chance: random.Random
    grants: list[Grant] = field(default_factory=list)
    reserve: int = field(init=False)
    givers: list[_Giver] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with the whole reserve and with all that may give way."""
        self.reserve, self.givers = self.plan.reserve_mpd, self._givers()

    def fund(self, works: Iterable[Work]) -> list[Grant]:
        """Return the entries for what was let in during the cycle, as far as anybody wrote any."""
        for work in sorted(self._let_in(works), key=lambda work: work.committed_on or self.today):
            need = round((work.estimate_pd or 0) * 1000)
            draw = self.chance.random()
            if need and draw > self.planning.unfunded:
                is_partial = draw > 0.94
                self._pay(work, round(need * 0.6 / SMALLEST) * SMALLEST if is_partial else need)
        return self.grants

    def _let_in(self, works: Iterable[Work]) -> list[Work]:
        """Return the opportunities that began in the cycle or were committed for it."""
        opening = self.plan.opening
        if opening is None:
            return []
        planned = {id(line.listing.work) for line in opening.lines if line.above_line}
        cycle, last = self.plan.cycle, min(self.plan.cycle.end, self.today)
        return [
            work
            for work in works
            if work.is_opportunity
            and work.committed_on is not None
            and id(work) not in planned
            and cycle.start <= max(work.committed_on, work.begins_on or cycle.start) < cycle.end
            and work.committed_on < last
        ]

    def _givers(self) -> list[_Giver]:
        """Return what may give way: what was dropped, pushed out, left open or came late."""
        opening = self.plan.opening
        lines = opening.lines if opening else ()
        found = [self._giver(line.listing) for line in lines if line.above_line]
        return [giver for giver in found if giver is not None and giver.left >= 2 * SMALLEST]

    def _giver(self, row: Listing) -> _Giver | None:
        work, planned, cycle = row.work, row.mpd or 0, self.plan.cycle
        end = min(cycle.end, self.today + timedelta(days=1))
        left = planned - round(1000 * work.worked_pd(cycle.start, end, self.calendar))
        if row.is_carried:
            return None
        if not work.segments:
            is_dropped = work.status in (Status.CANCELLED, Status.DEFERRED)
            is_due = row.start is not None and row.start < end
            if is_dropped:
                return _Giver(row, Manner.DROP, planned, work.ended_on or end)
            return _Giver(row, Manner.DELAY, planned // 2 if is_due else planned // 4, end)
        stop = work.segments[-1][1]
        if stop is None or stop > cycle.end:
            return _Giver(row, Manner.DELAY, left, end)
        if left > 0:
            return _Giver(row, Manner.DESCOPE, left, stop)
        days = self.calendar.working_days(row.due, stop) - 1 if row.due else 0
        return _Giver(row, Manner.DELAY, min(planned, days * work.segments[0][2]) // 2, stop)

    def _pay(self, work: Work, need: int) -> None:
        day = max(self.plan.cycle.start, work.committed_on or self.plan.cycle.start)
        day = min(day + timedelta(days=self.chance.randrange(0, 3)), self.today)
        most = need if need * 6 < self.plan.reserve_mpd else round(need * self.planning.drawn)
        drawn = min(most // SMALLEST * SMALLEST, self.reserve)
        if drawn >= SMALLEST:
            self.reserve -= drawn
            need -= drawn
            self._write(work, Source.RESERVE, drawn, day)
        if need >= SMALLEST and self.chance.random() < self.planning.added:
            self._write(work, Source.ADDED_CAPACITY, need, day)
            return
        for giver in islice(self._ready(day, work), 3):
            taken = min(need, giver.left) // SMALLEST * SMALLEST
            if taken < SMALLEST:
                return
            giver.left -= taken
            need -= taken
            self._write(work, Source.DISPLACED, taken, day, giver)

    def _ready(self, day: date, work: Work) -> Iterator[_Giver]:
        """Yield who can still give on a day, those with the most to give first."""
        for giver in sorted(self.givers, key=lambda giver: -giver.left):
            if giver.left < SMALLEST:
                return
            can_give = giver.last_day > day and giver.listing.work is not work
            if can_give and giver.left <= self._unworked(giver, day):
                yield giver

    def _unworked(self, giver: _Giver, day: date) -> int:
        """Return what was left of its plan on a day."""
        worked = giver.listing.work.worked_pd(self.plan.cycle.start, day, self.calendar)
        return (giver.listing.mpd or 0) - round(1000 * worked)

    def _write(
        self, work: Work, source: Source, mpd: int, day: date, giver: _Giver | None = None
    ) -> None:
        note = self.chance.choice(FUNDING_NOTES[source.value])
        displaced, manner = (giver.listing.work, giver.manner) if giver else (None, None)
        self.grants.append(Grant(work, source, mpd, day, displaced, manner, note))


def overrule(
    plan: TeamPlan, works: Sequence[Work], today: date, chance: random.Random
) -> list[Overruling]:
    """Return the overrides of a cycle: for some of those on which tag and baseline disagree."""
    opening = plan.opening
    if opening is None or plan.cycle.start > today:
        return []
    planned = {id(line.listing.work) for line in opening.lines if line.above_line}
    found = []
    for work in works:
        if not work.segments or not _lives_in(work, plan, today):
            continue
        day = max(work.segments[0][0], plan.cycle.start, opening.locked_on)
        day = min(day + timedelta(days=chance.randrange(4, 30)), today)
        is_planned = id(work) in planned
        if work.origin.value == "planned" and not is_planned and chance.random() < 0.4:
            code, origin, text = chance.choice(OVERRIDES)
            found.append(Overruling(work, origin, code, text, day))
        elif work.is_opportunity and is_planned and chance.random() < 0.2:
            code, origin, text = NEW_SCOPE
            found.append(Overruling(work, origin, code, text, day))
    return found


def _lives_in(work: Work, plan: TeamPlan, today: date) -> bool:
    end = work.segments[-1][1] or today + timedelta(days=1)
    return work.segments[0][0] < plan.cycle.end and end > plan.cycle.start
