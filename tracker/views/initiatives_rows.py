"""A row of the table, in the words and addresses its template takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse

from tracker.domain.effort import format_pd
from tracker.domain.wording import day_words, initials_of
from tracker.domain.words import label_of
from tracker.models import Initiative, Role
from tracker.queries.initiatives import row_of

MARK = "AA-1"
label = cache(label_of)


@dataclass(frozen=True, slots=True)
class Row:
    """One initiative, each value as text; "" where there is none."""

    pk: int
    version: int
    key: str
    url: str
    title: str
    origin: str
    origin_word: str
    brought: str
    status: str
    status_word: str
    estimate: str
    target: str
    owner: str
    initials: str
    can_edit: bool


def rows_of(values: Iterable[tuple[Any, ...]], roles: Mapping[int, int]) -> list[Row]:
    """Return the rows of values of ``COLUMNS``; ``roles`` is the reader's role by team."""
    before, _, after = reverse("initiative", args=[MARK]).partition(MARK)
    return [_row(value, before, after, roles) for value in values]


def _row(value: tuple[Any, ...], before: str, after: str, roles: Mapping[int, int]) -> Row:
    pk, version, team, number, prefix, title, origin, need, trigger, status, *rest = value
    estimate, due, name, email = rest
    key = f"{prefix}-{number}"
    owner = name or email or ""
    brought = trigger or need
    return Row(
        pk=pk,
        version=version,
        key=key,
        url=f"{before}{key}{after}",
        title=title,
        origin=origin,
        origin_word=label(origin),
        brought=label(brought) if brought else "",
        status=status,
        status_word=label(status),
        estimate="" if estimate is None else format_pd(estimate),
        target=day_words(due),
        owner=owner,
        initials=initials_of(owner) if owner else "",
        can_edit=roles.get(team, 0) >= Role.MEMBER,
    )


def row_for(it: Initiative, roles: Mapping[int, int]) -> Row:
    """Return the row of one initiative, its team and owner being loaded."""
    return rows_of([row_of(it)], roles)[0]
