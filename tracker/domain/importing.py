"""What an import is made of: the fields, how they were mapped, the rows and their problems."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from tracker.domain.lifecycle import Status
from tracker.domain.shares import Origin

LEAVE_OUT = "leave-out"
NO_COLUMN = -1


class Field(StrEnum):
    """What a column of a file can hold; the rest of its columns is not taken over."""

    TITLE = "title"
    KEY = "key"
    STATUS = "status"
    ORIGIN = "origin"
    OWNER = "owner"
    ESTIMATE = "estimate"
    LABELS = "labels"
    DESCRIPTION = "description"
    URL = "url"
    CREATED = "created"
    COMMITTED = "committed"
    STARTED = "started"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    TARGET = "target"
    UPDATED = "updated"


DAYS = (
    Field.CREATED,
    Field.COMMITTED,
    Field.STARTED,
    Field.DELIVERED,
    Field.CANCELLED,
    Field.TARGET,
    Field.UPDATED,
)


class Unit(StrEnum):
    """What a bare number in the estimate's column counts."""

    DAYS = "days"
    WEEKS = "weeks"
    HOURS = "hours"
    SECONDS = "seconds"


class DayOrder(StrEnum):
    """Which number comes first in days such as 03/04/2026; unknown until somebody says."""

    UNKNOWN = ""
    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a file is read: a column for each field, and a word of ours for each of its words.

    ``columns`` holds the index of a column, and no entry for a field without one.
    ``header_row`` counts the rows of the file from 1. ``statuses`` and ``origins`` map the file's
    words as they stand in it; a status may also be ``LEAVE_OUT``. ``exported_on`` is the day that
    "3 days ago" counts from. ``fallback_day`` stands in where a row needs a day that it lacks, and
    the day of ``start_from`` where work has no first day; None logs no work then.
    """

    header_row: int = 1
    columns: dict[Field, int] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    unit: Unit = Unit.DAYS
    order: DayOrder = DayOrder.UNKNOWN
    default_status: str = Status.PROPOSED.value
    default_origin: str = Origin.UNCLASSIFIED.value
    exported_on: date | None = None
    fallback_day: date | None = None
    start_from: Field | None = None

    def column(self, wanted: Field) -> int:
        """Return the index of a field's column, ``NO_COLUMN`` where it has none."""
        return self.columns.get(wanted, NO_COLUMN)

    def as_json(self) -> dict[str, object]:
        """Return it as the database keeps it."""
        return {
            "header_row": self.header_row,
            "columns": {name.value: index for name, index in sorted(self.columns.items())},
            "statuses": dict(sorted(self.statuses.items())),
            "origins": dict(sorted(self.origins.items())),
            "unit": self.unit.value,
            "order": self.order.value,
            "default_status": self.default_status,
            "default_origin": self.default_origin,
            "exported_on": self.exported_on.isoformat() if self.exported_on else "",
            "fallback_day": self.fallback_day.isoformat() if self.fallback_day else "",
            "start_from": self.start_from.value if self.start_from else "",
        }

    @classmethod
    def from_json(cls, kept: "dict[str, object]") -> "Mapping":
        """Return what ``as_json`` wrote."""
        given: dict[str, object] = dict(kept)
        columns, exported, fallback = (
            given.pop(name) for name in ("columns", "exported_on", "fallback_day")
        )
        start = given.pop("start_from", "")  # younger than some of what is kept
        return cls(
            start_from=Field(str(start)) if start else None,
            columns={Field(name): int(at) for name, at in columns.items()},  # type: ignore[attr-defined]
            unit=Unit(str(given.pop("unit"))),
            order=DayOrder(str(given.pop("order"))),
            exported_on=date.fromisoformat(str(exported)) if exported else None,
            fallback_day=date.fromisoformat(str(fallback)) if fallback else None,
            **given,  # type: ignore[arg-type]
        )


@dataclass(frozen=True, slots=True)
class ImportRow:
    """An initiative as a file has it; ``number`` is its row there, counted from 1.

    The days fit the status: each one that the status asks for is there, the others are None.
    """

    number: int
    title: str
    status: Status
    origin: Origin = Origin.UNCLASSIFIED
    key: str = ""
    owner: int | None = None
    estimate_mpd: int | None = None
    labels: tuple[str, ...] = ()
    description: str = ""
    url: str = ""
    committed_on: date | None = None
    started_on: date | None = None
    ended_on: date | None = None
    due_on: date | None = None

    def day_of(self, status: Status) -> date | None:
        """Return the day it was delivered, cancelled or deferred, where that is its status."""
        return self.ended_on if self.status == status else None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell, and what comes of it; ``skips`` leaves the whole row out."""

    number: int
    column: str
    text: str
    skips: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """The rows that share a problem; those that are left out for it come first in a list."""

    column: str
    text: str
    skips: bool
    numbers: tuple[int, ...]


def findings(problems: Iterable[Problem]) -> list[Finding]:
    """Return problems by what they say, those that leave rows out and frequent ones first."""
    alike: dict[tuple[str, str, bool], list[int]] = {}
    for problem in problems:
        key = (problem.column, problem.text, problem.skips)
        alike.setdefault(key, []).append(problem.number)
    found = [Finding(*key, tuple(numbers)) for key, numbers in alike.items()]
    return sorted(found, key=lambda it: (not it.skips, -len(it.numbers)))


@dataclass(frozen=True, slots=True)
class Report:
    """What came of reading the rows: each is fresh, known or skipped, and none is lost."""

    rows: tuple[ImportRow, ...]
    problems: tuple[Problem, ...]
    known: tuple[ImportRow, ...] = ()
    skipped: int = 0

    @property
    def total(self) -> int:
        """Return how many rows the file has, blank ones aside."""
        return len(self.rows) + len(self.known) + self.skipped

    @property
    def notes(self) -> tuple[Problem, ...]:
        """Return the problems whose rows come in all the same."""
        return tuple(problem for problem in self.problems if not problem.skips)

    def against(self, keys: Iterable[str]) -> "Report":
        """Return the report with the rows set apart whose keys the team has already."""
        there = set(keys)
        return replace(
            self,
            rows=tuple(row for row in self.rows if not row.key or row.key not in there),
            known=tuple(row for row in self.rows if row.key and row.key in there),
        )

    def counts(self) -> dict[str, int]:
        """Return the numbers that stay when the file is gone."""
        return {
            "total": self.total,
            "new": len(self.rows),
            "known": len(self.known),
            "skipped": self.skipped,
            "notes": len(self.notes),
        }


def first_of(days: Sequence[date | None]) -> date | None:
    """Return the first day that is known."""
    return next((day for day in days if day is not None), None)
