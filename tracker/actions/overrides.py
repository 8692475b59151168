"""A person's word against the plan's, for one initiative in one cycle: given and withdrawn."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tracker.actions import origins
from tracker.actions.errors import Conflict
from tracker.domain.mix import Origin
from tracker.domain.origins import OverrideReason
from tracker.models import Cycle, Initiative, OriginOverride, TeamCounter, User


def seen_of(override: OriginOverride | None) -> str:
    """Return an override's state as a form carries it; "" for none."""
    return f"{override.pk}/{override.at.isoformat()}" if override else ""


def override(
    *,
    by: User,
    initiative_pk: int,
    cycle: Cycle,
    origin: Origin,
    code: OverrideReason,
    text: str,
    seen: str = "",
) -> OriginOverride:
    """Let a person's word count instead of the plan's, and return it.

    ``by`` must have been let in already. The same sent twice makes one. Raises Conflict where the
    override is no longer what was ``seen``, and ValidationError without a text, where the plan
    says the same, or where no lock opened the cycle.
    """
    text = text.strip()
    if not text:
        raise ValidationError({"text": "Say why: whoever reads the figures will want to know."})
    with transaction.atomic():
        initiative, current = _locked(initiative_pk, cycle)
        typed = (origin.value, code.value, text)
        if current and (current.origin, current.code, current.text, current.by_id) == (
            *typed,
            by.pk,
        ):
            return current
        _refuse_stale(initiative, current, seen)
        _refuse_idle(initiative, cycle, origin)
        row = current or OriginOverride(initiative=initiative, cycle=cycle)
        row.origin, row.code, row.text = typed
        row.by, row.at, row._history_user = by, timezone.now(), by
        row.save()
        _follow(initiative)
    return row


def withdraw(*, by: User, initiative_pk: int, cycle: Cycle, seen: str) -> None:
    """Let the plan's word count again; the history keeps what was withdrawn.

    Nothing happens where it was withdrawn already. Raises Conflict where the override is no
    longer what was ``seen``.
    """
    with transaction.atomic():
        initiative, current = _locked(initiative_pk, cycle)
        if current is None:
            return
        _refuse_stale(initiative, current, seen)
        current._history_user = by
        current.delete()
        _follow(initiative)


def _locked(initiative_pk: int, cycle: Cycle) -> tuple[Initiative, OriginOverride | None]:
    """Return the initiative, whose lock also guards its overrides, and the one of the cycle."""
    rows = Initiative.objects.select_for_update(of=("self",)).select_related("team")
    initiative: Initiative = rows.get(pk=initiative_pk)
    return initiative, OriginOverride.objects.filter(initiative=initiative, cycle=cycle).first()


def _refuse_stale(initiative: Initiative, current: OriginOverride | None, seen: str) -> None:
    if seen_of(current) != seen:
        raise Conflict(initiative, {"override": current and current.origin})


def _refuse_idle(initiative: Initiative, cycle: Cycle, origin: Origin) -> None:
    if origin == Origin.UNCLASSIFIED:
        raise ValidationError({"origin": "Choose planned or opportunistic."})
    derived = origins.derived_in(initiative, cycle.pk)
    if derived is None:
        raise ValidationError(
            f"No lock opened {cycle}, so the declared origin counts. Change that instead."
        )
    if derived == origin:
        raise ValidationError(
            {"origin": f"The plan says {origin.value} itself. Choose the other one, or none."}
        )


def _follow(initiative: Initiative) -> None:
    origins.refresh(team_id=initiative.team_id, initiative_ids=[initiative.pk])
    TeamCounter.bump(initiative.team_id, of=[initiative.pk])
