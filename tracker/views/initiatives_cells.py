"""Rows of the table and their cells, edited in place."""

from copy import copy
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from tracker.access import HttpRequest, initiative_or_404, organisation, signed_in
from tracker.actions import initiatives as actions
from tracker.actions.errors import Conflict
from tracker.domain.lifecycle import Verb
from tracker.domain.wording import day_words
from tracker.domain.words import label_of
from tracker.forms.initiative_fields import FieldForm
from tracker.forms.initiatives_cells import CELL_FORMS, STATUS, StatusForm, dress
from tracker.forms.inputs import PersonField, focus_first, renew, show_refusal
from tracker.htmx import tell
from tracker.models import Initiative, Role, User
from tracker.queries.initiative import people_of
from tracker.views.funding_notice import MOVES, tell_lack
from tracker.views.initiative_page import Page
from tracker.views.initiative_parts import words_of
from tracker.views.initiatives_rows import row_for

LIST = "tracker/initiatives.html"
CELL = "tracker/initiative_cell.html"
# No change of these moves the origin that counts, so what was read with the initiative holds.
PLAIN = {"title", "estimate", "owner"}
LABELS = {
    "title": "title",
    "origin": "origin",
    "status": "status",
    "estimate": "estimate",
    "target": "target date",
    "owner": "owner",
}


@dataclass(slots=True)
class Cell:
    """A cell that stands open: its form, and what became of it."""

    initiative: Initiative
    field: str
    form: Form
    people: list[str]
    back: str
    conflict: dict[str, Any] | None = None

    @property
    def label(self) -> str:
        """Return the field in words."""
        return LABELS[self.field]

    @property
    def is_card(self) -> bool:
        """Tell whether the editor is larger than its cell, with buttons of its own."""
        return self.field in ("origin", STATUS)

    @property
    def form_id(self) -> str:
        """Return the id by which a button outside the form sends it."""
        return f"cell-i{self.initiative.pk}"

    @property
    def url(self) -> str:
        """Return where the form goes."""
        return reverse("initiative_cell", args=[self.initiative.key, self.field])


@require_safe
@signed_in
def initiative_row(request: HttpRequest, key: str) -> HttpResponseBase:
    """Show the row as it stands; without script, the page of the initiative."""
    found = initiative_or_404(request.user, key)
    return _row(request, found) if request.htmx else redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def initiative_cell(request: HttpRequest, key: str, field: str) -> HttpResponseBase:
    """Open the editor of a cell, or save what was typed in it."""
    found = initiative_or_404(request.user, key, Role.MEMBER)
    if field not in LABELS:
        raise Http404("The table has no such column.")
    request.team = found.team
    cell = _cell(request, found, field)
    if request.method != "POST":
        return _open(request, cell)
    if not cell.form.is_valid():
        return _open(request, cell, 422)
    try:
        saved = _save(request, cell)
    except Conflict as conflict:
        return _show_conflict(request, conflict.current, cell)
    except ValidationError as error:
        show_refusal(cell.form, error)
        return _open(request, cell, 422)
    return _saved(request, cell, saved)


def _cell(request: HttpRequest, found: Initiative, field: str) -> Cell:
    data = request.POST if request.method == "POST" else None
    today = organisation().today()
    people = _people(found) if field == "owner" else []
    form: Form
    if field == STATUS:
        segments = list(found.segments.all()) if data else ()
        form = StatusForm(data, initiative=found, today=today, segments=segments)
    else:
        form = CELL_FORMS[field](data, initiative=found, today=today, people=people)
    return Cell(found, field, form, PersonField.names_of(people), _back(request, found))


def _people(found: Initiative) -> list[User]:
    """Return who can own it; the present owner can keep it after leaving the team."""
    people, owner = people_of(found.team), found.owner
    return [*people, owner] if owner and owner not in people else people


def _back(request: HttpRequest, found: Initiative) -> str:
    """Return the list somebody without script came from: only ever an address of the list."""
    here = reverse("initiatives")
    given = request.POST.get("back", "")
    if not given:
        came = request.headers.get("Referer", "")
        _, host, path = came.partition(f"//{request.get_host()}")
        given = path if host else ""
    if given.partition("?")[0] == here and len(given) < 2000:
        return given.partition("#")[0]
    return f"{here}?{urlencode({'team': found.team.slug})}"


def _save(request: HttpRequest, cell: Cell) -> Initiative:
    form, found = cell.form, cell.initiative
    version = form.cleaned_data["version"]
    if isinstance(form, StatusForm):
        return actions.turn(
            by=request.user,
            pk=found.pk,
            version=version,
            verb=Verb(form.cleaned_data["verb"]),
            on=form.cleaned_data["on"],
            **form.given(),
        )
    assert isinstance(form, FieldForm)  # noqa: S101 - the other kind of editor
    return actions.edit(by=request.user, pk=found.pk, version=version, changes=form.changes())


def _open(request: HttpRequest, cell: Cell, status: int = 200) -> HttpResponseBase:
    """Show the editor in its cell, or on a page of its own."""
    focus_first(cell.form)
    template = CELL
    if request.htmx:
        dress(cell.form, cell.initiative.key)
        template += "#editor"
    answer = TemplateResponse(request, template, {"cell": cell}, status=status)
    answer["Vary"] = "HX-Request, HX-Target"
    if request.htmx and status != 200:
        answer["HX-Retarget"] = f"#i{cell.initiative.pk} [data-f={cell.field}]"
        answer["HX-Reswap"] = "innerHTML"
    return answer


def _show_conflict(request: HttpRequest, current: Initiative, cell: Cell) -> HttpResponseBase:
    """Show both values; the editor keeps what was typed, and now carries the newer version."""
    page = Page(request, current)
    mine = _yours(current, cell)
    strip = page.conflict(f"the {cell.label}", _words(current, cell.field), mine)
    strip["target"] = f"#i{current.pk}"
    strip["keep_url"] = reverse("initiative_row", args=[current.key])
    cell.initiative, cell.conflict = current, strip
    renew(cell.form, "version", current.version)
    return _open(request, cell, 409)


def _yours(current: Initiative, cell: Cell) -> str:
    """Return what was typed, in the words in which the table would show it."""
    if isinstance(cell.form, StatusForm):
        return str(cell.form.cleaned_data["verb"])
    assert isinstance(cell.form, FieldForm)  # noqa: S101 - the other kind of editor
    typed = copy(current)
    for name, value in cell.form.changes().items():
        setattr(typed, name, value)
    return _words(typed, cell.field)


def _words(it: Initiative, field: str) -> str:
    if field == "origin":
        words = (it.origin, it.need, it.trigger)
        return ", ".join(label_of(word) for word in words if word)
    if field == "target":
        return day_words(it.due_on)
    return it.status if field == STATUS else words_of(it, field, "")


def _saved(request: HttpRequest, cell: Cell, saved: Initiative) -> HttpResponseBase:
    text = f"{saved.key}: {cell.label} saved"
    if not request.htmx:
        messages.success(request, f"{text}.")
        if cell.field in MOVES:
            tell_lack(request, saved)
        return redirect(f"{cell.back}#i{saved.pk}")
    if cell.field in PLAIN:
        saved.is_shifted = cell.initiative.is_shifted  # type: ignore[attr-defined]
    answer = _row(request, saved)
    tell(answer, "initiativesChanged", {"target": "body"})
    tell(answer, "announce", {"target": "body", "text": text})
    if cell.field in MOVES:
        tell_lack(request, saved, answer)
    return answer


def _row(request: HttpRequest, found: Initiative) -> HttpResponse:
    row = row_for(found, request.user)
    answer = TemplateResponse(request, f"{LIST}#saved", {"row": row})
    answer["Vary"] = "HX-Request, HX-Target"
    return answer
