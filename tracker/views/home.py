"""The front door."""

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from tracker.access import HttpRequest, signed_in
from tracker.models import Team


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponseBase:
    """Lead a person with one team to its overview, everybody else to the portfolio."""
    roles = request.user.team_roles
    if len(roles) == 1:
        return redirect("overview", Team.objects.get(pk=next(iter(roles))).slug)
    return redirect("portfolio")
