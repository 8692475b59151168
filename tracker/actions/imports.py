"""Writes of import batches: receive, remember, apply, undo, drop; each whole or not at all."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from tracker.domain.capacity import frozen_fte
from tracker.domain.importing import ImportRow, Report
from tracker.domain.lifecycle import Status
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
    try:
        with transaction.atomic():
            batch = _locked(pk, ImportState.DRAFT)
            report = report.against(batch.keys_there(source, (row.key for row in report.rows)))
            _write(by, batch, report.rows, source)
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
        rows = Initiative.objects.filter(import_batch=batch).select_for_update(of=("self",))
        found = list(rows.order_by("pk"))
        changed = batch.changed_since()
        if changed and not confirmed:
            raise NeedsConfirmation(changed)
        now = timezone.now()
        for initiative in found:
            initiative.deleted_at = initiative.updated_at = now
            initiative.version += 1
        if found:
            bulk_update_with_history(
                found,
                Initiative,
                ["deleted_at", "updated_at", "version"],
                batch_size=BATCH,
                default_user=by,
                default_change_reason=f"Import of {batch.filename} undone"[:500],
                manager=Initiative.every,
            )
            TeamCounter.bump(*{initiative.team_id for initiative in found})
        batch.state, batch.undone_at = ImportState.UNDONE.value, now
        batch.save(update_fields=["state", "undone_at"])
    return len(found)


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


def _write(by: User, batch: ImportBatch, rows: Sequence[ImportRow], source: str) -> None:
    if not rows:
        return
    number = TeamCounter.take_numbers(batch.team_id, len(rows))
    made = [_initiative(by, batch, row, number + index, source) for index, row in enumerate(rows)]
    Initiative.every.bulk_create(made, batch_size=BATCH)
    reason = f"Imported from {batch.filename}"[:500]
    recorded = Initiative.history.bulk_history_create(
        made, batch_size=BATCH, default_user=by, default_change_reason=reason
    )
    _label(batch.team, rows, made, [one.history_id for one in recorded])
    _log_work(by, batch.team, rows, made, reason)


def _initiative(
    by: User, batch: ImportBatch, row: ImportRow, number: int, source: str
) -> Initiative:
    initiative = Initiative(
        team=batch.team,
        number=number,
        title=row.title,
        description=row.description,
        owner_id=row.owner,
        origin=row.origin.value,
        status=row.status.value,
        estimate_mpd=row.estimate_mpd,
        due_on=row.due_on,
        committed_on=row.committed_on,
        committed_effort_mpd=row.estimate_mpd if row.committed_on else None,
        delivered_on=row.day_of(Status.DELIVERED),
        cancelled_on=row.day_of(Status.CANCELLED),
        deferred_on=row.day_of(Status.DEFERRED),
        external_source=source if row.key else "",
        external_key=row.key,
        external_url=row.url,
        import_batch=batch,
        created_by=by,
    )
    # The history reads the root's id, which a new row has not been given.
    initiative.root_id = None
    return initiative


def _label(
    team: Team, rows: Sequence[ImportRow], made: Sequence[Initiative], recorded: Sequence[int]
) -> None:
    """Put labels on the rows and in the first row of their history; missing ones are made."""
    known = {label.name.casefold(): label.pk for label in Label.objects.filter(team=team)}
    wanted = {name.casefold(): name for row in rows for name in row.labels}
    missing = [Label(team=team, name=name) for key, name in wanted.items() if key not in known]
    for label in Label.objects.bulk_create(missing, batch_size=BATCH):
        known[label.name.casefold()] = label.pk
    through = Initiative.labels.through
    kept = Initiative.history.model.labels.model
    pairs = [
        (initiative.pk, known[name.casefold()], history)
        for row, initiative, history in zip(rows, made, recorded, strict=True)
        for name in row.labels
    ]
    links = through.objects.bulk_create(
        [through(initiative_id=pk, label_id=label) for pk, label, _ in pairs], batch_size=BATCH
    )
    kept.objects.bulk_create(
        [
            kept(id=link.pk, initiative_id=pk, label_id=label, history_id=history)
            for link, (pk, label, history) in zip(links, pairs, strict=True)
        ],
        batch_size=BATCH,
    )


def _log_work(
    by: User, team: Team, rows: Sequence[ImportRow], made: Sequence[Initiative], reason: str
) -> None:
    """Log the work between the day a row started and the day it ended, at an assumed FTE."""
    segments = [
        segment
        for row, initiative in zip(rows, made, strict=True)
        if (segment := _segment(team, row, initiative)) is not None
    ]
    WorkSegment.objects.bulk_create(segments, batch_size=BATCH)
    WorkSegment.history.bulk_history_create(
        segments, batch_size=BATCH, default_user=by, default_change_reason=reason[:100]
    )


def _segment(team: Team, row: ImportRow, initiative: Initiative) -> WorkSegment | None:
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
    return WorkSegment(
        initiative=initiative, starts_on=start, ends_before=before, fte_milli=fte, fte_assumed=True
    )
