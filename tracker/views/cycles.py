"""The cycles of the organisation: everybody sees them, leads of a topmost team make them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker.access import HttpRequest, organisation, signed_in, today
from tracker.actions import cycles as actions
from tracker.forms.cycles import CycleForm
from tracker.htmx import render_page
from tracker.models import Cycle, Role, User
from tracker.queries.cycles import cycles_with_plans, next_periods
from tracker.queries.teams import known_teams


@require_safe
@signed_in
def cycles(request: HttpRequest) -> HttpResponseBase:
    """List the cycles."""
    _demand_a_team(request.user)
    context = {"rows": cycles_with_plans(), "today": today(), "may_make": may_make(request.user)}
    return render_page(request, "tracker/cycles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def cycle_add(request: HttpRequest) -> HttpResponseBase:
    """Make a cycle; the next one of the fiscal calendar is filled in."""
    _demand_maker(request.user)
    if request.method == "POST":
        return _saved(request, CycleForm(request.POST))
    offered = next_periods(today(), organisation().fiscal)
    kind = next((kind for kind in offered if kind.value == request.GET.get("kind")), None)
    period = offered[kind or next(iter(offered))]
    choices = [(one.kind.value, one.label, one == period) for one in offered.values()]
    return _page(request, CycleForm.next(period), choices=choices)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def cycle(request: HttpRequest, cycle: str) -> HttpResponseBase:
    """Change a cycle."""
    _demand_maker(request.user)
    found = get_object_or_404(Cycle, slug=cycle)
    if request.method == "POST":
        return _saved(request, CycleForm.bound(request.POST, found))
    return _page(request, CycleForm.of(found))


@require_POST
@signed_in
def cycle_delete(request: HttpRequest, cycle: str) -> HttpResponseBase:
    """Delete a cycle that nobody has planned for."""
    _demand_maker(request.user)
    found = get_object_or_404(Cycle, slug=cycle)
    try:
        actions.delete(by=request.user, pk=found.pk)
    except ValidationError as error:
        return _page(request, CycleForm.of(found), 422, refused=error.messages)
    messages.success(request, f"{found} is deleted.")
    return redirect("cycles")


def may_make(user: User) -> bool:
    """Tell whether a person may make cycles: an administrator, or a lead of a topmost team."""
    known = known_teams(user)
    tops = [team for team in known if team.path == f"/{team.pk}/"]
    return user.is_superuser or any(user.role_in(team.pk) >= Role.LEAD for team in tops)


def _demand_a_team(user: User) -> None:
    if not known_teams(user) and not user.is_superuser:
        raise Http404("Cycles are for people who belong to a team.")


def _demand_maker(user: User) -> None:
    _demand_a_team(user)
    if not may_make(user):
        raise PermissionDenied("Leads of a topmost team make the cycles.")


def _saved(request: HttpRequest, form: CycleForm) -> HttpResponseBase:
    saved = form.save(request.user) if form.is_valid() else None
    if saved is None:
        return _page(request, form, 422)
    messages.success(request, f"{saved} is saved.")
    return redirect("cycles")


def _page(request: HttpRequest, form: CycleForm, status: int = 200, **given: Any) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "cycle": form.cycle, "choices": []}
    if form.cycle is not None:
        context["is_planned"] = form.cycle.plans.exists()
    return render_page(request, "tracker/cycle.html", context | given, status=status)
