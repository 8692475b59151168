"""Working calendars of teams: weekdays, those they had before, and days off."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Value

from tracker.domain.calendar import WorkCalendar
from tracker.models.periods import FormerWeek, PeriodClose
from tracker.models.teams import Holiday, Team

DAY_OFF = 0


def calendars_of_teams(teams: Collection[Team]) -> dict[int, WorkCalendar]:
    """Return the calendar of each team by id, in one query."""
    above = {pk for team in teams for pk in team.ancestor_ids}
    off = Holiday.objects.filter(team_id__in=above).order_by()
    weeks = FormerWeek.objects.filter(team_id__in=[team.pk for team in teams]).order_by()
    # One statement for both: a former week has a bit for each day, a day off has none.
    rows = off.annotate(week=Value(DAY_OFF)).values_list("team_id", "day", "week")
    both = rows.union(weeks.values_list("team_id", "until", "working_weekdays"), all=True)
    days: dict[int, set[date]] = {}
    former: dict[int, list[tuple[date, frozenset[int]]]] = {}
    for team_id, day, week in both:
        if week == DAY_OFF:
            days.setdefault(team_id, set()).add(day)
        else:
            former.setdefault(team_id, []).append((day, weekdays_of(week)))
    return {
        team.pk: WorkCalendar(
            team.weekdays,
            frozenset().union(*(days.get(pk, set()) for pk in team.ancestor_ids)),
            tuple(sorted(former.get(team.pk, []))),
        )
        for team in teams
    }


def weekdays_of(bits: int) -> frozenset[int]:
    """Return the weekdays of bits, Monday first."""
    return frozenset(day for day in range(7) if bits >> day & 1)


def first_open_day(team: Team) -> date | None:
    """Return the day after everything that has been closed, None where nothing has."""
    ends = PeriodClose.objects.filter(team=team).order_by("-ends_before")
    return ends.values_list("ends_before", flat=True).first()


def closed_over(team: Team, days: Iterable[date]) -> PeriodClose | None:
    """Return a closed period of the team, or of one below it, that holds one of the days."""
    wanted = list(days)
    if not wanted:
        return None
    below = PeriodClose.objects.filter(team__path__startswith=team.path).select_related("team")
    ran = below.filter(starts_on__lte=max(wanted), ends_before__gt=min(wanted))
    return next(
        (row for row in ran if any(row.starts_on <= day < row.ends_before for day in wanted)), None
    )
