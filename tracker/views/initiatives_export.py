"""The file of what matches, sent line by line."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from tracker.access import HttpRequest, signed_in
from tracker.domain.effort import format_pd
from tracker.transfer import csv_out
from tracker.views.initiatives_page import ListPage

CHUNK = 500
HEAD = (
    "Key",
    "Team",
    "Title",
    "Origin",
    "Need",
    "Trigger",
    "Reason",
    "Status",
    "Estimate, pd",
    "Committed",
    "Target date",
    "Delivered",
    "Owner",
)
COLUMNS = (
    "team__key_prefix",
    "number",
    "team__name",
    "title",
    "origin",
    "need",
    "trigger",
    "reason",
    "status",
    "estimate_mpd",
    "committed_on",
    "due_on",
    "delivered_on",
    "owner__email",
)


@require_safe
@signed_in
def initiatives_export(request: HttpRequest) -> HttpResponseBase:
    """Send what matches the address as CSV, however much it is."""
    rows = ListPage(request).matching.order_by("-pk").values_list(*COLUMNS)
    return StreamingHttpResponse(
        csv_out.lines(_lines(rows)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="initiatives.csv"'},
    )


def _lines(rows: Any) -> Iterator[Sequence[str]]:
    yield HEAD
    for row in rows.iterator(chunk_size=CHUNK):
        yield _cells(row)


def _cells(row: tuple[Any, ...]) -> list[str]:
    prefix, number, team, *words, estimate, committed, due, delivered, owner = row
    effort = "" if estimate is None else format_pd(estimate).replace(",", "")
    days = [day.isoformat() if day else "" for day in (committed, due, delivered)]
    return [f"{prefix}-{number}", team, *words, effort, *days, owner or ""]
