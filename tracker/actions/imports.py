"""Writes of import batches: receive, remember, apply, undo, drop; each whole or not at all."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from tracker.actions import origins
from tracker.actions.inserting import insert, stored_day
from tracker.actions.recording import CHANGED, CREATED, record_initiatives, record_segments
from tracker.domain.capacity import frozen_fte
from tracker.domain.importing import ImportRow, Report
from tracker.domain.lifecycle import Status
from tracker.domain.shares import Origin
from tracker.domain.words import ImportState
from tracker.models import ImportBatch, Initiative, Label, Team, TeamCounter, User, WorkSegment

BATCH = 500
MOST_WAITING = 20
MOST_PROBLEMS_KEPT = 200


class Superseded(Exception):
    """The batch is no longer in the state that this write needs; ``batch`` is as it stands."""

    def __init__(self, batch: ImportBatch) -> None:
        super().__init__(f"The import of {batch.filename} is {batch.state} already.")
        self.batch = batch


class NeedsConfirmation(Exception):
    """People have changed initiatives of the batch since; ``changed`` lists them."""

    def __init__(self, changed: Sequence[Initiative]) -> None:
        super().__init__(f"{len(changed)} initiatives were changed since the import.")
        self.changed = changed


def receive(*, by: User, team: Team, filename: str, content: bytes, **read: Any) -> ImportBatch:
    """Keep a file until it is applied or dropped, and return its batch.

    The same file again, a double submit for instance, returns the batch that waits. ``read``
    takes file_format, mapping and row_count. Raises ValidationError where too many files wait.
    """
    digest = sha256(content).hexdigest()
    with transaction.atomic():
        Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
        waiting = ImportBatch.objects.filter(team=team, state=ImportState.DRAFT)
        earlier: ImportBatch | None = waiting.filter(user=by, report__sha256=digest).first()
        if earlier is not None:
            return earlier
        if waiting.count() >= MOST_WAITING:
            raise ValidationError(
                f"{MOST_WAITING} files of this team wait to be imported. Import or drop some first."
            )
        return ImportBatch.objects.create(
            team=team,
            user=by,
            filename=filename[:200],
            content=content,
            report={"sha256": digest},
            **read,
        )


def remember(*, pk: int, mapping: dict[str, object]) -> ImportBatch:
    """Keep how the file is to be read. Raises Superseded once it was applied."""
    with transaction.atomic():
        batch = _locked(pk, ImportState.DRAFT)
        batch.mapping = mapping
        batch.save(update_fields=["mapping"])
    return batch


def apply(*, by: User, pk: int, report: Report, source: str) -> ImportBatch:
    """Make the initiatives of a report, with labels, segments and history; all or nothing.

    Rows whose key came in by another way a moment ago are left out, as known. Raises Superseded
    for everybody but the first, and ValidationError where the store refuses a row.
    """
    team = Team.objects.get(import_batches=pk)
    # Before the transaction, in which nobody else can write on SQLite.
    drafts = [_draft(team, row, source) for row in report.rows]
    try:
        with transaction.atomic():
            batch = _locked(pk, ImportState.DRAFT)
            report = report.against(batch.keys_there(source, (row.key for row in report.rows)))
            fresh = {row.number for row in report.rows}
            _write(by, batch, [draft for draft in drafts if draft.number in fresh])
            _close(batch, report)
    except IntegrityError as error:
        raise ValidationError(
            "The store refused a row, so nothing was imported. Check the file again."
        ) from error
    return batch


def undo(*, by: User, pk: int, confirmed: bool) -> int:
    """Delete what a batch brought and return how many that were; each can be restored singly.

    Raises NeedsConfirmation where people have changed some of it since, and Superseded where it
    was undone already.
    """
    with transaction.atomic():
        batch = _locked(pk, ImportState.APPLIED)
        rows = Initiative.objects.filter(import_batch=batch)
        locked = rows.order_by("pk").select_for_update(of=("self",))
        teams = {team for _, team in locked.values_list("pk", "team_id")}
        changed = batch.changed_since()
        if changed and not confirmed:
            raise NeedsConfirmation(changed)
        now = timezone.now()
        count: int = rows.update(deleted_at=now, updated_at=now, version=F("version") + 1)
        record_initiatives(
            by=by,
            batch_id=batch.pk,
            kind=CHANGED,
            reason=f"Import of {batch.filename} undone"[:500],
            at=now,
            stamped="deleted_at",
        )
        for team in sorted(teams):
            origins.refresh(team_id=team)
        TeamCounter.bump(*teams)
        batch.state, batch.undone_at = ImportState.UNDONE.value, now
        batch.save(update_fields=["state", "undone_at"])
    return count


def drop(*, pk: int) -> None:
    """Forget a file that was not applied. Raises Superseded where it was."""
    with transaction.atomic():
        _locked(pk, ImportState.DRAFT).delete()


def _locked(pk: int, state: ImportState) -> ImportBatch:
    rows = ImportBatch.objects.select_for_update(of=("self",)).select_related("team")
    batch: ImportBatch = rows.defer("content").get(pk=pk)
    if batch.state != state:
        raise Superseded(batch)
    return batch


def _close(batch: ImportBatch, report: Report) -> None:
    """Keep the counts and the first problems, and let go of the file."""
    kept = [
        [problem.number, problem.column, problem.text, problem.skips]
        for problem in report.problems[:MOST_PROBLEMS_KEPT]
    ]
    batch.report |= {"counts": report.counts(), "problems": kept}
    batch.content = b""
    batch.state, batch.applied_at = ImportState.APPLIED.value, timezone.now()
    batch.row_count = len(report.rows)
    batch.save(update_fields=["report", "content", "state", "applied_at", "row_count"])


class _Draft(NamedTuple):
    """A row as the database takes it: values of ``_COLUMNS``, its labels, its work if any."""

    number: int
    values: tuple[Any, ...]
    labels: tuple[str, ...]
    work: tuple[Any, ...] | None


_COLUMNS = (
    "title",
    "description",
    "owner_id",
    "origin",
    "status",
    "estimate_mpd",
    "due_on",
    "committed_on",
    "committed_effort_mpd",
    "delivered_on",
    "cancelled_on",
    "deferred_on",
    "external_source",
    "external_key",
    "external_url",
    "birth_origin",
)
_WORK = ("starts_on", "ends_before", "fte_milli")


def _draft(team: Team, row: ImportRow, source: str) -> _Draft:
    committed = row.committed_on is not None
    born = committed and row.origin is not Origin.UNCLASSIFIED
    values = (
        row.title,
        row.description,
        row.owner,
        row.origin.value,
        row.status.value,
        row.estimate_mpd,
        stored_day(row.due_on),
        stored_day(row.committed_on),
        row.estimate_mpd if committed else None,
        stored_day(row.day_of(Status.DELIVERED)),
        stored_day(row.day_of(Status.CANCELLED)),
        stored_day(row.day_of(Status.DEFERRED)),
        source if row.key else "",
        row.key,
        row.url,
        row.origin.value if born else "",
    )
    return _Draft(row.number, values, row.labels, _work(team, row))


def _work(team: Team, row: ImportRow) -> tuple[Any, ...] | None:
    """Return the work between the day a row started and the day it ended, at an assumed FTE."""
    start, end = row.started_on, row.ended_on
    if start is None or row.status in {Status.PROPOSED, Status.COMMITTED, Status.PAUSED}:
        return None
    # Of what was given up, the day itself is the first without work.
    before = end + timedelta(days=1) if end and row.status is Status.DELIVERED else end
    if before is not None and before <= start:
        return None
    last_day = end or row.due_on
    fte, _ = frozen_fte(
        row.estimate_mpd, start, last_day, team.calendar, default_milli=team.default_fte_milli
    )
    return stored_day(start), stored_day(before), fte


def _write(by: User, batch: ImportBatch, drafts: Sequence[_Draft]) -> None:
    if not drafts:
        return
    first = TeamCounter.take_numbers(batch.team_id, len(drafts))
    planned = origins.are_derived(team_id=batch.team_id)
    like = Initiative(team=batch.team, import_batch=batch, created_by=by)
    columns = _COLUMNS[:-1] if planned else _COLUMNS
    rows = ((number, *draft.values[: len(columns)]) for number, draft in enumerate(drafts, first))
    insert(like, ("number", *columns), rows)
    brought = Initiative.every.filter(import_batch=batch)
    made = list(brought.order_by("number").values_list("pk", flat=True))
    _label(batch.team, drafts, made)
    _log_work(drafts, made)
    reason, now = f"Imported from {batch.filename}", timezone.now()
    record_initiatives(by=by, batch_id=batch.pk, kind=CREATED, reason=reason[:500], at=now)
    record_segments(by=by, batch_id=batch.pk, reason=reason[:100], at=now)
    if planned:
        origins.refresh(team_id=batch.team_id, initiative_ids=made)


def _label(team: Team, drafts: Sequence[_Draft], made: Sequence[int]) -> None:
    """Put labels on the rows; missing ones are made."""
    known = {label.name.casefold(): label.pk for label in Label.objects.filter(team=team)}
    wanted = {name.casefold(): name for draft in drafts for name in draft.labels}
    missing = [Label(team=team, name=name) for key, name in wanted.items() if key not in known]
    for label in Label.objects.bulk_create(missing, batch_size=BATCH):
        known[label.name.casefold()] = label.pk
    rows = (
        (pk, known[name.casefold()])
        for draft, pk in zip(drafts, made, strict=True)
        for name in draft.labels
    )
    insert(Initiative.labels.through(), ("initiative_id", "label_id"), rows)


def _log_work(drafts: Sequence[_Draft], made: Sequence[int]) -> None:
    pairs = zip(drafts, made, strict=True)
    rows = ((pk, *draft.work) for draft, pk in pairs if draft.work is not None)
    insert(WorkSegment(fte_assumed=True), ("initiative_id", *_WORK), rows)
