"""Working calendars of many teams at once."""

from collections.abc import Iterable, Mapping
from datetime import date

from tracker.domain.calendar import WorkCalendar
from tracker.models import Holiday, Team


def calendars_of(teams: Iterable[Team]) -> Mapping[int, WorkCalendar]:
    """Return the calendar of each team by id, in at most one query; the teams keep theirs."""
    known = list(teams)
    wanted = [team for team in known if "calendar" not in team.__dict__]
    if wanted:
        _give_calendars(wanted)
    return {team.pk: team.calendar for team in known}


def _give_calendars(wanted: list[Team]) -> None:
    above = {pk for team in wanted for pk in team.ancestor_ids}
    days: dict[int, set[date]] = {}
    for team_id, day in Holiday.objects.filter(team_id__in=above).values_list("team_id", "day"):
        days.setdefault(team_id, set()).add(day)
    for team in wanted:
        off = frozenset().union(*(days.get(pk, set()) for pk in team.ancestor_ids))
        team.calendar = WorkCalendar(weekdays=team.weekdays, holidays=off)
