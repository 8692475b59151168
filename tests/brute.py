"""Sums by the definitions alone: one initiative after the other, without any kept ledger."""

from collections.abc import Iterable, Sequence
from datetime import date

from tracker.domain.calendar import Period, WorkCalendar
from tracker.domain.capacity import Segment, worked_mpd
from tracker.domain.mix import (
    Measure,
    Mix,
    Origin,
    PeriodMix,
    period_mix,
    sum_mixes,
    sum_period_mixes,
)
from tracker.models import Team
from tracker.queries.facts import entries_in


def worked_mix(
    work: Iterable[tuple[Segment, Origin]], period: Period, before: date, calendar: WorkCalendar
) -> Mix:
    """Return what was worked in a period in mpd, counted segment by segment."""
    return sum_mixes(
        Mix.of(
            origin,
            worked_mpd(segment, period.start, period.end, before=before, calendar=calendar),
        )
        for segment, origin in work
    )


def mix_of_facts(
    teams: Sequence[Team], period: Period, measure: Measure, *, before: date
) -> PeriodMix:
    """Return the mix of some teams, read anew and summed team by team."""
    rows = entries_in(teams, period, measure, before=before)
    mix = sum_period_mixes(
        period_mix(period, measure, [row for row in rows if row.team == team.pk]) for team in teams
    )
    assert mix is not None
    return mix
