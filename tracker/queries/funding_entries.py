"""Entries of the funding ledger as people read them, on the pages of a plan and an initiative."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from tracker.domain.funding import Caps, Ledger, Manner, Source, left_to_take
from tracker.domain.funding import Funding as Entry
from tracker.domain.mix import Origin
from tracker.domain.overview import Attention
from tracker.models import Funding, Initiative, Plan
from tracker.models.funding import caps_of, funded_mpd, plan_on, unfunded
from tracker.models.initiatives import AFTER_COMMITMENT
from tracker.models.origins import counts_as
from tracker.queries.quick import ANY, Quick

COLUMNS = (
    "pk",
    "team_id",
    "team__key_prefix",
    "team__name",
    "number",
    "title",
    "origin",
    "status",
    "need",
    "trigger",
    "estimate_mpd",
    "committed_on",
    "merged_into_id",
)
ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Named:
    """An initiative by key and title, with what a list shows of it."""

    pk: int
    key: str
    title: str
    team: str = ""
    status: str = ""
    need: str = ""
    trigger: str = ""
    committed_on: date | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Named":
        """Return the initiative of a row of ``COLUMNS``."""
        return cls(
            row["pk"],
            f"{row['team__key_prefix']}-{row['number']}",
            row["title"],
            row["team__name"],
            row["status"],
            row["need"],
            row["trigger"],
            row["committed_on"],
        )


def named(rows: Any) -> Any:
    """Return initiatives as rows of ``COLUMNS``, in no order."""
    return rows.order_by().values(*COLUMNS)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry of a ledger; ``by`` is who wrote it, "" where that person has left."""

    pk: int
    plan: int
    opportunity: Named
    source: Source
    displaced: Named | None
    manner: Manner | None
    mpd: int
    on: date
    note: str
    by: str

    @property
    def fact(self) -> Entry:
        """Return the entry as the domain knows it."""
        item = self.displaced.pk if self.displaced else None
        return Entry(self.opportunity.pk, self.source, self.mpd, self.on, item, self.manner)


def entry_rows(entries: Any) -> list[EntryRow]:
    """Return entries in the order they were decided, in one query."""
    rows = entries.select_related("opportunity__team", "displaced__team", "created_by")
    return [
        EntryRow(
            row.pk,
            row.plan_id,
            _name(row.opportunity),
            Source(row.source),
            _name(row.displaced) if row.displaced else None,
            Manner(row.manner) if row.manner else None,
            row.mpd,
            row.on,
            row.note,
            str(row.created_by or ""),
        )
        for row in rows.order_by("on", "pk")
    ]


def _name(it: Initiative) -> Named:
    return Named(it.pk, it.key, it.title, it.team.name, it.status, it.need, it.trigger)


@dataclass(frozen=True, slots=True)
class InitiativeFunding:
    """What gives way for an initiative, and what it lost to others.

    ``plan`` is that of its team for the day, None where there is none. ``counts`` tells whether
    it counts as opportunistic; ``ledger`` has no effort to cover while it is not promised.
    """

    plan: Plan | None
    counts: bool
    ledger: Ledger
    entries: tuple[EntryRow, ...]
    losses: tuple[EntryRow, ...]

    @property
    def can_draw(self) -> bool:
        """Tell whether an entry could be written."""
        return self.plan is not None and self.counts

    @property
    def lost_mpd(self) -> int:
        """Return what it lost in all."""
        return sum(row.mpd for row in self.losses)


def initiative_funding(it: Initiative, today: date) -> InitiativeFunding:
    """Return the ledger of one initiative; three queries, the third only where there is a plan."""
    rows = entry_rows(Funding.objects.filter(Q(opportunity=it) | Q(displaced=it)))
    own = tuple(row for row in rows if row.opportunity.pk == it.pk)
    plan = plan_on(it.team_id, today)
    counts = plan is not None and is_opportunity(it, today)
    need = it.estimate_mpd if it.status in AFTER_COMMITMENT else 0
    ledger = Ledger(it.pk, need, tuple(row.fact for row in own))
    return InitiativeFunding(plan, counts, ledger, own, tuple(r for r in rows if r not in own))


def is_opportunity(it: Initiative, day: date) -> bool:
    """Tell whether an initiative counts as opportunistic on a day."""
    rows = Initiative.objects.filter(counts_as(Origin.OPPORTUNISTIC, day=day), pk=it.pk)
    return bool(rows.exists())


@dataclass(frozen=True, slots=True)
class Candidate:
    """A planned item that may give way, with what it has left to give."""

    pk: int
    key: str
    title: str
    status: str
    left_mpd: int


@dataclass(frozen=True, slots=True)
class Room:
    """What a plan has left to give today, by item and of its reserve."""

    plan: Plan
    left: Caps
    candidates: Sequence[Candidate]

    def found(self, q: str, chosen: Sequence[int], most: int) -> list[Candidate]:
        """Return the chosen ones, then up to ``most`` others that match all words.

        Those that are ranked last come first; without anything left only the chosen ones do.
        """
        words = q.casefold().split()
        mine = [one for one in self.candidates if one.pk in chosen]
        rest = [
            one
            for one in self.candidates
            if one.pk not in chosen
            and one.left_mpd
            and all(word in f"{one.key} {one.title}".casefold() for word in words)
        ]
        return mine + rest[:most]


def room_of(plan: Plan, today: date) -> Room:
    """Return what a plan has left after all ledgers, its planned items from the last rank on.

    Some nine queries.
    """
    left = left_to_take(
        caps_of(plan, before=today + ONE), Funding.objects.filter(plan=plan).entries()
    )
    rows = named(Initiative.objects.filter(pk__in=list(left.remaining_mpd)))
    names = {row["pk"]: Named.of(row) for row in rows}
    order = [pk for pk in reversed(list(left.remaining_mpd)) if pk in names]
    return Room(
        plan,
        left,
        [
            Candidate(pk, names[pk].key, names[pk].title, names[pk].status, left.remaining_mpd[pk])
            for pk in order
        ],
    )


def lack_of(pk: int, day: date) -> int | None:
    """Return by how much an initiative is unfunded in mpd, None where it lacks nothing."""
    rows = Initiative.objects.filter(unfunded(day), pk=pk).annotate(given=funded_mpd())
    found = rows.values_list("estimate_mpd", "given").first()
    return found[0] - found[1] if found else None


def unfunded_in(team_ids: Sequence[int], day: date) -> tuple[int, int]:
    """Return how many opportunities of teams lack funding, and by how much in mpd; one query."""
    rows = Initiative.objects.filter(unfunded(day), team_id__in=team_ids).order_by()
    lacks = rows.annotate(given=funded_mpd()).values_list("estimate_mpd", "given")
    found = [estimate - given for estimate, given in lacks]
    return len(found), sum(found)


@dataclass(frozen=True, slots=True)
class Lacking:
    """What lacks funding in the cycle of a day, by the address of the cycle."""

    cycle: str
    unfunded: int
    unfunded_mpd: int

    def on(self, attention: Attention) -> Attention:
        """Return what wants attention with what lacks funding."""
        return replace(attention, unfunded=self.unfunded, unfunded_mpd=self.unfunded_mpd)


def lacking_in(team_ids: Sequence[int], day: date) -> Lacking | None:
    """Return what lacks funding in teams, None where none has a plan for the day; two queries."""
    adapt = connection.ops.adapt_datefield_value
    cycle = next(iter(_planned(list(team_ids), {adapt(ANY_DAY): adapt(day)})), None)
    return None if cycle is None else Lacking(cycle[0], *unfunded_in(team_ids, day))


ANY_DAY = date(1900, 1, 1)
_planned = Quick(
    lambda: (
        Plan.objects.filter(
            team_id__in=[ANY], cycle__starts_on__lte=ANY_DAY, cycle__ends_before__gt=ANY_DAY
        )
        .order_by()
        .values_list("cycle__slug")[:1]
    )
)
