"""A closed period in words: as it was reported, and what has moved its figure since.

Made of the stored values alone but for the section about what came later. The same report is
read as a page, on paper and as Markdown.
"""

from dataclasses import dataclass
from datetime import date

from tracker.domain.calendar import Period
from tracker.domain.mix import Measure, Mix, Weight
from tracker.domain.question import MEASURES
from tracker.domain.reporting import Rules, mix_from_plain
from tracker.domain.wording import count_words, day_words, short_day
from tracker.domain.zone import Zone
from tracker.figures.dots import Axis, Dot, Tick
from tracker.figures.figure import Cell, Column
from tracker.figures.report_sections import (
    PD,
    Address,
    Plain,
    Section,
    displaced_section,
    funding_section,
    opportunities_section,
    say_do_section,
)
from tracker.figures.words import (
    WEIGHTS,
    ZONES,
    Unit,
    band_words,
    interval_words,
    percent,
)

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Stored:
    """What was stored of a closed period, as plain values and words."""

    team: str
    period: Period
    zone: Zone
    finding: str
    mix: Mix
    assumed: int
    figures: Plain
    report: Plain
    rules: Rules
    closed_on: date
    closed_by: str
    definition: str
    calendar: str
    inputs: str


@dataclass(frozen=True, slots=True)
class Report:
    """The page of a closed period; ``dot`` is its share and interval against the band."""

    title: str
    zone: str
    zone_word: str
    rest: str
    closed: str
    dot: Dot
    ticks: tuple[Tick, ...]
    dot_label: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    rules: tuple[tuple[str, str], ...]


def report(stored: Stored, currency: str, url: Address, since: Section) -> Report:
    """Return the report; ``url`` gives the address of an initiative by its key."""
    capacity = mix_from_plain(stored.figures, stored.period, Measure.CAPACITY)
    interval = stored.figures[Measure.CAPACITY]["interval"]["effort"]
    pair = (interval[0], interval[1]) if interval else None
    axis = Axis(
        [share for share in (stored.mix.share, stored.rules.band.derail, *(pair or ())) if share]
    )
    word, _, rest = stored.finding.partition(":")
    return Report(
        title=f"{stored.team}, {stored.period.label}",
        zone=stored.zone.value,
        zone_word=word if rest else ZONES[stored.zone].capitalize(),
        rest=f":{rest}" if rest else f": {stored.finding}",
        closed=_closed(stored),
        dot=axis.dot(stored.mix.share, pair, stored.rules.band, is_open=False),
        ticks=axis.ticks,
        dot_label=_dot_label(stored, pair),
        notes=tuple(note for note in _notes(stored, pair, capacity.n_eff) if note),
        sections=(
            _mixes(stored, currency),
            funding_section(stored.report["funding"]),
            displaced_section(stored.report["displaced"], url),
            say_do_section(stored.report["say_do"], url),
            opportunities_section(stored.report["opportunities"], url),
            since,
        ),
        rules=_rules(stored),
    )


def _closed(stored: Stored) -> str:
    who = (
        f"by {stored.closed_by}"
        if stored.closed_by
        else "by itself, five working days after its end"
    )
    return f"Closed on {day_words(stored.closed_on)} {who}"


def _dot_label(stored: Stored, interval: tuple[float, float] | None) -> str:
    sure = f", 80\u202f% interval {interval_words(interval)}" if interval else ""
    return f"Share {percent(stored.mix.share)}{sure}; band {band_words(stored.rules.band)}"


def _notes(stored: Stored, interval: tuple[float, float] | None, n_eff: float | None) -> list[str]:
    notes = []
    if interval and n_eff:
        sure = stored.figures.get("confidence")
        words = f"; {sure} confidence in the zone" if sure else ""
        notes.append(
            f"The rate behind it: {interval_words(interval)} (80\u202f% interval, "
            f"{n_eff:.1f} initiatives in effect){words}."
        )
    if stored.mix.unclassified:
        notes.append(f"Outside the share: {PD.amount(stored.mix.unclassified)} unclassified.")
    if stored.assumed:
        notes.append(f"{PD.amount(stored.assumed)} rest on an assumed FTE.")
    notes.append(_overrides(stored))
    return notes


def _overrides(stored: Stored) -> str:
    found = stored.report["overrides"]
    if not found["changed"]:
        return ""
    without = Mix(*found["without"])
    text = count_words(found["changed"], "initiative").capitalize()
    verb = "counts" if found["changed"] == 1 else "count"
    return f"{text} {verb} by an override; without overrides it was {percent(without.share)}."


def _mixes(stored: Stored, currency: str) -> Section:
    units = {weight: Unit(weight, currency) for weight in Weight}
    columns = [Column("Measure", numeric=False)]
    for weight in Weight:
        columns += [Column(f"By {WEIGHTS[weight]}"), Column("of")]
    rows = []
    for measure in Measure:
        mix = mix_from_plain(stored.figures, stored.period, measure)
        cells = [Cell(MEASURES[measure])]
        for weight in Weight:
            own = mix.mixes[weight]
            cells += [
                Cell(percent(own.share)),
                Cell(units[weight].of(own) if own.share is not None else "–"),
            ]
        rows.append(tuple(cells))
    return Section("mix", "The mix by measure and weight", columns=tuple(columns), rows=tuple(rows))


def _rules(stored: Stored) -> tuple[tuple[str, str], ...]:
    rules = stored.rules
    holidays = sorted(rules.calendar.holidays)
    return (
        ("Headline", "Capacity by effort: opportunistic of all classified work"),
        ("Band", f"{band_words(rules.band)}, derailed above {percent(rules.band.derail)}"),
        ("Working days", ", ".join(DAYS[day] for day in sorted(rules.calendar.weekdays))),
        ("Days off", ", ".join(short_day(day) for day in holidays) or "none in the period"),
        ("Grace days of the cycle", str(rules.grace_days)),
        ("Definition", stored.definition[:12]),
        ("Calendar", stored.calendar[:12]),
        ("Facts", stored.inputs[:12]),
    )
