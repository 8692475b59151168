"""What changed last in teams."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from tracker.domain.lifecycle import Status
from tracker.models import Initiative, User
from tracker.queries.quick import ANY, Quick

STALE_AFTER = LOOK_BACK = timedelta(days=14)
MOST_CHANGES = 6
ANY_MOMENT = datetime(1900, 1, 1, tzinfo=UTC)
COLUMNS = (
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


def latest_changes(team_ids: Sequence[int], now: datetime) -> list[Change]:
    """Return what happened last in these teams, newest first, in one query.

    It looks back two weeks only, so that a quiet team does not cost a walk through all history.
    """
    since, some = (
        connection.ops.adapt_datetimefield_value(moment) for moment in (now - LOOK_BACK, ANY_MOMENT)
    )
    return [_change(row) for row in _latest(list(team_ids), {some: since})]


def _rows() -> "QuerySet[Any, Any]":
    # First which ones, then what was before: else every row of two weeks would be compared.
    latest = (
        Initiative.history.filter(team_id__in=[ANY], history_date__gte=ANY_MOMENT)
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


_latest = Quick(_rows)


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
