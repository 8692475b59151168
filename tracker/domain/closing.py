"""Closing a period: when it is due, under which rules, and what is stored for good."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.calendar import FiscalCalendar, Period, PeriodKind, periods
from tracker.domain.facts import Item
from tracker.domain.fingerprint import fingerprint
from tracker.domain.shares import Measure, Mix, Weight
from tracker.domain.workdays import WorkCalendar
from tracker.domain.zone import DEFAULT_BAND, Band

CLOSES_AFTER = 5
CLOSED_KINDS = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.YEAR)
FORM = "inputs-1"


@dataclass(frozen=True, slots=True)
class Definition:
    """The rules a period was reported under; other rules draw a break."""

    measure: Measure = Measure.CAPACITY
    weight: Weight = Weight.EFFORT
    band: Band = DEFAULT_BAND
    grace_days: int = 0
    edition: int = 1

    @property
    def version(self) -> str:
        """Return the hash that names these rules."""
        return fingerprint("definition-1", self)


@dataclass(frozen=True, slots=True)
class Reported:
    """What was reported when a period closed; sums in the unit of its weight."""

    period: Period
    closed_on: date
    mix: Mix
    definition: str
    calendar: str
    inputs: str


def closes_on(period: Period, calendar: WorkCalendar, after: int = CLOSES_AFTER) -> date:
    """Return the day a period closes by itself: ``after`` working days after its exclusive end."""
    return calendar.nth_working_day(period.end, after)


def is_due(period: Period, calendar: WorkCalendar, today: date, after: int = CLOSES_AFTER) -> bool:
    """Tell whether a period closes today or should have closed before."""
    return today >= closes_on(period, calendar, after)


def ended_periods(
    first: date, today: date, fiscal: FiscalCalendar, kind: PeriodKind
) -> tuple[Period, ...]:
    """Return the periods of a kind that are over, from the one that holds the first day of work.

    That one may hold only a part of what was done in it, so it never closes by itself.
    """
    return tuple(one for one in periods(kind, first, today, fiscal) if one.end <= today)


def calendar_version(calendar: WorkCalendar) -> str:
    """Return the hash that names a team's working days."""
    return fingerprint("calendar-1", calendar)


def inputs_hash(items: Iterable[Item]) -> str:
    """Return the hash of the facts a figure was made from, whatever their order."""
    return fingerprint(FORM, sorted(items, key=lambda item: item.item))


def breaks(reports: Sequence[Reported]) -> tuple[int, ...]:
    """Return the positions of the reports whose rules or calendar differ from the one before."""
    rules = [(report.definition, report.calendar) for report in reports]
    return tuple(i for i in range(1, len(rules)) if rules[i] != rules[i - 1])
