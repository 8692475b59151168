"""What people call the initiatives behind a figure's marks."""

from collections.abc import Sequence

from tracker.domain.contributions import Contribution, Named
from tracker.models import Initiative, Team

MOST_IDS = 900


def named(teams: Sequence[Team], parts: Sequence[Contribution]) -> list[Named]:
    """Return contributions with keys and titles, largest first, in one query."""
    of = {team.pk: team for team in teams}
    # By team and not by id: a list of ids may be longer than a statement can hold.
    rows = Initiative.objects.filter(team_id__in=list(of)).order_by()
    wanted = {part.entry.item for part in parts}
    if len(wanted) < MOST_IDS:
        rows = rows.filter(pk__in=wanted)
    facts = {pk: rest for pk, *rest in rows.values_list("pk", "number", "title", "status")}
    found = [
        Named(
            part,
            f"{of[part.entry.team].key_prefix}-{facts[part.entry.item][0]}",
            facts[part.entry.item][1],
            facts[part.entry.item][2],
            of[part.entry.team].name,
        )
        for part in parts
        if part.entry.item in facts
    ]
    return sorted(found, key=lambda row: (-(row.part.amount or 0), row.key))
