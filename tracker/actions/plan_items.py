"""Writes of what a plan's draft ranks: add, move, hold, say, remove; see ``plans`` for its lock."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Min

from tracker.actions import initiatives
from tracker.actions.plans import StalePlan, locked, touch
from tracker.domain.lifecycle import Status
from tracker.domain.mix import Origin
from tracker.models import Initiative, PlanItem, User

GAP = 1024
WORDS = ("outcome", "measured_by", "approach")
MOST_ITEMS = 2000


def add(*, by: User, plan_pk: int, initiative_ids: Collection[int]) -> list[PlanItem]:
    """Rank initiatives last, in the order given, and return the items that are new.

    One that the plan has already stays where it is. Raises ValidationError for initiatives of
    other teams, and where the plan would have more than 2,000 items.
    """
    with transaction.atomic():
        plan = locked(plan_pk)
        has = set(plan.items.values_list("initiative_id", flat=True))
        wanted = [pk for pk in dict.fromkeys(initiative_ids) if pk not in has]
        rows = Initiative.objects.filter(pk__in=wanted, team__path__startswith=plan.team.path)
        found = rows.select_related("team").in_bulk()
        if len(found) < len(wanted):
            raise ValidationError(f"A plan ranks initiatives of {plan.team} only.")
        if len(has) + len(wanted) > MOST_ITEMS:
            raise ValidationError(f"A plan holds at most {MOST_ITEMS:,} items.")
        last = plan.items.aggregate(last=Max("position"))["last"] or 0
        items = []
        for number, pk in enumerate(wanted, 1):
            item = PlanItem(plan=plan, initiative=found[pk], position=last + number * GAP)
            item._history_user = by
            item.save()
            items.append(item)
        if items:
            touch(plan, by, f"Added {', '.join(item.initiative.key for item in items)}"[:500])
    return items


def add_new(
    *,
    by: User,
    plan_pk: int,
    title: str,
    estimate_mpd: int | None,
    today: date,
    creation_key: UUID | None = None,
) -> list[PlanItem]:
    """Log a proposed, planned initiative of the plan's team and rank it last, both or neither."""
    with transaction.atomic():
        plan = locked(plan_pk)
        made, _ = initiatives.log(
            by=by,
            team=plan.team,
            today=today,
            status=Status.PROPOSED,
            creation_key=creation_key,
            title=title,
            origin=Origin.PLANNED.value,
            estimate_mpd=estimate_mpd,
        )
        return add(by=by, plan_pk=plan_pk, initiative_ids=[made.pk])


def move(*, by: User, pk: int, to: str = "", before: int | None = None) -> PlanItem:
    """Rank an item elsewhere and return it.

    ``to`` is up, down, top or bottom; without it the item goes right before the item
    ``before``, and last where that is None. Raises ValidationError for an item of another plan.
    """
    with transaction.atomic():
        item = _locked_item(pk)
        others = list(
            item.plan.items.filter(held_below=item.held_below)
            .exclude(pk=item.pk)
            .order_by("position", "pk")
        )
        place = _place(item, others, to, before)
        if place != sum(_rank(other) < _rank(item) for other in others):
            _put(item, others, place, by)
            touch(item.plan, by, f"Ranked {item.initiative.key}")
    return item


def _rank(item: PlanItem) -> tuple[int, int]:
    return item.position, item.pk


def _place(item: PlanItem, others: list[PlanItem], to: str, before: int | None) -> int:
    """Return before which of the others the item is to stand, their number for the end."""
    here = sum(_rank(other) < _rank(item) for other in others)
    steps = {"up": max(0, here - 1), "down": here + 1, "top": 0, "bottom": len(others)}
    if to:
        return min(steps[to], len(others))
    if before is None:
        return len(others)
    found = [index for index, other in enumerate(others) if other.pk == before]
    if found:
        return found[0]
    if not item.plan.items.filter(pk=before).exists():
        raise ValidationError("That place is gone: somebody moved or removed it. Look again.")
    # Ranked items stand before those that are held, so the nearest place is its group's edge.
    return 0 if item.held_below else len(others)


def _put(item: PlanItem, others: list[PlanItem], place: int, by: User) -> None:
    """Give the item a position between its new neighbours, making room where there is none."""
    low = others[place - 1].position if place else None
    high = others[place].position if place < len(others) else None
    if low is not None and high is not None and high - low < 2:
        for number, other in enumerate(others, 1):
            if other.position != number * 2 * GAP:
                other.position, other._history_user = number * 2 * GAP, by
                other.save()
        low, high = place * 2 * GAP, (place + 1) * 2 * GAP
    if low is None:
        item.position = (high or GAP) - GAP
    else:
        item.position = low + GAP if high is None else (low + high) // 2
    item._history_user = by
    item.save()


def hold(*, by: User, pk: int, held: bool) -> PlanItem:
    """Keep an item below the line by choice, or let its rank decide again; return it."""
    with transaction.atomic():
        item = _locked_item(pk)
        if item.held_below != held:
            item.held_below = held
            bounds = item.plan.items.filter(held_below=held).exclude(pk=pk)
            first, last = bounds.aggregate(a=Min("position"), b=Max("position")).values()
            edge = (first if held else last) or 0
            item.position = edge - GAP if held else edge + GAP
            item._history_user = by
            item.save()
            way = "Kept below the line" if held else "Ranked again"
            touch(item.plan, by, f"{way}: {item.initiative.key}")
    return item


def say(*, by: User, pk: int, seen: Mapping[str, str], words: Mapping[str, str]) -> PlanItem:
    """Set an item's outcome, how it is measured or how it is done, and return the item.

    Raises StalePlan where one of them is no longer what was ``seen`` nor what is now typed.
    """
    unknown = set(words) - set(WORDS)
    if unknown:
        raise ValueError(f"not words of an item: {sorted(unknown)}")
    with transaction.atomic():
        item = _locked_item(pk)
        for name, text in words.items():
            stands = getattr(item, name)
            if stands not in (seen.get(name, ""), text):
                raise StalePlan(item.plan)
            setattr(item, name, text)
        item.full_clean(exclude=["plan", "initiative"])
        item._history_user = by
        item.save()
        touch(item.plan, by, f"Words of {item.initiative.key}")
    return item


def remove(*, by: User, pk: int) -> PlanItem:
    """Take an item out of the draft; what was locked keeps it. Return it as it was."""
    with transaction.atomic():
        item = _locked_item(pk)
        item._history_user = by
        item.delete()
        touch(item.plan, by, f"Removed {item.initiative.key}")
    return item


def _locked_item(pk: int) -> PlanItem:
    """Return an item with its plan locked; PlanItem.DoesNotExist where it is gone."""
    plan = locked(PlanItem.objects.values_list("plan_id", flat=True).get(pk=pk))
    item: PlanItem = PlanItem.objects.select_related("initiative__team").get(pk=pk)
    item.plan = plan
    return item
