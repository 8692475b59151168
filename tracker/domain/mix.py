"""Which initiatives belong to a period, by measure, and the mix they make."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from tracker.domain.calendar import Period
from tracker.domain.capacity import worked_mpd
from tracker.domain.facts import Entry, Item
from tracker.domain.shares import Measure, Mix, Origin, Weight, sum_mixes
from tracker.domain.workdays import WorkCalendar
from tracker.domain.zone import Band, Zone, raw_zone

__all__ = [
    "Coverage",
    "Entry",
    "Item",
    "Measure",
    "Mix",
    "Origin",
    "PeriodMix",
    "Weight",
    "entries",
    "period_mix",
    "straddles",
    "sum_mixes",
    "sum_period_mixes",
    "touched",
]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the classified work a weight covers; the rest lies outside its share."""

    known_items: int = 0
    items: int = 0
    known_mpd: int = 0
    mpd: int = 0

    @property
    def of_effort(self) -> Fraction | None:
        """Return the covered part of the known effort, None where none is known."""
        return Fraction(self.known_mpd, self.mpd) if self.mpd else None

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is left out."""
        return self.known_items == self.items

    def __add__(self, other: "Coverage") -> "Coverage":
        """Return the coverage of both."""
        return Coverage(
            self.known_items + other.known_items,
            self.items + other.items,
            self.known_mpd + other.known_mpd,
            self.mpd + other.mpd,
        )


@dataclass(frozen=True, slots=True)
class PeriodMix:
    """One period under one measure, with a mix and a coverage for each weight.

    ``items``, ``sum_w`` and ``sum_w2`` are over the effort of the classified initiatives that
    have one; ``assumed_mpd`` is the part of it that rests on an assumed FTE.
    """

    period: Period
    measure: Measure
    mixes: Mapping[Weight, Mix]
    coverage: Mapping[Weight, Coverage]
    items: int = 0
    sum_w: int = 0
    sum_w2: int = 0
    assumed_mpd: int = 0

    @property
    def n_eff(self) -> float | None:
        """Return Kish's effective number of initiatives, None for no data."""
        return self.sum_w**2 / self.sum_w2 if self.sum_w2 else None

    @property
    def shares(self) -> dict[Weight, Fraction | None]:
        """Return the share under each weight."""
        return {weight: self.mixes[weight].share for weight in Weight}

    def __add__(self, other: "PeriodMix") -> "PeriodMix":
        """Add the same period and measure over a disjoint set of initiatives (another team)."""
        if (self.period, self.measure) != (other.period, other.measure):
            raise ValueError("Only the same period and measure add up.")
        return replace(
            self,
            mixes={weight: self.mixes[weight] + other.mixes[weight] for weight in Weight},
            coverage={w: self.coverage[w] + other.coverage[w] for w in Weight},
            items=self.items + other.items,
            sum_w=self.sum_w + other.sum_w,
            sum_w2=self.sum_w2 + other.sum_w2,
            assumed_mpd=self.assumed_mpd + other.assumed_mpd,
        )


def entries(
    items: Sequence[Item],
    period: Period,
    measure: Measure,
    *,
    before: date,
    calendar_of_team: Mapping[int, WorkCalendar],
) -> tuple[Entry, ...]:
    """Return the initiatives that belong to a period, with the effort the measure gives them.

    Facts from ``before`` on are not yet known. Of a parent and its parts only the parts are
    counted, except under capacity, where each day was worked once.
    """
    if measure == Measure.CAPACITY:
        parts = (part for item in items for part in item.by_origin)
        worked = ((item, _worked(item, period, before, calendar_of_team)) for item in parts)
        return tuple(_entry(item, effort, assumed) for item, (effort, assumed) in worked if effort)
    if measure == Measure.DELIVERED:
        members = [item for item in items if _within(item.delivered_on, period, before)]
        return tuple(
            _entry(item, item.delivered_mpd, on=item.delivered_on)
            for item in _leaves(members, items)
        )
    members = [item for item in items if _took_in(item, period, measure, before)]
    return tuple(
        _entry(item, item.intake_mpd, on=item.entered_on) for item in _leaves(members, items)
    )


def touched(
    items: Sequence[Item],
    period: Period,
    *,
    before: date,
    calendar_of_team: Mapping[int, WorkCalendar],
) -> tuple[Entry, ...]:
    """Return the initiatives worked on in a period, each with its whole committed effort."""
    return tuple(
        _entry(item, item.intake_mpd)
        for whole in items
        for item in whole.by_origin
        if _worked(item, period, before, calendar_of_team)[0]
    )


def period_mix(period: Period, measure: Measure, members: Iterable[Entry]) -> PeriodMix:
    """Fold entries into the mix of each weight; the count is one per root and origin."""
    rows = tuple(members)
    efforts = [
        row.effort_mpd
        for row in rows
        if row.effort_mpd is not None and row.origin != Origin.UNCLASSIFIED
    ]
    lineages = {(row.root, row.origin) for row in rows}
    return PeriodMix(
        period,
        measure,
        {
            Weight.EFFORT: sum_mixes(Mix.of(row.origin, row.effort_mpd or 0) for row in rows),
            Weight.COUNT: sum_mixes(Mix.of(origin, 1) for _, origin in lineages),
            Weight.VALUE: sum_mixes(Mix.of(row.origin, row.value or 0) for row in rows),
        },
        {weight: _coverage(rows, weight) for weight in Weight},
        items=len(efforts),
        sum_w=sum(efforts),
        sum_w2=sum(effort * effort for effort in efforts),
        assumed_mpd=sum(row.assumed_mpd for row in rows if row.origin != Origin.UNCLASSIFIED),
    )


def sum_period_mixes(mixes: Iterable[PeriodMix]) -> PeriodMix | None:
    """Return the roll-up of disjoint sets of initiatives, such as teams; None for no mixes."""
    total: PeriodMix | None = None
    for mix in mixes:
        total = mix if total is None else total + mix
    return total


def straddles(shares: Iterable[Fraction | None], band: Band) -> bool:
    """Tell whether weights fall on different sides of a band edge; no data takes no side."""
    return len({raw_zone(share, band) for share in shares} - {Zone.NO_DATA}) > 1


def _worked(
    item: Item, period: Period, before: date, calendars: Mapping[int, WorkCalendar]
) -> tuple[int, int]:
    """Return the mpd worked in the period, and the part of it at an assumed FTE."""
    worked = assumed = 0
    for segment in item.segments:
        mpd = worked_mpd(
            segment, period.start, period.end, before=before, calendar=calendars[item.team]
        )
        worked += mpd
        assumed += mpd if segment.assumed else 0
    return worked, assumed


def _within(day: date | None, period: Period, before: date) -> bool:
    return day is not None and day < before and period.contains(day)


def _took_in(item: Item, period: Period, measure: Measure, before: date) -> bool:
    if item.committed_on is None or item.committed_on >= before:
        return False
    if not _within(item.entered_on, period, before):
        return False
    if measure == Measure.INTAKE_GROSS:
        return True
    bound = min(before, period.end)
    return all(day is None or day >= bound for day in (item.cancelled_on, item.deferred_on))


def _leaves(members: Sequence[Item], items: Sequence[Item]) -> list[Item]:
    """Leave out the members of which a part is a member, too."""
    parent_of = {item.item: item.parent for item in items if item.parent is not None}
    covered: set[int] = set()
    for member in members:
        parent = parent_of.get(member.item)
        while parent is not None and parent not in covered:
            covered.add(parent)
            parent = parent_of.get(parent)
    return [member for member in members if member.item not in covered]


def _entry(item: Item, effort: int | None, assumed: int = 0, *, on: date | None = None) -> Entry:
    return Entry(
        item.item,
        item.root,
        item.team,
        Origin(item.origin_on(on) if on else item.origin),
        item.trigger,
        effort,
        item.commit_value,
        assumed,
    )


def _coverage(rows: Iterable[Entry], weight: Weight) -> Coverage:
    classified = [row for row in rows if row.origin != Origin.UNCLASSIFIED]
    known = [row for row in classified if _is_known(row, weight)]
    return Coverage(
        len(known),
        len(classified),
        sum(row.effort_mpd or 0 for row in known),
        sum(row.effort_mpd or 0 for row in classified),
    )


def _is_known(row: Entry, weight: Weight) -> bool:
    if weight is Weight.COUNT:
        return True
    return (row.effort_mpd if weight is Weight.EFFORT else row.value) is not None
