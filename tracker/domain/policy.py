"""Which band holds when, and what a team has reported: what a chart needs of closes and plans."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracker.domain.calendar import Period
from tracker.domain.shares import Mix, sum_mixes
from tracker.domain.zone import Band

Key = tuple[str, date]
WORDS = {
    "band": "band",
    "weekdays": "working days",
    "grace_days": "grace days",
    "edition": "measure",
}


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed period: its headline in mpd as reported, and its rules as plain values."""

    mix: Mix
    rules: Mapping[str, Any]

    @property
    def band(self) -> Band:
        """Return the band it was reported under."""
        return Band.of_thousandths(*self.rules["band"])


@dataclass(frozen=True, slots=True)
class Policy:
    """The closes of one team by kind and first day, and the bands of its plans by their days."""

    closed: Mapping[Key, Closed] = field(default_factory=dict)
    plans: Sequence[tuple[date, date, Band]] = ()
    weekdays: tuple[int, ...] = ()

    def close_of(self, period: Period) -> Closed | None:
        """Return the close of a period, None while it is open."""
        return self.closed.get((period.kind.value, period.start))

    def band_of(self, period: Period, own: Band) -> Band:
        """Return the band of a period: as reported, else of its cycle's plan, else the team's."""
        close = self.close_of(period)
        if close is not None:
            return close.band
        day = period.last_day
        return next((band for start, end, band in self.plans if start <= day < end), own)

    def breaks(self, periods: Sequence[Period], own: Band) -> dict[int, str]:
        """Return by place among periods which rules are others than in the closed one before."""
        found: dict[int, str] = {}
        before: Mapping[str, Any] | None = None
        for place, period in enumerate(periods):
            close = self.close_of(period)
            rules = close.rules if close else self._open_rules(period, own, before)
            if before is not None:
                changed = [
                    word for name, word in WORDS.items() if rules.get(name) != before.get(name)
                ]
                if changed:
                    found[place] = " and ".join(changed)
            if close is not None or before is not None:
                before = rules
        return found

    def _open_rules(
        self, period: Period, own: Band, before: Mapping[str, Any] | None
    ) -> Mapping[str, Any]:
        band = self.band_of(period, own)
        edges = [int(edge * 1000) for edge in (band.lower, band.upper, band.derail)]
        return {**(before or {}), "band": edges, "weekdays": list(self.weekdays)}


def reported_mix(
    policies: Iterable[Policy], period: Period, has_work: Iterable[bool]
) -> Mix | None:
    """Return what teams together reported of a period, None unless all that worked closed it."""
    found = []
    for policy, worked in zip(policies, has_work, strict=True):
        close = policy.close_of(period)
        if close is not None:
            found.append(close.mix)
        elif worked:
            return None
    return sum_mixes(found) if found else None
