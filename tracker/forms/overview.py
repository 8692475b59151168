"""The overview's address: what it asks for, and what was wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from tracker.domain.calendar import (
    FiscalCalendar,
    Period,
    PeriodKind,
    last_periods,
    period_from_slug,
    period_of,
    periods,
)
from tracker.domain.question import MEASURES, PLURALS, USUAL_LAST, Question, usual_grain
from tracker.domain.shares import Measure, Origin, Weight
from tracker.domain.words import Trigger

EARLIEST = date(1990, 1, 1)
MOST_POINTS = 260
MOST_CHOICES = 60
LASTS = (4, 6, 8, 10, 12, 18, 24, 26, 36, 52)
NO_TRIGGER = "none"
NAMES = {
    "measure": "measure",
    "weight": "weight",
    "kind": "kind of period",
    "by": "kind of period",
}
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Asked:
    """The question of an address, with a notice for each part that made no sense."""

    question: Question
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of a figure: a period under a measure and weight, one origin or trigger, or all."""

    measure: Measure
    weight: Weight
    period: Period
    origin: Origin | None
    trigger: str | None
    notices: tuple[str, ...]
    known: date | None = None


class _Address:
    """Reads parameters one by one and keeps what it could not make sense of."""

    def __init__(self, data: Mapping[str, str], fiscal: FiscalCalendar, today: date) -> None:
        self.data, self.fiscal, self.today = data, fiscal, today
        self.notices: list[str] = []

    def text(self, name: str) -> str:
        return self.data.get(name, "").strip()

    def word(self, name: str, words: type[Word], usual: Word) -> Word:
        text = self.text(name)
        if not text:
            return usual
        try:
            return words(text)
        except ValueError:
            known = ", ".join(word.value for word in words)
            self.notices.append(f"There is no {NAMES[name]} {text[:30]!r}. Use {known}.")
            return usual

    def focus(self, kind: PeriodKind | None) -> Period:
        """Return the period asked for, else the running one; a kind narrows it to its length."""
        slug = self.text("period").lower()
        if slug:
            try:
                return self._sensible(period_from_slug(slug, self.fiscal), kind)
            except ValueError as error:
                self.notices.append(f"{error} This is the current one.")
        return period_of(self.today, kind or PeriodKind.QUARTER, self.fiscal)

    def _sensible(self, period: Period, kind: PeriodKind | None) -> Period:
        if not EARLIEST <= period.start <= self.today:
            raise ValueError(f"{period.label} has not begun, or lies too far back.")
        if kind is None or kind is period.kind:
            return period
        # Another length was chosen: go to the one in which the period ended, or now.
        return period_of(min(period.last_day, self.today), kind, self.fiscal)

    def day(self, name: str) -> date | None:
        text = self.text(name)
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or not EARLIEST <= day <= self.today + timedelta(days=366):
            self.notices.append(f"{text[:30]!r} is no day of the chart; write one like 2026-09-18.")
            return None
        return day

    def known(self) -> date | None:
        """Return the day as of which is asked, None for today; the rest is read as of it."""
        text = self.text("known")
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or not EARLIEST <= day <= self.today:
            self.notices.append(
                f"{text[:30]!r} is no day of the past, so this is as known today. "
                "Write one like 2026-04-08."
            )
            return None
        if day == self.today:
            return None
        self.today = day
        return day

    def reported(self, known: date | None) -> bool:
        """Tell whether closed periods are asked for as they were reported."""
        text = self.text("as")
        if text not in ("", "reported"):
            self.notices.append(f"There is no view {text[:30]!r}. Use reported.")
        return text == "reported" and known is None

    def range(self, grain: PeriodKind) -> tuple[date, date] | tuple[None, None]:
        """Return first and last day of the chart, both None where they make no sense."""
        start, end = self.day("from"), self.day("to")
        if start is None and end is None:
            return None, None
        if start is None:
            self.notices.append("Say from which day on the chart should run.")
            return None, None
        end = min(end or self.today, self.today)
        if start > end:
            self.notices.append("The chart's first day lies after its last one.")
        elif len(periods(grain, start, end + timedelta(days=1), self.fiscal)) > MOST_POINTS:
            self.notices.append(f"That is more than {MOST_POINTS} points. Choose longer periods.")
        else:
            return start, end
        return None, None

    def last(self, grain: PeriodKind) -> int:
        text = self.text("last")
        if not text:
            return USUAL_LAST[grain]
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0
        if not 1 <= number <= MOST_POINTS:
            self.notices.append(f"Ask for the last 1 to {MOST_POINTS} periods.")
            return USUAL_LAST[grain]
        return number


def read_question(data: Mapping[str, str], fiscal: FiscalCalendar, today: date) -> Asked:
    """Return what an address asks for. Nonsense falls back to the usual, with a notice."""
    address = _Address(data, fiscal, today)
    measure = address.word("measure", Measure, Measure.CAPACITY)
    weight = address.word("weight", Weight, Weight.EFFORT)
    known = address.known()
    given = address.text("kind")
    kind = address.word("kind", PeriodKind, PeriodKind.QUARTER) if given else None
    focus = address.focus(kind)
    grain = address.word("by", PeriodKind, usual_grain(focus.kind))
    start, end = address.range(grain)
    question = Question(
        measure,
        weight,
        focus,
        grain,
        address.last(grain),
        start,
        end,
        known,
        address.reported(known),
    )
    return Asked(question, tuple(address.notices))


def read_mark(data: Mapping[str, str], fiscal: FiscalCalendar, today: date) -> Mark:
    """Return which mark an address is about. Nonsense falls back to all, with a notice."""
    address = _Address(data, fiscal, today)
    measure = address.word("measure", Measure, Measure.CAPACITY)
    weight = address.word("weight", Weight, Weight.EFFORT)
    known = address.known()
    period = address.focus(None)
    origin = _origin(address)
    trigger = _trigger(address)
    if trigger is not None:
        origin = Origin.OPPORTUNISTIC
    return Mark(measure, weight, period, origin, trigger, tuple(address.notices), known)


def _origin(address: _Address) -> Origin | None:
    given = address.text("origin")
    if given and given not in set(Origin):
        address.notices.append(f"There is no origin {given[:30]!r}, so all are shown.")
    return Origin(given) if given in set(Origin) else None


def _trigger(address: _Address) -> str | None:
    given = address.text("trigger")
    if given == NO_TRIGGER:
        return ""
    if given and given not in set(Trigger):
        address.notices.append(f"There is no trigger {given[:30]!r}, so all are shown.")
    return given if given in set(Trigger) else None


@dataclass(frozen=True, slots=True)
class Controls:
    """What the form offers, and what is chosen.

    The chart's length and number of periods have an empty choice, the usual one, so that they
    follow when another kind of period is chosen.
    """

    measures: tuple[tuple[str, str], ...]
    weights: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    periods: tuple[tuple[str, str], ...]
    grains: tuple[tuple[str, str, bool], ...]
    lasts: tuple[tuple[str, str, bool], ...]
    question: Question
    today: date


def controls(
    question: Question, fiscal: FiscalCalendar, today: date, first: date | None
) -> Controls:
    """Return the form's choices; the periods go back to the team's first one, newest first."""
    focus = question.focus
    ran = last_periods(MOST_CHOICES, focus.kind, today, fiscal)
    since = min(first or today, focus.start)
    offered = [period for period in ran if period.end > since]
    if focus not in offered:
        offered = [focus, *offered]
    current = period_of(today, focus.kind, fiscal)
    return Controls(
        measures=tuple((measure.value, MEASURES[measure]) for measure in Measure),
        weights=tuple((weight.value, weight.value.capitalize()) for weight in Weight),
        kinds=tuple((kind.value, kind.value.capitalize()) for kind in PeriodKind),
        periods=tuple(
            (each.slug, f"{each.label}, to date" if each == current else each.label)
            for each in reversed(offered)
        ),
        grains=_grains(question),
        lasts=_lasts(question),
        question=question,
        today=today,
    )


def _grains(question: Question) -> tuple[tuple[str, str, bool], ...]:
    usual = usual_grain(question.focus.kind)
    choices = [("", f"{PLURALS[usual].capitalize()} (usual)", question.grain is usual)]
    choices += [
        (kind.value, PLURALS[kind].capitalize(), kind is question.grain)
        for kind in PeriodKind
        if kind is not usual
    ]
    return tuple(choices)


def _lasts(question: Question) -> tuple[tuple[str, str, bool], ...]:
    usual = USUAL_LAST[question.grain]
    numbers = sorted({*LASTS, question.last} - {usual})
    choices = [("", f"{usual} (usual)", question.last == usual)]
    return tuple(choices + [(str(each), str(each), each == question.last) for each in numbers])
