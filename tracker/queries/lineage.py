"""Reads the relatives of an initiative: what it was split or merged from, and into."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from tracker.models import Initiative


class Kin(StrEnum):
    """How another initiative is related, seen from this one."""

    SPLIT_FROM = "Split from"
    SPLIT_INTO = "Split into"
    MERGED_FROM = "Merged from"
    MERGED_INTO = "Merged into"


@dataclass(frozen=True, slots=True)
class Relative:
    """Another initiative of the same line."""

    kin: Kin
    key: str
    title: str
    status: str
    url: str


def relatives_of(initiative: Initiative) -> list[Relative]:
    """Return the nearest of its line by kind and number, in one query; not the deleted ones."""
    pk = initiative.pk
    near = Q(parent=pk) | Q(merged_into=pk)
    near |= Q(pk__in=[one for one in (initiative.parent_id, initiative.merged_into_id) if one])
    rows = Initiative.objects.filter(near).select_related("team").order_by("team", "number")
    found = [
        Relative(kin, row.key, row.title, row.status, row.get_absolute_url())
        for row in rows
        for kin in _kin(initiative, row)
    ]
    order = list(Kin)
    return sorted(found, key=lambda one: order.index(one.kin))


def _kin(initiative: Initiative, other: Initiative) -> list[Kin]:
    related = {
        Kin.SPLIT_FROM: other.pk == initiative.parent_id,
        Kin.SPLIT_INTO: other.parent_id == initiative.pk,
        Kin.MERGED_FROM: other.merged_into_id == initiative.pk,
        Kin.MERGED_INTO: other.pk == initiative.merged_into_id,
    }
    return [kin for kin, is_so in related.items() if is_so]
