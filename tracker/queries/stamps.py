"""What tells a kept figure that it has become old."""

from collections.abc import Iterable

from django.db.models import Sum

from tracker.models import TeamCounter


def stamps(team_ids: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Return ``(team id, stamp)`` pairs in order of id, in one query.

    Every write moves the stamp of its team in the same transaction. Read it *before* the data
    it is to vouch for: a write in between then leaves an old stamp on new data, never the
    reverse.
    """
    rows = TeamCounter.objects.filter(team_id__in=list(team_ids)).order_by("team_id")
    return tuple(rows.values_list("team_id", "stamp"))


def everything() -> int:
    """Return a number that moves with every write of any team, in one query.

    For what rests on more than a team's own rows, such as a plan that names work of another.
    """
    return int(TeamCounter.objects.aggregate(all=Sum("stamp"))["all"] or 0)
