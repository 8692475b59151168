"""What a person sees when something can't be done: what happened, and what to do."""

import logging
import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

TOO_BIG = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
BUSY_SECONDS = 3
THEMES = {"light", "dark"}
log = logging.getLogger("roadmap.errors")


def error_page(request: HttpRequest, status: int, heading: str, text: str) -> HttpResponse:
    """Return a page, or the fragment that htmx swaps in its place.

    It is made without the request's context, since the store, or even the session, may be away.
    """
    fragment = bool(request.headers.get("HX-Request"))
    template = "components/error_fragment.html" if fragment else "errors/error.html"
    theme = request.COOKIES.get("theme")
    shell = {"theme": theme if theme in THEMES else ""}
    context = {"heading": heading, "text": text, "status": status, "shell": shell}
    return HttpResponse(render_to_string(template, context), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400, or 413 where the request was too large to be read."""
    if isinstance(exception, TOO_BIG):
        text = "What was sent is larger than this page takes. Send less at once."
        return error_page(request, 413, "That is too much at once", text)
    text = "The address or the form holds something that can't be used. Go back and try again."
    return error_page(request, 400, "That request could not be understood", text)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form without its token, which is usually an old page."""
    log.warning("csrf: %s", reason)
    text = (
        "This page was open for too long, or cookies are off. Copy what you typed, reload the "
        "page and send it again. Nothing was changed."
    )
    return error_page(request, 403, "Your session has moved on", text)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 with the reason the code gave, if any."""
    text = str(exception) or "Your role does not allow this."
    return error_page(request, 403, "Not with your role", f"{text} Ask a lead of the team.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 alike for what does not exist and for what one may not see."""
    text = "It may have moved, or it belongs to a team that you are not in."
    return error_page(request, 404, "There is nothing here", text)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 with Retry-After where the store was busy or away, else 500."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        text = "Too many people write at this moment. Nothing was changed; try again shortly."
        response = error_page(request, 503, "The store is busy", text)
        response.headers["Retry-After"] = str(BUSY_SECONDS)
        return response
    text = "Nothing was changed. It has been written to the log; try again, or tell your operator."
    return error_page(request, 500, "Something went wrong on our side", text)
