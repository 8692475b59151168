"""What wants a team's attention, each the length of a filtered list, and what changed last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery

from tracker.domain.lifecycle import Status
from tracker.domain.mix import Origin
from tracker.domain.overview import Attention
from tracker.models import Initiative, Team

STALE_AFTER = LOOK_BACK = timedelta(days=14)
MOST_CHANGES = 6


def attention_of(team_ids: Iterable[int], now: datetime) -> Attention:
    """Count in one query what wants attention in these teams."""
    stale = Q(status=Status.ACTIVE, updated_at__lt=now - STALE_AFTER)
    return Attention(
        **Initiative.objects.filter(team_id__in=list(team_ids)).aggregate(
            all=Count("pk"),
            unclassified=Count("pk", filter=Q(origin=Origin.UNCLASSIFIED)),
            unestimated=Count("pk", filter=Q(estimate_mpd__isnull=True)),
            stale=Count("pk", filter=stale),
        )
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


def latest_changes(teams: Sequence[Team], now: datetime) -> list[Change]:
    """Return what happened last in these teams, newest first, in one query.

    It looks back two weeks only, so that a quiet team does not cost a walk through all history.
    """
    prefixes = {team.pk: team.key_prefix for team in teams}
    past = Initiative.history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    rows = (
        Initiative.history.filter(team_id__in=list(prefixes), history_date__gte=now - LOOK_BACK)
        .annotate(was=Subquery(past.order_by("-history_id").values("status")[:1]))
        .annotate(origin_was=Subquery(past.order_by("-history_id").values("origin")[:1]))
        .select_related("history_user")
        .order_by("-history_date", "-history_id")[:MOST_CHANGES]
    )
    return [_change(row, prefixes[row.team_id]) for row in rows]


def _change(row: Any, prefix: str) -> Change:
    person = row.history_user
    return Change(
        who=str(person) if person else "",
        initials=person.initials if person else "",
        did=_did(row),
        key=f"{prefix}-{row.number}",
        title=row.title,
        when=row.history_date,
    )


def _did(row: Any) -> str:
    if row.history_type == "+":
        return "logged"
    if row.deleted_at is not None:
        return "deleted"
    if row.status != row.was:
        started = row.status == Status.ACTIVE
        return ("resumed" if row.was == Status.PAUSED else "started") if started else row.status
    return f"classified as {row.origin}" if row.origin != row.origin_was else "changed"
