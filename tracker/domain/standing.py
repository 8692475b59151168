"""How a team stands in a period: its zone, what it was before, and how sure that is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tracker.domain.calendar import Period, PeriodKind
from tracker.domain.intervals import Confidence, confidence_label, kish, zone_masses
from tracker.domain.progress import is_closed, is_to_date
from tracker.domain.zone import Band, Zone, raw_zone, states_under

POOLED_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """The zone to show for a period.

    A closed period has the state that hysteresis gives it, a running one the zone of its share
    so far. ``raw`` is the zone of the share alone, ``before`` the state that the closed period
    ahead of it left behind.
    """

    zone: Zone
    raw: Zone
    before: Zone
    to_date: bool

    @property
    def is_held(self) -> bool:
        """Tell whether the share lies beyond an edge that the state has not crossed."""
        return not self.to_date and self.raw not in (self.zone, Zone.NO_DATA)


def standing(
    history: Sequence[tuple[Period, Fraction | None]],
    focus: Period,
    band: Band,
    before: date,
    band_of: Callable[[Period], Band] | None = None,
) -> Standing:
    """Return the standing in ``focus``, the last period of ``history`` that counts.

    ``history`` holds periods of one kind in order from the team's first one, with shares that
    are None where too little was worked (``zone.classifiable``). ``band`` is that of the focus;
    ``band_of`` gives the others theirs where they may differ.
    """
    share = next((share for period, share in history if period == focus), None)
    closed = [
        (share, band_of(period) if band_of else band)
        for period, share in history
        if period.end < before and period.end <= focus.end
    ]
    zones = (Zone.NO_DATA, *states_under(closed))
    raw = raw_zone(share, band)
    if not is_closed(focus, before):
        return Standing(raw, raw, zones[-1], is_to_date(focus, before))
    zone = Zone.NO_DATA if share is None else zones[-1]
    return Standing(zone, raw, zones[max(0, len(zones) - 2)], False)


def pool_of(focus: Period, before: date) -> Period:
    """Return the stretch whose initiatives tell how sure a zone is.

    It ends with the period, or with the as-of day, and holds at least the three months ahead.
    """
    end = min(focus.end, before)
    months = end.year * 12 + end.month - 1 - POOLED_MONTHS
    first = date(max(1, months // 12), months % 12 + 1, 1)
    # Three months to the day, or to the first of the next where that month is shorter.
    days = (first.replace(day=min(end.day, 28)), focus.start)
    return Period(PeriodKind.QUARTER, focus.fiscal_year, focus.label, min(days), focus.end, "")


def confidence(
    share: Fraction | None, weights: Iterable[float], zone: Zone, band: Band
) -> Confidence | None:
    """Return how sure the zone is, given the pool's share and what each initiative weighs."""
    masses = zone_masses(share, kish(weights), band)
    return confidence_label(masses[zone]) if masses and zone in masses else None
