"""Reads the list of initiatives: what matches, one page by keyset, and counts by chip."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Count,
    Exists,
    OuterRef,
    Q,
    Subquery,
)

from tracker.domain.lifecycle import Status
from tracker.domain.listing import ME, NONE, Attention, Listing
from tracker.domain.mix import Origin
from tracker.models import FormerKey, Initiative, Organisation, OriginShift, User, WorkSegment
from tracker.models.funding import unfunded
from tracker.models.initiatives import InitiativeQuerySet
from tracker.queries.attention import STALE_AFTER
from tracker.queries.search import LIKE_A_KEY, MOST_WORDS
from tracker.queries.teams import KnownTeam

MOST_COUNTED = 10_000
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
    "counts",
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
    return matching_in([team.pk for team in teams], listing, user.pk, now)


def matching_in(team_ids: Sequence[int], listing: Listing, user_id: int, now: datetime) -> Any:
    """Return the same by the ids of the teams and the reader."""
    return _base(listing, team_ids).filter(
        _origin(listing), _owner(listing.owner, user_id), _attention(listing.attention, now)
    )


def counting(today: date) -> Subquery:
    """Return, in SQL, the origin that counts today where it is not the declared one."""
    running = OriginShift.objects.filter(
        initiative=OuterRef("pk"), cycle__starts_on__lte=today, cycle__ends_before__gt=today
    )
    return Subquery(running.values("origin")[:1])


def _base(listing: Listing, team_ids: Sequence[int]) -> InitiativeQuerySet:
    """Return what matches all filters but those that have chips with counts."""
    rows: InitiativeQuerySet = Initiative.objects.filter(team_id__in=team_ids)
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


def _owner(text: str, user_id: int) -> Q:
    if text in ("", ME, NONE):
        return {"": Q(), ME: Q(owner=user_id), NONE: Q(owner__isnull=True)}[text]
    address = BY_ADDRESS.fullmatch(text)
    if address:
        return Q(owner__email__iexact=address[1])
    return Q(owner__name__iexact=text) | Q(owner__email__iexact=text)


def _attention(name: str, now: datetime) -> Q:
    if name == Attention.UNFUNDED:
        organisation = Organisation.current()
        lacking = unfunded(organisation.today(now) if organisation else now.date())
        # By key, since counts are taken over a cut list, which nothing outside can refer to.
        return Q(pk__in=Initiative.objects.filter(lacking).values("pk"))
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
    origin, owner = _origin(listing), _owner(listing.owner, user.pk)
    attention = _attention(listing.attention, now)
    asked = {
        "total": origin & owner & attention,
        **{word.value: Q(origin=word) & owner & attention for word in Origin},
        "unestimated": origin & owner & _attention(Attention.UNESTIMATED, now),
        "mine": origin & attention & _owner(ME, user.pk),
    }
    rows = _base(listing, [team.pk for team in teams]).order_by()[: MOST_COUNTED + 1]
    found = rows.aggregate(
        seen=Count("pk"), **{name: Count("pk", filter=Q(pk__gt=0) & q) for name, q in asked.items()}
    )
    return Counts(capped=found.pop("seen") > MOST_COUNTED, **found)


def row_of(it: Initiative, today: date) -> tuple[Any, ...]:
    """Return the values of ``COLUMNS`` of one initiative, its team and owner being loaded.

    One query, for the origin that counts today; none where it is known that no other counts.
    """
    owner = it.owner
    is_shifted = it.__dict__.get("is_shifted", True)
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
        _counts(it, today) if is_shifted else None,
    )


def _counts(it: Initiative, today: date) -> str | None:
    rows = Initiative.every.filter(pk=it.pk).annotate(counts=counting(today))
    found: str | None = rows.values_list("counts", flat=True).get()
    return found


def selected(pks: Iterable[int], user: User) -> Any:
    """Return which of these the person may change."""
    return Initiative.objects.editable_by(user).filter(pk__in=list(pks))


def deleted_at(moment: datetime, user: User) -> Any:
    """Return what was deleted at one moment, of what the person may change."""
    return Initiative.every.editable_by(user).filter(deleted_at=moment)
