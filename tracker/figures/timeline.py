"""The small timeline of one initiative, as positions for an SVG that needs no script."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.domain.wording import day_words, pd_words, segment_words, short_day

ONE = timedelta(days=1)
MOST_TICKS = 4
LABEL_ROOM = 13.0  # per cent of the width that a short text takes on a phone


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle: place and width in per cent of the picture, as SVG writes them."""

    css: str
    x: str
    width: str
    label: str
    label_x: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A grid line with its day; ``anchor`` is SVG's text-anchor."""

    x: str
    label: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Timeline:
    """What to draw, and the sentence that says it for those who can't see it."""

    bars: list[Bar]
    ticks: list[Tick]
    today: Tick | None
    target: Tick | None
    label: str

    @property
    def shows_the_way(self) -> bool:
        """Tell whether something dashed is drawn."""
        return any(bar.css == "m-ghost" for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Work:
    """A segment to draw, with what was worked on it in mpd; ``end`` is exclusive."""

    start: date
    end: date | None
    fte_milli: int
    worked_mpd: int


def timeline(
    works: Sequence[Work],
    *,
    origin: str,
    today: date,
    target_start: date | None = None,
    target: date | None = None,
    is_open: bool = True,
) -> Timeline | None:
    """Lay out segments, the way still to go and the target; None where there is nothing.

    ``target`` is the last day of the target; ``is_open`` tells whether work may still come.
    """
    days = [day for work in works for day in (work.start, work.end or today + ONE)]
    if target_start:
        days.append(target_start)
    if target:
        days.append(target + ONE)
    if not days:
        return None
    if (works and is_open) or min(days) <= today < max(days):
        days.append(today + ONE)
    scale = _Scale.around(min(days), max(days))
    bars = list(_work_bars(works, origin, today, scale))
    if target and is_open:
        bars += _ghost(target_start, target, today, scale, begun=bool(works))
    return Timeline(
        bars=bars,
        ticks=list(_ticks(scale)),
        today=_mark(today + ONE, "today", scale),
        target=_mark(target + ONE, "target", scale) if target else None,
        label=_sentence(works, today, target),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    start: date
    end: date

    @classmethod
    def around(cls, first: date, last: date) -> "_Scale":
        """Leave a little air on both sides, whole days."""
        air = max(ONE * 2, (last - first) / 20)
        return cls(_moved(first, -air.days), _moved(last, air.days))

    def at(self, day: date) -> float:
        """Return the place of a day's beginning in per cent."""
        return 100 * (day - self.start).days / max(1, (self.end - self.start).days)


def _work_bars(works: Sequence[Work], origin: str, today: date, scale: _Scale) -> Iterator[Bar]:
    css = {"planned": "m-planned", "opportunistic": "m-opp"}.get(origin, "m-unclassified")
    free_from = 0.0
    for work in works:
        left, right = scale.at(work.start), scale.at(work.end or max(work.start, today) + ONE)
        text = f"{pd_words(work.worked_mpd)}{'' if work.end else ' so far'}"
        fits = left >= free_from and left + LABEL_ROOM <= 100
        if fits:
            free_from = left + LABEL_ROOM * (1 if work.end else 1.7)
        yield Bar(css, _pc(left), _pc(max(right - left, 0.4)), text if fits else "", _pc(left))


def _ghost(
    target_start: date | None, target: date, today: date, scale: _Scale, *, begun: bool
) -> Iterator[Bar]:
    """Draw dashed what was meant: the way from here, or from the target start, to the target."""
    begin = max(today + ONE, target_start or today) if begun else target_start or min(today, target)
    if begin <= target:
        left, right = scale.at(begin), scale.at(target + ONE)
        yield Bar("m-ghost", _pc(left), _pc(right - left), "", _pc(left))


def _ticks(scale: _Scale) -> Iterator[Tick]:
    days = (scale.end - scale.start).days
    step = next((step for step in (7, 14, 28) if days / step <= MOST_TICKS), 0)
    if step:
        day = _moved(scale.start, -scale.start.weekday() % 7)
    else:
        step = -(-days // MOST_TICKS)
        day = scale.start
    year = None
    while day < scale.end:
        at = scale.at(day)
        if at <= 100 - LABEL_ROOM:
            yield Tick(_pc(at), day_words(day) if year not in (None, day.year) else short_day(day))
            year = day.year
        day = _moved(day, step)


def _mark(day: date, label: str, scale: _Scale) -> Tick | None:
    if not scale.start <= day <= scale.end:
        return None
    at = scale.at(day)
    return Tick(_pc(at), label, "end" if at > 100 - LABEL_ROOM else "start")


def _sentence(works: Sequence[Work], today: date, target: date | None) -> str:
    parts = [segment_words(work.start, work.end, work.fte_milli) for work in works]
    worked = f"Worked {'; '.join(parts)}" if parts else "No work yet"
    meant = f"; target {day_words(target)}" if target else ""
    return f"Timeline. {worked}{meant}; today is {day_words(today)}."


def _moved(day: date, days: int) -> date:
    """Move a day, stopping at the edges of the calendar."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def _pc(number: float) -> str:
    return f"{number:.2f}%"
