"""The product's addresses and two yardsticks behind its full middleware."""

import os
from functools import cache

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from roadmap import urls as product
from roadmap.urls import handler400, handler403, handler404, handler500
from tracker.access import HttpRequest as SignedInRequest
from tracker.access import signed_in
from tracker.models import Team, TeamCounter
from tracker.views import kept, kept_page
from tracker.views import portfolio as portfolio_page

if os.environ.get("BENCH_CACHE") == "off":
    kept.MOST = 0
    kept_page._pages.size = 0

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@require_safe
def plain(request: HttpRequest) -> HttpResponse:
    """Answer without asking who is there."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@signed_in
def bare(request: SignedInRequest) -> HttpResponse:
    """Answer a person who has signed in with the smallest page: the skeleton, without a shell."""
    return render(request, "skeleton.html")


@require_safe
@signed_in
def edited(request: SignedInRequest) -> HttpResponseBase:
    """Answer with the portfolio as it is just after somebody has edited one team."""
    TeamCounter.bump(_largest_team())
    return portfolio_page.portfolio(request)


@cache
def _largest_team() -> int:
    rows = Team.objects.annotate(size=Count("initiatives")).order_by("-size")
    return int(rows.values_list("pk", flat=True)[0])


urlpatterns = [
    path("bench/edited/", edited),
    path("bench/plain/", plain),
    path("bench/bare/", bare),
    *product.urlpatterns,
]
