"""A whole page or the part of it that was asked for, from one template."""

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django_htmx.http import trigger_client_event


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    parts: Collection[str] = (),
    status: int = 200,
) -> TemplateResponse:
    """Render the page, or one of the ``parts`` this view allows when htmx asks for it.

    A part's name is the partial's name, the element's id and the request's target; any other
    target gets the whole page.
    """
    htmx = getattr(request, "htmx", None)
    target = ((htmx and htmx.target) or "").rpartition("#")[2]
    if htmx and target in parts:
        template += f"#{target}"
    response = TemplateResponse(request, template, context, status=status)
    vary_by_target(response)
    return response


def vary_by_target(response: HttpResponse) -> None:
    """Tell caches that htmx gets another answer at this address."""
    patch_vary_headers(response, ["HX-Request", "HX-Target"])


def tell(response: HttpResponse, event: str, detail: dict[str, Any] | None = None) -> HttpResponse:
    """Send an event to the regions of the page that listen for it, such as initiativesChanged."""
    trigger_client_event(response, event, detail or {})
    return response
