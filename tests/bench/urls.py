"""The product's addresses and yardsticks behind its full middleware."""

import os

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from roadmap import urls as product
from roadmap.urls import handler400, handler403, handler404, handler500
from tests.bench import edits
from tracker.access import HttpRequest as SignedInRequest
from tracker.access import signed_in
from tracker.queries import ledgers
from tracker.views import kept, kept_page
from tracker.views import overview as overview_page
from tracker.views import portfolio as portfolio_page

if os.environ.get("BENCH_CACHE") == "off":
    # As if in a transaction: everything is read anew, and nothing of it is kept.
    ledgers._is_writing = lambda: True
    kept.MOST = 0
    kept.pieces.size = kept_page._pages.size = 0

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
def edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """Edit, and answer with the smallest page: what to take off the pages below."""
    edits.edit(slug)
    return render(request, "skeleton.html")


@require_safe
@signed_in
def edited_overview(request: SignedInRequest, slug: str) -> HttpResponseBase:
    """Answer with a team's overview just after somebody has edited an initiative of it."""
    edits.edit(slug)
    return overview_page.overview(request, slug)


@require_safe
@signed_in
def edited_portfolio(request: SignedInRequest, slug: str) -> HttpResponseBase:
    """Answer with the portfolio just after edits in one team, or in ``every`` team."""
    edits.edit(slug)
    return portfolio_page.portfolio(request)


urlpatterns = [
    path("bench/plain/", plain),
    path("bench/bare/", bare),
    path("bench/edit/<slug:slug>/", edit),
    path("bench/edited/<slug:slug>/overview/", edited_overview),
    path("bench/edited/<slug:slug>/portfolio/", edited_portfolio),
    *product.urlpatterns,
]
