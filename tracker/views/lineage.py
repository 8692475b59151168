"""Splits and merges of an initiative, on its page."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.views.decorators.http import require_http_methods

from tracker.access import HttpRequest, initiative_or_404, signed_in
from tracker.actions import lineage as actions
from tracker.actions.errors import Conflict
from tracker.domain.wording import count_words, pd_words
from tracker.forms.inputs import renew, show_refusal
from tracker.forms.lineage import MergeForm, SplitForm
from tracker.models import Initiative, Role
from tracker.views.initiative_page import Page, done
from tracker.views.initiative_parts import Open

FRAGMENT = "tracker/initiative_turn.html"
STALE = "Nothing was saved: somebody has changed it meanwhile. Look again, and send it anew."


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def initiative_split(request: HttpRequest, key: str) -> HttpResponseBase:
    """Ask for the parts of an initiative, or split it; or take the split back."""
    found = initiative_or_404(request.user, key, Role.MEMBER)
    if "undo" in request.POST:
        return _undo(request, found)
    page = Page(request, found, turn=Open("split", title=f"Split {found.key} into parts"))
    form = SplitForm(
        request.POST or None,
        initiative=found,
        remaining_mpd=actions.remaining_of(found, page.today),
    )

    def split() -> str:
        made = actions.split(
            by=request.user,
            pk=found.pk,
            version=form.cleaned_data["version"],
            parts=form.parts(),
            today=page.today,
            creation_key=UUID(str(form.cleaned_data["creation_key"])),
        )
        growth = form.growth()
        told = f", with {pd_words(growth)} of scope growth" if growth and growth > 0 else ""
        return f"{found.key} is split into {count_words(len(made), 'part')}{told}"

    return _answer(request, page, form, split)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def initiative_merge(request: HttpRequest, key: str) -> HttpResponseBase:
    """Ask which others go on in an initiative, or merge them; or take this one out again."""
    found = initiative_or_404(request.user, key, Role.MEMBER)
    if "undo" in request.POST:
        return _undo(request, found)
    page = Page(request, found, turn=Open("merge", title=f"Merge others into {found.key}"))
    form = MergeForm(request.POST or None, initiative=found, user=request.user)

    def merge() -> str:
        others = form.cleaned_data["keys"]
        actions.merge(
            by=request.user,
            pk=found.pk,
            version=form.cleaned_data["version"],
            others=others,
            today=page.today,
        )
        return f"{count_words(len(others), 'initiative').capitalize()} merged into {found.key}"

    return _answer(request, page, form, merge)


def _answer(
    request: HttpRequest, page: Page, form: SplitForm | MergeForm, write: Callable[[], str]
) -> HttpResponseBase:
    """Open the form; or write, and show the page, a refusal beside the form, or a conflict."""
    assert page.turn is not None  # noqa: S101 - both views give one
    page.turn.form = form
    if request.method != "POST":
        return page.answer(part="turn", fragment=FRAGMENT)
    if not form.is_valid():
        return page.answer(status=422)
    try:
        text = write()
    except Conflict as conflict:
        renew(form, "version", conflict.current.version)
        newer = Page(request, conflict.current, turn=replace(page.turn, notice=STALE))
        return newer.answer(status=409)
    except ValidationError as error:
        show_refusal(form, error)
        return page.answer(status=422)
    return done(request, _anew(page.initiative), text)


def _undo(request: HttpRequest, found: Initiative) -> HttpResponseBase:
    """Take back a split or a merge."""
    page = Page(request, found)
    try:
        saved = actions.undo(by=request.user, pk=found.pk, today=page.today)
    except ValidationError as error:
        notice = Open("line", notice=" ".join(error.messages), title="Nothing was taken back")
        return Page(request, found, turn=notice).answer(status=422)
    return done(request, saved, f"{saved.key} is as it was")


def _anew(initiative: Initiative) -> Initiative:
    found: Initiative = Initiative.every.select_related("team", "owner").get(pk=initiative.pk)
    return found
