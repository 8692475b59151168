"""What changed last in teams."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from tracker.domain.lifecycle import Status
from tracker.models import Initiative, User
from tracker.queries.ledgers import TeamLedger, ledgers
from tracker.queries.quick import ANY, Quick

STALE_AFTER = LOOK_BACK = timedelta(days=14)
MOST_CHANGES = 6
ANY_MOMENT = datetime(1900, 1, 1, tzinfo=UTC)
COLUMNS = (
    "history_id",
    "history_type",
    "deleted_at",
    "status",
    "was",
    "origin",
    "origin_was",
    "team__key_prefix",
    "number",
    "title",
    "history_date",
    "history_user_id",
    "history_user__name",
    "history_user__email",
)


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody did to an initiative: ``did`` is a verb such as "delivered"."""

    who: str
    initials: str
    did: str
    key: str
    title: str
    when: datetime


Recorded = tuple[datetime, int, Change]


def latest_changes(stamps: Mapping[int, int], now: datetime) -> list[Change]:
    """Return what happened last in teams, newest first, given their stamps as read before.

    It looks back two weeks only, so that a quiet team does not cost a walk through all history.
    One query beside those of the ledgers: about all of the teams, or, where this worker knows
    what was the latest at an earlier stamp, about what has changed since.
    """
    with ledgers(stamps) as kept:
        teams = tuple(sorted(kept))
        memory: dict[tuple[int, ...], _Latest] = kept[teams[0]].latest
        known = memory.get(teams)
        items = _changed_since(known, kept) if known else None
        if known is None or items is None:
            rows = list(_in_teams(teams, _window(now)))
        else:
            rows = list(_about(sorted(items), _window(now))) if items else []
        fresh = {recorded[:2]: recorded for recorded in map(_recorded, rows)}
        if known is not None and items is not None:
            fresh = {recorded[:2]: recorded for recorded in known.rows} | fresh
        latest = tuple(fresh[place] for place in sorted(fresh, reverse=True)[:MOST_CHANGES])
        memory[teams] = _Latest({pk: each.stamp for pk, each in kept.items()}, latest)
    return [change for when, _, change in latest if when >= now - LOOK_BACK]


@dataclass(frozen=True, slots=True)
class _Latest:
    """The latest changes of some teams as of their stamps."""

    stamps: dict[int, int]
    rows: tuple[Recorded, ...]


def _changed_since(known: _Latest, kept: Mapping[int, TeamLedger]) -> set[int] | None:
    found: set[int] = set()
    for pk, stamp in known.stamps.items():
        items = kept[pk].changed_since(stamp)
        if items is None:
            return None
        found |= items
    return found


def _window(now: datetime) -> dict[Any, Any]:
    adapt = connection.ops.adapt_datetimefield_value
    return {adapt(ANY_MOMENT): adapt(now - LOOK_BACK)}


def _rows(**wanted: list[int]) -> "QuerySet[Any, Any]":
    # First which ones, then what was before: else every row of two weeks would be compared.
    latest = (
        Initiative.history.filter(**wanted, history_date__gte=ANY_MOMENT)
        .order_by("-history_date", "-history_id")
        .values("history_id")[:MOST_CHANGES]
    )
    past = Initiative.history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    return (  # type: ignore[no-any-return]
        Initiative.history.filter(history_id__in=latest)
        .annotate(was=Subquery(past.order_by("-history_id").values("status")[:1]))
        .annotate(origin_was=Subquery(past.order_by("-history_id").values("origin")[:1]))
        .order_by("-history_date", "-history_id")
        .values_list(*COLUMNS)
    )


_in_teams = Quick(lambda: _rows(team_id__in=[ANY]))
_about = Quick(lambda: _rows(id__in=[ANY]))


def _recorded(row: Sequence[Any]) -> Recorded:
    change = _change(row[1:])
    return change.when, row[0], change


def _change(row: Sequence[Any]) -> Change:
    kind, deleted, status, was, origin, origin_was, prefix, number, title, when, *who = row
    pk, name, email = who
    person = User(name=name, email=email) if pk else None
    moment = datetime.fromisoformat(when) if isinstance(when, str) else when
    return Change(
        who=str(person) if person else "",
        initials=person.initials if person else "",
        did=_did(kind, deleted is not None, (was, status), (origin_was, origin)),
        key=f"{prefix}-{number}",
        title=title,
        when=moment if moment.tzinfo else moment.replace(tzinfo=UTC),
    )


def _did(
    kind: str, deleted: bool, status: tuple[str | None, str], origin: tuple[str | None, str]
) -> str:
    was, now = status
    if kind == "+":
        return "logged"
    if deleted:
        return "deleted"
    if now != was:
        started = now == Status.ACTIVE
        return ("resumed" if was == Status.PAUSED else "started") if started else now
    return f"classified as {origin[1]}" if origin[0] != origin[1] else "changed"
