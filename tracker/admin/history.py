"""Read-only history of a row: who changed what and when, newest first.

django-simple-history's own admin is not used: its page of an old version can be posted, which
would write that version back past versions, verbs and the scope of the team of today.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from tracker.admin.base import LedAdmin
from tracker.domain.wording import day_words, fte_words, pd_words
from tracker.models import Label

PER_PAGE = 50
KINDS = {"+": "Added", "~": "Changed", "-": "Deleted"}
# Bookkeeping that says nothing to a reader.
SILENT = {"id", "path", "number", "version", "updated_at", "created_at", "creation_key", "root"}
# Words for what ids stand for, by table and id; those of labels by the id of the record.
Names = dict[type[models.Model], dict[Any, Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """One field: what it is called, what it was and what it became."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One write."""

    when: datetime
    who: str
    kind: str
    reason: str
    changes: list[Change]


class HistoryPages(LedAdmin):
    """Adds the page of a row's history; nothing on it can be posted."""

    has_history = True

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show the history of a row that the person may see today."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        records = obj.history.select_related("history_user").order_by("-history_date", "-pk")
        page = Paginator(records, PER_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {obj}",
            "object": obj,
            "opts": self.opts,
            "page": page,
            "entries": entries_of(records, page.start_index() or 1, PER_PAGE),
        }
        return TemplateResponse(request, "admin/object_history.html", context)


def entries_of(records: Any, first: int, count: int) -> list[Entry]:
    """Return entries ``first`` (from 1) onwards, each beside the one before it."""
    rows = list(records[first - 1 : first + count])
    names = _names_of(rows)
    if rows and rows[0]._history_m2m_fields:
        names[Label] = _labels_by_record([row.pk for row in rows])
    pairs = zip(rows[:count], [*rows[1:], None], strict=False)
    return [_entry(row, before, names) for row, before in pairs]


def labels_of_record(pk: int) -> list[str]:
    """Return the names of the labels that an initiative had in a record of its history."""
    return _label_lists([pk]).get(pk, [])


def _labels_by_record(pks: list[int]) -> dict[Any, Any]:
    return {record: ", ".join(names) for record, names in _label_lists(pks).items()}


def _label_lists(pks: list[int]) -> dict[int, list[str]]:
    """Return what labels an initiative had in each of these records; one query."""
    found: dict[int, list[str]] = defaultdict(list)
    through = apps.get_model("tracker", "HistoricalInitiative_labels")
    for record, name in through.objects.filter(history__in=pks).values_list(
        "history", "label__name"
    ):
        found[record].append(name or "a deleted label")
    return {record: sorted(names) for record, names in found.items()}


def _entry(row: Any, before: Any, names: Names) -> Entry:
    return Entry(
        when=row.history_date,
        who=str(row.history_user or "Roadmix"),
        kind=KINDS[row.history_type],
        reason=row.history_change_reason or "",
        changes=list(_changes(row, before, names)) if before else [],
    )


def _told(row: Any) -> list[Any]:
    return [field for field in row.tracked_fields if field.name not in SILENT]


def _changes(row: Any, before: Any, names: Names) -> Iterable[Change]:
    for field in _told(row):
        old, new = getattr(before, field.attname), getattr(row, field.attname)
        if old != new:
            label = str(field.verbose_name).capitalize()
            yield Change(label, _text(field, old, names), _text(field, new, names))
    labels = names.get(Label, {})
    if (old := labels.get(before.pk, "")) != (new := labels.get(row.pk, "")):
        yield Change("Labels", old or "–", new or "–")


def _text(field: Any, value: Any, names: Names) -> str:
    """Return a value as the screens show it."""
    if value is None or value == "":
        return "–"
    if field.is_relation:
        return str(names[field.related_model].get(value, "somebody or something deleted"))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _plain(field.name, value)


def _plain(name: str, value: Any) -> str:
    if name.endswith("_mpd"):
        return pd_words(value)
    if name.endswith("_milli"):
        return fte_words(value)
    if name.startswith("band_"):
        return f"{value / 10:g}\u2009%"
    if isinstance(value, datetime):
        return day_words(value.date())
    return day_words(value) if isinstance(value, date) else str(value)


def _names_of(rows: list[Any]) -> Names:
    """Return what the foreign keys of these rows point at, one query a table."""
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for row in rows:
        for field in _told(row):
            if field.is_relation:
                wanted[field.related_model].add(getattr(row, field.attname))
    return {model: model._base_manager.in_bulk(pks - {None}) for model, pks in wanted.items()}
