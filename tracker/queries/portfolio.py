"""Everything the portfolio shows, as domain values."""

from collections.abc import Sequence
from datetime import date

from tracker.domain.calendar import FiscalCalendar, Period, last_periods, periods
from tracker.domain.mix import Measure, Mix, PeriodMix, Weight
from tracker.domain.portfolio import SPARK, Named, Portfolio, Row, Sums, row_of
from tracker.domain.question import Question
from tracker.domain.standing import pool_of
from tracker.domain.zone import Band
from tracker.models import Team
from tracker.queries.capacity import EffortLedger, WorkLedger
from tracker.queries.intake import DayLedger
from tracker.queries.mix import ledger
from tracker.queries.overview import HISTORY_DAYS
from tracker.queries.teams import TeamNode

Lines = dict[int, tuple[tuple[Mix, int], ...]]


def portfolio_of(
    nodes: Sequence[TeamNode],
    band: Band,
    question: Question,
    *,
    fiscal: FiscalCalendar,
    before: date,
) -> Portfolio:
    """Return how the teams of a tree stand; ``band`` is the one they are together held to.

    Facts from ``before`` on are not known. At most five queries, however many teams.
    """
    teams = {team.pk: team for team in Team.objects.filter(pk__in=[node.pk for node in nodes])}
    reading = _Reading([teams[node.pk] for node in nodes if node.pk in teams], question, before)
    history = _history(reading.first_day, question.focus, fiscal)
    sums = reading.sums(history)
    rows: list[Row] = []
    for node, below in _below(nodes, teams):
        named = Named(node.name, node.slug, node.depth, node.is_group, teams[node.pk].band)
        rows.append(row_of(named, _together(sums, below), history, question, before))
    everything = Named("All teams", "", 0, True, band)
    total = row_of(everything, _together(sums, list(teams)), history, question, before)
    return Portfolio(question, before, tuple(rows), total, reading.first_day)


class _Reading:
    """One reading of the database: a line of periods, the focus and the pool of each team."""

    def __init__(self, teams: Sequence[Team], question: Question, before: date) -> None:
        self.question, self.before = question, before
        self.pool = pool_of(question.focus, before)
        since = date.fromordinal(max(1, question.focus.start.toordinal() - HISTORY_DAYS))
        measure, weight = question.measure, question.weight
        self.full: WorkLedger | DayLedger
        self.effort: EffortLedger | None = None
        if measure == Measure.CAPACITY and weight is Weight.EFFORT:
            # Sums a day are quick over years; the initiatives themselves are read for months.
            self.effort = EffortLedger(teams, since, before)
            self.full = WorkLedger(teams, min(self.pool.start, question.focus.start), before)
        else:
            self.full = ledger(teams, measure, since, before)

    @property
    def first_day(self) -> date | None:
        """Return the first day with data, None without any."""
        return self.effort.first_day if self.effort else self.full.first_day

    def sums(self, history: Sequence[Period]) -> dict[int, Sums]:
        """Return by team what adds up."""
        now = self.full.series([self.question.focus])
        pool = self.full.series([self.pool])
        lines = self._lines(history)
        return {team: Sums(lines[team], now[team][0], pool[team][0]) for team in now}

    def _lines(self, history: Sequence[Period]) -> Lines:
        if self.effort:
            worked = self.effort.mixes(history)
            return {
                team: tuple((mix, mix.classified) for mix in own) for team, own in worked.items()
            }
        found = self.full.series(history)
        return {team: tuple(self._point(each) for each in own) for team, own in found.items()}

    def _point(self, mix: PeriodMix) -> tuple[Mix, int]:
        return mix.mixes[self.question.weight], mix.mixes[Weight.EFFORT].classified


def _history(first: date | None, focus: Period, fiscal: FiscalCalendar) -> tuple[Period, ...]:
    """Return the periods from the first one with data to the focus, at least the last eight."""
    shown = last_periods(SPARK, focus.kind, focus.start, fiscal)
    if first is None or first >= shown[0].start:
        return shown
    return periods(focus.kind, first, focus.end, fiscal)


def _below(nodes: Sequence[TeamNode], teams: dict[int, Team]) -> list[tuple[TeamNode, list[int]]]:
    """Return each node with the ids of itself and of those below it."""
    known = [node for node in nodes if node.pk in teams]
    below: dict[int, list[int]] = {node.pk: [] for node in known}
    for node in known:
        for above in teams[node.pk].ancestor_ids:
            if above in below:
                below[above].append(node.pk)
    return [(node, below[node.pk]) for node in known]


def _together(sums: dict[int, Sums], ids: Sequence[int]) -> Sums:
    first, *rest = (sums[pk] for pk in ids)
    for more in rest:
        first += more
    return first
