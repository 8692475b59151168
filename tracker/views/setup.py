"""The first visit to an empty installation."""

import ipaddress
import logging
from collections.abc import Callable
from zoneinfo import available_timezones

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tracker.actions.setup import AlreadySetUp, setup_code
from tracker.forms.setup import SetupForm
from tracker.htmx import render_page
from tracker.models import Organisation

OPEN_BEFORE_SETUP = frozenset(["setup", "health"])
LOOPBACK_NAMES = frozenset(["localhost", "127.0.0.1", "::1"])
FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
log = logging.getLogger("roadmap.setup")


@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponseBase:
    """Ask for organisation, first lead and first team; 404 once that is done.

    A visitor from another machine must also know the setup code, since whoever comes first
    becomes the administrator. It is written to the log when somebody is asked for it.
    """
    if Organisation.current() is not None:
        raise Http404("This installation has been set up.")
    needs_code = not from_this_machine(request)
    data = request.POST if request.method == "POST" else None
    form = SetupForm(data, needs_code=needs_code)
    if request.method == "POST" and form.is_valid():
        try:
            lead, team = form.save()
        except AlreadySetUp:
            raise Http404("Somebody else was quicker.") from None
        login(request, lead, backend=BACKEND)
        return redirect("overview", team.slug)
    if needs_code and request.method == "GET":
        address = request.build_absolute_uri(reverse("setup"))
        log.warning("Set this installation up at %s with the code %s", address, setup_code())
    context = {"form": form, "zones": sorted(available_timezones())}
    return render_page(request, "tracker/setup.html", context, status=422 if form.errors else 200)


def from_this_machine(request: HttpRequest) -> bool:
    """Tell whether the browser runs on the server itself.

    The peer alone does not say so: behind a proxy on the same machine everybody comes from
    loopback. So the name in the address must be loopback's, too, and nothing be forwarded.
    """
    if any(header in request.META for header in FORWARDED):
        return False
    name = request.get_host().rpartition(":")[0] or request.get_host()
    if name.strip("[]") not in LOOPBACK_NAMES and request.get_host() not in LOOPBACK_NAMES:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


class SetupFirst:
    """Leads every page of an empty installation to its setup."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on: what is decided needs the resolved address."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Redirect to the setup unless there is an organisation."""
        match = request.resolver_match
        if (match and match.url_name in OPEN_BEFORE_SETUP) or Organisation.current() is not None:
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": reverse("setup")})
        return redirect("setup")
