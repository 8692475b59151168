"""The bands, closes and working days of teams, as charts need them."""

from collections.abc import Iterable
from datetime import date, datetime

from tracker.domain.policy import Closed, Key, Policy
from tracker.domain.shares import Mix
from tracker.domain.zone import Band
from tracker.models import PeriodClose, Plan, Team

CLOSES = ("team_id", "kind", "starts_on", "opportunistic", "planned", "unclassified", "rules")
PLANS = (
    "team_id",
    "cycle__starts_on",
    "cycle__ends_before",
    "band_lower",
    "band_upper",
    "band_derail",
)


def policies_of(teams: Iterable[Team], until: datetime | None = None) -> dict[int, Policy]:
    """Return by team its bands and what it has closed ahead of a moment; two queries."""
    known = {team.pk: team for team in teams}
    closed: dict[int, dict[Key, Closed]] = {pk: {} for pk in known}
    plans: dict[int, list[tuple[date, date, Band]]] = {pk: [] for pk in known}
    rows = PeriodClose.objects.filter(team_id__in=list(known)).order_by()
    if until:
        rows = rows.filter(closed_at__lt=until)
    for team, kind, start, lucky, planned, unclassified, rules in rows.values_list(*CLOSES):
        closed[team][kind, start] = Closed(Mix(lucky, planned, unclassified), rules)
    own = Plan.objects.filter(team_id__in=list(known), band_lower__isnull=False).order_by()
    for team, start, end, *edges in own.values_list(*PLANS):
        plans[team].append((start, end, Band.of_thousandths(*edges)))
    return {
        pk: Policy(closed[pk], tuple(plans[pk]), tuple(sorted(team.weekdays)))
        for pk, team in known.items()
    }
