"""Who belongs to a team: everybody in it may look, its leads may change it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tracker.access import HttpRequest, signed_in, team_or_404
from tracker.actions import invitations
from tracker.actions import members as actions
from tracker.forms.invitations import InviteForm
from tracker.forms.members import RoleForm
from tracker.htmx import render_page, tell
from tracker.models import Invitation, Membership, Role, Team
from tracker.queries.members import members_of, open_invitations

PARTS = ("team-people",)


@require_safe
@signed_in
def team_members(request: HttpRequest, slug: str) -> HttpResponseBase:
    """List who may do what in the team."""
    team = request.team = team_or_404(request.user, slug)
    return _page(request, team)


@require_POST
@signed_in
def team_member(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """Change a person's role, or take the person out of the team."""
    team = request.team = team_or_404(request.user, slug, Role.LEAD)
    membership = get_object_or_404(Membership.objects.select_related("user"), pk=pk, team=team)
    try:
        if "remove" in request.POST:
            actions.remove(by=request.user, membership=membership)
            return _done(request, team, f"{membership.user} has left {team}.")
        form = RoleForm(request.POST)
        if not form.is_valid():
            return _page(request, team, 422, trouble="Choose one of the roles in the list.")
        changed = form.save(request.user, membership)
    except actions.LastLead as refused:
        return _page(request, team, 422, trouble=refused.message)
    except actions.RoleMoved as moved:
        now = moved.membership
        text = f"Somebody made {now.user} {now.get_role_display().lower()} in the meantime."
        return _page(request, team, 409, trouble=f"{text} Choose again if that is not right.")
    return _done(request, team, f"{changed.user} is {changed.get_role_display().lower()} now.")


@require_POST
@signed_in
def team_invite(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Invite a person by e-mail, or send the letter again with a fresh link."""
    team = request.team = team_or_404(request.user, slug, Role.LEAD)
    form = InviteForm(request.POST)
    made = form.save(request.user, team) if form.is_valid() else None
    if made is None:
        return _page(request, team, 422, invite_form=form)
    invitation, token = made
    link = request.build_absolute_uri(reverse("invitation", args=[token]))
    sent = invitations.deliver(invitation=invitation, link=link)
    text = f"{invitation.email} is invited." + ("" if sent else " No letter went out.")
    if not request.htmx:
        messages.success(request, f"{text} The link, shown only now: {link}")
        return redirect("team_members", team.slug)
    invited = {"email": invitation.email, "link": link, "sent": sent}
    return _page(request, team, invited=invited)


@require_POST
@signed_in
def team_invitation_revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """Withdraw an invitation: its link stops working at once."""
    team = request.team = team_or_404(request.user, slug, Role.LEAD)
    waiting = Invitation.objects.filter(accepted_at__isnull=True)
    invitation = get_object_or_404(waiting, pk=pk, team=team)
    invitation.delete()
    return _done(request, team, f"The invitation of {invitation.email} is withdrawn.")


def _done(request: HttpRequest, team: Team, text: str) -> HttpResponseBase:
    """Answer a write: the part that changed for htmx, else the page anew."""
    # Roles may have changed, one's own included.
    del request.user.team_roles
    if request.user.role_in(team.pk) < Role.LEAD:
        messages.success(request, text)
        url = reverse("team_members", args=[team.slug]) if request.user.role_in(team.pk) else "/"
        return HttpResponse(headers={"HX-Redirect": url}) if request.htmx else redirect(url)
    if not request.htmx:
        messages.success(request, text)
        return redirect("team_members", team.slug)
    return tell(_page(request, team), "toast", {"text": text})


def _page(request: HttpRequest, team: Team, status: int = 200, **given: Any) -> HttpResponse:
    may_lead = request.user.role_in(team.pk) >= Role.LEAD
    context = {
        "team": team,
        "members": members_of(team, request.user),
        "may_lead": may_lead,
        "roles": Role.choices,
        "invite_form": InviteForm(),
        "invitations": open_invitations(team) if may_lead else [],
    }
    return render_page(
        request, "tracker/team_members.html", context | given, parts=PARTS, status=status
    )
