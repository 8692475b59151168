"""Search and jump: initiatives, teams and pages."""

from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from tracker.access import HttpRequest, signed_in
from tracker.htmx import render_page
from tracker.queries import search as queries
from tracker.views.shell import shell_of

PARTS = ("search-results", "search-page")


@require_safe
@signed_in
def search(request: HttpRequest) -> HttpResponseBase:
    """Show what matches ``q``: the palette's fragment, or a page of its own."""
    found = queries.search(request.user, request.GET.get("q", ""))
    words = found.text.casefold()
    pages = [item for item in shell_of(request).nav if words and words in item.label.casefold()]
    context = {"found": found, "pages": pages}
    return render_page(request, "tracker/search.html", context, parts=PARTS)
