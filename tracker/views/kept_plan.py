"""Pages of a plan as readers get them: kept until anything of any team has changed."""

from collections.abc import Callable, Hashable
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string

from tracker.access import HttpRequest, today
from tracker.queries.stamps import everything
from tracker.queries.teams import KnownTeam, as_team
from tracker.views.kept import kept
from tracker.views.kept_page import render_kept

BREAK = "\0"


def show_kept(
    request: HttpRequest,
    known: KnownTeam,
    template: str,
    asked: tuple[Hashable, ...],
    make: Callable[[], dict[str, Any]],
) -> HttpResponse:
    """Render a page whose ``main`` is the same for all who may read the team.

    ``asked`` is what the address asks for, ``make`` gives the context of the template's part
    ``main``, which names the cycle. Nothing of the person may be in it, and no form that writes.
    """
    request.team = as_team(known)

    def body() -> str:
        context = make()
        return f"{context['cycle']}{BREAK}{render_to_string(f'{template}#main', context)}"

    key = ("plan", template, known.pk, known.name, everything(), today(), *asked)
    cycle, _, html = kept(key, body).partition(BREAK)
    shown: dict[str, Hashable] = {"team": known.name, "cycle": cycle, "is_read": True}
    return render_kept(request, template, shown, late={"main": html})
