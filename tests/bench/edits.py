"""What changes between two requests: the FTE of an initiative in progress, another each time."""

from functools import cache
from itertools import count

from django.db import connection, transaction

from tests.bench.rounds import EVERY
from tracker.models import Initiative, Team, TeamCounter

_turns = count(1)


def edit(slug: str) -> None:
    """Give an initiative in progress of a team, or of every team, another FTE for all its work.

    It moves every sum since its work began. No two edits in a row of one initiative are alike, so
    that nothing made before serves again.
    """
    turn = next(_turns)
    with transaction.atomic(), connection.cursor() as cursor:
        for team, items in _in_progress(slug).items():
            item = items[turn % len(items)]
            cursor.execute(
                "UPDATE tracker_worksegment SET fte_milli = %s WHERE initiative_id = %s",
                [200 + turn * 37 % 1501, item],
            )
            TeamCounter.bump(team, of=[item])


@cache
def _in_progress(slug: str) -> dict[int, list[int]]:
    teams = Team.objects.all() if slug == EVERY else Team.objects.filter(slug=slug)
    rows = Initiative.objects.filter(team__in=teams, status="active").order_by("pk")
    found: dict[int, list[int]] = {}
    for team, item in rows.values_list("team_id", "pk"):
        found.setdefault(team, []).append(item)
    return found
