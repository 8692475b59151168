"""Initiatives drawn by chance, written to the database, for comparing queries with the domain."""

import random
from datetime import date, timedelta

from tracker.domain.facts import Item
from tracker.domain.lifecycle import Status
from tracker.domain.mix import Origin
from tracker.models import Initiative, Team, TeamCounter, WorkSegment
from tracker.queries.facts import DATED, item_of

FIRST, LAST = date(2025, 5, 1), date(2026, 11, 30)
OUTCOMES = (Status.DELIVERED, Status.CANCELLED, Status.DEFERRED)


def fill(teams: list[Team], count: int, seed: int) -> None:
    """Write ``count`` initiatives with segments, some of them split, into the teams."""
    draw = random.Random(seed)
    made: list[Initiative] = []
    for _ in range(count):
        team = draw.choice(teams)
        parent = draw.choice([None, None, None, *[row for row in made if row.team == team]])
        initiative = _initiative(draw, team, parent)
        initiative.save()
        _work(draw, initiative)
        made.append(initiative)


def items_of(team: Team) -> list[Item]:
    """Return everything the database knows of a team, as the domain's items."""
    rows = Initiative.objects.filter(team=team)
    segments: dict[int, list[WorkSegment]] = {}
    for segment in WorkSegment.objects.filter(initiative__in=rows):
        segments.setdefault(segment.initiative_id, []).append(segment)
    return [
        item_of(row, (segment.fact for segment in segments.get(row[1], [])))
        for row in rows.values_list(*DATED)
    ]


def _day(draw: random.Random) -> date:
    return FIRST + timedelta(days=draw.randrange((LAST - FIRST).days))


def _maybe(draw: random.Random, value: int) -> int | None:
    return value if draw.random() < 0.7 else None


def _initiative(draw: random.Random, team: Team, parent: Initiative | None) -> Initiative:
    origin = draw.choice(list(Origin))
    outcome = draw.choice([*OUTCOMES, Status.ACTIVE, Status.PROPOSED])
    ended = {f"{outcome.value}_on": _day(draw)} if outcome in OUTCOMES else {}
    lucky = origin == Origin.OPPORTUNISTIC
    start = _day(draw)
    return Initiative(
        team=team,
        number=TeamCounter.take_numbers(team.pk),
        title=f"Initiative {draw.randrange(10**6)}",
        origin=origin.value,
        trigger=draw.choice(["", "incident", "market"]) if lucky else "",
        status=outcome.value,
        committed_on=None if outcome == Status.PROPOSED else _day(draw),
        target_start=start if draw.random() < 0.5 else None,
        estimate_mpd=_maybe(draw, draw.randrange(1, 90_000)),
        committed_effort_mpd=_maybe(draw, draw.randrange(1, 90_000)),
        actual_mpd=_maybe(draw, draw.randrange(90_000)),
        committed_value=_maybe(draw, draw.randrange(10**7)),
        parent=parent,
        root=(parent.root or parent) if parent else None,
        **ended,
    )


def _work(draw: random.Random, initiative: Initiative) -> None:
    day = _day(draw)
    for _ in range(draw.choice([0, 1, 1, 2, 3])):
        stop = day + timedelta(days=draw.randrange(1, 120))
        WorkSegment.objects.create(
            initiative=initiative,
            starts_on=day,
            ends_before=stop,
            fte_milli=draw.randrange(1, 3000),
            fte_assumed=draw.random() < 0.3,
        )
        day = stop + timedelta(days=draw.randrange(20))
    if draw.random() < 0.3:
        WorkSegment.objects.create(initiative=initiative, starts_on=day, fte_milli=700)
