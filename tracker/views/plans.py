"""The plan of a team for a cycle: what it can do, what it ranked, and where the line falls."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from tracker.access import HttpRequest, known_or_404, signed_in, team_or_404, today
from tracker.htmx import render_page
from tracker.models import Role
from tracker.queries.plans import current_cycle, sheet_of
from tracker.views.kept_plan import show_kept
from tracker.views.plan_page import PlanPage

TEMPLATE = "tracker/plan.html"
PARTS = ("plan", "plan-found")


@require_safe
@signed_in
def plan_now(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Go to the plan of the running cycle, else of the next one; without any say what to do."""
    team = request.team = team_or_404(request.user, slug)
    cycle = current_cycle(today())
    if cycle is not None:
        return redirect("plan", team.slug, cycle.slug)
    return render_page(request, "tracker/plan_now.html", {"team": team})


@require_safe
@signed_in
def plan(request: HttpRequest, slug: str, cycle: str) -> HttpResponseBase:
    """Show the plan; who only reads it gets it as it was kept."""
    known = known_or_404(request.user, slug)
    if request.htmx or request.user.role_in(known.pk) >= Role.LEAD:
        return show_plan(request, plan_page(request, slug, cycle))
    return show_kept(
        request, known, TEMPLATE, (cycle,), lambda: _shown(plan_page(request, slug, cycle))
    )


def plan_page(request: HttpRequest, slug: str, cycle: str) -> PlanPage:
    """Return the page of a plan the person may see, and tell the shell its team.

    Raises Http404 for strangers and where there is no such cycle.
    """
    known = known_or_404(request.user, slug)
    sheet = sheet_of(known.pk, cycle)
    if sheet is None:
        raise Http404("There is no such cycle.")
    request.team = sheet.plan.team
    return PlanPage(sheet, request.user, today())


def show_plan(request: HttpRequest, page: PlanPage, status: int = 200) -> HttpResponse:
    """Render the page, or the part of it that htmx asked for."""
    return render_page(request, TEMPLATE, _shown(page), parts=PARTS, status=status)


def _shown(page: PlanPage) -> dict[str, Any]:
    return {"page": page, "team": page.team, "cycle": page.cycle}
