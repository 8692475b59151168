"""Deleting one initiative and bringing it back, from its page."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from tracker.access import HttpRequest, initiative_or_404, signed_in
from tracker.actions import initiatives as actions
from tracker.actions.errors import Conflict
from tracker.models import Initiative, Role
from tracker.views.initiative_page import Page
from tracker.views.initiative_parts import Open

CHANGED = (
    "Nothing was deleted: somebody has changed it since you opened this page. "
    "Look at it again, then delete it if you still want to."
)


@require_POST
@signed_in
def initiative_delete(request: HttpRequest, key: str) -> HttpResponseBase:
    """Take an initiative out of lists and figures; the list then offers to undo it."""
    found = initiative_or_404(request.user, key, Role.MEMBER, deleted=True)
    if found.is_deleted:
        return redirect(found)
    try:
        gone = actions.delete(by=request.user, pk=found.pk, version=_version(request))
    except Conflict as conflict:
        return _explain(request, conflict.current, CHANGED, 409)
    messages.success(request, f"{gone.key} deleted.")
    moment = gone.deleted_at.isoformat() if gone.deleted_at else ""
    query = urlencode({"team": gone.team.slug, "undo": moment})
    return redirect(f"{reverse('initiatives')}?{query}")


def _version(request: HttpRequest) -> int:
    """Return the version that was seen; 0, which is always stale, for nonsense."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _explain(request: HttpRequest, it: Initiative, text: str, status: int) -> HttpResponseBase:
    return Page(request, it, turn=Open("delete", notice=text)).answer(status=status)


@require_POST
@signed_in
def initiative_restore(request: HttpRequest, key: str) -> HttpResponseBase:
    """Bring a deleted initiative back."""
    found = initiative_or_404(request.user, key, Role.MEMBER, deleted=True)
    if found.is_deleted:
        try:
            found = actions.restore(by=request.user, pk=found.pk)
        except ValidationError as error:
            text = f"It was not restored. {' '.join(error.messages)}"
            return _explain(request, found, text, 422)
        messages.success(request, f"{found.key} restored.")
    return redirect(found)
