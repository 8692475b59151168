"""The facts of initiatives for ledgers, in three queries that are compiled once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from tracker.domain.compact import Facts, OtherOrigin, Sort, Work, entered_day
from tracker.domain.lifecycle import Status
from tracker.models import Initiative, OriginShift, WorkSegment
from tracker.queries.quick import ANY, Quick

FACTS = (
    "team_id",
    "pk",
    "root_id",
    "parent_id",
    "origin",
    "trigger",
    "target_start",
    "committed_on",
    "delivered_on",
    "cancelled_on",
    "deferred_on",
    "committed_effort_mpd",
    "estimate_mpd",
    "actual_mpd",
    "committed_value",
    "status",
    "updated_at",
)
WORKS = ("initiative_id", "starts_on", "ends_before", "fte_milli", "fte_assumed")
SHIFTS = ("initiative_id", "cycle__starts_on", "cycle__ends_before", "origin")


def facts_of_items(items: Sequence[int]) -> Iterator[tuple[int, Facts]]:
    """Yield the facts of initiatives, each with its team; what was deleted is left out."""
    return _facts(_SOME_FACTS(items), _works(_SOME_WORKS(items)), _shifts(_SOME_SHIFTS(items)))


def facts_of_teams(team_ids: Sequence[int]) -> dict[int, list[Facts]]:
    """Return by team the facts of all its initiatives."""
    found: dict[int, list[Facts]] = {}
    rows = _facts(
        _ALL_FACTS(team_ids), _works(_ALL_WORKS(team_ids)), _shifts(_ALL_SHIFTS(team_ids))
    )
    for team, facts in rows:
        found.setdefault(team, []).append(facts)
    return found


_ALL_FACTS = Quick(
    lambda: Initiative.objects.filter(team_id__in=[ANY]).order_by().values_list(*FACTS)
)
_SOME_FACTS = Quick(lambda: Initiative.objects.filter(pk__in=[ANY]).order_by().values_list(*FACTS))
_ALL_WORKS = Quick(
    lambda: (
        WorkSegment.objects.filter(
            initiative__team_id__in=[ANY], initiative__deleted_at__isnull=True
        )
        .order_by()
        .values_list(*WORKS)
    )
)
_SOME_WORKS = Quick(
    lambda: WorkSegment.objects.filter(initiative_id__in=[ANY]).order_by().values_list(*WORKS)
)
_ALL_SHIFTS = Quick(
    lambda: (
        OriginShift.objects.filter(initiative__team_id__in=[ANY]).order_by().values_list(*SHIFTS)
    )
)
_SOME_SHIFTS = Quick(
    lambda: OriginShift.objects.filter(initiative_id__in=[ANY]).order_by().values_list(*SHIFTS)
)


class _Ordinals(dict[Any, int | None]):
    """Days as ordinals, however the database's library gives them."""

    def __missing__(self, day: Any) -> int | None:
        if day is None:
            return None
        known = date.fromisoformat(day) if isinstance(day, str) else day
        found = self[day] = known.toordinal()
        return found


_ordinal = _Ordinals()
_sorts: dict[Sort, Sort] = {}


def _works(rows: Iterable[tuple[Any, ...]]) -> dict[int, tuple[Work, ...]]:
    found: dict[int, tuple[Work, ...]] = {}
    for item, start, end, fte, assumed in rows:
        first = _ordinal[start]
        if first is not None:
            work = Work(first, _ordinal[end], fte, bool(assumed))
            found[item] = (*found.get(item, ()), work)
    return found


def _shifts(rows: Iterable[tuple[Any, ...]]) -> dict[int, tuple[OtherOrigin, ...]]:
    found: dict[int, tuple[OtherOrigin, ...]] = {}
    for item, start, end, origin in rows:
        first, last = _ordinal[start], _ordinal[end]
        if first is not None and last is not None:
            found[item] = (*found.get(item, ()), OtherOrigin(first, last, origin))
    return found


def _facts(
    rows: Iterable[tuple[Any, ...]],
    works: Mapping[int, tuple[Work, ...]],
    shifts: Mapping[int, tuple[OtherOrigin, ...]],
) -> Iterator[tuple[int, Facts]]:
    for team, pk, root, parent, origin, trigger, planned, *rest in rows:
        committed, delivered, cancelled, deferred = map(_ordinal.__getitem__, rest[:4])
        frozen, estimate, actual, value, status, touched = rest[4:]
        given_up = [day for day in (cancelled, deferred) if day is not None]
        sort = (origin, trigger)
        yield (
            team,
            Facts(
                pk,
                root,
                parent,
                _sorts.setdefault(sort, sort),
                entered_day(sort, committed, _ordinal[planned], shifts.get(pk, ())),
                committed,
                delivered,
                min(given_up, default=None),
                estimate if frozen is None else frozen,
                estimate if actual is None else actual,
                value,
                estimate is not None,
                _moment(touched) if status == Status.ACTIVE else None,
                works.get(pk, ()),
                shifts.get(pk, ()),
            ),
        )


def _moment(moment: Any) -> float:
    known = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return (known if known.tzinfo else known.replace(tzinfo=UTC)).timestamp()
