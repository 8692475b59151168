"""Origins: the list of a plan's, and what a person says about one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from tracker.access import HttpRequest, initiative_or_404, signed_in, team_or_404
from tracker.actions import initiatives, overrides
from tracker.actions.errors import Conflict
from tracker.domain.origins import Derived
from tracker.forms.inputs import renew, show_refusal
from tracker.forms.origins import OverrideForm, TakeForm, WithdrawForm
from tracker.htmx import tell
from tracker.models import Cycle, Initiative, Role
from tracker.queries.origins import InCycle
from tracker.views.initiative_origins import OTHER
from tracker.views.initiative_page import Page, done
from tracker.views.initiative_parts import Open
from tracker.views.origins_page import OriginsPage

FRAGMENT = "tracker/initiative_origin.html"
CHANGED = "Nothing was saved: somebody has changed it meanwhile. It is shown as it stands now."


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def plan_origins(request: HttpRequest, slug: str, cycle: str) -> HttpResponseBase:
    """List where plan and people differ; POST declares what the plan says of one."""
    writes = request.method == "POST"
    team = request.team = team_or_404(request.user, slug, Role.MEMBER if writes else Role.VIEWER)
    found = get_object_or_404(Cycle, slug=cycle)
    page = OriginsPage(request, team, found)
    return _declare(request, page) if writes else page.answer()


def _declare(request: HttpRequest, page: OriginsPage) -> HttpResponseBase:
    """Declare of one initiative what the plan says."""
    item = request.POST.get("item", "")
    if not item.isdecimal() or len(item) > 18:
        return page.answer(status=422)
    initiative = get_object_or_404(
        Initiative.objects.select_related("team"), team=page.team, pk=item
    )
    row = page.row(initiative.pk)
    if row is None or not row.told.disagrees:
        return page.anew(CHANGED).answer(status=409)
    form = page.take_form(row, request.POST)
    try:
        saved = _take(request, initiative, row.told, form)
    except Conflict:
        return page.anew(CHANGED).answer(status=409)
    if saved is None:
        page.refused = form
        return page.answer(status=422)
    text = f"{saved.key} is declared {saved.origin} now"
    if not request.htmx:
        messages.success(request, f"{text}.")
        return redirect(page.url)
    return tell(page.anew().answer(), "announce", {"text": text})  # type: ignore[arg-type]


def _take(
    request: HttpRequest, initiative: Initiative, told: InCycle, form: TakeForm
) -> Initiative | None:
    """Declare what the plan says; None where the form has to be asked again."""
    if not form.is_valid():
        return None
    try:
        return initiatives.edit(
            by=request.user,
            pk=initiative.pk,
            version=form.cleaned_data["version"],
            changes=form.changes(),
            reason=f"By the plan of {told.cycle}",
        )
    except ValidationError as error:
        show_refusal(form, error)
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def initiative_origin(request: HttpRequest, key: str, cycle: str) -> HttpResponseBase:
    """Say why another origin counts than the plan's; or take the plan's word; or withdraw."""
    found = initiative_or_404(request.user, key, Role.MEMBER)
    editor = Open(cycle)
    page = Page(request, found, origin=editor)
    told = next((one for one in page.origins.told if one.cycle.slug == cycle), None)
    if told is None:
        raise Http404("The initiative has nothing to do with such a cycle.")
    if request.method == "POST" and "take" in request.POST:
        return _take_word(request, page, told)
    if request.method == "POST" and "withdraw" in request.POST:
        return _withdraw(request, page, told)
    if told.suggestion.origin == Derived.UNKNOWN:
        editor.notice = f"No lock opened {told.cycle}, so there is nothing to override."
        return page.answer(part="origins", fragment=FRAGMENT, status=409)
    data = request.POST if request.method == "POST" else None
    form = OverrideForm(data, origin=OTHER[told.suggestion.origin], override=told.override)
    editor.form = form
    if request.method != "POST":
        return page.answer(part="origins", fragment=FRAGMENT)
    return _override(request, page, told, form)


def _override(
    request: HttpRequest, page: Page, told: InCycle, form: OverrideForm
) -> HttpResponseBase:
    if not form.is_valid():
        return page.answer(status=422)
    pk = page.initiative.pk
    try:
        overrides.override(by=request.user, initiative_pk=pk, cycle=told.cycle, **form.words())
    except Conflict:
        return _show_conflict(request, page, told, form)
    except ValidationError as error:
        show_refusal(form, error)
        return page.answer(status=422)
    text = f"{page.initiative.key} counts as {form.cleaned_data['origin']} in {told.cycle}"
    return done(request, page.initiative, text, "origins")


def _show_conflict(
    request: HttpRequest, page: Page, told: InCycle, form: OverrideForm
) -> HttpResponseBase:
    """Show the newer word; what was typed can be sent again, over it."""
    newer = Page(request, page.initiative, origin=Open(told.cycle.slug, form))
    now = next((one for one in newer.origins.told if one.cycle == told.cycle), None)
    assert newer.origin is not None  # noqa: S101 - given just now
    newer.origin.notice = (
        "Nothing was saved: somebody else has spoken meanwhile. Their word is above."
    )
    renew(form, "seen", overrides.seen_of(now.override if now else None))
    return newer.answer(status=409)


def _withdraw(request: HttpRequest, page: Page, told: InCycle) -> HttpResponseBase:
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return Page(request, page.initiative).answer(status=422)
    seen, pk = form.cleaned_data["seen"], page.initiative.pk
    try:
        overrides.withdraw(by=request.user, initiative_pk=pk, cycle=told.cycle, seen=seen)
    except Conflict:
        notice = Open(f"take-{told.cycle.slug}", notice=CHANGED)
        return Page(request, page.initiative, origin=notice).answer(status=409)
    text = f"In {told.cycle} the plan's word counts for {page.initiative.key}"
    return done(request, page.initiative, text, "origins")


def _take_word(request: HttpRequest, page: Page, told: InCycle) -> HttpResponseBase:
    """Declare what the plan of the cycle says, from the initiative's own page."""
    name, known = f"take-{told.cycle.slug}", told.suggestion.origin != Derived.UNKNOWN
    if not known or told.tag.derived.value == told.tag.declared.value:
        notice = Open(name, notice=CHANGED)
        return Page(request, page.initiative, origin=notice).answer(status=409)
    form = page.origins.take_form(told, request.POST)
    try:
        saved = _take(request, page.initiative, told, form)
    except Conflict as conflict:
        notice = Open(name, notice=CHANGED)
        return Page(request, conflict.current, origin=notice).answer(status=409)
    if saved is None:
        return Page(request, page.initiative, origin=Open(name, form)).answer(status=422)
    return done(request, saved, f"{saved.key} is declared {saved.origin} now", "origins")
