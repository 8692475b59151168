"""Locks of a plan, and the comparison of any two of its states."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tracker.access import HttpRequest, known_or_404, signed_in, team_or_404, today
from tracker.actions.plans import StalePlan
from tracker.domain.baseline import BaselineKind
from tracker.figures.comparison import (
    comparison_rows,
    csv_rows,
    finding,
    opening_words,
    sum_rows,
    unchanged,
)
from tracker.figures.plan_timeline import Frame, timeline_figure
from tracker.forms.baselines import LockForm
from tracker.htmx import render_page
from tracker.models import Role
from tracker.queries.baselines import NOW, Compared, chain_of, compared
from tracker.queries.plans import PlanSheet
from tracker.transfer import csv_out
from tracker.views.kept_plan import show_kept
from tracker.views.plan_page import PlanPage, missing_words
from tracker.views.plans import plan_page

MARK = "KEY-1"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def plan_lock(request: HttpRequest, slug: str, cycle: str) -> HttpResponseBase:
    """Show what a lock would store and what it lacks; store it."""
    team_or_404(request.user, slug, Role.LEAD)
    sheet = _sheet(request, slug, cycle)
    if request.method != "POST":
        form = LockForm.of(sheet.plan, sheet.locks, today())
        return _lock_page(request, sheet, form)
    form = LockForm(request.POST, plan=sheet.plan, locks=sheet.locks)
    form.lacks = [*_lacks(sheet, request.POST.get("kind", "")), *_months(sheet)]
    if not form.is_valid() and not _was_locked(form, sheet):
        return _lock_page(request, sheet, form, 422)
    try:
        baseline = form.save(request.user, today()) if form.is_valid() else sheet.locks[-1]
    except StalePlan:
        newest = LockForm.of(sheet.plan, sheet.locks, today())
        return _lock_page(request, sheet, form, 409, newest=newest)
    if baseline is None:
        return _lock_page(request, sheet, form, 422)
    messages.success(request, f"{baseline.name} is locked. It stays as it is for good.")
    return redirect("plan", slug, cycle)


@require_safe
@signed_in
def plan_compare(request: HttpRequest, slug: str, cycle: str) -> HttpResponseBase:
    """Compare two locks of a plan, or one with how it stands now; as CSV where asked."""
    known = known_or_404(request.user, slug)
    if request.GET.get("format") == "csv":
        sheet = _sheet(request, slug, cycle)
        if not sheet.locks:
            raise Http404("Nothing has been locked yet.")
        return _csv(_compared(request, sheet), f"{slug}-{cycle}")
    asked = (cycle, request.GET.get("a", ""), request.GET.get("b", ""))
    return show_kept(
        request, known, "tracker/plan_compare.html", asked, lambda: _told(request, slug, cycle)
    )


def _told(request: HttpRequest, slug: str, cycle: str) -> dict[str, Any]:
    """Return the context of the comparison."""
    sheet = _sheet(request, slug, cycle)
    states = [(str(lock.number), lock.name) for lock in sheet.locks]
    context: dict[str, Any] = {"team": sheet.plan.team, "cycle": sheet.plan.cycle}
    context["states"] = [*states, (NOW, "now")]
    if not sheet.locks:
        return context
    found = _compared(request, sheet)
    return context | {
        "found": found,
        "finding": finding(found.old.name, found.new.name, found.comparison),
        "rows": comparison_rows(found.comparison, _url),
        "sums": sum_rows(found.old.snapshot, found.new.snapshot),
        "unchanged": unchanged(found.comparison, found.new.snapshot),
        "figure": timeline_figure(_frame(found, sheet)),
        "csv_url": f"?a={found.old.key}&b={found.new.key}&format=csv",
    }


def _sheet(request: HttpRequest, slug: str, cycle: str) -> PlanSheet:
    """Return the plan; 404 for strangers, and where nobody has begun it."""
    sheet = plan_page(request, slug, cycle).sheet
    if sheet.plan.pk is None:
        raise Http404("Nobody has begun this plan.")
    return sheet


def _lacks(sheet: PlanSheet, kind: str) -> list[tuple[Any, str]]:
    """Return the items above the line with what nobody has said about them yet."""
    found = []
    for item in sheet.items[: sheet.placed.line_at]:
        words = missing_words(item, with_approach=kind != BaselineKind.OP1)
        if item.initiative.estimate_mpd is None:
            words.insert(0, "estimate")
        if words:
            found.append((item, f"no {', no '.join(words)}"))
    return found


def _months(sheet: PlanSheet) -> list[str]:
    """Return the months of which nobody has said how many people there are."""
    return [one.month.label for one in sheet.months if one.fte_milli is None]


def _was_locked(form: LockForm, sheet: PlanSheet) -> bool:
    """Tell whether a second click came after the lock that the first one made."""
    number = form.cleaned_data.get("number")
    same = [one for one in sheet.locks if one.number == number]
    given = (form.data.get("kind"), form.data.get("reason", "").strip())
    return bool(same) and (same[0].kind, same[0].reason) == given


def _lock_page(
    request: HttpRequest, sheet: PlanSheet, form: LockForm, status: int = 200, **given: Any
) -> HttpResponse:
    kind = str(form["kind"].value() or "")
    plan = PlanPage(sheet, request.user, today())
    context = {"team": sheet.plan.team, "cycle": sheet.plan.cycle, "form": form, "page": plan}
    context |= {"lacks": _lacks(sheet, kind), "newest": None, "sheet": sheet}
    context |= {"below": len(sheet.placed.rows) - sheet.placed.line_at}
    chain = chain_of(sheet.locks, sheet.plan)
    opened = next((lock.baseline.name for lock in chain if lock.opened and not lock.late), "")
    context |= {"months": _months(sheet), "changes": _changes(sheet)}
    context["opens"] = opening_words(str(sheet.plan.cycle), sheet.plan.cycle.span, today(), opened)
    return render_page(request, "tracker/plan_lock.html", context | given, status=status)


def _changes(sheet: PlanSheet) -> str:
    """Return what the draft changes against the last lock, "" before the first."""
    if sheet.changes is None:
        return ""
    return finding(sheet.locks[-1].name, NOW, sheet.changes)


def _compared(request: HttpRequest, sheet: PlanSheet) -> Compared:
    last = sheet.locks[-1].number
    old = request.GET.get("a") or str(last)
    new = request.GET.get("b") or NOW
    try:
        return compared(sheet, old, new)
    except LookupError as error:
        raise Http404(str(error)) from error


def _frame(found: Compared, sheet: PlanSheet) -> Frame:
    return Frame(
        old=found.old.snapshot,
        new=found.new.snapshot,
        old_name=found.old.name,
        new_name=found.new.name,
        cycle=sheet.plan.cycle.span,
        locks=[(lock.name, lock.locked_on) for lock in sheet.locks],
        today=today(),
        origins=found.origins,
        url=_url,
    )


def _csv(found: Compared, name: str) -> StreamingHttpResponse:
    lines = csv_out.lines(csv_rows(found.old.name, found.new.name, found.comparison))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    file = f"{name}-{found.old.key}-{found.new.key}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer


def _url(key: str) -> str:
    before, _, after = reverse("initiative", args=[MARK]).partition(MARK)
    return f"{before}{key}{after}"
