"""The page an invitation leads to."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tracker.actions import invitations as actions
from tracker.forms.invitations import JoinForm
from tracker.htmx import render_page
from tracker.models import Invitation, User
from tracker.views.setup import BACKEND


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Let an invited person in: one who has an account by a click, a new one with a password."""
    found = actions.find(token=token)
    if found is None or not actions.is_valid(found):
        return _gone(request, found)
    account = User.objects.filter(email__iexact=found.email).first()
    data = request.POST if request.method == "POST" else None
    form = None if account else JoinForm(data, invitation=found)
    context = {"it": found, "account": account, "form": form}
    if request.user.is_authenticated:
        return _answer_signed_in(request, found, context)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            user = form.save()
        except actions.NotOpen:
            return _gone(request, found)
        if user is not None:
            login(request, user, backend=BACKEND)
            return _welcome(request, found)
    status = 422 if form is not None and form.errors else 200
    return render_page(request, "tracker/invitation.html", context, status=status)


def _answer_signed_in(
    request: HttpRequest, found: Invitation, context: dict[str, Any]
) -> HttpResponseBase:
    user = request.user
    if not isinstance(user, User) or not _is_theirs(user, found.email):
        status = 403 if request.method == "POST" else 200
        context |= {"wrong_person": True}
        return render_page(request, "tracker/invitation.html", context, status=status)
    if request.method != "POST":
        return render_page(request, "tracker/invitation.html", context | {"account": user})
    try:
        actions.accept(invitation=found, user=user)
    except actions.NotOpen:
        return _gone(request, found)
    return _welcome(request, found)


def _is_theirs(user: User, email: str) -> bool:
    if user.email.casefold() == email.casefold():
        return True
    addresses = EmailAddress.objects.filter(user=user, email__iexact=email, verified=True)
    return bool(addresses.exists())


def _welcome(request: HttpRequest, found: Invitation) -> HttpResponseBase:
    messages.success(request, f"Welcome to {found.team}.")
    return redirect("overview", found.team.slug)


def _gone(request: HttpRequest, found: Invitation | None) -> HttpResponseBase:
    """Say why the link does not work: 404 for an unknown one, 410 for one that was good."""
    status = 404 if found is None else 410
    context = {"it": None, "was_used": found is not None and found.accepted_at is not None}
    return render_page(request, "tracker/invitation.html", context, status=status)
