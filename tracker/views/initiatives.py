"""The list of initiatives, and logging one in a line."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tracker.access import HttpRequest, organisation, signed_in, team_or_404
from tracker.actions import initiatives as actions
from tracker.forms.initiatives import LogForm
from tracker.forms.inputs import PersonField, focus_first, show_refusal
from tracker.htmx import render_page, tell
from tracker.models import Initiative, Role, Team
from tracker.queries.initiative import people_of
from tracker.queries.initiatives import scope
from tracker.queries.initiatives_page import typed_in
from tracker.queries.teams import as_team, known_teams
from tracker.views.funding_notice import tell_lack
from tracker.views.initiatives_page import ListPage, loggable, quick, with_me
from tracker.views.initiatives_rows import row_for

QUICK = "tracker/initiatives.html#quick"
ADD = "tracker/initiative_add.html"


@require_safe
@signed_in
def initiatives(request: HttpRequest) -> HttpResponseBase:
    """Show the initiatives that match the address, fifty at a time."""
    page = ListPage(request)
    answer = page.answer()
    if request.htmx and request.htmx.target:
        # A search as one types replaces the address; a filter or another page is a step back to.
        source = request.headers.get("HX-Source", "")
        header = "HX-Replace-Url" if source.startswith("form#search") else "HX-Push-Url"
        if request.htmx.target.endswith("rows"):
            answer[header] = page.url(page.listing)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def initiative_add(request: HttpRequest) -> HttpResponseBase:
    """Ask for a new initiative on a page of its own, or log it."""
    known = known_teams(request.user)
    if request.method == "POST":
        return _log(request)
    slug = request.GET.get("team", "")
    teams = _writable(request, slug)
    if slug:
        request.team = as_team(scope(known, slug)[0])
    people = with_me(request.user, typed_in([team for team in known if team.pk in teams]).people)
    offered = loggable(scope(known, slug), request.user)
    title = request.GET.get("title", "")
    form = LogForm(me=request.user, teams=offered, people=people, title=title)
    return _add_page(request, form, 200)


def _writable(request: HttpRequest, slug: str) -> set[int]:
    """Return the ids of the teams, or of this one and those below, that take new initiatives."""
    user = request.user
    teams = scope(known_teams(user), slug)
    if not teams:
        raise Http404("No team of yours has this address.")
    found = {team.pk for team in teams if user.role_in(team.pk) >= Role.MEMBER}
    if not found:
        raise PermissionDenied("Your role in this team does not allow this.")
    return found


def _add_page(request: HttpRequest, form: LogForm, status: int) -> HttpResponseBase:
    focus_first(form)
    owner = form.fields["owner"]
    people = PersonField.names_of(owner.people) if isinstance(owner, PersonField) else []
    context = {"form": form, "people": people}
    return render_page(request, ADD, context, status=status)


def _log(request: HttpRequest) -> HttpResponseBase:
    team = request.team = team_or_404(request.user, request.POST.get("team", ""), Role.MEMBER)
    form = _bound(request, team)
    if not form.is_valid():
        return _refuse(request, form)
    today = organisation().today()
    try:
        saved, is_new = actions.log(by=request.user, team=team, **form.values(today))
    except ValidationError as error:
        show_refusal(form, error)
        return _refuse(request, form)
    return _logged(request, form, saved, is_new)


def _bound(request: HttpRequest, team: Team) -> LogForm:
    """Return the form as it was sent, with the teams that its list offered."""
    offered = {each.pk: each for each in _offered(request)}
    teams = list({**offered, team.pk: team}.values())
    people = with_me(request.user, people_of(team))
    return LogForm(request.POST, me=request.user, teams=teams, people=people)


def _offered(request: HttpRequest) -> list[Team]:
    known = known_teams(request.user)
    return loggable(scope(known, request.POST.get("list", "")), request.user)


def _refuse(request: HttpRequest, form: LogForm) -> HttpResponseBase:
    """Show the form again with what was typed and what is wrong with it."""
    if not request.htmx:
        return _add_page(request, form, 422)
    focus_first(form)
    quick(form)
    context = {"form": form, "team_slug": request.POST.get("list", "")}
    answer = render_page(request, QUICK, context, status=422)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#quick", "outerHTML"
    return answer


def _logged(
    request: HttpRequest, form: LogForm, saved: Initiative, is_new: bool
) -> HttpResponseBase:
    """Put the row on top and empty the title for the next one."""
    text = f"{saved.key} logged" if is_new else f"{saved.key} had been logged already"
    if not request.htmx:
        messages.success(request, f"{text}: {saved.title}")
        tell_lack(request, saved)
        return redirect(f"{reverse('initiatives')}?team={saved.team.slug}#i{saved.pk}")
    owner = form.fields["owner"]
    people = owner.people if isinstance(owner, PersonField) else ()
    fresh = LogForm(me=request.user, teams=list(form.teams.values()), people=people)
    fresh.initial["team"] = saved.team.slug
    focus_first(fresh)
    quick(fresh)
    row = row_for(saved, request.user)
    context = {
        "form": fresh,
        "team_slug": request.POST.get("list", ""),
        "row": row,
        "is_new": is_new,
    }
    answer = render_page(request, "tracker/initiatives.html#logged", context)
    tell(answer, "initiativesChanged", {"target": "body"})
    tell(answer, "announce", {"target": "body", "text": text})
    tell_lack(request, saved, answer)
    return answer
