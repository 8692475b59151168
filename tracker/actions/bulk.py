"""Writes of many initiatives at once, each with its history."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tracker.actions import origins, relatives
from tracker.actions.initiatives import labels_named
from tracker.domain.lifecycle import TRANSITIONS, Verb
from tracker.models import Initiative, TeamCounter, User
from tracker.models.initiatives import InitiativeQuerySet

BATCH = 500
ORIGIN = ("origin", "need", "trigger")


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
        columns = {*changes, *ORIGIN} if "origin" in changes else set(changes)
        for start in range(0, len(found), BATCH):
            batch = found[start : start + BATCH]
            _store(batch, columns, now)
            _record(batch, by, reason or "Bulk edit", now)
        teams = {initiative.team_id for initiative in found}
        if columns.intersection(origins.FOLLOWED):
            _follow(found)
        TeamCounter.bump(*teams, of=[initiative.pk for initiative in found])
    return [initiative.pk for initiative in found]


def _follow(found: Collection[Initiative]) -> None:
    """Bring the origins that count up to date, team by team."""
    of_team: dict[int, list[int]] = {}
    for initiative in found:
        of_team.setdefault(initiative.team_id, []).append(initiative.pk)
    for team, ids in sorted(of_team.items()):
        origins.refresh(team_id=team, initiative_ids=ids)


def _apply(initiative: Initiative, changes: dict[str, Any]) -> None:
    changes = dict(changes)
    if "origin" in changes:
        initiative.classify(
            changes.pop("origin"), changes.pop("need", ""), changes.pop("trigger", "")
        )
    for field, value in changes.items():
        setattr(initiative, field, value)
    initiative.clean()


def _store(batch: list[Initiative], columns: Collection[str], now: datetime) -> None:
    """Write what all rows of a batch were given, in one statement; ``_record`` follows it."""
    values = {name: getattr(batch[0], name) for name in columns}
    stored = Initiative.every.filter(pk__in=[initiative.pk for initiative in batch])
    stored.update(**values, version=F("version") + 1, updated_at=now)


def _record(batch: list[Initiative], by: User, reason: str, now: datetime) -> None:
    """Leave a row of history for each, with the labels it bears: a version is a whole."""
    records = Initiative.history.bulk_history_create(
        batch,
        batch_size=BATCH,
        update=True,
        default_user=by,
        default_change_reason=reason,
        default_date=now,
    )
    record_of = {record.id: record for record in records}
    through = Initiative.labels.through.objects.filter(initiative__in=list(record_of))
    kept = apps.get_model("tracker", "HistoricalInitiative_labels")
    kept.objects.bulk_create(
        [
            kept(id=row.pk, history=record_of[row.initiative_id], **_ends(row))
            for row in through.order_by()
        ],
        batch_size=BATCH,
    )


def _ends(row: Any) -> dict[str, int]:
    return {"initiative_id": row.initiative_id, "label_id": row.label_id}


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
        _follow(done)
        for initiative in done if verb == Verb.DELIVER else ():
            relatives.deliver_with(initiative, on)
        teams = {initiative.team_id for initiative in done}
        TeamCounter.bump(*teams, of=[initiative.pk for initiative in done])
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
        TeamCounter.bump(*made, of=[initiative.pk for initiative in found])
    return [initiative.pk for initiative in found]
