"""One deed for many initiatives: a selection, or all that match."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from tracker.access import HttpRequest, organisation, signed_in
from tracker.actions.bulk import edit_many, label_many, turn_many
from tracker.domain.lifecycle import PAST
from tracker.domain.wording import day_words
from tracker.forms.initiatives_bulk import BulkForm, Deed, read_pks
from tracker.htmx import render_page, tell
from tracker.models import Initiative, Role
from tracker.queries.initiatives import deleted_at, selected
from tracker.queries.initiatives_page import typed_in
from tracker.queries.teams import known_teams
from tracker.views.initiatives_page import ListPage, with_me

MOST = 5_000
MOST_TURNED = 1_000  # each row has segments of its own, so these go one by one


@dataclass(slots=True)
class Done:
    """What came of a deed; ``moment`` is when rows were deleted, so that they can come back."""

    text: str
    left: int = 0
    why: str = ""
    moment: datetime | None = None

    @property
    def words(self) -> str:
        """Return the text with what was left as it is."""
        if not self.left:
            return f"{self.text}."
        was = "it was" if self.left == 1 else "they were"
        return f"{self.text}. {self.left:,} left as {was}{self.why}."


@require_POST
@signed_in
def initiatives_bulk(request: HttpRequest) -> HttpResponseBase:
    """Do one thing to many initiatives, and say how many and which were left."""
    known_teams(request.user)
    if not request.user.teams_with(Role.MEMBER):
        if not request.user.team_roles:
            raise Http404("No team of yours is here.")
        raise PermissionDenied("Your role in these teams does not allow this.")
    form = _form(request)
    page = ListPage(request, QueryDict(request.POST.get("matching", "")[:3000]))
    if not form.is_valid():
        return _refuse(request, page, _first_error(form))
    asked, rows = _rows(request, form, page)
    if rows is None:
        return _refuse(request, page, "Select the rows first.")
    count, most = rows.count(), MOST_TURNED if form.cleaned_data["deed"] == Deed.STATUS else MOST
    if count > most:
        text = f"That would be {count:,} at once; {most:,} is the most. Narrow the filters."
        return _refuse(request, page, text, 413)
    try:
        done = _do(request, form, rows, asked)
    except (ValidationError, IntegrityError) as error:
        return _refuse(request, page, _in_words(error))
    return _answer(request, page, done)


def _form(request: HttpRequest) -> BulkForm:
    deed = request.POST.get("deed", "")
    people = []
    if deed == Deed.OWNER:
        mine = [team for team in known_teams(request.user) if request.user.role_in(team.pk)]
        people = with_me(request.user, typed_in(mine).people)
    return BulkForm(request.POST, today=organisation().today(), people=people, deed=deed)


def _first_error(form: BulkForm) -> str:
    return "Nothing was changed. " + " ".join(
        str(message) for messages_ in form.errors.values() for message in messages_
    )


def _rows(request: HttpRequest, form: BulkForm, page: ListPage) -> tuple[int, Any]:
    """Return how many were asked for, and those of them that the person may change."""
    user = request.user
    if form.cleaned_data["deed"] == Deed.RESTORE:
        return 0, deleted_at(form.cleaned_data["moment"], user)
    if form.cleaned_data["everything"]:
        return 0, page.matching.editable_by(user)
    pks = read_pks(request.POST.getlist("pk"))
    if not pks:
        return 0, None
    if len(pks) > MOST:
        pks = pks[: MOST + 1]
    rows = selected(pks, user)
    if not rows.exists() and Initiative.objects.visible_to(user).filter(pk__in=pks).exists():
        raise PermissionDenied("Your role in this team does not allow this.")
    return len(pks), rows


def _do(request: HttpRequest, form: BulkForm, rows: Any, asked: int) -> Done:
    deed, by = Deed(form.cleaned_data["deed"]), request.user
    before = asked or rows.count()
    if deed is Deed.STATUS:
        verb, on = form.cleaned_data["verb"], form.cleaned_data["on"]
        changed, _ = turn_many(by=by, rows=rows, verb=verb, on=on)
        text = f"{counted(len(changed))} {PAST[verb]} as of {day_words(on)}"
        return Done(text, before - len(changed), ", since status or logged work do not allow it")
    if deed is Deed.LABEL:
        changed = label_many(by=by, rows=rows, add=[form.cleaned_data["label"]])
        return Done(f"{counted(len(changed))} labelled", before - len(changed))
    if deed is Deed.DELETE:
        moment = timezone.now()
        changed = edit_many(by=by, rows=rows, changes={"deleted_at": moment}, reason="Deleted")
        return Done(f"{counted(len(changed))} deleted", before - len(changed), moment=moment)
    if deed is Deed.RESTORE:
        changed = edit_many(by=by, rows=rows, changes={"deleted_at": None}, reason="Restored")
        return Done(f"{counted(len(changed))} restored")
    return _set(request, form, rows, before)


def _set(request: HttpRequest, form: BulkForm, rows: Any, before: int) -> Done:
    """Set origin, owner or target date; rows that can't take it are left and counted."""
    changes, why, what = form.changes, "", "classified"
    if due := changes.get("due_on"):
        rows, why = rows.exclude(target_start__gt=due), ", since they start later"
    if owner := changes.get("owner"):
        rows = rows.filter(team_id__in=list(owner.team_roles))
        why = f", since {owner} is not in their team"
    if "owner" in changes:
        what = f"given to {owner}" if owner else "left without an owner"
    if "due_on" in changes:
        what = f"due on {day_words(due)}" if due else "left without a target date"
    changed = edit_many(by=request.user, rows=rows, changes=changes)
    return Done(f"{counted(len(changed))} {what}", before - len(changed), why)


def _in_words(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return f"Nothing was changed. {' '.join(error.messages)}"
    return "Nothing was changed: another initiative has the same external key by now."


def counted(number: int) -> str:
    """Return a number of initiatives in words."""
    return f"{number:,} initiative{'' if number == 1 else 's'}"


def _refuse(request: HttpRequest, page: ListPage, text: str, status: int = 422) -> HttpResponseBase:
    """Say what is wrong; the selection and what was typed stay as they are."""
    if request.htmx:
        if status != 422:  # too much: the page makes a notice of it
            context = {"heading": text, "text": " "}
            return render(request, "components/error_fragment.html", context, status=status)
        notice = {"text": text, "error": True}
        return render(request, "components/toast.html", notice, status=status)
    page.notice = text
    return render_page(request, "tracker/initiatives.html", {"page": page}, status=status)


def _answer(request: HttpRequest, page: ListPage, done: Done) -> HttpResponseBase:
    moment = done.moment.isoformat() if done.moment else ""
    if not request.htmx:
        messages.success(request, done.words)
        pairs = page.listing.but().params() + ([("undo", moment)] if moment else [])
        query = urlencode(pairs)
        return redirect(f"{reverse('initiatives')}?{query}" if query else reverse("initiatives"))
    fields = [("deed", Deed.RESTORE.value), ("moment", moment), ("matching", page.query)]
    context = {
        "page": page,
        "text": done.words,
        "undo_url": reverse("initiatives_bulk") if moment else "",
        "undo_fields": fields,
    }
    answer = render_page(request, "tracker/initiatives.html#done", context)
    return tell(answer, "initiativesChanged", {"target": "body"})
