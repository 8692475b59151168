"""Plan against actual: of one team's plan, and of all plans of a cycle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from tracker.access import HttpRequest, organisation, signed_in, team_or_404
from tracker.domain.outcomes import Against
from tracker.figures.delivery import (
    Told,
    accuracy_told,
    bias_told,
    churn_told,
    count_told,
    effort_told,
    growth_told,
    net_told,
    slip_told,
)
from tracker.forms.delivery import AskedDelivery, read_delivery
from tracker.htmx import render_page
from tracker.models import Cycle, Organisation, Team
from tracker.models.record import end_of
from tracker.queries.delivery import CycleDelivery, delivery_of
from tracker.queries.teams import TeamNode, team_tree, visible_teams
from tracker.views.delivery_page import DeliveryPage

ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team, or a group as the sum of its teams, in the table of all."""

    name: str
    url: str
    depth: int
    told: tuple[Told, ...]


@require_safe
@signed_in
def plan_delivery(request: HttpRequest, slug: str, cycle: str) -> HttpResponseBase:
    """Show what became of a plan: figures with the items behind them, and who made it late."""
    team = request.team = team_or_404(request.user, slug)
    found = get_object_or_404(Cycle, slug=cycle)
    below = Team.objects.under(team).exclude(pk=team.pk)
    teams = [team, *below.order_by("path")]
    org = organisation()
    asked = _asked(request, found, org)
    told = _told(teams, found, asked, org)
    context = {
        "team": team,
        "cycle": found,
        "page": DeliveryPage(told, asked),
        "lines": _lines(told, [_node(one, team.depth) for one in teams]),
        "url": request.path,
        "today": org.today(),
    }
    return render_page(request, "tracker/plan_delivery.html", context, parts=("delivery",))


@require_safe
@signed_in
def delivery(request: HttpRequest) -> HttpResponseBase:
    """Show what became of the plans of all teams the person may see, and all of them together."""
    org, teams = organisation(), visible_teams(request.user)
    cycles = list(Cycle.objects.all()) if teams else []
    wanted = request.GET.get("cycle", "")
    begun = (one for one in cycles if one.starts_on <= org.today())  # the latest comes first
    usual = next(begun, cycles[-1] if cycles else None)
    found = next((one for one in cycles if one.slug == wanted), usual)
    context: dict[str, Any] = {
        "cycles": cycles,
        "cycle": found,
        "has_team": bool(teams),
        "today": org.today(),
        "url": request.path,
    }
    if found is not None:
        asked = _asked(request, found, org)
        told = _told(teams, found, asked, org)
        context["page"] = DeliveryPage(told, asked)
        context["lines"] = _lines(told, team_tree(request.user))
        if wanted and found.slug != wanted:
            context["notice"] = f"There is no cycle {wanted[:40]!r}, so {found} is shown."
    return render_page(request, "tracker/delivery.html", context, parts=("delivery",))


def _asked(request: HttpRequest, cycle: Cycle, org: Organisation) -> AskedDelivery:
    span = (cycle.name, cycle.starts_on, cycle.ends_before)
    return read_delivery(request.GET, span, org.fiscal, today=org.today())


def _told(
    teams: Sequence[Team], cycle: Cycle, asked: AskedDelivery, org: Organisation
) -> CycleDelivery:
    before = (asked.known or org.today()) + ONE
    moment = end_of(asked.known, org.reporting_zone) if asked.known else None
    return delivery_of(teams, cycle, asked.period, before=before, moment=moment)


def _node(team: Team, above: int) -> TeamNode:
    return TeamNode(team.pk, team.name, team.slug, team.depth - above, is_group=False)


def _lines(told: CycleDelivery, tree: Sequence[TeamNode]) -> list[TeamLine]:
    """Return each team that has a plan, or stands above one, with the sum of both."""
    below = _below(tree)
    opened = {plan.plan.team_id for plan in told.opened}
    return [
        TeamLine(
            node.name,
            reverse("plan_delivery", args=[node.slug, told.cycle.slug]),
            node.depth,
            told_of(told.total(below[node.pk])),
        )
        for node in tree
        if opened & below[node.pk]
    ]


def _below(tree: Sequence[TeamNode]) -> Mapping[int, set[int]]:
    """Return by team its own id and those of all below it; a tree lists them after their parent."""
    found: dict[int, set[int]] = {}
    trail: list[TeamNode] = []
    for node in tree:
        trail = [*trail[: node.depth], node]
        found[node.pk] = set()
        for above in trail:
            found[above.pk].add(node.pk)
    return found


def told_of(told: Against) -> tuple[Told, ...]:
    """Return the figures of one line, in the order of the table's columns."""
    return (
        count_told(told.say_do),
        effort_told(told.say_do),
        accuracy_told(told.accuracy),
        bias_told(told.accuracy),
        growth_told(told.growth),
        churn_told(told.churn),
        net_told(told.churn),
        slip_told(told),
    )
