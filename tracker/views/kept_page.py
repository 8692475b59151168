"""Whole pages that a worker keeps, for those that many people look at and few change."""

from collections.abc import Collection, Hashable, Mapping

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from tracker.access import HttpRequest
from tracker.domain.keep import Keep
from tracker.htmx import render_page, vary_by_target
from tracker.views.shell import TOKEN, shell_of

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
) -> HttpResponse:
    """Render a page as ``render_page`` does, or return it as it was rendered before.

    It is kept by all that it shows: the values of ``context``, which must be all that the template
    takes besides the shell, and what the shell shows of the person, roles and teams as they were
    just read. Nothing of a request may be in it but the token, which is put in afterwards. A part
    of a page and a page with a message are rendered anew.
    """
    if request.htmx or len(get_messages(request)):
        return render_page(request, template, dict(context), parts=parts)
    shell = shell_of(request)
    key = (template, tuple(context.items()), shell.key)

    def make(_: object) -> dict[Hashable, str]:
        shell.token = TOKEN
        try:
            return {key: render_to_string(template, {**context, "csrf_token": TOKEN}, request)}
        finally:
            shell.token = ""

    html = _pages.all_of([key], make)[key]
    response = HttpResponse(html.replace(TOKEN, get_token(request)))
    vary_by_target(response)
    return response
