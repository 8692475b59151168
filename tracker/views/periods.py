"""Closed periods of a team: the list with what waits to be closed, and each as a report."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tracker.access import (
    HttpRequest,
    known_or_404,
    organisation,
    signed_in,
    team_or_404,
    today,
)
from tracker.actions import periods as actions
from tracker.domain.calendar import PeriodKind, period_from_slug
from tracker.domain.closing import CLOSED_KINDS
from tracker.domain.mix import Mix, Weight
from tracker.domain.question import PLURALS
from tracker.domain.wording import moment_words, percent
from tracker.domain.zone import Zone
from tracker.figures.report import Report, Stored
from tracker.figures.report import report as report_figure
from tracker.figures.report_sections import since_section
from tracker.figures.report_text import markdown
from tracker.figures.words import Unit
from tracker.htmx import render_page
from tracker.models import Organisation, PeriodClose, Role, Team
from tracker.queries.periods import OFFERED, ClosedRow, closes_of, open_periods, rows_of
from tracker.queries.record import restatement_of

ONE = timedelta(days=1)


@require_safe
@signed_in
def reports(request: HttpRequest, slug: str) -> HttpResponseBase:
    """List what a team has closed by kind, and what waits to be closed."""
    return _list(request, team_or_404(request.user, slug))


@require_POST
@signed_in
def period_close(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Close a period as reported."""
    team = team_or_404(request.user, slug, Role.LEAD)
    org = organisation()
    try:
        period = period_from_slug(request.POST.get("period", "").strip().lower(), org.fiscal)
        done = actions.close(by=request.user, team=team, period=period, closed_on=org.today())
    except ValueError as error:
        return _list(request, team, 422, refused=[str(error)])
    except ValidationError as error:
        return _list(request, team, 422, refused=error.messages)
    earlier = f", and {len(done) - 1} before it" if len(done) > 1 else ""
    told = f"{period.label} is closed{earlier}." if done else f"{period.label} was closed already."
    messages.success(request, told)
    where = reverse("report", args=[team.slug, period.slug])
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": where})
    return redirect(where)


def _list(
    request: HttpRequest, team: Team, status: int = 200, refused: Sequence[str] = ()
) -> HttpResponse:
    request.team = team
    org, day = organisation(), today()
    closes = closes_of(team)
    stamp = known_or_404(request.user, team.slug).stamp
    rows = rows_of(closes, stamp, org.fiscal, day + ONE)
    waiting = open_periods(team, closes, org.fiscal, day)
    kinds = [
        _kind(kind, [row for row in rows if row.close.kind == kind], waiting.get(kind, []))
        for kind in CLOSED_KINDS
    ]
    context = {
        "team": team,
        "kinds": [kind for kind in kinds if kind["closed"] or kind["waiting"] or kind["partial"]],
        "refused": refused,
        "may_close": request.user.role_in(team.pk) >= Role.LEAD,
        "restated": sum(row.is_restated for row in rows),
        "list_url": f"{reverse('initiatives')}?team={team.slug}",
    }
    return render_page(request, "tracker/reports.html", context, status=status)


def _kind(kind: PeriodKind, rows: list[ClosedRow], waiting: list[Any]) -> dict[str, Any]:
    unit = Unit(Weight.EFFORT, "")
    due = [row for row in waiting if row.due_on is not None]
    return {
        "kind": kind.value,
        "plural": PLURALS[kind].capitalize(),
        "waiting": due[:OFFERED],
        "more": max(0, len(due) - OFFERED),
        "partial": [row for row in waiting if row.due_on is None],
        "closed": [
            {
                "close": row.close,
                "share": percent(row.reported.share),
                "of": unit.of(row.reported) if row.reported.share is not None else "",
                "is_restated": row.is_restated,
                "now": percent(row.current.share),
            }
            for row in rows
        ],
    }


@require_safe
@signed_in
def report(request: HttpRequest, slug: str, period: str) -> HttpResponseBase:
    """Show one closed period, for print and for reading aloud."""
    team = request.team = team_or_404(request.user, slug)
    close = _close_or_404(team, period)
    context = {
        "team": team,
        "close": close,
        "report": _report(close, team, organisation()),
        "others": _neighbours(close),
    }
    return render_page(request, "tracker/report.html", context)


@require_safe
@signed_in
def report_markdown(request: HttpRequest, slug: str, period: str) -> HttpResponseBase:
    """Give a report as Markdown, to keep or to paste."""
    team = team_or_404(request.user, slug)
    close = _close_or_404(team, period)
    text = markdown(_report(close, team, organisation()))
    name = f"{team.slug}-{close.slug}.md"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/markdown; charset=utf-8", headers=headers)


def _close_or_404(team: Team, slug: str) -> PeriodClose:
    found: PeriodClose | None = PeriodClose.objects.filter(team=team, slug=slug).first()
    if found is None:
        raise Http404("No closed period of this team has this address.")
    return found


def _neighbours(close: PeriodClose) -> dict[str, PeriodClose | None]:
    """Return the closed periods of the kind before and after it."""
    rows = PeriodClose.objects.filter(team=close.team_id, kind=close.kind)
    before = rows.filter(starts_on__lt=close.starts_on).order_by("-starts_on").first()
    after = rows.filter(starts_on__gt=close.starts_on).order_by("starts_on").first()
    return {"before": before, "after": after}


def _report(close: PeriodClose, team: Team, org: Organisation) -> Report:
    def address(key: str) -> str:
        return reverse("initiative", args=[key])

    restated = restatement_of(close)
    since = since_section(
        close.label,
        restated.found,
        restated.words,
        close.closed_on,
        url=address,
        when=lambda moment: moment_words(moment, org.reporting_zone, org.today()),
    )
    stored = Stored(
        team=team.name,
        period=close.period,
        zone=Zone(close.zone),
        finding=close.finding,
        mix=Mix(close.opportunistic, close.planned, close.unclassified),
        assumed=close.assumed,
        figures=close.figures,
        report=close.report,
        rules=close.rules_held,
        closed_on=close.closed_on,
        closed_by=close.closed_by_name,
        definition=close.definition,
        calendar=close.calendar,
        inputs=close.inputs,
    )
    return report_figure(stored, org.currency, address, since)
