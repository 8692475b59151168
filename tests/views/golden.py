"""The worked example of docs/metrics.md section 1 in the database."""

from datetime import date, timedelta

from tests.domain.q1_2026 import ITEMS
from tracker.domain.lifecycle import Status
from tracker.models import Holiday, Initiative, Team, WorkSegment

NAMES = "ABCDEFG"
TRIGGERS = {"D": "incident", "E": "market", "F": "incident"}


def write_example(team: Team) -> dict[str, Initiative]:
    """Write the seven initiatives into a team and return them by letter."""
    Holiday.objects.create(team=team, day=date(2026, 1, 1))
    made = {}
    for letter, item in zip(NAMES, ITEMS, strict=True):
        outcome = {
            Status.DELIVERED: item.delivered_on,
            Status.CANCELLED: item.cancelled_on,
            Status.DEFERRED: item.deferred_on,
        }
        status = next((status for status, day in outcome.items() if day), Status.ACTIVE)
        made[letter] = Initiative.objects.create(
            team=team,
            number=item.item,
            title=f"Example {letter}",
            origin=item.origin.value,
            trigger=TRIGGERS.get(letter, ""),
            status=status.value,
            target_start=item.planned_on,
            committed_on=item.committed_on,
            delivered_on=item.delivered_on,
            cancelled_on=item.cancelled_on,
            deferred_on=item.deferred_on,
            committed_effort_mpd=item.commit_effort_mpd,
            estimate_mpd=item.effort_mpd,
            committed_value=item.commit_value,
        )
        for segment in item.segments:
            WorkSegment.objects.create(
                initiative=made[letter],
                starts_on=segment.start,
                ends_before=segment.end,
                fte_milli=segment.fte_milli,
            )
    return made


def run_months(team: Team, shares: list[tuple[int, int]], last: date) -> None:
    """Write months ending with that of ``last``, each worked at (opportunistic, planned) FTE."""
    first = last.replace(day=1)
    number = 1000
    for lucky, planned in reversed(shares):
        after = (first + timedelta(days=32)).replace(day=1)
        for origin, fte in (("opportunistic", lucky), ("planned", planned)):
            if not fte:
                continue
            number += 1
            made = Initiative.objects.create(
                team=team,
                number=number,
                title=f"{origin} {first}",
                origin=origin,
                status="active",
                committed_on=first,
                estimate_mpd=5000,
            )
            WorkSegment.objects.create(
                initiative=made, starts_on=first, ends_before=after, fte_milli=fte
            )
        first = (first - timedelta(days=1)).replace(day=1)
