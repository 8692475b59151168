"""Writes of cycles, one at a time, so that two people can't make ones that overlap."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from tracker.actions import origins
from tracker.domain.wording import day_words
from tracker.models import Baseline, Cycle, Organisation, Team, TeamCounter, User

FIXED = ("starts_on", "ends_before", "grace_days")
RESERVED = {"add"}


def add(
    *, by: User, name: str, starts_on: date, ends_before: date, grace_days: int = 0
) -> tuple[Cycle, bool]:
    """Make a cycle and return it, and whether it is new.

    Sending the same twice makes one. Raises ValidationError where it shares a day or its name
    with another. ``by`` must have been let in already.
    """
    with transaction.atomic():
        _lock()
        cycle = Cycle(
            name=name, starts_on=starts_on, ends_before=ends_before, grace_days=grace_days
        )
        same = Cycle.objects.filter(
            name=name, starts_on=starts_on, ends_before=ends_before, grace_days=grace_days
        ).first()
        if same is not None:
            return same, False
        cycle.slug = _free_slug(name)
        _save(cycle, by)
    return cycle, True


def change(*, by: User, pk: int, changes: dict[str, Any]) -> Cycle:
    """Change a cycle and return it; where its days move, the origins of its plans follow.

    Raises ValidationError for days that another cycle has, and for any change of days or grace
    once a plan of it was locked: that would change origins behind people's backs.
    """
    with transaction.atomic():
        _lock()
        cycle: Cycle = Cycle.objects.select_for_update().get(pk=pk)
        moved = [
            name for name in FIXED if name in changes and changes[name] != cycle.__dict__[name]
        ]
        if moved and is_locked(cycle):
            raise ValidationError({moved[0]: LOCKED})
        for name, value in changes.items():
            setattr(cycle, name, value)
        _save(cycle, by)
        if moved:
            origins.refresh_cycle(cycle_id=cycle.pk)
    return cycle


LOCKED = "A plan of this cycle was locked, so its days and its grace stay as they are."


def delete(*, by: User, pk: int) -> None:
    """Delete a cycle that no team has a plan for; ValidationError otherwise."""
    with transaction.atomic():
        _lock()
        cycle: Cycle = Cycle.objects.select_for_update().get(pk=pk)
        if cycle.plans.exists():
            raise ValidationError("Teams have plans for this cycle, so it can't be deleted.")
        cycle._history_user = by
        cycle.delete()
        _tell()


def is_locked(cycle: Cycle) -> bool:
    """Tell whether a plan of the cycle was locked."""
    return bool(Baseline.objects.filter(plan__cycle_id=cycle.pk).exists())


def _lock() -> None:
    """Hold the organisation's row, so that writers of cycles come one after another."""
    Organisation.objects.select_for_update().get(pk=1)


def _save(cycle: Cycle, by: User) -> None:
    others = Cycle.objects.exclude(pk=cycle.pk)
    if others.filter(name__iexact=cycle.name).exists():
        raise ValidationError({"name": "There is a cycle of this name already."})
    if cycle.starts_on < cycle.ends_before:
        clash = others.between(cycle.starts_on, cycle.ends_before).order_by("starts_on").first()
        if clash is not None:
            days = f"{day_words(clash.starts_on)} to {day_words(clash.last_day)}"
            raise ValidationError(
                {"starts_on": f"{clash} has some of these days: {days}. Cycles can't overlap."}
            )
    cycle.full_clean()
    cycle._history_user = by
    cycle.save()
    _tell()


def _tell() -> None:
    """Move the stamps of all teams, since the plan of each names the cycles around it."""
    TeamCounter.bump(*Team.objects.values_list("pk", flat=True))


def _free_slug(name: str) -> str:
    base = slugify(name)[:40] or "cycle"
    taken = set(Cycle.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken | RESERVED:
        return base
    return next(slug for n in range(2, 10_000) if (slug := f"{base}-{n}") not in taken)
