"""Work segments on the page of an initiative: add, correct, take back."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST

from tracker.access import HttpRequest, initiative_or_404, signed_in
from tracker.actions import segments as actions
from tracker.actions.errors import Conflict
from tracker.domain.wording import segment_words
from tracker.forms.inputs import renew, show_refusal
from tracker.forms.segments import SegmentDeleteForm, SegmentForm
from tracker.models import Initiative, Role, WorkSegment
from tracker.views.initiative_page import Page, done
from tracker.views.initiative_parts import Open

FRAGMENT = "tracker/initiative_segment.html"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def initiative_segment_add(request: HttpRequest, key: str) -> HttpResponseBase:
    """Open the form of a segment to log, or log it."""
    found = initiative_or_404(request.user, key, Role.MEMBER)
    form = _form(request, found, None)
    editor = Open("new", form)
    page = Page(request, found, segment=editor)
    if request.method != "POST":
        return page.answer(part="segment-new", fragment=FRAGMENT, editor=editor)
    if not form.is_valid():
        return page.answer(status=422)

    def add() -> Initiative:
        return actions.add(
            by=request.user,
            initiative_pk=found.pk,
            reason=form.cleaned_data["why"],
            **form.values(),
        )

    return _write(request, page, editor, add, "Segment logged")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def initiative_segment(request: HttpRequest, key: str, pk: int) -> HttpResponseBase:
    """Open the form of a segment, or correct it."""
    found = initiative_or_404(request.user, key, Role.MEMBER)
    segment = _segment_or_404(found, pk)
    form = _form(request, found, segment)
    editor = Open(str(pk), form)
    page = Page(request, found, segment=editor)
    if request.method != "POST":
        return page.answer(part=f"segment-{pk}", fragment=FRAGMENT, editor=editor, pk=pk)
    if not form.is_valid():
        return page.answer(status=422)

    def change() -> Initiative:
        return actions.change(
            by=request.user,
            segment=segment,
            seen=form.cleaned_data["seen"],
            reason=form.cleaned_data["why"],
            **form.values(),
        )

    return _write(request, page, editor, change, "Segment saved")


@require_POST
@signed_in
def initiative_segment_delete(request: HttpRequest, key: str, pk: int) -> HttpResponseBase:
    """Take a segment back."""
    found = initiative_or_404(request.user, key, Role.MEMBER)
    segment = _segment_or_404(found, pk)
    form = SegmentDeleteForm(request.POST)
    editor = Open(str(pk), _form(request, found, segment, unbound=True))
    page = Page(request, found, segment=editor)
    if not form.is_valid():
        return page.answer(status=422)

    def remove() -> Initiative:
        return actions.remove(by=request.user, segment=segment, seen=form.cleaned_data["seen"])

    return _write(request, page, editor, remove, "Segment taken back")


def _segment_or_404(found: Initiative, pk: int) -> WorkSegment:
    segment: WorkSegment | None = found.segments.filter(pk=pk).first()
    if segment is None:
        raise Http404("There is no such segment. It may have been taken back.")
    return segment


def _form(
    request: HttpRequest, found: Initiative, segment: WorkSegment | None, *, unbound: bool = False
) -> SegmentForm:
    return SegmentForm(
        None if unbound or request.method != "POST" else request.POST,
        today=Page(request, found).today,
        segment=segment,
        usual_fte=found.team.default_fte_milli,
    )


def _write(
    request: HttpRequest,
    page: Page,
    editor: Open,
    write: Callable[[], Initiative],
    text: str,
) -> HttpResponseBase:
    try:
        return done(request, write(), text, "work")
    except Conflict as conflict:
        return _show_conflict(request, conflict, editor)
    except ValidationError as error:
        if editor.form and editor.form.is_bound and editor.form.is_valid():
            show_refusal(editor.form, error)
        else:
            editor.notice = " ".join(error.messages)
        return page.answer(status=422)


def _show_conflict(request: HttpRequest, conflict: Conflict, editor: Open) -> HttpResponseBase:
    """Show how the segment stands now beside what was typed."""
    page = Page(request, conflict.current, segment=editor)
    theirs, form = conflict.typed["segment"], editor.form
    if theirs is None or not isinstance(form, SegmentForm) or not form.is_bound:
        editor.notice = "Somebody else has changed this segment. It is shown as it stands now."
        page.segment = editor if theirs else None
        return page.answer(status=409)
    current = _segment_or_404(conflict.current, int(editor.name))
    values = form.values()
    yours = segment_words(values["starts_on"], values["ends_before"], values["fte_milli"])
    editor.conflict = page.conflict("the segment", theirs, yours)
    renew(form, "seen", actions.seen_of(current))
    return page.answer(status=409)
