"""The overview's first words: the finding, the three weights, and what qualifies them."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tracker.domain.mix import Measure, Weight, straddles
from tracker.domain.overview import Overview
from tracker.domain.zone import HYSTERESIS, MINIMUM_MPD, Zone, raw_zone
from tracker.figures.words import (
    THIN,
    THIS,
    WEIGHTS,
    ZONES,
    Unit,
    band_words,
    interval_words,
    listed,
    percent,
)

UNITS = Mapping[Weight, Unit]


@dataclass(frozen=True, slots=True)
class WeightRow:
    """One weight beside the others: its share, numerator and denominator, and what is left out."""

    label: str
    share: str
    of: str
    note: str
    current: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence that starts with the zone, and quieter ones below it."""

    zone: str
    word: str
    rest: str
    weights: tuple[WeightRow, ...]
    notes: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Return the whole sentence."""
        return self.word + self.rest


def finding(overview: Overview, units: UNITS) -> Finding:
    """Return the finding of the period in focus; ``units`` writes each weight's amounts."""
    zone, weight = overview.standing.zone, overview.question.weight
    return Finding(
        zone=zone.value,
        word=ZONES[zone].capitalize(),
        rest=_rest(overview, units[weight]),
        weights=tuple(_weight_row(overview, each, units[each]) for each in _ORDER),
        notes=tuple(note for note in _notes(overview, units) if note),
    )


_ORDER = (Weight.EFFORT, Weight.COUNT, Weight.VALUE)


def _when(overview: Overview) -> str:
    focus = overview.question.focus
    if overview.point.to_date:
        return f"{THIS[focus.kind]} to date"
    return f"in {focus.label}"


def _rest(overview: Overview, unit: Unit) -> str:
    mix, when = overview.point.mix, _when(overview)
    if mix.share is None:
        return f" on the mix {when}: nothing classified falls into it"
    size = f"{percent(mix.share)} of {unit.amount(mix.classified)}"
    text = f"{size} {_went(overview.question.measure, unit)} {when}"
    if overview.point.zoned_share is None:
        return f" for a zone yet: {text}; it takes {MINIMUM_MPD // 1000} pd to name one"
    return f": {text}, band {band_words(overview.band)}"


def _went(measure: Measure, unit: Unit) -> str:
    was = "were" if unit.weight is Weight.COUNT else "was"
    if measure == Measure.DELIVERED:
        return f"delivered {was} opportunistic"
    if measure != Measure.CAPACITY:
        return f"taken in {was} opportunistic"
    if unit.weight is Weight.EFFORT:
        return "went to opportunistic work"
    return f"worked on {was} opportunistic"


def _weight_row(overview: Overview, weight: Weight, unit: Unit) -> WeightRow:
    mix, coverage = overview.mix.mixes[weight], overview.mix.coverage[weight]
    note = ""
    if not coverage.is_complete:
        note = f"known for {coverage.known_items:,} of {coverage.items:,}"
    return WeightRow(
        label=f"By {WEIGHTS[weight]}",
        share=percent(mix.share),
        of=unit.of(mix) if mix.share is not None else "",
        note=note,
        current=weight is overview.question.weight,
    )


def _notes(overview: Overview, units: UNITS) -> list[str]:
    return [
        _straddle(overview),
        _held(overview),
        _rate(overview),
        _past(overview, units[overview.question.weight]),
        _unclassified(overview, units[overview.question.weight]),
        _coverage(overview),
        _assumed(overview, units[Weight.EFFORT]),
    ]


def _straddle(overview: Overview) -> str:
    shares = overview.mix.shares
    if overview.point.zoned_share is None or not straddles(shares.values(), overview.band):
        return ""
    groups: dict[Zone, list[str]] = {}
    for weight in _ORDER:
        zone = raw_zone(shares[weight], overview.band)
        if zone is not Zone.NO_DATA:
            groups.setdefault(zone, []).append(WEIGHTS[weight])
    told = [f"by {listed(names)} it is {ZONES[zone]}" for zone, names in groups.items()]
    return f"The weights disagree: {', '.join(told)}."


def _held(overview: Overview) -> str:
    if not overview.standing.is_held:
        return ""
    raw, zone = ZONES[overview.standing.raw], ZONES[overview.standing.zone]
    points = int(HYSTERESIS * 100)
    return (
        f"By itself the share would be {raw}; it stays {zone} until it crosses the edge "
        f"by {points} points or twice in a row."
    )


def _rate(overview: Overview) -> str:
    if overview.interval is None:
        return ""
    level = "95" if overview.question.weight is Weight.COUNT else "80"
    sure = f"; {overview.confidence.value} confidence in the zone" if overview.confidence else ""
    words = interval_words(overview.interval)
    return f"The rate behind it: {words} ({level}{THIN}% interval){sure}."


def _past(overview: Overview, unit: Unit) -> str:
    if not overview.point.to_date:
        return ""
    kind = overview.question.focus.kind.value
    before = overview.standing.before
    text = f"The {kind} before closed as {ZONES[before]}. " if before is not Zone.NO_DATA else ""
    if overview.earlier is not None:
        period, mix = overview.earlier
        text += f"At this point of {period.label} it was {percent(mix.share)} ({unit.of(mix)})."
    return text.strip()


def _unclassified(overview: Overview, unit: Unit) -> str:
    amount = overview.mix.mixes[unit.weight].unclassified
    if not amount:
        return ""
    return f"Outside the share: {unit.amount(amount)} unclassified."


def _coverage(overview: Overview) -> str:
    texts = []
    for weight, missing in ((Weight.EFFORT, "estimate"), (Weight.VALUE, "expected value")):
        coverage = overview.mix.coverage[weight]
        left = coverage.items - coverage.known_items
        if left:
            texts.append(f"{left:,} without {missing}{_of_effort(weight, coverage.of_effort)}")
    return f"Left out: {listed(texts)}." if texts else ""


def _of_effort(weight: Weight, known: Fraction | None) -> str:
    if weight is not Weight.VALUE or known is None:
        return ""
    return f" (value is known for {percent(known)} of the effort)"


def _assumed(overview: Overview, unit: Unit) -> str:
    if not overview.mix.assumed_mpd:
        return ""
    total = overview.mix.mixes[Weight.EFFORT].classified
    part = unit.number(overview.mix.assumed_mpd)
    return f"{part} of the {unit.amount(total)} rest on an assumed FTE."
