"""One row of a table after the other: its cells, and the problems they have."""

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from datetime import date

from tracker.domain.importing import Field, Mapping, Problem
from tracker.transfer import values
from tracker.transfer.csv_out import restored
from tracker.transfer.detect import Column, Table, cells_of
from tracker.transfer.formats import Format


class Skip(Exception):
    """The row is left out; the reason stands among its problems."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where the rows go: who may own them (by name and address, small), zone, week and today."""

    people: Dict[str, int]
    zone: str
    pd_per_pw: int
    today: date


@dataclass(slots=True)
class Reader:
    """Reads one row after the other; the days it has read once are kept."""

    table: Table
    form: Format
    mapping: Mapping
    setting: Setting
    problems: list[Problem] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)
    days: dict[str, date | str] = field(default_factory=dict)
    columns: dict[Field, Column] = field(default_factory=dict)
    number: int = 0
    row: list[str] = field(default_factory=list)

    def note(self, name: Field | None, text: str) -> None:
        """Name a problem of the row that leaves the row itself in."""
        column = self.columns.get(name) if name else None
        self.problems.append(Problem(self.number, column.name if column else "", text))

    def skip(self, name: Field | None, text: str) -> Skip:
        """Name why the row is left out, and return what to raise."""
        column = self.columns.get(name) if name else None
        self.problems.append(Problem(self.number, column.name if column else "", text, skips=True))
        return Skip()

    def text(self, name: Field) -> str:
        """Return the first filled cell of a field, without what nobody can see."""
        column = self.columns.get(name)
        if column is None:
            return ""
        found = list(dict.fromkeys(cells_of(self.row, column.cells)))
        if len(found) > 1:
            self.note(
                name, f"several columns of this name; left out: {quoted(', '.join(found[1:]))}"
            )
        return self.clean(found[0], name) if found else ""

    def clean(self, cell: str, name: Field) -> str:
        """Return a cell without control characters and without a tracker's own apostrophe."""
        plain, unseen = values.visible(cell)
        if unseen:
            self.note(name, f"{counted(unseen, 'control character')} removed")
        return restored(plain.strip()) if self.form.guards_formulas else plain.strip()


def counted(number: int, word: str) -> str:
    """Return ``1 cell`` or ``12 cells``."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def quoted(text: str) -> str:
    """Return the start of a text in quotation marks, on one line."""
    one_line = " ".join(text.split())
    return f"“{one_line[:40]}…”" if len(one_line) > 41 else f"“{one_line}”"
