"""Closed periods of a team, those that wait to be closed, and which figures have moved since."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.domain.calendar import FiscalCalendar, Period, PeriodKind
from tracker.domain.closing import CLOSED_KINDS, closes_on, ended_periods
from tracker.domain.mix import Measure, Mix, Weight
from tracker.domain.totals import mix_of_totals
from tracker.models import PeriodClose, Team
from tracker.models.periods import first_days
from tracker.queries.ledgers import ledgers
from tracker.queries.series import Series

LONGEST_BACK = timedelta(days=12 * 366)
OFFERED = 6


@dataclass(frozen=True, slots=True)
class ClosedRow:
    """A closed period beside its figure as it is now; both by effort."""

    close: PeriodClose
    reported: Mix
    current: Mix

    @property
    def is_restated(self) -> bool:
        """Tell whether the figure, its numerator or its denominator differs from the report."""
        return self.reported != self.current


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A period that is over and not closed; ``due_on`` is the day it closes by itself, or None.

    None is for the one a team began in, which holds only a part of what was done.
    """

    period: Period
    due_on: date | None
    is_due: bool


def closes_of(team: Team) -> list[PeriodClose]:
    """Return a team's closed periods, the latest first; one query."""
    return list(PeriodClose.objects.filter(team=team).order_by("-ends_before", "-starts_on"))


def rows_of(
    closes: Sequence[PeriodClose], stamp: int, fiscal: FiscalCalendar, before: date
) -> list[ClosedRow]:
    """Return closed periods of one team with what they are now, by the kept ledger."""
    if not closes:
        return []
    team_id = closes[0].team_id
    with ledgers({team_id: stamp}) as kept:
        series = Series([kept[team_id]], Measure.CAPACITY, Weight.EFFORT, fiscal, before)
        return [ClosedRow(row, _reported(row), _current(series, row)) for row in closes]


def _reported(row: PeriodClose) -> Mix:
    return Mix(row.opportunistic, row.planned, row.unclassified)


def _current(series: Series, row: PeriodClose) -> Mix:
    return mix_of_totals(series.totals(row.period), Weight.EFFORT)


def open_periods(
    team: Team, closes: Collection[PeriodClose], fiscal: FiscalCalendar, today: date
) -> dict[PeriodKind, list[OpenRow]]:
    """Return by kind what is over and not closed, the latest first; two queries."""
    first = first_days([team.pk]).get(team.pk)
    if first is None:
        return {}
    first = max(first, today - LONGEST_BACK)
    closed = {(row.kind, row.starts_on) for row in closes}
    found: dict[PeriodKind, list[OpenRow]] = {}
    for kind in CLOSED_KINDS:
        for period in ended_periods(first, today, fiscal, kind):
            if (kind.value, period.start) not in closed:
                due = closes_on(period, team.calendar) if period.start >= first else None
                row = OpenRow(period, due, due is not None and due <= today)
                found.setdefault(kind, []).insert(0, row)
    return found


def reported_mixes(
    team_ids: Collection[int], periods: Collection[Period], measure: Measure, weight: Weight
) -> Mapping[tuple[int, date], tuple[Mix, int]]:
    """Return mix and classified effort as reported, by team and first day of the period.

    The periods are of one kind; those that were not closed are left out. One query.
    """
    kinds = {period.kind.value for period in periods}
    rows = PeriodClose.objects.filter(
        team_id__in=list(team_ids),
        kind__in=kinds,
        starts_on__in=[period.start for period in periods],
    )
    found = {}
    for row in rows:
        mix = row.mix(measure)
        effort = mix.mixes[Weight.EFFORT].classified
        found[row.team_id, row.starts_on] = (mix.mixes[weight], effort)
    return found
