"""Which part of a cycle plan against actual is asked about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.domain.calendar import FiscalCalendar, Period, PeriodKind, periods

WHOLE = "cycle"


@dataclass(frozen=True, slots=True)
class AskedDelivery:
    """The period asked for, what may be chosen as (value, label), and what could not be read."""

    period: Period
    value: str
    choices: tuple[tuple[str, str], ...]
    notices: tuple[str, ...] = ()


def read_delivery(
    given: Mapping[str, str],
    cycle: tuple[str, date, date],
    fiscal: FiscalCalendar,
    *,
    before: date,
) -> AskedDelivery:
    """Return the period of a query: a month or quarter of the cycle, else all of it.

    ``cycle`` is its name, first day and exclusive end. Periods that have not begun by ``before``
    can't be chosen.
    """
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
    notices: tuple[str, ...] = ()
    if asked not in parts and asked != WHOLE:
        notices = (f"{name} has no period {asked[:20]!r} that has begun, so all of it is shown.",)
    period = parts.get(asked, whole)
    return AskedDelivery(period, period.slug, choices, notices)


def _label(part: Period, before: date) -> str:
    return f"{part.label} to date" if before < part.end else part.label
