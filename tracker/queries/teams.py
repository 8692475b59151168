"""Reads about teams."""

from tracker.models import Team, User


def visible_teams(user: User) -> list[Team]:
    """Return the teams a person may see, each below its parent, siblings by name."""
    teams = list(Team.objects.visible_to(user))
    by_id = {team.pk: team for team in teams}

    def trail(team: Team) -> tuple[tuple[str, int], ...]:
        above = [by_id[pk] for pk in team.ancestor_ids if pk in by_id]
        return tuple((node.name.casefold(), node.pk) for node in above)

    return sorted(teams, key=trail)
