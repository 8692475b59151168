"""The product's addresses and two yardsticks behind its full middleware."""

import os

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from roadmap import urls as product
from roadmap.urls import handler400, handler403, handler404, handler500
from tracker.access import HttpRequest as SignedInRequest
from tracker.access import signed_in
from tracker.views import kept

if os.environ.get("BENCH_CACHE") == "off":
    kept.MOST = 0

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@require_safe
def plain(request: HttpRequest) -> HttpResponse:
    """Answer without asking who is there."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@signed_in
def bare(request: SignedInRequest) -> HttpResponse:
    """Answer a person who has signed in, and nothing more."""
    return HttpResponse(f"signed in as {request.user.pk}", content_type="text/plain")


urlpatterns = [
    path("bench/plain/", plain),
    path("bench/bare/", bare),
    *product.urlpatterns,
]
