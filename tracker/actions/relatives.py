"""What was split or merged waits for the work that goes on for it, and is delivered with it."""

from datetime import date

from tracker.actions import origins
from tracker.domain.lifecycle import CLOSED, Status
from tracker.models import Initiative, TeamCounter


def deliver_with(initiative: Initiative, on: date) -> None:
    """Deliver what waited for an initiative that has just been delivered on a day.

    That is what was merged into it, and its parent once no part of that is open any more. Each
    keeps a history of its own. Call it in the transaction of the delivery.
    """
    waiting = Initiative.objects.filter(merged_into=initiative.pk)
    _deliver(list(waiting.select_related("team")), on, f"Delivered with {initiative.key}")
    if initiative.parent_id is None:
        return
    parts = Initiative.objects.filter(parent=initiative.parent_id).exclude(pk=initiative.pk)
    if not parts.exclude(status__in=list(CLOSED)).exists():
        parent = Initiative.objects.filter(pk=initiative.parent_id).select_related("team")
        _deliver(list(parent), on, "Delivered with the last of its parts")


def _deliver(rows: list[Initiative], on: date, reason: str) -> None:
    for row in rows:
        if row.status in CLOSED or row.status == Status.PROPOSED:
            continue
        before = origins.facts_of(row)
        if row.committed_on is not None and row.committed_on > on:
            continue
        row.deliver(on=on)
        row.version += 1
        row._change_reason = reason
        row.save()
        TeamCounter.bump(row.team_id, of=origins.follow(row, before))
        deliver_with(row, on)
