"""Finds one initiative by its key, with what the person may do with it, in one query."""

from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, Value

from tracker.models import Initiative, OriginShift, Role, User
from tracker.models.prepared import Prepared
from tracker.models.teams import ANYBODY, highest_role

# Stand for prefix and number of a key; no team has such a prefix.
PREFIX, NUMBER = "A PREFIX", 999_999_999


def by_key(user: User, key: str, *, deleted: bool = False) -> Initiative | None:
    """Return an initiative the person may see, by its key or one it bore before.

    Its team and owner are loaded, ``is_shifted`` tells whether another origin than the declared
    one counts in some cycle, and the person knows the role in its team from then on.
    With ``deleted`` one that has been deleted is found, too.
    """
    prefix, _, number = key.upper().rpartition("-")
    if not user.is_active or not number.isdecimal() or len(number) > 9:
        return None
    asked = {"prefix": prefix, "number": int(number), "person": user.pk}
    found = _QUERIES[user.is_superuser, deleted].first(**asked)
    if found is not None:
        user.learn_role(found.team_id, found.role)  # type: ignore[attr-defined]
    return found


def _query(sees_all: bool, deleted: bool) -> Prepared[Initiative]:
    def make(prefix: str, number: int, person: int) -> Any:
        manager = Initiative.every if deleted else Initiative.objects
        rows = manager.select_related("team", "owner").with_key(f"{prefix}-{number}")
        rows = rows.annotate(
            is_shifted=Exists(OriginShift.objects.filter(initiative=OuterRef("pk")))
        )
        if sees_all:
            return rows.annotate(role=Value(int(Role.LEAD), output_field=IntegerField()))[:1]
        role = highest_role(User(pk=person), OuterRef("team__path"))
        return rows.annotate(role=role).filter(role__isnull=False)[:1]

    return Prepared(make, prefix=PREFIX, number=NUMBER, person=ANYBODY)


_QUERIES = {
    (sees_all, deleted): _query(sees_all, deleted)
    for sees_all in (False, True)
    for deleted in (False, True)
}
