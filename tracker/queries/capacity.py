"""What teams worked, read from their segments.

Two ways: from changes of the FTE at work, summed by day in the database (quick, effort only),
and from the segments themselves (every weight, and the number of initiatives).
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import DateField, Sum, Value
from django.db.models.functions import Greatest

from tracker.domain.calendar import Period
from tracker.domain.mix import Measure, Mix, PeriodMix
from tracker.domain.running import Change, RunningWork
from tracker.domain.workdays import WorkCalendar
from tracker.models import Team
from tracker.queries.calendars import calendars_of
from tracker.queries.facts import work_between
from tracker.queries.tally import Tally

SEGMENTS = (
    "initiative__team_id",
    "initiative_id",
    "initiative__root_id",
    "initiative__origin",
    "initiative__committed_value",
    "starts_on",
    "ends_before",
    "fte_milli",
    "fte_assumed",
)


class EffortLedger:
    """Changes of the FTE at work of teams in ``[since, before)``, by day and origin.

    Three queries, however many teams. Work ahead of ``since`` is left out.
    """

    def __init__(self, teams: Sequence[Team], since: date, before: date) -> None:
        self.before = before
        self.calendars = calendars_of(teams)
        self._changes: dict[int, list[Change]] = {team.pk: [] for team in teams}
        work = work_between(self._changes, since, before)
        # Anchored: whatever is open at the beginning counts from there.
        from_then = Greatest("starts_on", Value(since), output_field=DateField())
        opened = work.annotate(day=from_then).values("initiative__team_id", "day")
        self._read(opened.values_list("initiative__team_id", "day", "initiative__origin"), 1)
        closed = work.filter(ends_before__lt=before)
        self._read(
            closed.values_list("initiative__team_id", "ends_before", "initiative__origin"), -1
        )
        self._running = {
            team: RunningWork(changes, self.calendars[team])
            for team, changes in self._changes.items()
        }

    def _read(self, rows: Any, sign: int) -> None:
        for team, day, origin, fte in rows.annotate(fte=Sum("fte_milli")):
            self._changes[team].append((day, origin, sign * fte))

    @property
    def first_day(self) -> date | None:
        """Return the first day of work, None without any."""
        return min((own.days[0] for own in self._running.values() if own.days), default=None)

    def mixes(
        self, periods: Sequence[Period], before: date | None = None
    ) -> dict[int, tuple[Mix, ...]]:
        """Return the effort in mpd by team and period; ``before`` may be earlier than ours."""
        bound = self.before if before is None else min(before, self.before)
        return {team: own.mixes(periods, bound) for team, own in self._running.items()}


class WorkLedger:
    """The segments of teams that overlap ``[since, before)``, in two queries."""

    def __init__(self, teams: Sequence[Team], since: date, before: date) -> None:
        self.before = before
        self.calendars = calendars_of(teams)
        self.rows: dict[int, list[list[Any]]] = {team.pk: [] for team in teams}
        for team, *row in work_between(self.rows, since, before).values_list(*SEGMENTS):
            self.rows[team].append(row)

    @property
    def first_day(self) -> date | None:
        """Return the first day of work, None without any."""
        return min((row[4] for own in self.rows.values() for row in own), default=None)

    def series(self, periods: Sequence[Period]) -> dict[int, tuple[PeriodMix, ...]]:
        """Return the mixes of each team; the periods are in order and don't overlap."""
        return {
            team: tuple(
                tally.mix(period, Measure.CAPACITY)
                for period, tally in zip(periods, self._tallies(team, periods), strict=True)
            )
            for team in self.rows
        }

    def _tallies(self, team: int, periods: Sequence[Period]) -> list[Tally]:
        worked, facts = self._worked(team, periods)
        tallies = []
        for items in worked:
            tally = Tally()
            for item, (effort, assumed) in items.items():
                if effort:
                    root, origin, value = facts[item]
                    tally.add(root or item, origin, effort, value, assumed)
            tallies.append(tally)
        return tallies

    def _worked(
        self, team: int, periods: Sequence[Period]
    ) -> tuple[list[dict[int, list[int]]], dict[int, tuple[int | None, str, int | None]]]:
        """Return ``{item: [mpd, assumed mpd]}`` a period, and root, origin, value by item."""
        upto = _Upto(self.calendars[team])
        bounds = [(min(p.start, self.before), min(p.end, self.before)) for p in periods]
        edges = [(start, end, upto[start], upto[end]) for start, end in bounds]
        ends = [end for _, end in bounds]
        worked: list[dict[int, list[int]]] = [{} for _ in periods]
        facts: dict[int, tuple[int | None, str, int | None]] = {}
        for item, root, origin, value, starts, stops, fte, assumed in self.rows[team]:
            facts[item] = (root, origin, value)
            for index in range(bisect_right(ends, starts), len(edges)):
                start, end, days_before, days_after = edges[index]
                if stops is not None and stops <= start:
                    break
                first = days_before if starts <= start else upto[starts]
                last = days_after if stops is None or stops >= end else upto[stops]
                mpd = fte * (last - first)
                if mpd > 0:
                    sums = worked[index].setdefault(item, [0, 0])
                    sums[0] += mpd
                    sums[1] += mpd if assumed else 0
        return worked, facts


class _Upto(dict[date, int]):
    """Working days ahead of a day, each worked out once."""

    def __init__(self, calendar: WorkCalendar) -> None:
        super().__init__()
        self.calendar = calendar

    def __missing__(self, day: date) -> int:
        days = self[day] = self.calendar.working_days(date.min, day)
        return days
