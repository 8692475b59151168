"""A row of the table, in the words and addresses its template takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from tracker.access import organisation
from tracker.domain.effort import format_pd
from tracker.domain.wording import day_words, initials_of
from tracker.domain.words import label_of
from tracker.models import Initiative, Role, User
from tracker.queries.initiatives import row_of

MARK = "AA-1"
MOST_KEPT = 2_000
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
    differs: str
    brought: str
    status: str
    status_word: str
    estimate: str
    target: str
    owner: str
    initials: str
    can_edit: bool


def rows_of(
    values: Iterable[tuple[Any, ...]], roles: Mapping[int, int], *, table_edits: bool
) -> list[SafeString]:
    """Return the rows of values of ``COLUMNS`` as HTML; ``roles`` is the reader's by team."""
    return [_html(value, roles.get(value[2], 0) >= Role.MEMBER, table_edits) for value in values]


@lru_cache(MOST_KEPT)
def _html(value: tuple[Any, ...], can_edit: bool, table_edits: bool) -> SafeString:
    """Render a row. All that it shows is in its arguments, so what is kept is never old."""
    context = {"row": _row(value, can_edit), "page": {"can_edit": table_edits}}
    return render_to_string("tracker/initiatives.html#row", context)


def _row(value: tuple[Any, ...], can_edit: bool) -> Row:
    pk, version, _, number, prefix, title, origin, need, trigger, status, *rest = value
    estimate, due, name, email, counts = rest
    key = f"{prefix}-{number}"
    owner = name or email or ""
    brought = trigger or need
    return Row(
        pk=pk,
        version=version,
        key=key,
        url=_address(key),
        title=title,
        origin=counts or origin,
        origin_word=label(counts or origin),
        differs=f"Declared {origin}; in the running plan it counts as {counts}" if counts else "",
        brought=label(brought) if brought else "",
        status=status,
        status_word=label(status),
        estimate="" if estimate is None else format_pd(estimate),
        target=day_words(due),
        owner=owner,
        initials=initials_of(owner) if owner else "",
        can_edit=can_edit,
    )


def _address(key: str) -> str:
    return _pattern().replace(MARK, key)


@cache
def _pattern() -> str:
    return reverse("initiative", args=[MARK])


def row_for(it: Initiative, reader: User) -> Row:
    """Return the row of one initiative, its team and owner being loaded."""
    return _row(row_of(it, organisation().today()), reader.role_in(it.team_id) >= Role.MEMBER)
