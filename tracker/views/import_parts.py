"""What the page of an import shows, before and after the rows are in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from tracker.domain.importing import DayOrder, Field, ImportRow, Mapping, Problem, Report, findings
from tracker.domain.wording import day_words, pd_words
from tracker.domain.words import ImportState
from tracker.forms.imports import LABELS, MappingForm
from tracker.models import ImportBatch, Organisation, Role, User
from tracker.queries.imports import imported_before, people_of
from tracker.transfer import build, detect
from tracker.transfer.detect import MOST_WORDS, Table
from tracker.transfer.formats import Format
from tracker.transfer.life import NO_DAY, NO_START
from tracker.transfer.reading import read
from tracker.transfer.rows import Setting

PREVIEW = 8
SHOWN = 100
KINDS = 40


@dataclass(frozen=True, slots=True)
class Opened:
    """A waiting file as it is read by a mapping, and what would come of it."""

    batch: ImportBatch
    table: Table
    format: Format
    mapping: Mapping
    setting: Setting
    report: Report

    def form(self, data: Any = None) -> MappingForm:
        """Return the mapping as a form."""
        return MappingForm(data, table=self.table, mapping=self.mapping, today=self.setting.today)

    def read_as(self, mapping: Mapping) -> "Opened":
        """Return the same file read by a mapping, this where it is the same one."""
        if mapping == self.mapping:
            return self
        return _read(self.batch, self.table, mapping, self.setting)


def open_batch(batch: ImportBatch, org: Organisation) -> Opened:
    """Read the file of a batch by the mapping that is kept with it."""
    mapping = Mapping.from_json(batch.mapping)
    table = detect.open_table(read(bytes(batch.content)), mapping.header_row)
    setting = Setting(
        people=people_of(batch.team),
        zone=org.reporting_zone,
        pd_per_pw=org.pd_per_pw,
        today=org.today(),
    )
    return _read(batch, table, mapping, setting)


def _read(batch: ImportBatch, table: Table, mapping: Mapping, setting: Setting) -> Opened:
    if mapping.header_row != table.header_row:
        table = detect.open_table(table.sheet, mapping.header_row)
    form = detect.recognise(table)
    report = build.build(table, form, mapping, setting)
    keys = batch.keys_there(form.name, (row.key for row in report.rows))
    return Opened(batch, table, form, mapping, setting, report.against(keys))


def draft_context(user: User, opened: Opened, form: MappingForm) -> dict[str, Any]:
    """Return what the page shows of a file that waits."""
    table, mapping, report = opened.table, opened.mapping, opened.report
    order, has_numbers = detect.order_in(table, mapping)
    return _shared(user, opened.batch) | {
        "opened": opened,
        "form": form,
        "columns": [form[f"column_{name}"] for name in LABELS],
        "words": _words(form, mapping),
        "asks_order": has_numbers and order is DayOrder.UNKNOWN,
        "asks_export_day": detect.has_relative_days(table, mapping),
        "lack_a_start": sum(problem.text == NO_START for problem in report.problems),
        "points": _points(table, mapping),
        "lack_a_day": sum(problem.text.endswith(NO_DAY) for problem in report.problems),
        "unused": _unused(table, mapping),
        "report": report,
        "findings": (found := findings(report.problems))[:KINDS],
        "more_findings": max(0, len(found) - KINDS),
        "preview": [_preview(opened, row) for row in report.rows[:PREVIEW]],
        "problems_url": reverse("import_batch", args=[opened.batch.pk]) + "?problems=csv",
        "earlier": imported_before(opened.batch),
    }


def batch_context(user: User, batch: ImportBatch) -> dict[str, Any]:
    """Return what the page shows of a batch that was applied, or undone."""
    applied = batch.state == ImportState.APPLIED
    kept: Sequence[Any] = batch.report.get("problems", ())
    changed = batch.changed_since() if applied else []
    rows = batch.initiatives(manager="objects").select_related("team")
    return _shared(user, batch) | {
        "counts": batch.report.get("counts", {}),
        "findings": findings(Problem(*problem) for problem in kept)[:KINDS],
        "changed": changed[:SHOWN],
        "changed_count": len(changed),
        "rows": list(rows.order_by("number")[:SHOWN]),
        "alive": rows.count(),
    }


def _shared(user: User, batch: ImportBatch) -> dict[str, Any]:
    return {
        "batch": batch,
        "team": batch.team,
        "is_draft": batch.state == ImportState.DRAFT,
        "may_write": user.role_in(batch.team_id) >= Role.MEMBER,
    }


def _words(form: MappingForm, mapping: Mapping) -> list[dict[str, Any]]:
    """Return a table of words for each of status and origin that has a column."""
    found = []
    for kind, name in (("status", Field.STATUS), ("origin", Field.ORIGIN)):
        if rows := form.words(kind, name):
            every = len(form.table.words(mapping.column(name)))
            found.append({"kind": kind, "rows": rows, "more": max(0, every - MOST_WORDS)})
    return found


def _points(table: Table, mapping: Mapping) -> str:
    """Return the name of the column chosen for the estimate where it seems to count points."""
    column = table.column(mapping.column(Field.ESTIMATE))
    return column.name if column and detect.looks_like_points(column.name) else ""


def _unused(table: Table, mapping: Mapping) -> list[detect.Column]:
    used = set(mapping.columns.values())
    return [column for column in table.columns if column.filled and column.index not in used]


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """The first rows as they will be, in words."""

    row: ImportRow
    owner: str
    effort: str
    days: list[tuple[str, str]]


def _preview(opened: Opened, row: ImportRow) -> PreviewRow:
    names = {pk: name for name, pk in opened.setting.people.items() if "@" not in name}
    days: list[tuple[str, date | None]] = [
        ("Committed", row.committed_on),
        ("Began", row.started_on),
        (row.status.value.capitalize(), row.ended_on),
        ("Target", row.due_on),
    ]
    return PreviewRow(
        row=row,
        owner=names.get(row.owner or 0, "").title(),
        effort=pd_words(row.estimate_mpd),
        days=[(label, day_words(day)) for label, day in days if day],
    )
