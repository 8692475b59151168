"""Reads about import batches, and about what a new one will meet."""

from collections.abc import Sequence

from tracker.domain.words import ImportState
from tracker.models import ImportBatch, Membership, Team, User

MOST = 100


def batches_of(user: User) -> Sequence[ImportBatch]:
    """Return the latest batches of the teams a person may see, newest first; one query."""
    rows = ImportBatch.objects.visible_to(user).select_related("team", "user")
    return list(rows.defer("content", "mapping", "report")[:MOST])


def people_of(team: Team) -> dict[str, int]:
    """Return who may own work of the team, by name and by address in small letters; one query.

    A name that two people share stands for neither.
    """
    rows = Membership.objects.filter(team_id__in=team.ancestor_ids, user__is_active=True)
    people = set(rows.order_by().values_list("user_id", "user__name", "user__email"))
    names = [" ".join(name.split()).casefold() for _, name, _ in people]
    found = {
        name: pk
        for (pk, _, _), name in zip(people, names, strict=True)
        if name and names.count(name) == 1
    }
    return found | {email.casefold(): pk for pk, _, email in people}


def imported_before(batch: ImportBatch) -> ImportBatch | None:
    """Return an earlier batch of the team that was made of the very same file and still stands."""
    rows = ImportBatch.objects.filter(team=batch.team_id, state=ImportState.APPLIED)
    same = rows.filter(report__sha256=batch.report.get("sha256", "-")).exclude(pk=batch.pk)
    found: ImportBatch | None = same.defer("content", "report").first()
    return found
