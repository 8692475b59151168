"""Which changes of an initiative moved a month that had been closed by then."""

from datetime import datetime

from tracker.domain.facts import Item
from tracker.models import Initiative, PeriodClose
from tracker.models.record import Record
from tracker.queries.record import measure_of


def moved_after_close(initiative: Initiative) -> list[tuple[datetime, list[str]]]:
    """Return moment and labels of the closed months it moved, for each such change in order.

    One query where the team has closed nothing, six otherwise.
    """
    months = PeriodClose.objects.filter(team=initiative.team_id, kind="month")
    closes = list(months.order_by("closed_at", "starts_on"))
    if not closes:
        return []
    record = Record([initiative.team_id], item_ids=[initiative.pk])
    replay = record.replay(closes[0].closed_at)
    known = replay.items.get(initiative.pk)
    found = []
    for revision in replay.revisions(record.since(closes[0].closed_at)):
        if revision.item == initiative.pk:
            ran = [close for close in closes if close.closed_at <= revision.at]
            labels = [close.label for close in ran if _moves(close, known, revision.facts)]
            known = revision.facts
            if labels:
                found.append((revision.at, labels))
    return found


def _moves(close: PeriodClose, before: Item | None, after: Item | None) -> bool:
    """Tell whether a change moves what the initiative adds to a closed period."""
    measure = measure_of(close.period, close.rules_held)
    parts = [measure({item.item: item}) if item else measure({}) for item in (before, after)]
    return parts[0] != parts[1]
