"""The history of an initiative: bringing an earlier version back."""

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_POST

from tracker.access import HttpRequest, initiative_or_404, signed_in
from tracker.actions.errors import Conflict
from tracker.actions.history import restore_state
from tracker.forms.history import RestoreForm
from tracker.models import Role
from tracker.queries.history import last_change
from tracker.views.initiative_page import Page, done
from tracker.views.initiative_parts import Open


@require_POST
@signed_in
def initiative_history_restore(request: HttpRequest, key: str, pk: int) -> HttpResponseBase:
    """Set the fields back to how a version left them, as a new version."""
    found = initiative_or_404(request.user, key, Role.MEMBER)
    form = RestoreForm(request.POST)
    if not form.is_valid():
        notice = "Nothing was restored. Reload the page and try again."
        return Page(request, found, turn=Open("restore", notice=notice)).answer(status=422)
    try:
        saved = restore_state(
            by=request.user, initiative=found, state=pk, version=form.cleaned_data["version"]
        )
    except ObjectDoesNotExist as error:
        raise Http404("The initiative has no such version.") from error
    except Conflict as conflict:
        who, _ = last_change(conflict.current)
        notice = f"Nothing was restored: {who} has changed it since. Look again, then restore."
        turn = Open("restore", notice=notice)
        return Page(request, conflict.current, turn=turn).answer(status=409)
    except ValidationError as error:
        turn = Open("restore", notice=" ".join(error.messages))
        return Page(request, found, turn=turn).answer(status=422)
    return done(request, saved, "Version restored", "history")
