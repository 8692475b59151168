"""The days of a row, as its status allows and needs them."""

from datetime import date

from tracker.domain.importing import Field, first_of
from tracker.domain.lifecycle import Status
from tracker.domain.wording import day_words
from tracker.transfer import values
from tracker.transfer.rows import Reader, quoted

NO_DAY = "no day says when: choose a column for the days, or a day for rows without one"
_NEEDS_END = {Status.DELIVERED, Status.CANCELLED, Status.DEFERRED}
START_FROM = {
    Field.COMMITTED: "committed",
    Field.CREATED: "created",
    Field.UPDATED: "changed last",
}
NO_START = "no day says when the work began, so none of it is logged"
_WORKED = {Status.ACTIVE, Status.DELIVERED}
_NEEDS_COMMITMENT = {Status.COMMITTED, Status.ACTIVE, Status.PAUSED, Status.DELIVERED}


def day_of(reader: Reader, name: Field) -> date | None:
    """Return the day of a cell; one that can't be read is a problem, and None."""
    text = reader.text(name)
    if not text:
        return None
    found = reader.days.get(text)
    if found is None:
        found = reader.days[text] = _parsed(reader, text)
    if isinstance(found, date):
        return found
    reader.note(name, f"{quoted(text)}: {found}; left without this day")
    return None


def _parsed(reader: Reader, text: str) -> date | str:
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


def life_of(
    reader: Reader, status: Status, days: dict[Field, date | None]
) -> tuple[date | None, date | None, date | None]:
    """Return the days of commitment, start and end that the status allows, as it needs them."""
    ended = _end(reader, status, days)
    started = days[Field.STARTED]
    if started and started > reader.setting.today and status not in _WORKED:
        text = f"a start on {day_words(started)} is still to come, so it is not kept"
        reader.note(Field.STARTED, text)
        days = {**days, Field.STARTED: None}
    committed = first_of([days[Field.COMMITTED], days[Field.STARTED]])
    if status is Status.PROPOSED and committed:
        reader.note(None, f"committed {day_words(committed)} is not kept: it is only proposed")
        return None, None, None
    if status in _NEEDS_COMMITMENT and committed is None:
        rest = [days[Field.CREATED], ended, days[Field.UPDATED], reader.mapping.fallback_day]
        committed = first_of(rest)
        if committed is None:
            raise reader.skip(None, f"{status.value}, but {NO_DAY}")
        if committed not in rest[:2]:
            whence = _whence(days)
            reader.note(None, f"committed {day_words(committed)}, taken from {whence}")
    if committed and ended and committed > ended:
        reader.note(None, f"committed after it was {status.value}; {day_words(ended)} counts")
        committed = ended
    if committed and committed > reader.setting.today:
        raise reader.skip(None, f"{status.value} only from {day_words(committed)}, in the future")
    return committed, _start(reader, status, days | {Field.COMMITTED: committed}, ended), ended


def _end(reader: Reader, status: Status, days: dict[Field, date | None]) -> date | None:
    delivered, cancelled = days[Field.DELIVERED], days[Field.CANCELLED]
    if status not in _NEEDS_END:
        for name in (Field.DELIVERED, Field.CANCELLED):
            if day := days[name]:
                text = f"{name.value} {day_words(day)} is not kept: it is {status.value}"
                reader.note(name, text)
        return None
    first, second = (delivered, None) if status is Status.DELIVERED else (cancelled, delivered)
    ended = first_of([first, second, days[Field.UPDATED], reader.mapping.fallback_day])
    if ended is None:
        raise reader.skip(None, f"{status.value}, but {NO_DAY}")
    if first is None and second is None:
        reader.note(None, f"{status.value} {day_words(ended)}, taken from {_whence(days)}")
    if ended > reader.setting.today:
        raise reader.skip(None, f"{status.value} on {day_words(ended)}, in the future")
    return ended


def _whence(days: dict[Field, date | None]) -> str:
    return "the last change" if days[Field.UPDATED] else "the day for rows without one"


def _start(
    reader: Reader, status: Status, days: dict[Field, date | None], ended: date | None
) -> date | None:
    started = days[Field.STARTED]
    if started is None:
        return _assumed_start(reader, days, ended) if status in _WORKED else None
    if (ended and started > ended) or started > reader.setting.today:
        end = "the end" if ended else "today"
        text = f"started {day_words(started)} lies after {end}; no work logged"
        reader.note(Field.STARTED, text)
        return None
    return started


def _assumed_start(
    reader: Reader, days: dict[Field, date | None], ended: date | None
) -> date | None:
    """Return the day that is to stand in for the start, where the person chose one."""
    chosen = reader.mapping.start_from
    day = days[chosen] if chosen else None
    if chosen is None or day is None or day > min(ended or day, reader.setting.today):
        reader.note(None, NO_START)
        return None
    reader.note(
        None, f"work begins on the day it was {START_FROM[chosen]}, since no other is given"
    )
    return day
