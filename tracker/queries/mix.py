"""The mix of teams over time. Teams are ones that somebody has been let into already."""

from collections.abc import Sequence
from datetime import date

from tracker.domain.calendar import Period
from tracker.domain.mix import Measure, Mix, PeriodMix
from tracker.models import Team
from tracker.queries.capacity import EffortLedger, WorkLedger
from tracker.queries.intake import DayLedger


def mix_series(
    teams: Sequence[Team], periods: Sequence[Period], measure: Measure, before: date
) -> dict[int, tuple[PeriodMix, ...]]:
    """Return by team id one ``PeriodMix`` a period: every weight, coverage, n_eff.

    ``periods`` are in order and don't overlap; ``before`` is the day after the as-of day, so
    facts of that day and later are not known. Two or three queries, however many teams. The
    cost is in the initiatives that the periods touch: ask for few periods, and take
    ``capacity_series`` for a long line. Sum teams by ``domain.mix.sum_period_mixes``.
    """
    if not periods:
        return {team.pk: () for team in teams}
    return ledger(teams, measure, periods[0].start, before).series(periods)


def capacity_series(
    teams: Sequence[Team], periods: Sequence[Period], before: date
) -> dict[int, tuple[Mix, ...]]:
    """Return by team id the capacity in mpd, one ``Mix`` a period; by effort, without n_eff.

    Three queries, however many teams, and cheap for hundreds of periods.
    """
    if not periods:
        return {team.pk: () for team in teams}
    return EffortLedger(teams, periods[0].start, before).mixes(periods)


def ledger(
    teams: Sequence[Team], measure: Measure, since: date, before: date
) -> WorkLedger | DayLedger:
    """Return what answers any question about the teams' periods in ``[since, before)``."""
    if measure == Measure.CAPACITY:
        return WorkLedger(teams, since, before)
    return DayLedger(teams, measure, since, before)
