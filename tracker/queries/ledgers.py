"""What a worker keeps of each team's initiatives, brought up to date before it answers.

A team's stamp moves in the transaction of each write that may change a figure, under a lock that
puts the writes of a team in order, and its counter says which initiatives the latest ones
changed. So a ledger is caught up by reading those; where it is not said, the team is read anew.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from threading import RLock
from typing import Any

from django.db import connection

from tracker.domain.compact import Facts
from tracker.domain.ledger import Ledger
from tracker.domain.policy import Policy
from tracker.models import Team, TeamCounter
from tracker.queries.calendars import calendars_of
from tracker.queries.ledger_facts import facts_of_items, facts_of_teams
from tracker.queries.policies import policies_of
from tracker.queries.quick import ANY, Quick

# Kept initiatives take about a kilobyte each, what their team adds up to a few dozen.
MOST_ITEMS = 40_000
MOST_TEAMS = 2_000
MOST_STEPS = 64
COUNTERS = ("team_id", "stamp", "recent", "last_number")


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
    policy: Policy = field(default_factory=Policy)
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
_loaded: "OrderedDict[int, Ledger]" = OrderedDict()
_lock = RLock()


@contextmanager
def ledgers(stamps: Mapping[int, int]) -> Iterator[dict[int, TeamLedger]]:
    """Give the ledgers of teams, each at least as new as the stamp that was read of it.

    Use them inside the ``with`` block only: other threads wait meanwhile. At most four queries
    where something has changed, eight where a team has to be read anew.
    """
    with _lock:
        yield _current(stamps)


def forget() -> None:
    """Drop everything, for tests."""
    with _lock:
        _kept.clear()
        _loaded.clear()


def _current(stamps: Mapping[int, int]) -> dict[int, TeamLedger]:
    if _is_writing():
        # What this transaction has seen may never come to be, so nothing of it is kept.
        return _read(list(stamps), is_kept=False)
    known = {pk: _kept[pk] for pk in stamps if pk in _kept}
    behind = [pk for pk in stamps if pk not in known or known[pk].stamp < stamps[pk]]
    if behind:
        known |= _catch_up(behind)
    for pk, found in known.items():
        _kept[pk] = found
        _kept.move_to_end(pk)
        if pk in _loaded:
            _loaded.move_to_end(pk)
    while len(_kept) > max(MOST_TEAMS, len(known)):
        _loaded.pop(_kept.popitem(last=False)[0], None)
    return known


def _is_writing() -> bool:
    return any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)


def _hold(pk: int, ledger: Ledger) -> None:
    """Note that a ledger holds its facts, and let others go where they are too many."""
    _loaded[pk] = ledger
    _loaded.move_to_end(pk)
    size = sum(len(each.items) for each in _loaded.values())
    while size > MOST_ITEMS and len(_loaded) > 1:
        _, oldest = _loaded.popitem(last=False)
        size -= len(oldest.items)
        oldest.let_go()


def _catch_up(team_ids: Sequence[int]) -> dict[int, TeamLedger]:
    """Read counters first, then data: a write in between is read again with the next stamp."""
    anew: list[int] = []
    changed: dict[int, set[int]] = {}
    now: dict[int, int] = {}
    size = 0
    for pk, stamp, recent, last_number in _counters(team_ids):
        now[pk] = stamp
        told = _told(recent, _kept[pk].stamp, stamp) if pk in _kept else None
        if told is None:
            anew.append(pk)
            size += last_number
        else:
            changed[pk] = told
    found = _read(anew, now, at_once=size <= MOST_ITEMS) if anew else {}
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
    found: dict[int, dict[int, Facts]] = {}
    for team, facts in facts_of_items(sorted(set().union(*changed.values()))):
        found.setdefault(team, {})[facts.item] = facts
    for team, pks in changed.items():
        _kept[team].change(stamps[team], pks, found.get(team, {}))


def _read(
    team_ids: list[int],
    stamps: Mapping[int, int] | None = None,
    *,
    at_once: bool = True,
    is_kept: bool = True,
) -> dict[int, TeamLedger]:
    """Return new ledgers; those of many initiatives are filled one by one, as they are asked."""
    teams = {team.pk: team for team in Team.objects.filter(pk__in=team_ids)}
    calendars, policies = calendars_of(teams.values()), policies_of(teams.values())
    items = facts_of_teams(team_ids) if at_once else {}
    found = {}
    for pk, team in teams.items():
        stamp = (stamps or {}).get(pk, 0)
        load = partial(_load, pk) if is_kept else None
        ledger = Ledger(calendars[pk], items.get(pk, ()) if at_once else None, load)
        found[pk] = TeamLedger(team, stamp, ledger, stamp, policies[pk])
    if at_once and is_kept:
        for pk, each in found.items():
            _hold(pk, each.ledger)
    return found


def _load(pk: int) -> list[Facts]:
    facts = facts_of_teams([pk]).get(pk, [])
    if pk in _kept:
        _hold(pk, _kept[pk].ledger)
    return facts


_counters = Quick(lambda: TeamCounter.objects.filter(team_id__in=[ANY]).values_list(*COUNTERS))
