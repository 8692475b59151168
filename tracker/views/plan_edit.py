"""Writes of a plan's draft: lead by lead, each answered with the plan as it then stands."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from tracker.access import HttpRequest, signed_in, team_or_404, today
from tracker.actions import plan_items, plans
from tracker.forms.plans import CapacityForm, ItemForm, NewItemForm
from tracker.htmx import render_page, tell
from tracker.models import Cycle, Plan, PlanItem, Role
from tracker.queries.plans import by_key, candidates, carried
from tracker.views.plans import TEMPLATE, plan_page, show_plan

MOVES = ("up", "down", "top", "bottom")


@require_POST
@signed_in
def plan_begin(request: HttpRequest, slug: str, cycle: str) -> HttpResponseBase:
    """Begin the plan of the team for the cycle."""
    team = request.team = team_or_404(request.user, slug, Role.LEAD)
    found = Cycle.objects.filter(slug=cycle).first()
    if found is None:
        raise Http404("There is no such cycle.")
    _, is_new = plans.begin(by=request.user, team=team, cycle=found)
    if is_new:
        messages.success(request, f"The plan for {found} is begun.")
    return redirect("plan_capacity", slug, cycle)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def plan_capacity(request: HttpRequest, slug: str, cycle: str) -> HttpResponseBase:
    """Say what the team can do, what it keeps back, and the band of the cycle."""
    plan = _plan(request, slug, cycle)
    months = plan.capacities()
    if request.method != "POST":
        return _capacity(request, plan, CapacityForm.of(plan, months))
    form = CapacityForm(request.POST, plan=plan, months=months)
    if not form.is_valid():
        return _capacity(request, plan, form, 422)
    try:
        form.save(request.user)
    except plans.StalePlan as stale:
        newest = CapacityForm.of(stale.plan, stale.plan.capacities())
        return _capacity(request, stale.plan, form, 409, newest=newest)
    messages.success(request, "Capacity and reserve are saved.")
    return redirect("plan", slug, cycle)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def plan_item_add(request: HttpRequest, slug: str, cycle: str) -> HttpResponseBase:
    """Find initiatives for the plan (GET), or add one, known or new (POST)."""
    plan = _plan(request, slug, cycle)
    if request.method != "POST":
        return _found(request, plan, request.GET.get("q", ""))
    text = " ".join(request.POST.get("q", "").split())
    try:
        added = _added(request, plan, text)
    except ValidationError as error:
        return _refused(request, slug, cycle, error, typed=text)
    what = added[0].initiative.key if added else "It"
    return _done(request, slug, cycle, f"{what} is in the plan." if added else "It was there.")


@require_POST
@signed_in
def plan_item_move(request: HttpRequest, slug: str, cycle: str) -> HttpResponseBase:
    """Rank an item elsewhere: "5 up", "5 top", or "5 9" for before item 9, "5 0" for last."""
    plan = _plan(request, slug, cycle)
    pk, _, to = request.POST.get("move", "").partition(" ")
    item = _item(plan, pk)
    try:
        if to in MOVES:
            plan_items.move(by=request.user, pk=item.pk, to=to)
        else:
            before = int(to) if to.isdecimal() and len(to) < 18 else 0
            plan_items.move(by=request.user, pk=item.pk, before=before or None)
    except ValidationError as error:
        return _refused(request, slug, cycle, error)
    return _done(request, slug, cycle, "")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def plan_item(request: HttpRequest, slug: str, cycle: str, pk: int) -> HttpResponseBase:
    """Say what an item is to bring, and whether it is kept below the line; readers read it."""
    reads = request.method != "POST"
    plan = _plan(request, slug, cycle, Role.VIEWER if reads else Role.LEAD)
    item = _item(plan, str(pk))
    if reads:
        may_edit = request.user.role_in(plan.team_id) >= Role.LEAD
        return _words(request, plan, ItemForm(instance=item), may_edit=may_edit)
    form = ItemForm(request.POST, instance=item)
    if not form.is_valid():
        return _words(request, plan, form, 422)
    try:
        form.store(request.user)
    except plans.StalePlan:
        item.refresh_from_db()
        return _words(request, plan, form, 409, newest=ItemForm(instance=item))
    messages.success(request, f"{item.initiative.key} is saved.")
    return redirect("plan", slug, cycle)


@require_POST
@signed_in
def plan_item_remove(request: HttpRequest, slug: str, cycle: str, pk: int) -> HttpResponseBase:
    """Take an item out of the draft."""
    item = _item(_plan(request, slug, cycle), str(pk))
    plan_items.remove(by=request.user, pk=item.pk)
    return _done(request, slug, cycle, f"{item.initiative.key} is out of the draft.")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def plan_carry(request: HttpRequest, slug: str, cycle: str) -> HttpResponseBase:
    """Offer what the last cycle left unfinished, and take over what is ticked."""
    plan = _plan(request, slug, cycle)
    name, offered = carried(plan)
    if request.method != "POST":
        context = {"team": plan.team, "cycle": plan.cycle, "former": name, "offered": offered}
        return render_page(request, "tracker/plan_carry.html", context)
    ticked = set(request.POST.getlist("item"))
    chosen = [entry.item for entry in offered if str(entry.item) in ticked]
    added = plan_items.add(by=request.user, plan_pk=plan.pk, initiative_ids=chosen)
    messages.success(
        request, f"{len(added)} carried over from {name}." if added else "Nothing was ticked."
    )
    return redirect("plan", slug, cycle)


def _plan(request: HttpRequest, slug: str, cycle: str, at_least: int = Role.LEAD) -> Plan:
    """Return a plan in whose team the person has a role; 404 where nobody has begun it."""
    team = request.team = team_or_404(request.user, slug, at_least)
    rows = Plan.objects.filter(team=team, cycle__slug=cycle).select_related("team", "cycle")
    plan: Plan | None = rows.first()
    if plan is None:
        raise Http404("Nobody has begun this plan.")
    plan.team = team
    return plan


def _item(plan: Plan, pk: str) -> PlanItem:
    rows = plan.items.select_related("initiative__team")
    item: PlanItem | None = rows.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 18 else None
    if item is None:
        raise Http404("This item is not in the plan any more.")
    item.plan = plan
    return item


def _added(request: HttpRequest, plan: Plan, text: str) -> list[PlanItem]:
    """Add what is meant: an initiative that was picked, one named by its key, or a new one."""
    picked = request.POST.get("initiative", "")
    known = int(picked) if picked.isdecimal() and len(picked) < 18 else by_key(plan, text)
    if known is not None:
        return plan_items.add(by=request.user, plan_pk=plan.pk, initiative_ids=[known])
    if not text:
        raise ValidationError("Type a title or a key.")
    form = NewItemForm(request.POST)
    if not form.is_valid():
        raise ValidationError([message for found in form.errors.values() for message in found])
    return plan_items.add_new(
        by=request.user, plan_pk=plan.pk, title=text, today=today(), **form.cleaned_data
    )


def _done(request: HttpRequest, slug: str, cycle: str, text: str) -> HttpResponseBase:
    """Answer a write: the plan for htmx, else the page anew."""
    if not request.htmx:
        if text:
            messages.success(request, text)
        return redirect("plan", slug, cycle)
    answer = show_plan(request, plan_page(request, slug, cycle))
    return tell(answer, "toast", {"text": text}) if text else answer


def _refused(
    request: HttpRequest, slug: str, cycle: str, error: ValidationError, typed: str = ""
) -> HttpResponseBase:
    page = plan_page(request, slug, cycle)
    page.refused, page.typed = error.messages, typed
    return show_plan(request, page, 422)


def _found(request: HttpRequest, plan: Plan, text: str) -> HttpResponseBase:
    typed = " ".join(text.split())[:200]
    found = candidates(plan, typed)
    if request.htmx and (request.htmx.target or "").endswith("plan-found"):
        # Each letter typed asks for this part, which shows nothing of the plan itself.
        part = {"page": {"typed": typed, "found": found}}
        return render_page(request, TEMPLATE, part, parts=("plan-found",))
    page = plan_page(request, plan.team.slug, plan.cycle.slug)
    page.typed, page.found = typed, found
    return show_plan(request, page)


def _capacity(
    request: HttpRequest, plan: Plan, form: CapacityForm, status: int = 200, **given: Any
) -> HttpResponse:
    context = {"team": plan.team, "cycle": plan.cycle, "form": form, "newest": None}
    return render_page(request, "tracker/plan_capacity.html", context | given, status=status)


def _words(
    request: HttpRequest, plan: Plan, form: ItemForm, status: int = 200, **given: Any
) -> HttpResponse:
    context: dict[str, Any] = {"team": plan.team, "cycle": plan.cycle, "form": form, "newest": None}
    context |= {"may_edit": True, "item": form.instance, "initiative": form.instance.initiative}
    return render_page(request, "tracker/plan_item.html", context | given, status=status)
