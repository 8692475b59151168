"""A team's settings and holidays, for its leads."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tracker.access import HttpRequest, signed_in, team_or_404, today
from tracker.actions import teams as actions
from tracker.domain.wording import day_words
from tracker.forms.teams import HolidayForm, SettingsForm
from tracker.htmx import render_page, tell
from tracker.models import Holiday, Role, Team
from tracker.queries.teams import LABELS, changes_of, holidays_of, setting_words

PARTS = ("team-settings", "team-holidays", "team-changes")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def team_settings(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Show and save name, band, working days and usual FTE."""
    team = request.team = team_or_404(request.user, slug, Role.LEAD)
    if request.method != "POST":
        return _page(request, team)
    form = SettingsForm(request.POST, team=team)
    if not form.is_valid():
        return _page(request, team, 422, form=form)
    try:
        saved = request.team = form.save(request.user)
    except actions.StaleSettings as stale:
        return _page(request, team, 409, form=form.against(stale), stale=_differences(stale, form))
    # A new name stands in the whole page, not only in the part.
    return _done(request, saved, "The settings are saved.", whole=saved.name != team.name)


@require_POST
@signed_in
def team_holiday_add(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Give the team a day off."""
    team = request.team = team_or_404(request.user, slug, Role.LEAD)
    form = HolidayForm(request.POST, team=team, today=today())
    if not form.is_valid():
        return _page(request, team, 422, holiday_form=form)
    holiday, is_new = form.save(request.user)
    if not is_new and holiday.name != form.cleaned_data["name"]:
        form.add_error("day", f"{day_words(holiday.day)} is in the list already.")
        return _page(request, team, 422, holiday_form=form)
    return _done(request, team, f"{day_words(holiday.day)} is a day off.")


@require_POST
@signed_in
def team_holiday_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """Make a day off a working day again."""
    team = request.team = team_or_404(request.user, slug, Role.LEAD)
    holiday = get_object_or_404(Holiday, pk=pk, team=team)
    try:
        actions.delete_holiday(by=request.user, holiday=holiday)
    except ValidationError as error:
        return _page(request, team, 422, refused=error.messages)
    return _done(request, team, f"{day_words(holiday.day)} is a working day again.")


def _done(request: HttpRequest, team: Team, text: str, *, whole: bool = False) -> HttpResponseBase:
    """Answer a write: the part that changed for htmx, else the page anew."""
    if request.htmx and not whole:
        response = tell(_page(request, team), "teamChanged")
        return tell(response, "toast", {"text": text})
    messages.success(request, text)
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": reverse("team_settings", args=[team.slug])})
    return redirect("team_settings", team.slug)


def _page(request: HttpRequest, team: Team, status: int = 200, **given: Any) -> HttpResponse:
    holidays, day = holidays_of(team), today()
    context = {
        "team": team,
        "form": SettingsForm.of(team),
        "holiday_form": HolidayForm(team=team, today=day),
        "coming": [one for one in reversed(holidays) if one.day >= day],
        "past": [one for one in holidays if one.day < day],
        "changes": changes_of(team),
        "widths": (
            team.band_upper - team.band_lower,
            team.band_derail - team.band_upper,
            1000 - team.band_derail,
        ),
        "stale": None,
    }
    return render_page(
        request, "tracker/team_settings.html", context | given, parts=PARTS, status=status
    )


def _differences(stale: actions.StaleSettings, form: SettingsForm) -> list[tuple[str, str, str]]:
    """Return label, what stands and what was typed, for each setting that clashes."""
    typed = form.changes()
    return [
        (label, setting_words(name, getattr(stale.current, name)), setting_words(name, typed[name]))
        for name, label in LABELS.items()
        if name in stale.fields
    ]
