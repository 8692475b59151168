"""Reads the list of initiatives: what matches, one page by keyset, and counts by chip."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower

from tracker.domain.lifecycle import Status
from tracker.domain.listing import ME, NONE, Attention, Listing, Sort
from tracker.domain.mix import Origin
from tracker.models import FormerKey, Initiative, Label, User, WorkSegment
from tracker.models.initiatives import InitiativeQuerySet
from tracker.queries.attention import STALE_AFTER
from tracker.queries.search import LIKE_A_KEY, MOST_WORDS
from tracker.queries.teams import KnownTeam

PAGE = 50
MOST_COUNTED = 10_000
MOST_PEOPLE = 500
COLUMNS = (
    "pk",
    "version",
    "team_id",
    "number",
    "team__key_prefix",
    "title",
    "origin",
    "need",
    "trigger",
    "status",
    "estimate_mpd",
    "due_on",
    "owner__name",
    "owner__email",
)
BY_ADDRESS = re.compile(r".*\(([^()\s]+@[^()\s]+)\)")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many match in all, and how many would with each chip; ``capped`` means at least."""

    total: int
    planned: int
    opportunistic: int
    unclassified: int
    unestimated: int
    mine: int
    capped: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Up to 50 rows of the values of ``COLUMNS``, and whether there are rows on either side."""

    rows: list[tuple[Any, ...]]
    has_newer: bool
    has_older: bool


def scope(known: Iterable[KnownTeam], slug: str) -> list[KnownTeam]:
    """Return the teams a list is about: one with all below it, or all for no slug.

    The one asked for stands first; an unknown one gives an empty list.
    """
    teams = sorted(known, key=lambda team: (len(team.path), team.path))
    if not slug:
        return teams
    asked = next((team for team in teams if team.slug == slug), None)
    return [team for team in teams if asked and team.path.startswith(asked.path)]


def matching(listing: Listing, teams: Sequence[KnownTeam], user: User, now: datetime) -> Any:
    """Return the initiatives of the teams that a list asks for, in no order."""
    return _base(listing, teams).filter(
        _origin(listing), _owner(listing.owner, user), _attention(listing.attention, now)
    )


def _base(listing: Listing, teams: Sequence[KnownTeam]) -> InitiativeQuerySet:
    """Return what matches all filters but those that have chips with counts."""
    rows: InitiativeQuerySet = Initiative.objects.filter(team_id__in=[team.pk for team in teams])
    for word in listing.q.split()[:MOST_WORDS]:
        rows = rows.filter(_word(word))
    if listing.statuses:
        rows = rows.filter(status__in=listing.statuses)
    if listing.trigger:
        trigger = "" if listing.trigger == NONE else listing.trigger
        rows = rows.filter(origin=Origin.OPPORTUNISTIC, trigger=trigger)
    if listing.label:
        attached = Initiative.labels.through.objects.filter(
            initiative=OuterRef("pk"), label__name__iexact=listing.label
        )
        rows = rows.filter(Exists(attached))
    if listing.period:
        rows = rows.filter(_in_period(listing.period.start, listing.period.end))
    return rows


def _word(word: str) -> Q:
    found = Q(title__icontains=word) | Q(reason__icontains=word)
    if LIKE_A_KEY.match(word):
        prefix, _, number = word.upper().rpartition("-")
        key = {"team__key_prefix": prefix, "number": int(number)}
        former = FormerKey.objects.filter(**key).values("initiative")
        return found | Q(**key) | Q(pk__in=former)
    if word.isascii() and word.isdecimal() and len(word) <= 9:
        return found | Q(number=int(word))
    return found | Q(team__key_prefix=word.upper())


def _in_period(start: date, end: date) -> Q:
    worked = WorkSegment.objects.filter(
        Q(ends_before__isnull=True) | Q(ends_before__gt=start),
        initiative=OuterRef("pk"),
        starts_on__lt=end,
    )
    return (
        Q(committed_on__gte=start, committed_on__lt=end)
        | Q(delivered_on__gte=start, delivered_on__lt=end)
        | Q(Exists(worked))
    )


def _origin(listing: Listing) -> Q:
    return Q(origin__in=listing.origins) if listing.origins else Q()


def _owner(text: str, user: User) -> Q:
    if text in ("", ME, NONE):
        return {"": Q(), ME: Q(owner=user.pk), NONE: Q(owner__isnull=True)}[text]
    address = BY_ADDRESS.fullmatch(text)
    if address:
        return Q(owner__email__iexact=address[1])
    return Q(owner__name__iexact=text) | Q(owner__email__iexact=text)


def _attention(name: str, now: datetime) -> Q:
    return {
        "": Q(),
        Attention.UNCLASSIFIED: Q(origin=Origin.UNCLASSIFIED),
        Attention.UNESTIMATED: Q(estimate_mpd__isnull=True),
        Attention.STALE: Q(status=Status.ACTIVE, updated_at__lt=now - STALE_AFTER),
    }[name]


def counts_of(listing: Listing, teams: Sequence[KnownTeam], user: User, now: datetime) -> Counts:
    """Count in one query what matches, and what would with each chip; 10,000 rows at most.

    A chip of one kind replaces the filter of that kind and keeps the others.
    """
    origin, owner = _origin(listing), _owner(listing.owner, user)
    attention = _attention(listing.attention, now)
    asked = {
        "total": origin & owner & attention,
        **{word.value: Q(origin=word) & owner & attention for word in Origin},
        "unestimated": origin & owner & _attention(Attention.UNESTIMATED, now),
        "mine": origin & attention & _owner(ME, user),
    }
    rows = _base(listing, teams).order_by()[: MOST_COUNTED + 1]
    found = rows.aggregate(
        seen=Count("pk"), **{name: Count("pk", filter=Q(pk__gt=0) & q) for name, q in asked.items()}
    )
    return Counts(capped=found.pop("seen") > MOST_COUNTED, **found)


def page_of(rows: Any, listing: Listing, *, one_team: bool) -> Page:
    """Return one page of ``rows`` in the order asked for, in one query at any depth."""
    value, down = _sort_value(listing, one_team), listing.descending
    backwards = listing.before is not None
    falls = down != backwards
    rows = rows.alias(place=value)
    cursor = listing.before or listing.after
    if cursor:
        rows = rows.filter(_beyond(cursor, value, falls))
    sign = "-" if falls else ""
    found = list(rows.order_by(f"{sign}place", f"{sign}pk").values_list(*COLUMNS)[: PAGE + 1])
    more = len(found) > PAGE
    found = found[:PAGE]
    if backwards:
        return Page(found[::-1], has_newer=more, has_older=True)
    return Page(found, has_newer=cursor is not None, has_older=more)


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


def row_of(it: Initiative) -> tuple[Any, ...]:
    """Return the values of ``COLUMNS`` of one initiative, its team and owner being loaded."""
    owner = it.owner
    return (
        it.pk,
        it.version,
        it.team_id,
        it.number,
        it.team.key_prefix,
        it.title,
        it.origin,
        it.need,
        it.trigger,
        it.status,
        it.estimate_mpd,
        it.due_on,
        owner.name if owner else None,
        owner.email if owner else None,
    )


@dataclass(frozen=True, slots=True)
class Typed:
    """What one may type in fields of the list: people of the teams, and labels."""

    people: list[User]
    labels: list[str]


def typed_in(teams: Sequence[KnownTeam]) -> Typed:
    """Return the people and labels of teams, by name, in one query."""
    above = {int(part) for team in teams for part in team.path.split("/") if part}
    text = CharField()
    people = (
        User.objects.filter(memberships__team__in=above, is_active=True)
        .order_by()
        .distinct()
        .values_list("pk", "name", "email")
    )
    labels = (
        Label.objects.filter(team__in=[team.pk for team in teams])
        .order_by()
        .annotate(none=Value(0, output_field=IntegerField()), rest=Value("", output_field=text))
        .values_list("none", "name", "rest")
    )
    found = list(people.union(labels)[: MOST_PEOPLE * 2])
    return Typed(
        sorted(
            (User(pk=pk, name=name, email=email) for pk, name, email in found if pk),
            key=lambda person: str(person).casefold(),
        )[:MOST_PEOPLE],
        sorted({name for pk, name, _ in found if not pk}, key=str.casefold),
    )


def selected(pks: Iterable[int], user: User) -> Any:
    """Return which of these the person may change."""
    return Initiative.objects.editable_by(user).filter(pk__in=list(pks))


def deleted_at(moment: datetime, user: User) -> Any:
    """Return what was deleted at one moment, of what the person may change."""
    return Initiative.every.editable_by(user).filter(deleted_at=moment)
