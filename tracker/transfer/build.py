"""Rows of a table -> initiatives as they will be, with every problem named by row and column."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from tracker.domain.importing import DAYS, LEAVE_OUT, Field, ImportRow, Mapping, Report
from tracker.domain.lifecycle import Status
from tracker.domain.shares import Origin
from tracker.transfer import values
from tracker.transfer.detect import Table, cells_of, word_of
from tracker.transfer.formats import Format
from tracker.transfer.life import day_of, life_of
from tracker.transfer.rows import Reader, Setting, Skip, counted, quoted

MOST_TITLE, MOST_DESCRIPTION, MOST_KEY, MOST_URL, MOST_LABEL = 200, 50_000, 120, 500, 50
MOST_LABELS = 50
# In mpd: an hour, and four years of one person. Beyond them the unit is most likely wrong.
LEAST_USUAL, MOST_USUAL = 125, 1_000_000
_KEYED = re.compile(r"#?(\d{1,10}):\s*(\S.*)", re.DOTALL)
_is_url = URLValidator(schemes=["http", "https"])


def build(table: Table, form: Format, mapping: Mapping, setting: Setting) -> Report:
    """Return what the rows of a table become. Every row is built or named among the problems."""
    reader = Reader(table, form, mapping, setting)
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


def _row(reader: Reader) -> ImportRow:
    title, key, description = _texts(reader)
    days = {name: day_of(reader, name) for name in DAYS}
    status = _status(reader, days)
    committed, started, ended = life_of(reader, status, days)
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


def _texts(reader: Reader) -> tuple[str, str, str]:
    title, key = " ".join(reader.text(Field.TITLE).split()), reader.text(Field.KEY)
    if not title:
        raise reader.skip(Field.TITLE, "no title")
    if reader.form.key_in_title and not key and (match := _KEYED.fullmatch(title)):
        key, title = match[1], match[2]
    if len(key) > MOST_KEY:
        raise reader.skip(Field.KEY, f"a key of more than {MOST_KEY} characters")
    if key in reader.keys:
        raise reader.skip(Field.KEY, f"the key {key} stands in row {reader.keys[key]:,} already")
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


def _status(reader: Reader, days: dict[Field, date | None]) -> Status:
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
        raise reader.skip(Field.STATUS, f"chosen to be left out: {word}")
    return Status(found or reader.mapping.default_status)


def _origin(reader: Reader) -> Origin:
    column = reader.columns.get(Field.ORIGIN)
    word = word_of(reader.row, column.cells) if column else ""
    return Origin((word and reader.mapping.origins.get(word)) or reader.mapping.default_origin)


def _owner(reader: Reader) -> int | None:
    name = " ".join(reader.text(Field.OWNER).split())
    if not name:
        return None
    found = reader.setting.people.get(name.casefold())
    if found is None:
        reader.note(Field.OWNER, f"{name[:80]} is nobody of this team, so it has no owner")
    return found


def _estimate(reader: Reader) -> int | None:
    text, unit = reader.text(Field.ESTIMATE), reader.mapping.unit
    try:
        mpd = values.parse_estimate(text, unit, pd_per_pw=reader.setting.pd_per_pw)
    except ValueError as error:
        reader.note(Field.ESTIMATE, f"{quoted(text)}: {error}; left without an estimate")
        return None
    if mpd is not None and not LEAST_USUAL <= mpd <= MOST_USUAL:
        size = "less than an hour" if mpd < LEAST_USUAL else "more than 1,000 person-days"
        check = "check what they count: points are no effort"
        reader.note(Field.ESTIMATE, f"{size}, its numbers read as {unit.value}; {check}")
    return mpd


def _labels(reader: Reader) -> tuple[str, ...]:
    column = reader.columns.get(Field.LABELS)
    found: dict[str, str] = {}
    for cell in cells_of(reader.row, column.cells) if column else ():
        for part in re.split(r"[,;\n]", reader.clean(cell, Field.LABELS)):
            name = " ".join(part.split())
            if len(name) > MOST_LABEL:
                reader.note(Field.LABELS, f"label cut to {MOST_LABEL} characters: {quoted(name)}")
                name = name[:MOST_LABEL].strip()
            if name:
                found.setdefault(name.casefold(), name)
    if len(found) > MOST_LABELS:
        reader.note(Field.LABELS, f"only the first {MOST_LABELS} of {len(found):,} labels kept")
    return tuple(found.values())[:MOST_LABELS]


def _url(reader: Reader) -> str:
    text = reader.text(Field.URL)
    if not text:
        return ""
    try:
        _is_url(text)
    except (ValidationError, ValueError):
        reader.note(Field.URL, f"{quoted(text)} is no web address; left out")
        return ""
    if len(text) > MOST_URL:
        reader.note(Field.URL, f"address of more than {MOST_URL} characters; left out")
        return ""
    return text


def _surplus(reader: Reader) -> None:
    """Name the cells beyond the header, which belong to no column."""
    surplus = [cell for cell in reader.row[len(reader.table.header) :] if cell.strip()]
    if surplus:
        text = f"{counted(len(surplus), 'cell')} beyond the header left out: "
        reader.note(None, text + quoted(", ".join(surplus)))
