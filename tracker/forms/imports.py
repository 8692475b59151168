"""The forms of an import: the file, and how it is to be read."""

from dataclasses import replace
from datetime import date
from pathlib import PurePath
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from tracker.domain.importing import (
    LEAVE_OUT,
    NO_COLUMN,
    DayOrder,
    Field,
    Mapping,
    Unit,
)
from tracker.domain.lifecycle import Status
from tracker.domain.shares import Origin
from tracker.domain.words import label_of
from tracker.forms.inputs import DayField
from tracker.models import Role, Team, User
from tracker.transfer import detect
from tracker.transfer.detect import MOST_WORDS, Table
from tracker.transfer.life import START_FROM
from tracker.transfer.reading import MOST_BYTES

LABELS = {
    Field.TITLE: ("Title", ""),
    Field.KEY: (
        "Key",
        "Where it is known by, such as ABC-12: a second import then leaves it alone.",
    ),
    Field.STATUS: ("Status", ""),
    Field.ORIGIN: ("Origin", "Planned or opportunistic, where the file says so."),
    Field.OWNER: ("Owner", "Found by name or e-mail address among the team's people."),
    Field.ESTIMATE: ("Estimate", "Effort only: story points and sizes are no effort."),
    Field.LABELS: ("Labels", "Separated by commas, semicolons or lines."),
    Field.DESCRIPTION: ("Description", ""),
    Field.URL: ("Web address", ""),
    Field.CREATED: ("Created", "Stands in where nothing says when it was committed."),
    Field.COMMITTED: ("Committed", ""),
    Field.STARTED: ("Work began", "With a day of delivery, the work between counts as capacity."),
    Field.DELIVERED: ("Delivered", ""),
    Field.CANCELLED: ("Cancelled", ""),
    Field.TARGET: ("Target date", ""),
    Field.UPDATED: ("Last change", "Stands in where delivered or cancelled work has no day."),
}
UNITS = [
    (Unit.DAYS.value, "Person-days"),
    (Unit.WEEKS.value, "Person-weeks"),
    (Unit.HOURS.value, "Hours, 8 a day"),
    (Unit.SECONDS.value, "Seconds, 8 hours a day"),
]
ORDERS = [
    (DayOrder.UNKNOWN.value, "Please choose"),
    (DayOrder.DAY_FIRST.value, "Day first: 03/04 is 3 April"),
    (DayOrder.MONTH_FIRST.value, "Month first: 03/04 is 4 March"),
]
STARTS = {field: f"On the day it was {words}" for field, words in START_FROM.items()}
STATUSES = [(status.value, label_of(status.value)) for status in Status]
ORIGINS = [(origin.value, label_of(origin.value)) for origin in Origin]


class UploadForm(forms.Form):
    """A file and the team it goes to."""

    team = forms.ModelChoiceField(Team.objects.none(), to_field_name="slug", empty_label=None)
    file = forms.FileField(
        label="CSV file",
        allow_empty_file=True,  # the reader says more about it than "empty"
        max_length=400,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
        help_text=f"At most {MOST_BYTES // 2**20} MB and 100,000 rows.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = cast("forms.ModelChoiceField[Team]", self.fields["team"])
        choice.queryset = Team.objects.with_role(user, Role.MEMBER)
        choice.error_messages["invalid_choice"] = "Choose a team in which you are a member."

    def clean_file(self) -> "UploadedFile[bytes]":
        """Refuse what is too large before it is read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(
                f"The file is larger than {MOST_BYTES // 2**20} MB. Split it into parts.",
                code="too-big",
            )
        return file

    @property
    def is_too_big(self) -> bool:
        """Tell whether the size alone was the trouble."""
        return self.has_error("file", "too-big")

    @property
    def filename(self) -> str:
        """Return the file's name without folders, on one line."""
        name = PurePath((self.cleaned_data["file"].name or "").replace("\\", "/")).name
        return " ".join("".join(c if c.isprintable() else " " for c in name).split()) or "file.csv"


class MappingForm(forms.Form):
    """Which column is which field, and what the file's words mean; made for one table."""

    header_row = forms.TypedChoiceField(label="Header row", coerce=int)
    unit = forms.ChoiceField(label="Numbers in the estimate are", choices=UNITS)
    order = forms.ChoiceField(label="Days such as 03/04/2026", choices=ORDERS, required=False)
    exported_on = DayField(
        label="The file was exported on",
        required=False,
        help_text="“3 days ago” counts from this day.",
    )
    default_status = forms.ChoiceField(label="Rows without a status are", choices=STATUSES)
    default_origin = forms.ChoiceField(label="Rows without an origin are", choices=ORIGINS)
    fallback_day = DayField(
        label="Day for rows without one",
        required=False,
        help_text="Where committed or finished work has no day in the file, it gets this one. "
        "Left empty, such rows are left out.",
    )
    start_from = forms.ChoiceField(
        label="Work without a first day begins",
        required=False,
        choices=[("", "Never: none is logged"), *((f.value, w) for f, w in STARTS.items())],
        help_text="Active and delivered work counts as capacity from its first day on.",
    )

    def __init__(
        self, *args: Any, table: Table, mapping: Mapping, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial = _initial(mapping)
        self.table, self.mapping, self.today = table, mapping, today
        self._add_columns()
        self._add_words("status", Field.STATUS, [*STATUSES, (LEAVE_OUT, "Leave these rows out")])
        self._add_words("origin", Field.ORIGIN, ORIGINS)
        count = min(detect.HEADER_WITHIN, len(table.sheet.records))
        rows = sorted({*range(1, count + 1), table.header_row})
        cast("forms.ChoiceField", self.fields["header_row"]).choices = [
            (row, f"Row {row}: {_start(table, row)}") for row in rows
        ]

    def _add_columns(self) -> None:
        columns = [(NO_COLUMN, "–")] + [
            (column.index, _column_words(column)) for column in self.table.columns
        ]
        for name, (label, hint) in LABELS.items():
            self.fields[f"column_{name}"] = forms.TypedChoiceField(
                label=label,
                help_text=hint,
                choices=columns,
                coerce=int,
                required=False,
                empty_value=cast("Any", NO_COLUMN),
                initial=self.mapping.column(name),
            )

    def _add_words(self, kind: str, name: Field, choices: list[tuple[str, str]]) -> None:
        kept = self.mapping.statuses if name is Field.STATUS else self.mapping.origins
        default = str(self.initial[f"default_{kind}"])
        words = self.table.words(self.mapping.column(name))
        for at, (word, _) in enumerate(words[:MOST_WORDS]):
            self.fields[f"{kind}_{at}"] = forms.ChoiceField(
                label=word, choices=choices, required=False, initial=kept.get(word, default)
            )

    def clean_exported_on(self) -> date | None:
        """Refuse a day to come."""
        return self._past("exported_on")

    def clean_fallback_day(self) -> date | None:
        """Refuse a day to come."""
        return self._past("fallback_day")

    def _past(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day and day > self.today:
            raise ValidationError("Choose a day that is not in the future.")
        return day

    def clean(self) -> dict[str, Any]:
        """Ask for a title, and refuse one column for two fields that can't share it."""
        given = super().clean() or {}
        if given.get("column_title", NO_COLUMN) == NO_COLUMN and "column_title" not in self.errors:
            self.add_error("column_title", "Choose the column that holds the titles.")
        return given

    def save(self) -> Mapping:
        """Return the mapping as chosen; words of a column that is new get suggestions."""
        given = self.cleaned_data
        if given["header_row"] != self.mapping.header_row:
            table = detect.open_table(self.table.sheet, given["header_row"])
            return detect.guess(table, detect.recognise(table))
        columns = {name: given[f"column_{name}"] for name in Field}
        mapping = Mapping(
            header_row=given["header_row"],
            columns={name: at for name, at in columns.items() if at != NO_COLUMN},
            statuses=self._words("status", Field.STATUS, columns, self.mapping.statuses),
            origins=self._words("origin", Field.ORIGIN, columns, self.mapping.origins),
            unit=Unit(given["unit"]),
            order=DayOrder(given["order"]),
            default_status=given["default_status"],
            default_origin=given["default_origin"],
            exported_on=given["exported_on"],
            fallback_day=given["fallback_day"],
            start_from=Field(given["start_from"]) if given["start_from"] else None,
        )
        return detect.with_words(self.table, self._with_order(mapping))

    def _with_order(self, mapping: Mapping) -> Mapping:
        """Take the order that newly chosen columns prove."""
        if mapping.order is not DayOrder.UNKNOWN:
            return mapping
        return replace(mapping, order=detect.order_in(self.table, mapping)[0])

    def _words(
        self, kind: str, name: Field, columns: dict[Field, int], kept: dict[str, str]
    ) -> dict[str, str]:
        if columns[name] != self.mapping.column(name):
            return {}
        words = self.table.words(columns[name])[:MOST_WORDS]
        chosen = {word: self.cleaned_data[f"{kind}_{at}"] for at, (word, _) in enumerate(words)}
        return kept | {word: value for word, value in chosen.items() if value}

    def words(self, kind: str, name: Field) -> list[tuple[forms.BoundField, int]]:
        """Return the selects of a column's words with how many rows bear each."""
        counts = self.table.words(self.mapping.column(name))[:MOST_WORDS]
        return [(self[f"{kind}_{at}"], count) for at, (_, count) in enumerate(counts)]


def _initial(mapping: Mapping) -> dict[str, Any]:
    return {
        "header_row": mapping.header_row,
        "unit": mapping.unit.value,
        "order": mapping.order.value,
        "exported_on": mapping.exported_on,
        "default_status": mapping.default_status,
        "default_origin": mapping.default_origin,
        "fallback_day": mapping.fallback_day,
        "start_from": mapping.start_from.value if mapping.start_from else "",
    }


def _start(table: Table, row: int) -> str:
    cells = (" ".join(cell.split()) for cell in table.sheet.records[row - 1][:200])
    return ", ".join(filter(None, cells))[:60] or "(empty)"


def _column_words(column: detect.Column) -> str:
    times = f" ({len(column.cells)} columns)" if len(column.cells) > 1 else ""
    example = f": {column.examples[0][:40]}" if column.examples else ": empty"
    return f"{column.name[:60]}{times}{example}"
