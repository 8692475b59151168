"""Everything the portfolio shows, as domain values."""

from collections.abc import Mapping, Sequence
from datetime import date

from tracker.domain.calendar import FiscalCalendar, Period, last_periods, periods
from tracker.domain.portfolio import SPARK, Named, Portfolio, Row, Sums, row_of
from tracker.domain.question import Question
from tracker.domain.standing import pool_of
from tracker.domain.zone import Band
from tracker.queries.ledgers import TeamLedger
from tracker.queries.overview import Judge, since_of
from tracker.queries.record import ledgers_as_asked
from tracker.queries.reported import Reported
from tracker.queries.series import Series
from tracker.queries.teams import TeamNode


def portfolio_of(
    nodes: Sequence[TeamNode],
    band: Band,
    question: Question,
    *,
    fiscal: FiscalCalendar,
    before: date,
    stamps: Mapping[int, int],
    zone: str = "UTC",
) -> Portfolio:
    """Return how the teams of a tree stand; ``band`` is the one they are together held to.

    Facts from ``before`` on are not known. At most eight queries, however many teams, and none
    where nothing has changed since this worker last answered.
    """

    def sums(teams: Sequence[TeamLedger]) -> Sums:
        series = kind(teams, question.measure, question.weight, fiscal, before)
        pooled = series.stretch(pool.start, pool.end)
        return Sums(series.shares(history), series.totals(question.focus), pooled)

    kind = Reported if question.reported else Series
    pool = pool_of(question.focus, before)
    rows: list[Row] = []
    wanted = {node.pk: stamps[node.pk] for node in nodes}
    with ledgers_as_asked(wanted, question.known, zone) as kept:
        every = Series(kept.values(), question.measure, question.weight, fiscal, before)
        first = every.first_day(since_of(question.focus.start))
        history = _history(first, question.focus, fiscal)
        for node, below in _below(nodes, kept):
            judge = Judge(kept[node.pk])
            held_to = judge.band_of(question.focus)
            named = Named(node.name, node.slug, node.depth, node.is_group, held_to)
            rows.append(row_of(named, sums(below), question, before, judge.band_of))
        total = row_of(
            Named("All teams", "", 0, True, band), sums(list(kept.values())), question, before
        )
    return Portfolio(question, before, tuple(rows), total, first)


def _history(first: date | None, focus: Period, fiscal: FiscalCalendar) -> tuple[Period, ...]:
    """Return the periods from the first one with data to the focus, at least a sparkline's."""
    shown = last_periods(SPARK, focus.kind, focus.start, fiscal)
    if first is None or first >= shown[0].start:
        return shown
    return periods(focus.kind, first, focus.end, fiscal)


def _below(
    nodes: Sequence[TeamNode], kept: Mapping[int, TeamLedger]
) -> list[tuple[TeamNode, list[TeamLedger]]]:
    """Return each node with the ledgers of itself and of those below it."""
    known = [node for node in nodes if node.pk in kept]
    below: dict[int, list[TeamLedger]] = {node.pk: [] for node in known}
    for node in known:
        for above in kept[node.pk].team.ancestor_ids:
            if above in below:
                below[above].append(kept[node.pk])
    return [(node, below[node.pk]) for node in known]
