"""What a worker keeps of each team's initiatives, brought up to date before it answers.

A team's stamp moves in the transaction of each write that may change a figure, under a lock that
puts the writes of a team in order, and its counter says which initiatives the latest ones
changed. So a ledger is caught up by reading those; where it is not said, the team is read anew.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import RLock
from typing import Any

from django.db import connection

from tracker.domain.compact import Facts, OtherOrigin, Sort, Work, entered_day
from tracker.domain.ledger import Ledger
from tracker.domain.lifecycle import Status
from tracker.models import Initiative, OriginShift, Team, TeamCounter, WorkSegment
from tracker.queries.calendars import calendars_of
from tracker.queries.quick import ANY, Quick

# Kept initiatives take about a kilobyte each.
MOST_ITEMS = 40_000
MOST_STEPS = 64
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


@dataclass(slots=True)
class TeamLedger:
    """A team as it was when its ledger was read, and the ledger as of a stamp.

    ``steps`` are the latest stamps after ``since`` with the initiatives that moved them;
    ``latest`` is room for what others remember of the team.
    """

    team: Team
    stamp: int
    ledger: Ledger
    since: int = 0
    steps: list[tuple[int, set[int]]] = field(default_factory=list)
    latest: dict[Any, Any] = field(default_factory=dict)

    def change(self, stamp: int, items: set[int], found: Mapping[int, Facts]) -> None:
        """Take over what has changed up to a stamp."""
        self.ledger.change(items, found)
        self.stamp = stamp
        self.steps.append((stamp, items))
        if len(self.steps) > MOST_STEPS:
            self.since, _ = self.steps.pop(0)

    def changed_since(self, stamp: int) -> set[int] | None:
        """Return the initiatives that have changed since a stamp, None where it is too long ago."""
        if stamp < self.since:
            return None
        return set().union(*(items for moved, items in self.steps if moved > stamp))


_kept: "OrderedDict[int, TeamLedger]" = OrderedDict()
_lock = RLock()


@contextmanager
def ledgers(stamps: Mapping[int, int]) -> Iterator[dict[int, TeamLedger]]:
    """Give the ledgers of teams, each at least as new as the stamp that was read of it.

    Use them inside the ``with`` block only: other threads wait meanwhile. At most four queries
    where something has changed, six where a team has to be read anew.
    """
    with _lock:
        yield _current(stamps)


def forget() -> None:
    """Drop everything, for tests."""
    with _lock:
        _kept.clear()


def _current(stamps: Mapping[int, int]) -> dict[int, TeamLedger]:
    if _is_writing():
        # What this transaction has seen may never come to be, so nothing of it is kept.
        return _read(list(stamps))
    known = {pk: _kept[pk] for pk in stamps if pk in _kept}
    behind = [pk for pk in stamps if pk not in known or known[pk].stamp < stamps[pk]]
    if behind:
        known |= _catch_up(behind)
    for pk, found in known.items():
        _kept[pk] = found
        _kept.move_to_end(pk)
    _let_go()
    return known


def _is_writing() -> bool:
    return any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)


def _let_go() -> None:
    """Keep what was asked for last, up to a number of initiatives."""
    size = sum(len(found.ledger) for found in _kept.values())
    while size > MOST_ITEMS and len(_kept) > 1:
        _, oldest = _kept.popitem(last=False)
        size -= len(oldest.ledger)


def _catch_up(team_ids: Sequence[int]) -> dict[int, TeamLedger]:
    """Read counters first, then data: a write in between is read again with the next stamp."""
    anew: list[int] = []
    changed: dict[int, set[int]] = {}
    now: dict[int, int] = {}
    for pk, stamp, recent in _counters(team_ids):
        now[pk] = stamp
        told = _told(recent, _kept[pk].stamp, stamp) if pk in _kept else None
        if told is None:
            anew.append(pk)
        else:
            changed[pk] = told
    found = _read(anew, now) if anew else {}
    if changed:
        _change(changed, now)
        found |= {pk: _kept[pk] for pk in changed}
    return found


def _told(recent: str, before: int, stamp: int) -> set[int] | None:
    """Return what changed after one stamp up to another, None where it is not said."""
    items: set[int] = set()
    stamps: set[int] = set()
    # The text may have lost its end, so what follows the last comma says nothing.
    for token in recent.split(",")[:-1]:
        number, _, pks = token.partition(":")
        if int(number) <= before:
            break
        stamps.add(int(number))
        items.update(map(int, pks.split(".")))
    return items if len(stamps) == stamp - before else None


def _change(changed: Mapping[int, set[int]], stamps: Mapping[int, int]) -> None:
    items = sorted(set().union(*changed.values()))
    found: dict[int, dict[int, Facts]] = {}
    for team, facts in _facts(
        _SOME_FACTS(items), _works(_SOME_WORKS(items)), _shifts(_SOME_SHIFTS(items))
    ):
        found.setdefault(team, {})[facts.item] = facts
    for team, pks in changed.items():
        _kept[team].change(stamps[team], pks, found.get(team, {}))


def _read(team_ids: list[int], stamps: Mapping[int, int] | None = None) -> dict[int, TeamLedger]:
    teams = {team.pk: team for team in Team.objects.filter(pk__in=team_ids)}
    calendars = calendars_of(teams.values())
    found: dict[int, list[Facts]] = {pk: [] for pk in teams}
    for team, facts in _facts(
        _ALL_FACTS(team_ids), _works(_ALL_WORKS(team_ids)), _shifts(_ALL_SHIFTS(team_ids))
    ):
        found[team].append(facts)
    return {
        pk: TeamLedger(team, stamp, Ledger(calendars[pk], found[pk]), stamp)
        for pk, team in teams.items()
        for stamp in ((stamps or {}).get(pk, 0),)
    }


_counters = Quick(
    lambda: TeamCounter.objects.filter(team_id__in=[ANY]).values_list("team_id", "stamp", "recent")
)
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
