"""Everything the portfolio shows, as domain values."""

from collections.abc import Mapping, Sequence
from datetime import date

from tracker.domain.calendar import FiscalCalendar, Period, last_periods, periods
from tracker.domain.keep import Keep
from tracker.domain.mix import Measure, Mix, Weight
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

Line = tuple[tuple[Mix, int], ...]
# What a team adds up to changes only with its stamp: an edit costs the reading of one team.
TeamKey = tuple[int, int | None, Question, FiscalCalendar, date]
_sums: Keep[TeamKey, Sums] = Keep(2_000)


def portfolio_of(
    nodes: Sequence[TeamNode],
    band: Band,
    question: Question,
    *,
    fiscal: FiscalCalendar,
    before: date,
    stamps: Mapping[int, int] | None = None,
) -> Portfolio:
    """Return how the teams of a tree stand; ``band`` is the one they are together held to.

    Facts from ``before`` on are not known. At most five queries, however many teams. With the
    teams' stamps, read before, a team that has not changed since is not read again.
    """
    teams = {team.pk: team for team in Team.objects.filter(pk__in=[node.pk for node in nodes])}
    sums = _sums_of(teams, question, fiscal, before, stamps)
    everything = _together(sums, list(teams))
    history = _history(everything.first_day, question.focus, fiscal, len(everything.line))
    rows: list[Row] = []
    for node, below in _below(nodes, teams):
        named = Named(node.name, node.slug, node.depth, node.is_group, teams[node.pk].band)
        rows.append(row_of(named, _together(sums, below), history, question, before))
    total = row_of(Named("All teams", "", 0, True, band), everything, history, question, before)
    return Portfolio(question, before, tuple(rows), total, everything.first_day)


def _sums_of(
    teams: Mapping[int, Team],
    question: Question,
    fiscal: FiscalCalendar,
    before: date,
    stamps: Mapping[int, int] | None,
) -> dict[int, Sums]:
    def read(keys: Sequence[TeamKey]) -> dict[TeamKey, Sums]:
        reading = _Reading([teams[key[0]] for key in keys], question, before)
        found = reading.sums(_history(reading.first_day, question.focus, fiscal))
        return {key: found[key[0]] for key in keys}

    keys = [(pk, (stamps or {}).get(pk), question, fiscal, before) for pk in teams]
    found = read(keys) if stamps is None else _sums.all_of(keys, read)
    return {key[0]: sums for key, sums in found.items()}


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
        return {
            team: Sums(line, now[team][0], pool[team][0], first)
            for team, (line, first) in self._lines(history).items()
        }

    def _lines(self, history: Sequence[Period]) -> dict[int, tuple[Line, date | None]]:
        if self.effort:
            worked = self.effort.mixes(history)
            return {
                team: (
                    tuple((mix, mix.classified) for mix in own),
                    _first(history, [mix.total for mix in own]),
                )
                for team, own in worked.items()
            }
        weight = self.question.weight
        return {
            team: (
                tuple((m.mixes[weight], m.mixes[Weight.EFFORT].classified) for m in own),
                _first(history, [m.mixes[Weight.COUNT].total for m in own]),
            )
            for team, own in self.full.series(history).items()
        }


def _first(history: Sequence[Period], amounts: Sequence[int]) -> date | None:
    known = (period.start for period, amount in zip(history, amounts, strict=True) if amount)
    return next(known, None)


def _history(
    first: date | None, focus: Period, fiscal: FiscalCalendar, least: int = SPARK
) -> tuple[Period, ...]:
    """Return the periods from the first one with data to the focus, at least so many."""
    shown = last_periods(max(SPARK, least), focus.kind, focus.start, fiscal)
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


def forget() -> None:
    """Drop what is kept of the teams, for tests."""
    _sums.forget()


def _together(sums: dict[int, Sums], ids: Sequence[int]) -> Sums:
    first, *rest = (sums[pk] for pk in ids)
    for more in rest:
        first += more
    return first
