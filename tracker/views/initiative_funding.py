"""What gives way for an initiative: named in one panel, corrected, taken back."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from tracker.access import HttpRequest, initiative_or_404, signed_in
from tracker.actions import funding as actions
from tracker.actions.errors import Conflict
from tracker.figures.funding import lacks_words
from tracker.forms.funding import EntryDeleteForm, FundingForm
from tracker.forms.inputs import focus_first, renew, show_refusal
from tracker.htmx import tell
from tracker.models import Funding, Initiative, Role
from tracker.queries.funding_entries import lack_of
from tracker.views.funding_parts import NEW, FundingSection, entry_form
from tracker.views.initiative_page import Page, done
from tracker.views.initiative_parts import Open

FRAGMENT = "tracker/initiative_funding.html"
LIVE = ("funding-sum", "funding-items")  # what is worked out anew while somebody types
ENTRY = "tracker/initiative_funding_entry.html"
NOTHING = "Nothing can be named: it does not count as opportunistic, or its team has no plan yet."


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def initiative_funding(request: HttpRequest, key: str) -> HttpResponseBase:
    """Ask what gives way, with a running sum of what was typed, or write it."""
    found = initiative_or_404(request.user, key, Role.MEMBER)
    page = Page(request, found)
    writes = request.method == "POST"
    data = request.POST if writes else request.GET
    typed = data if writes or _target(request) in LIVE else None
    form = page.funding.open(typed, data.get("q", "")[:100])
    if form is None:
        page.funding.editor = Open(NEW, notice=NOTHING)
        return page.answer(part="funding", fragment=FRAGMENT, status=422 if writes else 200)
    if not writes:
        return _ask(request, page)
    if not form.is_valid():
        focus_first(form)
        return page.answer(status=422)
    return _add(request, page, form)


def _target(request: HttpRequest) -> str:
    return (request.htmx.target or "").rpartition("#")[2]


def _ask(request: HttpRequest, page: Page) -> HttpResponseBase:
    """Show the panel, or the part of it that follows what is being typed."""
    target = _target(request)
    if target in LIVE:
        return page.answer(part=target, fragment=f"{FRAGMENT}#{target}")
    return page.answer(part="funding", fragment=FRAGMENT)


def _add(request: HttpRequest, page: Page, form: FundingForm) -> HttpResponseBase:
    try:
        actions.add(
            by=request.user,
            initiative_pk=page.initiative.pk,
            asks=list(form.asks()),
            on=form.cleaned_data["on"],
            today=page.today,
            note=form.cleaned_data["note"],
            creation_key=form.cleaned_data["creation_key"],
        )
    except ValidationError as error:
        show_refusal(form, error)
        focus_first(form)
        return page.answer(status=422)
    return _done(request, page)


def _done(request: HttpRequest, page: Page) -> HttpResponseBase:
    """Answer with the page as it stands, and say what is still lacking."""
    it = page.initiative
    state = FundingSection(it, page.today, can_edit=False).facts.ledger
    words = lacks_words(state.unfunded_mpd, state.excess_mpd)
    return done(request, it, f"{it.key}: {words[0].lower()}{words[1:]}", "funding")


def done_or_ask(request: HttpRequest, saved: Initiative, text: str) -> HttpResponseBase:
    """Answer a write that may have promised an opportunity: ask at once what gives way for it.

    Without script this is a page of its own; leaving it leaves the opportunity unfunded.
    """
    page = Page(request, saved)
    if lack_of(saved.pk, page.today) is None or page.funding.open() is None:
        return done(request, saved, text)
    if not request.htmx:
        messages.success(request, f"{text}.")
        return redirect(f"{page.funding.url}#funding")
    answer = page.answer()
    tell(answer, "announce", {"text": f"{text}. {page.funding.sum.words}"})  # type: ignore[arg-type]
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def initiative_funding_entry(request: HttpRequest, key: str, pk: int) -> HttpResponseBase:
    """Open the form of an entry, or correct it."""
    found = initiative_or_404(request.user, key, Role.MEMBER)
    entry = _entry_or_404(found, pk)
    page = Page(request, found)
    form = entry_form(entry, page.today, request.POST if request.method == "POST" else None)
    editor = page.funding.editor = Open(str(pk), form)
    if request.method != "POST":
        return page.answer(part=f"entry-{pk}", fragment=ENTRY, editor=editor, pk=pk)
    if not form.is_valid():
        focus_first(form)
        return page.answer(status=422)

    def change() -> None:
        actions.change(
            by=request.user,
            entry=entry,
            seen=form.cleaned_data["seen"],
            today=page.today,
            **form.values(),
        )

    return _write(request, page, editor, change)


@require_POST
@signed_in
def initiative_funding_delete(request: HttpRequest, key: str, pk: int) -> HttpResponseBase:
    """Take an entry back."""
    found = initiative_or_404(request.user, key, Role.MEMBER)
    entry = _entry_or_404(found, pk)
    page = Page(request, found)
    form = EntryDeleteForm(request.POST)
    editor = page.funding.editor = Open(str(pk), entry_form(entry, page.today))
    if not form.is_valid():
        return page.answer(status=422)

    def remove() -> None:
        actions.remove(by=request.user, entry=entry, seen=form.cleaned_data["seen"])

    return _write(request, page, editor, remove)


def _entry_or_404(found: Initiative, pk: int) -> Funding:
    rows = found.funding.select_related("plan__team", "plan__cycle", "opportunity__team")
    entry: Funding | None = rows.filter(pk=pk).first()
    if entry is None:
        raise Http404("There is no such entry. It may have been taken back.")
    return entry


def _write(
    request: HttpRequest, page: Page, editor: Open, write: Callable[[], None]
) -> HttpResponseBase:
    try:
        write()
    except Conflict as conflict:
        return _show_conflict(request, page, conflict, editor)
    except ValidationError as error:
        if editor.form and editor.form.is_bound:
            show_refusal(editor.form, error)
            focus_first(editor.form)
        return page.answer(status=422)
    return _done(request, page)


def _show_conflict(
    request: HttpRequest, page: Page, conflict: Conflict, editor: Open
) -> HttpResponseBase:
    """Say how the entry stands now; its form keeps what was typed and carries the newer state."""
    anew = Page(request, page.initiative)
    theirs = conflict.typed["entry"]
    anew.funding.editor = editor if theirs else None
    editor.notice = (
        f"Nothing was saved: somebody else set it to {theirs} meanwhile." if theirs else ""
    )
    if theirs and editor.form:
        current = _entry_or_404(page.initiative, int(editor.name))
        renew(editor.form, "seen", actions.seen_of(current))
    return anew.answer(status=409)
