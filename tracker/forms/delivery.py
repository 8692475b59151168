"""Which part of a cycle plan against actual is asked about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.domain.calendar import FiscalCalendar, Period, PeriodKind, periods

WHOLE = "cycle"
ONE = timedelta(days=1)
EARLIEST = 2000


@dataclass(frozen=True, slots=True)
class AskedDelivery:
    """The period asked for, what may be chosen as (value, label), and what could not be read.

    ``known`` is a day of the past as of whose records to tell, None for today.
    """

    period: Period
    value: str
    choices: tuple[tuple[str, str], ...]
    notices: tuple[str, ...] = ()
    known: date | None = None


def read_delivery(
    given: Mapping[str, str],
    cycle: tuple[str, date, date],
    fiscal: FiscalCalendar,
    *,
    today: date,
) -> AskedDelivery:
    """Return the period of a query: a month or quarter of the cycle, else all of it.

    ``cycle`` is its name, first day and exclusive end. Periods that have not begun by the day
    as of which to tell can't be chosen.
    """
    known, told = _known(str(given.get("known", "")), today)
    before = (known or today) + ONE
    name, start, end = cycle
    whole = Period(PeriodKind.HALF, start.year, name, start, end, WHOLE)
    parts = {
        part.slug: part
        for kind in (PeriodKind.QUARTER, PeriodKind.MONTH)
        for part in periods(kind, start, end, fiscal)
        if part.start < before and (part.start, part.end) != (start, end)
    }
    label = f"{name} to date" if start < before < end else f"All of {name}"
    choices = ((WHOLE, label), *((slug, _label(part, before)) for slug, part in parts.items()))
    asked = str(given.get("period", WHOLE))
    notices = told
    if asked not in parts and asked != WHOLE:
        notices = (
            *told,
            f"{name} has no period {asked[:20]!r} that has begun, so all of it is shown.",
        )
    period = parts.get(asked, whole)
    return AskedDelivery(period, period.slug, choices, notices, known)


def _known(text: str, today: date) -> tuple[date | None, tuple[str, ...]]:
    """Return the day of the past that was asked for, and what to say where there is none."""
    if not text:
        return None, ()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day == today:
        return None, ()
    if day is None or day > today or day.year < EARLIEST:
        return None, (f"{text[:30]!r} is no day of the past, so this is as known today.",)
    return day, ()


def _label(part: Period, before: date) -> str:
    return f"{part.label} to date" if before < part.end else part.label
