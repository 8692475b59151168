"""Status verbs of an initiative, and its move to another team."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from tracker.access import HttpRequest, initiative_or_404, signed_in
from tracker.actions import initiatives as actions
from tracker.actions.errors import Conflict
from tracker.domain.capacity import frozen_fte
from tracker.domain.lifecycle import Status, Verb, allowed_verbs, refusal
from tracker.domain.wording import day_words, fte_words
from tracker.forms.inputs import renew, show_refusal
from tracker.forms.lifecycle import MoveForm, TurnForm
from tracker.models import Initiative, Role
from tracker.queries.initiative import teams_to_move_to
from tracker.views.initiative_funding import done_or_ask
from tracker.views.initiative_page import Page, done
from tracker.views.initiative_parts import Open

FRAGMENT = "tracker/initiative_turn.html"
PROMISES = (Verb.COMMIT, Verb.START, Verb.REOPEN)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def initiative_turn(request: HttpRequest, key: str, verb: str) -> HttpResponseBase:
    """Ask as of which day the status changes, or change it."""
    found = initiative_or_404(request.user, key, Role.MEMBER)
    if verb not in set(Verb):
        raise Http404("There is no such verb.")
    turn = Open(verb)
    page = Page(request, found, turn=turn)
    if Verb(verb) not in allowed_verbs(Status(found.status)):
        return _too_late(page, turn)
    form = _form(request, page, Verb(verb))
    turn.form = form
    if request.method != "POST":
        return page.answer(part="turn", fragment=FRAGMENT)
    if not form.is_valid():
        return page.answer(status=422)
    return _turn(request, page, form, turn)


def _form(request: HttpRequest, page: Page, verb: Verb) -> TurnForm:
    found = page.initiative
    return TurnForm(
        request.POST if request.method == "POST" else None,
        initiative=found,
        verb=verb,
        today=page.today,
        segments=[row.segment for row in page.sheet.segments],
        worked_mpd=page.sheet.worked_mpd or None,
        usual_fte=_usual_fte(page, verb),
    )


def _usual_fte(page: Page, verb: Verb) -> str:
    """Say which FTE is taken where none is typed."""
    found, segments = page.initiative, page.sheet.segments
    if verb == Verb.RESUME and segments:
        return f"{segments[-1].fte_words}, as before"
    fte, assumed = frozen_fte(
        found.estimate_mpd,
        page.today,
        found.due_on,
        found.team.calendar,
        found.team.default_fte_milli,
    )
    return f"{fte_words(fte)}, {'the usual of the team' if assumed else 'by estimate and target'}"


def _turn(request: HttpRequest, page: Page, form: TurnForm, turn: Open) -> HttpResponseBase:
    try:
        saved = actions.turn(
            by=request.user,
            pk=page.initiative.pk,
            version=form.cleaned_data["version"],
            verb=form.verb,
            on=form.cleaned_data["on"],
            reason=form.cleaned_data["why"],
            **form.given(),
        )
    except Conflict as conflict:
        return _show_conflict(request, conflict.current, turn)
    except ValidationError as error:
        show_refusal(form, error)
        return page.answer(status=422)
    text = f"{saved.key} is {saved.status} as of {day_words(form.cleaned_data['on'])}"
    return (
        done_or_ask(request, saved, text) if form.verb in PROMISES else done(request, saved, text)
    )


def _show_conflict(request: HttpRequest, current: Initiative, turn: Open) -> HttpResponseBase:
    """Say what the status has become; where the verb still fits, the form can be sent again."""
    page, verb = Page(request, current, turn=turn), Verb(turn.name)
    turn.form = None
    if verb not in allowed_verbs(Status(current.status)):
        return _too_late(page, turn)
    turn.notice = (
        f"Nothing was saved yet: {page.last_change}; it is {current.status} now. You can still "
        f"{verb.value} it."
    )
    turn.form = _form(request, page, verb)
    renew(turn.form, "version", current.version)
    return page.answer(status=409)


def _too_late(page: Page, turn: Open) -> HttpResponseBase:
    """Say what stands where a verb no longer fits; the page offers what can be done instead.

    A link that was followed is answered with all of the page, whose other buttons are stale.
    """
    found = page.initiative
    turn.title = refusal(found.key, Status(found.status), Verb(turn.name))
    nothing = "Nothing was saved. " if page.request.method == "POST" else ""
    turn.notice = f"{nothing}{page.last_change}."
    answer = page.answer(status=409, aimed=False)
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#initiative", "outerMorph"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def initiative_move(request: HttpRequest, key: str) -> HttpResponseBase:
    """Give the initiative to another team in which the person may log work."""
    found = initiative_or_404(request.user, key, Role.MEMBER)
    turn = Open("move")
    page = Page(request, found, turn=turn)
    teams = teams_to_move_to(found, request.user)
    if not teams:
        raise PermissionDenied("There is no other team in which you may log work.")
    form = MoveForm(request.POST or None, initiative=found, teams=teams)
    turn.form = form
    if request.method != "POST":
        return page.answer(part="turn", fragment=FRAGMENT)
    if not form.is_valid():
        return page.answer(status=422)
    return _move(request, page, form, turn)


def _move(request: HttpRequest, page: Page, form: MoveForm, turn: Open) -> HttpResponseBase:
    data = form.cleaned_data
    pk = page.initiative.pk
    try:
        saved = actions.move(by=request.user, pk=pk, version=data["version"], team=data["team"])
    except Conflict as conflict:
        turn.notice = f"Nothing was saved: it belongs to {conflict.current.team} now."
        turn.form = None
        return Page(request, conflict.current, turn=turn).answer(status=409)
    except ValidationError as error:
        show_refusal(form, error)
        return page.answer(status=422)
    # Its key has changed, so the address has to change as well.
    return redirect(saved)
