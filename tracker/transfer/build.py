"""Rows of a table -> initiatives as they will be, with every problem named by row and column."""

import re
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from tracker.domain.importing import (
    DAYS,
    LEAVE_OUT,
    Field,
    ImportRow,
    Mapping,
    Problem,
    Report,
    first_of,
)
from tracker.domain.lifecycle import Status
from tracker.domain.shares import Origin
from tracker.domain.wording import day_words
from tracker.transfer import values
from tracker.transfer.csv_out import restored
from tracker.transfer.detect import Column, Table, cells_of, word_of
from tracker.transfer.formats import Format

MOST_TITLE, MOST_DESCRIPTION, MOST_KEY, MOST_URL, MOST_LABEL = 200, 50_000, 120, 500, 50
_KEYED = re.compile(r"#?(\d{1,10}):\s*(\S.*)", re.DOTALL)
_NEEDS_END = {
    Status.DELIVERED: "delivered",
    Status.CANCELLED: "cancelled",
    Status.DEFERRED: "deferred",
}
_NEEDS_COMMITMENT = {Status.COMMITTED, Status.ACTIVE, Status.PAUSED, Status.DELIVERED}
_is_url = URLValidator(schemes=["http", "https"])


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
class _Reader:
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
        column = self.columns.get(name) if name else None
        self.problems.append(Problem(self.number, column.name if column else "", text))

    def skip(self, name: Field | None, text: str) -> Skip:
        column = self.columns.get(name) if name else None
        self.problems.append(Problem(self.number, column.name if column else "", text, skips=True))
        return Skip()

    def text(self, name: Field) -> str:
        """Return the first filled cell of a field, without what nobody can see."""
        column = self.columns.get(name)
        if column is None:
            return ""
        return self.clean(next(cells_of(self.row, column.cells), ""), name)

    def clean(self, cell: str, name: Field) -> str:
        plain, unseen = values.visible(cell)
        if unseen:
            self.note(name, f"{_count(unseen, 'control character')} removed")
        return restored(plain.strip()) if self.form.guards_formulas else plain.strip()


def build(table: Table, form: Format, mapping: Mapping, setting: Setting) -> Report:
    """Return what the rows of a table become. Every row is built or named among the problems."""
    reader = _Reader(table, form, mapping, setting)
    for name in mapping.columns:
        if column := table.column(mapping.column(name)):
            reader.columns[name] = column
    rows, skipped = [], 0
    for reader.number, reader.row in table.rows:
        try:
            rows.append(_row(reader))
        except Skip:
            skipped += 1
    return Report(tuple(rows), tuple(reader.problems), skipped=skipped)


def _row(reader: _Reader) -> ImportRow:
    title, key, description = _texts(reader)
    days = {name: _day(reader, name) for name in DAYS}
    status = _status(reader, days)
    committed, started, ended = _life(reader, status, days)
    _surplus(reader)
    row = ImportRow(
        number=reader.number,
        title=title,
        status=status,
        origin=_origin(reader),
        key=key,
        owner=_owner(reader),
        estimate_mpd=_estimate(reader),
        labels=_labels(reader),
        description=description,
        url=_url(reader),
        committed_on=committed,
        started_on=started,
        ended_on=ended,
        due_on=days[Field.TARGET],
    )
    if key:
        # Only now: a row that is left out does not take its key from a later one.
        reader.keys[key] = reader.number
    return row


def _texts(reader: _Reader) -> tuple[str, str, str]:
    title, key = " ".join(reader.text(Field.TITLE).split()), reader.text(Field.KEY)
    if not title:
        raise reader.skip(Field.TITLE, "has no title")
    if reader.form.key_in_title and not key and (match := _KEYED.fullmatch(title)):
        key, title = match[1], match[2]
    if len(key) > MOST_KEY:
        raise reader.skip(Field.KEY, f"has a key of more than {MOST_KEY} characters")
    if key in reader.keys:
        raise reader.skip(
            Field.KEY, f"has the key {key}, which stands in row {reader.keys[key]:,} already"
        )
    description = reader.text(Field.DESCRIPTION)
    if len(title) > MOST_TITLE:
        reader.note(
            Field.TITLE, f"title cut to {MOST_TITLE} characters; the whole begins the description"
        )
        description = f"{title}\n\n{description}".strip()
        title = f"{title[: MOST_TITLE - 1].rstrip()}…"
    if len(description) > MOST_DESCRIPTION:
        reader.note(
            Field.DESCRIPTION,
            f"description cut to {MOST_DESCRIPTION:,} of {len(description):,} characters",
        )
        description = description[:MOST_DESCRIPTION]
    return title, key, description


def _status(reader: _Reader, days: dict[Field, date | None]) -> Status:
    column = reader.columns.get(Field.STATUS)
    if column is None:
        # Without words the days tell.
        told = {Field.CANCELLED: Status.CANCELLED, Field.DELIVERED: Status.DELIVERED}
        told |= {Field.STARTED: Status.ACTIVE}
        known = (status for name, status in told.items() if days[name])
        return next(known, Status(reader.mapping.default_status))
    word = word_of(reader.row, column.cells)
    found = reader.mapping.statuses.get(word, "") if word else ""
    if found == LEAVE_OUT:
        raise reader.skip(Field.STATUS, f"left out as chosen: {word}")
    return Status(found or reader.mapping.default_status)


def _origin(reader: _Reader) -> Origin:
    column = reader.columns.get(Field.ORIGIN)
    word = word_of(reader.row, column.cells) if column else ""
    return Origin((word and reader.mapping.origins.get(word)) or reader.mapping.default_origin)


def _owner(reader: _Reader) -> int | None:
    name = " ".join(reader.text(Field.OWNER).split())
    if not name:
        return None
    found = reader.setting.people.get(name.casefold())
    if found is None:
        reader.note(Field.OWNER, f"{name[:80]} is nobody of this team, so it has no owner")
    return found


def _estimate(reader: _Reader) -> int | None:
    text = reader.text(Field.ESTIMATE)
    try:
        return values.parse_estimate(text, reader.mapping.unit, pd_per_pw=reader.setting.pd_per_pw)
    except ValueError as error:
        reader.note(Field.ESTIMATE, f"{_quoted(text)}: {error}; left without an estimate")
        return None


def _labels(reader: _Reader) -> tuple[str, ...]:
    column = reader.columns.get(Field.LABELS)
    found: dict[str, str] = {}
    for cell in cells_of(reader.row, column.cells) if column else ():
        for part in re.split(r"[,;\n]", reader.clean(cell, Field.LABELS)):
            name = " ".join(part.split())
            if len(name) > MOST_LABEL:
                reader.note(Field.LABELS, f"label cut to {MOST_LABEL} characters: {_quoted(name)}")
                name = name[:MOST_LABEL].strip()
            if name:
                found.setdefault(name.casefold(), name)
    return tuple(found.values())


def _url(reader: _Reader) -> str:
    text = reader.text(Field.URL)
    if not text:
        return ""
    try:
        _is_url(text)
        urlsplit(text)
    except (ValidationError, ValueError):
        reader.note(Field.URL, f"{_quoted(text)} is no web address; left out")
        return ""
    if len(text) > MOST_URL:
        reader.note(Field.URL, f"address of more than {MOST_URL} characters; left out")
        return ""
    return text


def _day(reader: _Reader, name: Field) -> date | None:
    text = reader.text(name)
    if not text:
        return None
    found = reader.days.get(text)
    if found is None:
        found = reader.days[text] = _parsed(reader, text)
    if isinstance(found, date):
        return found
    reader.note(name, f"{_quoted(text)}: {found}; left without this day")
    return None


def _parsed(reader: _Reader, text: str) -> date | str:
    mapping = reader.mapping
    try:
        return values.parse_day(
            text,
            order=mapping.order,
            zone=reader.setting.zone,
            written_in=reader.form.written_in,
            exported_on=mapping.exported_on,
        )
    except ValueError as error:
        return str(error)


def _life(
    reader: _Reader, status: Status, days: dict[Field, date | None]
) -> tuple[date | None, date | None, date | None]:
    """Return the days of commitment, start and end that the status allows, as it needs them."""
    ended = _end(reader, status, days)
    given = [days[Field.COMMITTED], days[Field.STARTED]]
    committed = first_of(given)
    if status is Status.PROPOSED and committed:
        reader.note(None, f"committed {day_words(committed)} is not kept: it is only proposed")
        return None, None, None
    if status in _NEEDS_COMMITMENT and committed is None:
        rest = [days[Field.CREATED], ended, days[Field.UPDATED], reader.mapping.fallback_day]
        committed = first_of(rest)
        if committed is None:
            raise reader.skip(
                None,
                f"is {status.value}, but no day says since when: choose a column for the days, "
                "or a day for rows without one",
            )
    if committed and ended and committed > ended:
        reader.note(None, f"committed after it was {status.value}; {day_words(ended)} counts")
        committed = ended
    if committed and committed > reader.setting.today:
        raise reader.skip(
            None, f"is {status.value} only from {day_words(committed)}, in the future"
        )
    return committed, _start(reader, days, ended), ended


def _end(reader: _Reader, status: Status, days: dict[Field, date | None]) -> date | None:
    delivered, cancelled = days[Field.DELIVERED], days[Field.CANCELLED]
    if status not in _NEEDS_END:
        if delivered:
            text = f"delivered {day_words(delivered)} is not kept: it is {status.value}"
            reader.note(Field.DELIVERED, text)
        return None
    first, second = (delivered, None) if status is Status.DELIVERED else (cancelled, delivered)
    ended = first_of([first, second, days[Field.UPDATED], reader.mapping.fallback_day])
    if ended is None:
        raise reader.skip(
            None,
            f"is {status.value}, but no day says when: choose a column for the days, or a day "
            "for rows without one",
        )
    if first is None and second is None:
        whence = "the last change" if days[Field.UPDATED] else "the day for rows without one"
        reader.note(None, f"{status.value} {day_words(ended)}, taken from {whence}")
    if ended > reader.setting.today:
        raise reader.skip(None, f"is {status.value} on {day_words(ended)}, in the future")
    return ended


def _start(reader: _Reader, days: dict[Field, date | None], ended: date | None) -> date | None:
    started = days[Field.STARTED]
    if started is None:
        return None
    if (ended and started > ended) or started > reader.setting.today:
        reader.note(
            Field.STARTED, f"started {day_words(started)} lies after the end; no work logged"
        )
        return None
    return started


def _surplus(reader: _Reader) -> None:
    """Name the cells beyond the header, which belong to no column."""
    surplus = [cell for cell in reader.row[len(reader.table.header) :] if cell.strip()]
    if surplus:
        text = f"{_count(len(surplus), 'cell')} beyond the header left out: "
        reader.note(None, text + _quoted(", ".join(surplus)))


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _quoted(text: str) -> str:
    one_line = " ".join(text.split())
    return f"“{one_line[:40]}…”" if len(one_line) > 41 else f"“{one_line}”"
