"""Working calendars of many teams at once."""

from collections.abc import Iterable, Mapping

from tracker.domain.calendar import WorkCalendar
from tracker.models import Team
from tracker.models.calendars import calendars_of_teams


def calendars_of(teams: Iterable[Team]) -> Mapping[int, WorkCalendar]:
    """Return the calendar of each team by id, in at most one query; the teams keep theirs."""
    known = list(teams)
    wanted = [team for team in known if "calendar" not in team.__dict__]
    if wanted:
        found = calendars_of_teams(wanted)
        for team in wanted:
            team.calendar = found[team.pk]
    return {team.pk: team.calendar for team in known}
