"""Who gets in: a stranger gets 404, a reader who wants to write 403."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.http import HttpRequest as DjangoRequest
from django.shortcuts import redirect
from django_htmx.middleware import HtmxDetails

from tracker.models import Initiative, Organisation, Role, Team, User
from tracker.queries.keys import by_key
from tracker.queries.teams import KnownTeam, known_teams


class HttpRequest(DjangoRequest):
    """A request after the middleware: somebody has signed in, and htmx is known.

    A view sets ``team`` to the team its page is about, so that the shell knows it.
    """

    user: User
    htmx: HtmxDetails
    team: Team


P = ParamSpec("P")
T = TypeVar("T")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def signed_in(view: View[P]) -> Callable[Concatenate[DjangoRequest, P], HttpResponseBase]:
    """Let in who has signed in; send others to sign in, and a new installation to its setup."""

    @wraps(view)
    def guarded(request: DjangoRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if Organisation.current() is None:
            return redirect("setup")
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    guarded.is_guarded = True  # type: ignore[attr-defined]
    return cast("Callable[Concatenate[DjangoRequest, P], HttpResponseBase]", guarded)


def _to_sign_in(request: DjangoRequest) -> HttpResponseBase:
    answer = redirect_to_login(request.get_full_path())
    if request.headers.get("HX-Request"):
        # A fragment can't be a sign-in page, so htmx is told to leave this one.
        return HttpResponse(status=200, headers={"HX-Redirect": answer.url})
    return answer


def organisation() -> Organisation:
    """Return the organisation; a page behind ``signed_in`` always has one."""
    found = Organisation.current()
    if found is None:
        raise Http404("This installation has not been set up yet.")
    return found


def today() -> date:
    """Return which day it is in the reporting zone."""
    return organisation().today()


def team_or_404(user: User, slug: str, at_least: int = Role.VIEWER) -> Team:
    """Return a team in which the person has at least a role.

    Raises Http404 for a stranger and PermissionDenied for too low a role.
    """
    team: Team | None = Team.objects.filter(slug=slug).first()
    if team is None or not user.role_in(team.pk):
        raise Http404("No team of yours has this address.")
    return _demand(user, team.pk, at_least, team)


def known_or_404(user: User, slug: str) -> KnownTeam:
    """Return what is known of a team that the person may see: no query after the first of a page.

    Raises Http404 for a stranger.
    """
    found = next((team for team in known_teams(user) if team.slug == slug), None)
    if found is None:
        raise Http404("No team of yours has this address.")
    return found


def initiative_or_404(
    user: User, key: str, at_least: int = Role.VIEWER, *, deleted: bool = False
) -> Initiative:
    """Return an initiative by its key, or by a key it bore before.

    With ``deleted`` one that has been deleted is found, too. Raises Http404 for a stranger and
    PermissionDenied for too low a role.
    """
    found = by_key(user, key, deleted=deleted)
    if found is None:
        raise Http404("No initiative of yours has this key.")
    return _demand(user, found.team_id, at_least, found)


def _demand(user: User, team_id: int, at_least: int, found: T) -> T:
    if user.role_in(team_id) < at_least:
        raise PermissionDenied("Your role in this team does not allow this.")
    return found
