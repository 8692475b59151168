"""The page of one initiative, and its fields edited in place."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from tracker.access import HttpRequest, initiative_or_404, signed_in
from tracker.actions import initiatives as actions
from tracker.actions.errors import Conflict
from tracker.domain.wording import count_words
from tracker.forms.comments import LabelForm
from tracker.forms.initiative_fields import FIELD_FORMS, FieldForm
from tracker.forms.inputs import PersonField, renew, show_refusal
from tracker.models import Initiative, Role, User
from tracker.queries.initiative import people_of
from tracker.views.initiative_funding import done_or_ask
from tracker.views.initiative_page import Page, done
from tracker.views.initiative_parts import LABELS, Open

FRAGMENT = "tracker/initiative_field.html"
SHOWN_OF_A_TEXT = 200


@require_safe
@signed_in
def initiative(request: HttpRequest, key: str) -> HttpResponseBase:
    """Show everything about an initiative; a former or oddly written key leads to the true one."""
    found = initiative_or_404(request.user, key, deleted=True)
    if found.key != key:
        return redirect(found)
    page = Page(request, found)
    target = (request.htmx.target or "").rpartition("#")[2]
    kind, _, name = target.partition("-")
    if kind == "field" and (name in FIELD_FORMS):
        return page.answer(part=target, fragment=FRAGMENT, row=page.row(name))
    if target == "turn":
        return page.answer(part="turn", fragment="tracker/initiative_turn.html")
    return page.answer()


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def initiative_field(request: HttpRequest, key: str, field: str) -> HttpResponseBase:
    """Open the editor of a field, or save what was typed in it."""
    found = initiative_or_404(request.user, key, Role.MEMBER)
    if field == "labels":
        return _labels(request, found)
    if field not in FIELD_FORMS:
        raise Http404("An initiative has no such field.")
    people = _people(found) if field == "owner" else []
    form = FIELD_FORMS[field](
        request.POST if request.method == "POST" else None,
        initiative=found,
        today=Page(request, found).today,
        people=people,
    )
    editor = Open(field, form, people=PersonField.names_of(people))
    if request.method == "POST" and "preview" not in request.POST:
        return _save(request, found, form, editor)
    editor.preview = request.POST.get("description")
    page = Page(request, found, field=editor)
    return page.answer(part=f"field-{field}", fragment=FRAGMENT, row=page.row(field))


def _people(found: Initiative) -> list[User]:
    """Return who can own it; the present owner can keep it after leaving the team."""
    people, owner = people_of(found.team), found.owner
    return [*people, owner] if owner and owner not in people else people


def _save(
    request: HttpRequest, found: Initiative, form: FieldForm, editor: Open
) -> HttpResponseBase:
    if not form.is_valid():
        return Page(request, found, field=editor).answer(status=422)
    try:
        saved = actions.edit(
            by=request.user,
            pk=found.pk,
            version=form.cleaned_data["version"],
            changes=form.changes(),
            reason=form.cleaned_data["why"],
        )
    except Conflict as conflict:
        return _show_conflict(request, conflict.current, form, editor)
    except ValidationError as error:
        show_refusal(form, error)
        return Page(request, found, field=editor).answer(status=422)
    label = LABELS.get(editor.name, "Day")
    if editor.name == "origin":
        return done_or_ask(request, saved, f"{label} saved")
    return done(request, saved, f"{label} saved", f"field-{editor.name}")


def _show_conflict(
    request: HttpRequest, current: Initiative, form: FieldForm, editor: Open
) -> HttpResponseBase:
    """Show both values; the editor keeps what was typed, and now carries the newer version."""
    page = Page(request, current, field=editor)
    before = type(form)(initiative=current, today=page.today)
    row = page.row(editor.name)
    editor.conflict = page.conflict(row.label.lower(), _spelled(before), _spelled(form))
    renew(form, "version", current.version)
    return page.answer(status=409)


def _spelled(form: FieldForm) -> str:
    """Return what stands in a form's inputs, as one short text."""
    values = [str(field.value() or "") for field in form.inputs]
    text = ", ".join(value for value in values if value)
    if len(text) <= SHOWN_OF_A_TEXT:
        return text
    return f"{text[:SHOWN_OF_A_TEXT]}… ({count_words(len(text), 'character')})"


def _labels(request: HttpRequest, found: Initiative) -> HttpResponseBase:
    """Add a label by name, or remove one by its id."""
    if request.method != "POST":
        return Page(request, found).answer()
    remove = request.POST.get("label", "")
    if remove.isdecimal() and len(remove) < 19:
        saved = actions.relabel(by=request.user, pk=found.pk, remove=[int(remove)])
        return done(request, saved, "Label removed", "field-labels")
    form = LabelForm(request.POST)
    if not form.is_valid():
        return Page(request, found, label=form).answer(status=422)
    saved = actions.relabel(by=request.user, pk=found.pk, add=[form.cleaned_data["name"]])
    return done(request, saved, "Label added", "field-labels")
