"""Reads one page of the list by keyset, and what one may type in its fields."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import (
    Case,
    CharField,
    DateField,
    F,
    IntegerField,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower

from tracker.domain.lifecycle import Status
from tracker.domain.listing import Attention, Listing, Sort
from tracker.models import Initiative, Label, Organisation, User
from tracker.models.prepared import Text, fetched, text_of
from tracker.queries.initiatives import COLUMNS, counting, matching_in
from tracker.queries.teams import KnownTeam

PAGE = 50
MOST_PEOPLE = 500
MOST_COMPILED = 256
# Keeps apart what asks for the hour and what does not: only the latter can be written once.
ANY_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Page:
    """Up to 50 rows of the values of ``COLUMNS``, and whether there are rows on either side."""

    rows: list[tuple[Any, ...]]
    has_newer: bool
    has_older: bool


def page_of(listing: Listing, teams: Sequence[KnownTeam], user: User, now: datetime) -> Page:
    """Return one page of what matches in the order asked for, in one query at any depth."""
    backwards = listing.before is not None
    cursor = listing.before or listing.after
    found = _rows(listing, teams, user, now)
    more = len(found) > PAGE
    found = found[:PAGE]
    if backwards:
        return Page(found[::-1], has_newer=more, has_older=True)
    return Page(found, has_newer=cursor is not None, has_older=more)


def _rows(
    listing: Listing, teams: Sequence[KnownTeam], user: User, now: datetime
) -> list[tuple[Any, ...]]:
    hourly = listing.attention in (Attention.STALE, Attention.UNFUNDED)
    moment = now if hourly else ANY_MOMENT
    organisation = Organisation.current()
    today = organisation.today(now) if organisation else now.date()
    ids = tuple(team.pk for team in teams)
    try:
        return fetched(*_page_text(ids, listing, user.pk, moment, today))
    except EmptyResultSet:
        return []


@lru_cache(MOST_COMPILED)
def _page_text(
    team_ids: tuple[int, ...], listing: Listing, user_id: int, now: datetime, today: date
) -> Text:
    value = _sort_value(listing, len(team_ids) == 1)
    falls = listing.descending != (listing.before is not None)
    rows = matching_in(team_ids, listing, user_id, now).alias(place=value)
    rows = rows.annotate(counts=counting(today))
    cursor = listing.before or listing.after
    if cursor:
        rows = rows.filter(_beyond(cursor, value, falls))
    sign = "-" if falls else ""
    return text_of(rows.order_by(f"{sign}place", f"{sign}pk").values_list(*COLUMNS)[: PAGE + 1])


def _beyond(cursor: int, value: Any, falls: bool) -> Q:
    """Return the rows past a row, given the way the order goes."""
    place = Subquery(Initiative.every.filter(pk=cursor).annotate(place=value).values("place"))
    step = "lt" if falls else "gt"
    return Q(**{f"place__{step}": place}) | Q(place=place, **{f"pk__{step}": cursor})


def _sort_value(listing: Listing, one_team: bool) -> Any:
    """Return what orders the list; what is not known stands last either way."""
    down = listing.descending
    if listing.sort is Sort.TITLE:
        return Lower("title")
    if listing.sort is Sort.ESTIMATE:
        return Coalesce("estimate_mpd", Value(-1 if down else 2**31 - 1))
    if listing.sort is Sort.TARGET:
        last = Value(date(1, 1, 1) if down else date(9999, 12, 31), output_field=DateField())
        return Coalesce("due_on", last)
    if listing.sort is Sort.STATUS:
        ranks = [When(status=status, then=Value(rank)) for rank, status in enumerate(Status)]
        return Case(*ranks, default=Value(len(ranks)), output_field=IntegerField())
    return F("number") if one_team else F("pk")


@dataclass(frozen=True, slots=True)
class Typed:
    """What one may type in fields of the list: people of the teams, and labels."""

    people: list[User]
    labels: list[str]


def typed_in(teams: Sequence[KnownTeam]) -> Typed:
    """Return the people and labels of teams, by name, in one query."""
    above = {int(part) for team in teams for part in team.path.split("/") if part}
    try:
        found = fetched(*_typed_text(frozenset(above), frozenset(team.pk for team in teams)))
    except EmptyResultSet:
        found = []
    people = (User(pk=pk, name=name, email=email) for pk, name, email in found if pk)
    return Typed(
        sorted(people, key=lambda person: str(person).casefold())[:MOST_PEOPLE],
        sorted({name for pk, name, _ in found if not pk}, key=str.casefold),
    )


@lru_cache(MOST_COMPILED)
def _typed_text(above: frozenset[int], team_ids: frozenset[int]) -> Text:
    people = (
        User.objects.filter(memberships__team__in=above, is_active=True)
        .order_by()
        .distinct()
        .values_list("pk", "name", "email")
    )
    none = Value(0, output_field=IntegerField())
    rest = Value("", output_field=CharField())
    labels = (
        Label.objects.filter(team__in=team_ids)
        .order_by()
        .annotate(none=none, rest=rest)
        .values_list("none", "name", "rest")
    )
    return text_of(people.union(labels)[: MOST_PEOPLE * 2])
