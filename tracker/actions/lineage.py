"""Splits and merges: the work goes on under another key, and the line behind it is kept.

What is split, or merged into another, keeps its work and its commitment. Nothing remains to be
done on it: its estimate becomes what was worked. It waits, and is delivered with what goes on.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction

from tracker.actions import initiatives
from tracker.domain.capacity import worked_mpd
from tracker.domain.lifecycle import CLOSED, Status
from tracker.domain.lineage import merged_origin
from tracker.domain.mix import Origin
from tracker.models import Initiative, OriginShift, User

MOST_PARTS = MOST_MERGED = 20
INHERITED = ("origin", "need", "trigger", "reason", "owner", "target_start", "due_on")
SPLIT, MERGED = "Split into", "Merged into"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a split; ``remaining_mpd`` is None where nobody has estimated it."""

    title: str
    remaining_mpd: int | None = None


def remaining_of(initiative: Initiative, today: date) -> int | None:
    """Return the mpd that are still to be worked, never less than 0; None without an estimate."""
    if initiative.estimate_mpd is None:
        return None
    return max(0, initiative.estimate_mpd - _worked(initiative, today + timedelta(days=1)))


def split(
    *,
    by: User,
    pk: int,
    version: int,
    parts: Sequence[Part],
    today: date,
    creation_key: UUID,
) -> list[Initiative]:
    """Split an initiative and return its parts, two or more; the same sent twice splits once.

    The parts inherit origin, need, trigger, labels, dates, line and birth, and share the effort
    and the value of the commitment in proportion, so that the split moves no intake. Raises
    Conflict where it was changed after ``version``, and ValidationError where it is closed.
    """
    if not 2 <= len(parts) <= MOST_PARTS:
        raise ValidationError(f"Name two parts or more, at most {MOST_PARTS}.")
    with transaction.atomic():
        parent = _locked(pk)
        made = Initiative.every.filter(creation_key=uuid5(creation_key, "0")).first()
        if made is not None:
            return list(Initiative.objects.filter(parent=pk).order_by("number"))
        _refuse_closed(parent, "split")
        labels = list(parent.labels.values_list("name", flat=True))
        rows = [
            _part(by, parent, part, shared, key=uuid5(creation_key, str(index)), today=today)
            for index, (part, shared) in enumerate(zip(parts, _shares(parent, parts), strict=True))
        ]
        keys = ", ".join(row.key for row in rows)
        initiatives.write(
            pk,
            version,
            dict.fromkeys(("status", "estimate_mpd")),
            lambda it: _rest(it, today),
            f"{SPLIT} {keys}",
        )
        if labels:
            for row in rows:
                initiatives.set_labels(by=by, pk=row.pk, version=row.version, names=labels)
    return rows


def merge(*, by: User, pk: int, version: int, others: Collection[int], today: date) -> Initiative:
    """Merge others into an initiative, which takes over what remains of them, and return it.

    Raises ValidationError across origins or teams, and where one is closed or gone; Conflict
    where the initiative was changed after ``version``.
    """
    if not others or pk in others:
        raise ValidationError("Name the initiatives that go on in this one.")
    with transaction.atomic():
        sources = [_locked(one) for one in sorted(others)]
        target = _locked(pk)
        if all(source.merged_into_id == pk for source in sources):
            return target
        _refuse_mixture([target, *sources], today)
        more = [remaining_of(source, today) for source in sources]
        for source in sources:
            initiatives.write(
                source.pk,
                None,
                {},
                lambda it: _merge_into(it, target, today),
                f"{MERGED} {target.key}",
            )
        keys = ", ".join(source.key for source in sources)
        return initiatives.write(
            pk,
            version,
            {"estimate_mpd": None},
            lambda it: _take_over(it, more),
            f"Merged with {keys}",
        )


def undo(*, by: User, pk: int, today: date) -> Initiative:
    """Take back a split whose parts nobody has touched, or the merge of one into another.

    Raises ValidationError where there is nothing to take back, or where work went on since.
    """
    with transaction.atomic():
        initiative = _locked(pk)
        record = _record(initiative)
        parts = list(initiative.children.filter(deleted_at__isnull=True))
        if initiative.merged_into_id is not None:
            _give_back(initiative, record)
        elif parts:
            _drop(by, parts)
        else:
            raise ValidationError(f"{initiative.key} was neither split nor merged.")
        return initiatives.write(
            pk, None, {}, lambda it: _as_before(it, record, today), "Split or merge taken back"
        )


def _locked(pk: int) -> Initiative:
    rows = Initiative.objects.select_for_update(of=("self",)).select_related("team", "owner")
    found: Initiative | None = rows.filter(pk=pk).first()
    if found is None:
        raise ValidationError("One of them has been deleted.")
    return found


def _refuse_closed(initiative: Initiative, verb: str) -> None:
    if initiative.status in CLOSED:
        raise ValidationError(f"{initiative.key} is {initiative.status}, so it can’t be {verb}.")
    if initiative.merged_into_id is not None:
        raise ValidationError(f"{initiative.key} was merged already.")


def _refuse_mixture(rows: Sequence[Initiative], today: date) -> None:
    target = rows[0]
    for row in rows:
        _refuse_closed(row, "merged")
        if row.team_id != target.team_id:
            raise ValidationError(f"{row.key} belongs to another team. Move it here first.")
        if row.status == Status.PROPOSED and target.status != Status.PROPOSED:
            raise ValidationError(f"{row.key} is only proposed. Commit it first, or cancel it.")
    counting = [_counting(row, today) for row in rows]
    try:
        merged_origin(counting)
    except ValueError as error:
        told = ", ".join(
            f"{row.key} is {origin}" for row, origin in zip(rows, counting, strict=True)
        )
        raise ValidationError(f"{error} {told}.") from error


def _counting(initiative: Initiative, today: date) -> Origin:
    """Return the origin that counts today."""
    shifts = OriginShift.objects.filter(initiative=initiative)
    running = shifts.filter(cycle__starts_on__lte=today, cycle__ends_before__gt=today)
    return Origin(running.values_list("origin", flat=True).first() or initiative.origin)


def _worked(initiative: Initiative, before: date) -> int:
    calendar = initiative.team.calendar
    return sum(
        worked_mpd(one.fact, one.starts_on, date.max, before=before, calendar=calendar)
        for one in initiative.segments.all()
    )


def _shares(parent: Initiative, parts: Sequence[Part]) -> list[dict[str, int | None]]:
    """Divide what is known of the commitment by the parts' estimates; nothing gets lost."""
    weights = [part.remaining_mpd or 0 for part in parts]
    if not sum(weights):
        weights = [1] * len(parts)
    names = ("committed_effort_mpd", "committed_value", "expected_value")
    divided = {name: _divided(getattr(parent, name), weights) for name in names}
    return [{name: divided[name][index] for name in names} for index in range(len(parts))]


def _divided(amount: int | None, weights: Sequence[int]) -> list[int | None]:
    if amount is None:
        return [None] * len(weights)
    total, done, seen, found = sum(weights), 0, 0, []
    for weight in weights:
        seen += weight
        upto = amount * seen // total
        found.append(upto - done)
        done = upto
    return list(found)


def _part(
    by: User,
    parent: Initiative,
    part: Part,
    shared: dict[str, int | None],
    *,
    key: UUID,
    today: date,
) -> Initiative:
    fields: dict[str, Any] = {name: getattr(parent, name) for name in INHERITED}
    # An effort that nothing is left of would not be a frozen estimate but a zero.
    fields |= {name: value for name, value in shared.items() if value}
    committed = {"committed_on": parent.committed_on} if parent.committed_on else {}
    row, _ = initiatives.log(
        by=by,
        team=parent.team,
        today=today,
        creation_key=key,
        status=Status.COMMITTED if parent.committed_on else Status.PROPOSED,
        title=part.title,
        estimate_mpd=part.remaining_mpd or None,
        parent=parent,
        root_id=parent.root_id or parent.pk,
        birth_origin=parent.birth_origin,
        **fields,
        **committed,
    )
    return row


def _rest(initiative: Initiative, today: date) -> None:
    """Let nothing remain on it: the open work ends today, the estimate is what was worked."""
    if initiative.status == Status.ACTIVE:
        initiative.pause(on=today + timedelta(days=1))
    initiative.estimate_mpd = _worked(initiative, date.max) or None


def _merge_into(initiative: Initiative, target: Initiative, today: date) -> None:
    _rest(initiative, today)
    initiative.merged_into = target


def _take_over(target: Initiative, more: Sequence[int | None]) -> None:
    known = [mpd for mpd in more if mpd]
    if known:
        target.estimate_mpd = (target.estimate_mpd or 0) + sum(known)


def _record(initiative: Initiative) -> Any:
    """Return the state ahead of the last split or merge."""
    rows = initiative.history.order_by("-history_id")
    for word in (SPLIT, MERGED):
        written = rows.filter(history_change_reason__startswith=word).first()
        if written is not None:
            return rows.filter(
                history_id__lt=written.history_id, version__lt=written.version
            ).first()
    return None


def _as_before(initiative: Initiative, record: Any, today: date) -> None:
    initiative.merged_into = None
    if record is None:
        return
    initiative.estimate_mpd = record.estimate_mpd
    if record.status == Status.ACTIVE and initiative.status == Status.PAUSED:
        initiative.resume(on=today)


def _give_back(source: Initiative, record: Any) -> None:
    """Take from the target what it had taken over; refused where it was estimated anew below it."""
    target = source.merged_into
    assert target is not None  # noqa: S101 - asked by undo
    if record is None or record.estimate_mpd is None:
        return
    taken = record.estimate_mpd - (source.estimate_mpd or 0)
    if target.estimate_mpd is None or target.estimate_mpd <= taken:
        return

    def give(it: Initiative) -> None:
        it.estimate_mpd -= taken

    initiatives.write(target.pk, None, {}, give, f"{source.key} taken out again")


def _drop(by: User, parts: Sequence[Initiative]) -> None:
    for part in parts:
        if part.segments.exists() or part.status in CLOSED:
            raise ValidationError(f"Work went on in {part.key}, so the split stands.")
    for part in parts:
        initiatives.delete(by=by, pk=part.pk, version=part.version)
