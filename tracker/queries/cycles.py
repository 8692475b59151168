"""Reads of cycles: all of them with what was planned in each, and which usually comes next."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from tracker.domain.calendar import FiscalCalendar, Period, PeriodKind, period_of
from tracker.models import Cycle

KINDS = (PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.YEAR)


@dataclass(frozen=True, slots=True)
class CycleRow:
    """A cycle with the number of plans made for it and of those that were locked."""

    cycle: Cycle
    plans: int
    locked: int


def cycles_with_plans() -> list[CycleRow]:
    """Return all cycles, the newest first, in one query."""
    locked = Count("plans", filter=Q(plans__baselines__isnull=False), distinct=True)
    rows = Cycle.objects.annotate(made=Count("plans", distinct=True), locked=locked)
    return [CycleRow(row, row.__dict__["made"], row.__dict__["locked"]) for row in rows]


def next_periods(today: date, fiscal: FiscalCalendar) -> dict[PeriodKind, Period]:
    """Return by kind the period that would follow the last cycle, or today where there is none.

    The first in order is the kind that is as long as the last cycle, else half-years.
    """
    last = Cycle.objects.order_by("-ends_before").first()
    day = last.ends_before if last else today
    found = {kind: period_of(day, kind, fiscal) for kind in KINDS}
    usual = _kind_of(last) if last else PeriodKind.HALF
    return {kind: found[kind] for kind in sorted(KINDS, key=lambda kind: kind != usual)}


def _kind_of(cycle: Cycle) -> PeriodKind:
    days = cycle.ends_before - cycle.starts_on
    if days < timedelta(days=120):
        return PeriodKind.QUARTER
    return PeriodKind.HALF if days < timedelta(days=240) else PeriodKind.YEAR
