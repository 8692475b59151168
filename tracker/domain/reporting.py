"""What is stored of a closed period: its figures and its rules as plain values, and back again.

Plain values are what JSON holds. Sums are whole numbers, edges of a band thousandths, days in ISO
form; only sample sizes and intervals, which are statistics, are floats.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from tracker.domain.baseline import PlanCycle
from tracker.domain.calendar import Period
from tracker.domain.closing import Definition, calendar_version
from tracker.domain.facts import Item
from tracker.domain.intervals import Confidence, jeffreys, wilson
from tracker.domain.mix import Coverage, PeriodMix, entries, period_mix
from tracker.domain.shares import Measure, Mix, Origin, Weight
from tracker.domain.wording import ZONES, band_words, percent, tenths
from tracker.domain.workdays import WorkCalendar
from tracker.domain.zone import MINIMUM_MPD, Band, Zone, classifiable

Plain = dict[str, Any]
EDITION = 1


@dataclass(frozen=True, slots=True)
class Rules:
    """What a period was closed under: its band, working days and cycles, by cycle id.

    ``calendar`` holds the weekdays and the holidays of the period only.
    """

    band: Band
    calendar: WorkCalendar
    cycles: Mapping[int, PlanCycle]
    grace_days: int = 0
    edition: int = EDITION

    @classmethod
    def of(
        cls, period: Period, band: Band, calendar: WorkCalendar, cycles: Mapping[int, PlanCycle]
    ) -> "Rules":
        """Return the rules of a period; of the calendar what lies outside of it is left out.

        The grace days are those of the cycle that holds the period's last day.
        """
        days = frozenset(day for day in calendar.holidays if period.contains(day))
        held = [week for week in calendar.former if week[0] > period.start]
        ahead = [week for week in held if week[0] < period.end]
        later = [week for until, week in held if until >= period.end]
        own = WorkCalendar(later[0] if later else calendar.weekdays, days, tuple(ahead))
        ran = (span for span in cycles.values() if span.start <= period.last_day < span.end)
        return cls(band, own, cycles, next((span.grace_days for span in ran), 0))

    @property
    def definition(self) -> str:
        """Return the hash that names the rules, the calendar left out."""
        return Definition(band=self.band, grace_days=self.grace_days, edition=self.edition).version

    @property
    def calendar_version(self) -> str:
        """Return the hash that names the working days of the period."""
        return calendar_version(self.calendar)

    @property
    def week(self) -> frozenset[int]:
        """Return the weekdays worked at the end of the period."""
        return self.calendar.weekdays

    def breaks_with(self, other: "Rules") -> tuple[str, ...]:
        """Return which rules differ from others: "band", "working days", "grace days"."""
        pairs = (
            ("band", self.band != other.band),
            ("working days", self.week != other.week),
            ("grace days", self.grace_days != other.grace_days),
            ("measure", self.edition != other.edition),
        )
        return tuple(name for name, differs in pairs if differs)

    def plain(self) -> Plain:
        """Return the rules as plain values."""
        return {
            "measure": Measure.CAPACITY.value,
            "weight": Weight.EFFORT.value,
            "edition": self.edition,
            "band": [int(edge * 1000) for edge in _edges(self.band)],
            "grace_days": self.grace_days,
            "weekdays": sorted(self.calendar.weekdays),
            "former": [[u.isoformat(), sorted(w)] for u, w in self.calendar.former],
            "holidays": sorted(day.isoformat() for day in self.calendar.holidays),
            "cycles": [
                [key, span.start.isoformat(), span.end.isoformat(), span.grace_days]
                for key, span in sorted(self.cycles.items())
            ],
        }

    @classmethod
    def from_plain(cls, plain: Plain) -> "Rules":
        """Return the rules of stored values."""
        day = date.fromisoformat
        former = tuple((day(until), frozenset(week)) for until, week in plain["former"])
        holidays = frozenset(day(text) for text in plain["holidays"])
        return cls(
            Band.of_thousandths(*plain["band"]),
            WorkCalendar(frozenset(plain["weekdays"]), holidays, former),
            {
                key: PlanCycle(day(start), day(end), grace)
                for key, start, end, grace in plain["cycles"]
            },
            plain["grace_days"],
            plain["edition"],
        )


def mixes_of(
    items: Iterable[Item], period: Period, calendar: WorkCalendar, before: date
) -> dict[Measure, PeriodMix]:
    """Return a period's mix under each measure, of items of one team."""
    known = tuple(items)
    calendars = dict.fromkeys({item.team for item in known}, calendar)
    return {
        measure: period_mix(
            period,
            measure,
            entries(known, period, measure, before=before, calendar_of_team=calendars),
        )
        for measure in Measure
    }


def plain_mixes(mixes: Mapping[Measure, PeriodMix]) -> Plain:
    """Return mixes as plain values, each with its sample size and intervals."""
    return {measure.value: _plain_mix(mix) for measure, mix in mixes.items()}


def mix_from_plain(plain: Mapping[str, Any], period: Period, measure: Measure) -> PeriodMix:
    """Return the mix of a measure from stored values; KeyError where it is not there."""
    stored = plain[measure.value]
    return PeriodMix(
        period,
        measure,
        {weight: Mix(*stored[weight.value]) for weight in Weight},
        {weight: Coverage(*stored["coverage"][weight.value]) for weight in Weight},
        items=stored["items"],
        sum_w=stored["sum_w"],
        sum_w2=stored["sum_w2"],
        assumed_mpd=stored["assumed"],
    )


def _plain_mix(mix: PeriodMix) -> Plain:
    counted = mix.mixes[Weight.COUNT]
    return {
        **{weight.value: [getattr(mix.mixes[weight], o) for o in _ORDER] for weight in Weight},
        "coverage": {
            weight.value: [own.known_items, own.items, own.known_mpd, own.mpd]
            for weight, own in mix.coverage.items()
        },
        "items": mix.items,
        "sum_w": mix.sum_w,
        "sum_w2": mix.sum_w2,
        "assumed": mix.assumed_mpd,
        "n_eff": mix.n_eff,
        "interval": {
            Weight.EFFORT.value: jeffreys(mix.mixes[Weight.EFFORT].share, mix.n_eff),
            Weight.COUNT.value: wilson(counted.opportunistic, counted.classified),
        },
    }


_ORDER = (Origin.OPPORTUNISTIC, Origin.PLANNED, Origin.UNCLASSIFIED)


def _edges(band: Band) -> tuple[Fraction, ...]:
    return band.lower, band.upper, band.derail


def zoned_share(mix: PeriodMix) -> Fraction | None:
    """Return the share by effort, None where too little was worked to name a zone."""
    effort = mix.mixes[Weight.EFFORT]
    return classifiable(effort.share, effort.classified)


def finding_words(mix: Mix, zone: Zone, period: Period, band: Band) -> str:
    """Return the sentence of a closed period: its zone, its share and its band."""
    if mix.share is None:
        return f"No data on the mix in {period.label}: no classified work falls into it."
    text = (
        f"{percent(mix.share)} of {_pd(mix.classified)} went to opportunistic work "
        f"in {period.label}"
    )
    if classifiable(mix.share, mix.classified) is None:
        return f"No zone yet: {text}; it takes {_pd(MINIMUM_MPD)} to name one."
    return f"{ZONES[zone].capitalize()}: {text}, band {band_words(band)}."


def _pd(mpd: int) -> str:
    return f"{tenths(Fraction(mpd, 1000))} pd"


def confidence_from(plain: Plain) -> Confidence | None:
    """Return how sure the zone was, None where it was not told."""
    word = plain.get("confidence")
    return Confidence(word) if word else None


def rule_breaks(rules: Sequence[Rules]) -> dict[int, tuple[str, ...]]:
    """Return by position which rules differ from those of the period before it."""
    found = {i: rules[i].breaks_with(rules[i - 1]) for i in range(1, len(rules))}
    return {place: changed for place, changed in found.items() if changed}
