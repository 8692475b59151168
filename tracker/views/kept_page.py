"""Whole pages that a worker keeps, for those that many people look at and few change."""

import secrets
from collections.abc import Collection, Hashable, Mapping

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from tracker.access import HttpRequest
from tracker.domain.keep import Keep
from tracker.htmx import render_page, vary_by_target
from tracker.views.shell import TOKEN, shell_of

# Stands for what comes late; drawn anew by each worker, so that nobody can type it.
MARK = secrets.token_hex(16)

_pages: Keep[Hashable, str] = Keep(64)


def forget() -> None:
    """Drop everything that is kept, for tests."""
    _pages.forget()


def render_kept(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Hashable],
    *,
    parts: Collection[str] = (),
    late: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Render a page as ``render_page`` does, or return it as it was rendered before.

    It is kept by all that it shows: the values of ``context``, which must be all that the template
    takes besides the shell, and what the shell shows of the person, roles and teams as they were
    just read. Nothing of a request may be in it but the token, which is put in afterwards, as is
    HTML that changes more often than the page around it: ``late`` has it by name. A part of a page
    and a page with a message are rendered anew.
    """
    late = late or {}
    if request.htmx or len(get_messages(request)):
        safe = {name: mark_safe(html) for name, html in late.items()}
        return render_page(request, template, {**context, **safe}, parts=parts)
    shell = shell_of(request)
    key = (template, tuple(context.items()), tuple(late), shell.key)
    marks = {name: f"{MARK}{name}" for name in late}

    def make(_: object) -> dict[Hashable, str]:
        shell.token = TOKEN
        try:
            return {
                key: render_to_string(template, {**context, **marks, "csrf_token": TOKEN}, request)
            }
        finally:
            shell.token = ""

    html = _pages.all_of([key], make)[key]
    html = html.replace(TOKEN, get_token(request))
    for name, text in late.items():
        html = html.replace(marks[name], text)
    response = HttpResponse(html)
    vary_by_target(response)
    return response
