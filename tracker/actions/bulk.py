"""Writes of many initiatives at once, each with its history."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from tracker.actions.initiatives import labels_named
from tracker.domain.lifecycle import TRANSITIONS, Verb
from tracker.models import Initiative, TeamCounter, User
from tracker.models.initiatives import InitiativeQuerySet

BATCH = 500
COLUMNS = ["origin", "need", "trigger", "owner", "due_on", "deleted_at", "version", "updated_at"]


def edit_many(
    *, by: User, rows: InitiativeQuerySet, changes: dict[str, Any], reason: str = ""
) -> list[int]:
    """Set the same fields on many initiatives and return their ids; all or nothing.

    ``changes`` takes origin (with need and trigger), owner, due_on and deleted_at.
    """
    with transaction.atomic():
        found = list(rows.select_for_update(of=("self",)).order_by("pk"))
        now = timezone.now()
        for initiative in found:
            _apply(initiative, changes)
            initiative.version += 1
            initiative.updated_at = now
        if found:
            bulk_update_with_history(
                found,
                Initiative,
                COLUMNS,
                batch_size=BATCH,
                default_user=by,
                default_change_reason=reason or "Bulk edit",
                manager=Initiative.every,
            )
            TeamCounter.bump(*{initiative.team_id for initiative in found})
    return [initiative.pk for initiative in found]


def _apply(initiative: Initiative, changes: dict[str, Any]) -> None:
    changes = dict(changes)
    if "origin" in changes:
        initiative.classify(
            changes.pop("origin"), changes.pop("need", ""), changes.pop("trigger", "")
        )
    for field, value in changes.items():
        setattr(initiative, field, value)
    initiative.clean()


def turn_many(*, by: User, rows: InitiativeQuerySet, verb: Verb, on: date) -> tuple[list[int], int]:
    """Apply a verb to those that allow it; return their ids and how many were left as they are.

    A row is left where its status does not allow the verb, or its logged work not the day.
    """
    done, left = [], 0
    with transaction.atomic():
        for initiative in rows.select_for_update(of=("self",)).select_related("team"):
            if initiative.status in TRANSITIONS[verb][0] and _turned(initiative, verb, on):
                done.append(initiative)
            else:
                left += 1
        TeamCounter.bump(*{initiative.team_id for initiative in done})
    return [initiative.pk for initiative in done], left


def _turned(initiative: Initiative, verb: Verb, on: date) -> bool:
    """Apply a verb to one row and tell whether it took it; a refusal leaves nothing behind."""
    try:
        with transaction.atomic():
            getattr(initiative, verb.value)(on=on)
            initiative.version += 1
            initiative.clean()
            initiative.save()
    except ValidationError:
        return False
    return True


def label_many(*, by: User, rows: InitiativeQuerySet, add: list[str]) -> list[int]:
    """Add labels to many initiatives, made in each one's team where missing."""
    with transaction.atomic():
        found = list(rows.select_for_update(of=("self",)))
        made = {team: labels_named(team, add) for team in {row.team_id for row in found}}
        for initiative in found:
            initiative.labels.add(*made[initiative.team_id])
        TeamCounter.bump(*made)
    return [initiative.pk for initiative in found]
