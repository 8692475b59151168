"""Periods and working days. Intervals are half-open: the end is the first day outside."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from tracker.domain.workdays import WorkCalendar

__all__ = [
    "FiscalCalendar",
    "Period",
    "PeriodKind",
    "WorkCalendar",
    "civil_date",
    "last_periods",
    "period_from_slug",
    "period_of",
    "periods",
]

MOST_PERIODS = 20_000
_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class PeriodKind(StrEnum):
    """How long a period is."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF: 6, PeriodKind.YEAR: 12}
_SLUGS = {
    PeriodKind.WEEK: re.compile(r"([0-9]{4})-w([0-9]{2})"),
    PeriodKind.MONTH: re.compile(r"([0-9]{4})-([0-9]{2})"),
    PeriodKind.QUARTER: re.compile(r"([0-9]{4})-q([1-4])"),
    PeriodKind.HALF: re.compile(r"([0-9]{4})-h([12])"),
    PeriodKind.YEAR: re.compile(r"([0-9]{4})()"),
}


@dataclass(frozen=True, slots=True)
class FiscalCalendar:
    """When a fiscal year starts, and whether the year it starts or ends in names it."""

    start_month: int = 1
    label_by: str = "end"

    def __post_init__(self) -> None:
        """Refuse a month or a label rule that does not exist; raises ValueError."""
        if not 1 <= self.start_month <= 12:
            raise ValueError("The fiscal year starts in a month from 1 to 12.")
        if self.label_by not in ("start", "end"):
            raise ValueError("A fiscal year is named by its 'start' or its 'end'.")

    @property
    def is_calendar_year(self) -> bool:
        """Tell whether fiscal years are calendar years."""
        return self.start_month == 1

    @property
    def naming_offset(self) -> int:
        """Return the name of a fiscal year less the calendar year it starts in."""
        return int(self.label_by == "end" and not self.is_calendar_year)

    def year_label(self, fiscal_year: int) -> str:
        """Return ``2026`` for calendar years, ``FY27`` for others."""
        return str(fiscal_year) if self.is_calendar_year else f"FY{fiscal_year % 100:02d}"


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of the calendar; ``end`` is exclusive. Weeks carry the ISO year."""

    kind: PeriodKind
    fiscal_year: int
    label: str
    start: date
    end: date
    slug: str

    def contains(self, day: date) -> bool:
        """Tell whether a day lies in the period."""
        return self.start <= day < self.end

    @property
    def last_day(self) -> date:
        """Return the inclusive end that people see."""
        return self.end - timedelta(days=1)


@lru_cache(maxsize=512)
def periods(kind: PeriodKind, start: date, end: date, fiscal: FiscalCalendar) -> tuple[Period, ...]:
    """Return all periods of a kind that overlap ``[start, end)``, in order.

    Raises ValueError where they would be more than 20,000 or leave the calendar (years 1-9999).
    """
    return tuple(_generate(kind, start, end, fiscal))


@lru_cache(maxsize=4096)
def period_of(day: date, kind: PeriodKind, fiscal: FiscalCalendar) -> Period:
    """Return the period that holds a day; ValueError at the edges of the calendar."""
    if kind is PeriodKind.WEEK:
        return _week(*day.isocalendar()[:2])
    shift = fiscal.start_month - 1
    months = _MONTHS[kind]
    index = (day.year * 12 + day.month - 1 - shift) // months * months + shift
    return _months(kind, index, fiscal)


@lru_cache(maxsize=512)
def last_periods(n: int, kind: PeriodKind, day: date, fiscal: FiscalCalendar) -> tuple[Period, ...]:
    """Return ``n`` periods in order, the last being the one that holds ``day``."""
    if not 0 <= n <= MOST_PERIODS:
        raise ValueError(f"Ask for 0 to {MOST_PERIODS:,} periods.")
    found: list[Period] = []
    while len(found) < n:
        anchor = _shifted(found[-1].start, -1) if found else day
        found.append(period_of(anchor, kind, fiscal))
    return tuple(reversed(found))


def period_from_slug(slug: str, fiscal: FiscalCalendar) -> Period:
    """Return the period of a slug such as ``2026-q3``; ValueError on anything else."""
    for kind, pattern in _SLUGS.items():
        if match := pattern.fullmatch(slug):
            try:
                return _numbered(kind, int(match[1]), int(match[2] or 1), fiscal)
            except ValueError:
                break
    raise ValueError(
        f"There is no period {slug[:20]!r}. Use one such as 2026-w36, 2026-09, 2026-q3 or 2026."
    )


def civil_date(instant: datetime, zone_name: str) -> date:
    """Return the civil date of an instant in an IANA zone.

    Raises ValueError on an instant without zone and on an unknown zone.
    """
    if instant.tzinfo is None:
        raise ValueError("An instant needs its zone before it has a date.")
    try:
        zone = ZoneInfo(zone_name)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(f"{zone_name!r} is no time zone. Use one like Europe/Berlin.") from error
    return instant.astimezone(zone).date()


def _generate(kind: PeriodKind, start: date, end: date, fiscal: FiscalCalendar) -> Iterator[Period]:
    day = start
    for _ in range(MOST_PERIODS):
        if day >= end:
            return
        period = period_of(day, kind, fiscal)
        yield period
        day = period.end
    raise ValueError("That range is too long. Choose later dates or longer periods.")


def _numbered(kind: PeriodKind, year: int, number: int, fiscal: FiscalCalendar) -> Period:
    if kind is PeriodKind.WEEK:
        return _week(year, number)
    if kind is PeriodKind.MONTH:
        return period_of(date(year, number, 1), kind, fiscal)
    first = (year - fiscal.naming_offset) * 12 + fiscal.start_month - 1
    return _months(kind, first + (number - 1) * _MONTHS[kind], fiscal)


def _week(year: int, number: int) -> Period:
    start = date.fromisocalendar(year, number, 1)
    end = _shifted(start, 7)
    label, slug = f"{year} W{number:02d}", f"{year:04d}-w{number:02d}"
    return Period(PeriodKind.WEEK, year, label, start, end, slug)


def _months(kind: PeriodKind, index: int, fiscal: FiscalCalendar) -> Period:
    """Build a period from its first month, counted from year 0."""
    shift, months = fiscal.start_month - 1, _MONTHS[kind]
    year = (index - shift) // 12 + fiscal.naming_offset
    number = (index - shift) % 12 // months + 1
    label, slug = fiscal.year_label(year), f"{year:04d}"
    if kind is PeriodKind.MONTH:
        label = f"{_MONTH_NAMES[index % 12]} {index // 12}"
        slug = f"{index // 12:04d}-{index % 12 + 1:02d}"
    elif kind is not PeriodKind.YEAR:
        letter = "q" if kind is PeriodKind.QUARTER else "h"
        label, slug = f"{label} {letter.upper()}{number}", f"{slug}-{letter}{number}"
    return Period(kind, year, label, _month_start(index), _month_start(index + months), slug)


def _month_start(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)


def _shifted(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError as error:
        raise ValueError("That lies outside the calendar. Use years from 1 to 9999.") from error
