"""What the initiatives behind a mark add up to, in words and as a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tracker.domain.calendar import Period
from tracker.domain.contributions import Contribution, Named, mix_of
from tracker.domain.effort import format_pd
from tracker.domain.mix import Measure, Mix, Origin, Weight
from tracker.domain.question import MEASURES
from tracker.figures.words import WEIGHTS, Unit, percent, period_words, trigger_words

NOTHING = {Weight.EFFORT: "no estimate", Weight.VALUE: "no value", Weight.COUNT: ""}


@dataclass(frozen=True, slots=True)
class Row:
    """An initiative and what it adds, exactly; ``note`` says why it adds nothing."""

    key: str
    url: str
    title: str
    team: str
    origin: str
    trigger: str
    status: str
    amount: str
    note: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The table, its totals (label and exact amount) and the sentence that says what it is."""

    heading: str
    sentence: str
    unit: str
    rows: tuple[Row, ...]
    totals: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """What the mark stands for; ``trigger`` is "" for none given and None for all."""

    measure: Measure
    weight: Weight
    period: Period
    to_date: bool
    origin: Origin | None
    trigger: str | None


def listing(
    subject: Subject, rows: Sequence[Named], whole: Mix, unit: Unit, url: Callable[[str], str]
) -> Listing:
    """Return the listing; ``whole`` is the period's mix, ``url`` the address of a key."""
    own = mix_of(row.part for row in rows)
    return Listing(
        heading=_heading(subject, own, unit, len(rows)),
        sentence=_sentence(subject, own, whole, unit, len(rows)),
        unit=unit.name or "Counted",
        rows=tuple(_row(row, subject.weight, url) for row in rows),
        totals=_totals(subject, own, unit),
    )


def exact(amount: int, weight: Weight) -> str:
    """Return an amount without rounding: mpd as pd with all their decimals."""
    return format_pd(amount) if weight is Weight.EFFORT else f"{amount:,}"


def _row(row: Named, weight: Weight, url: Callable[[str], str]) -> Row:
    entry, amount = row.part.entry, row.part.amount
    return Row(
        key=row.key,
        url=url(row.key),
        title=row.title,
        team=row.team,
        origin=entry.origin.value,
        trigger=trigger_words(entry.trigger) if entry.trigger else "",
        status=row.status,
        amount="–" if amount is None else exact(amount, weight),
        note=_note(row.part, weight),
    )


def _note(part: Contribution, weight: Weight) -> str:
    if part.amount is None:
        return NOTHING[weight]
    if weight is Weight.COUNT and not part.amount:
        return "counted once with its other parts"
    if weight is Weight.EFFORT and part.entry.assumed_mpd:
        return "at an assumed FTE"
    return ""


def _what(subject: Subject) -> str:
    if subject.trigger is not None:
        return (
            f"brought by {trigger_words(subject.trigger).lower()}"
            if subject.trigger
            else ("opportunistic without a trigger")
        )
    return subject.origin.value if subject.origin else ""


def _heading(subject: Subject, own: Mix, unit: Unit, count: int) -> str:
    period = period_words(subject.period, to_date=subject.to_date)
    what = _what(subject)
    if not count:
        return f"Nothing{f' {what}' if what else ''} in {period}"
    if what:
        return f"{unit.amount(own.total)} {what}, {period}"
    if own.share is None:
        return f"{unit.amount(own.total)} unclassified, {period}"
    return f"{percent(own.share)} opportunistic: {unit.of(own)}, {period}"


def _sentence(subject: Subject, own: Mix, whole: Mix, unit: Unit, count: int) -> str:
    initiatives = f"{count:,} initiative{'' if count == 1 else 's'}"
    by = WEIGHTS[subject.weight]
    period = period_words(subject.period, to_date=subject.to_date)
    text = f"{MEASURES[subject.measure]} by {by}, {period}: {initiatives}."
    if _what(subject) and whole.share is not None:
        text += f" The whole period: {percent(whole.share)} opportunistic ({unit.of(whole)})."
    return text


def _totals(subject: Subject, own: Mix, unit: Unit) -> tuple[tuple[str, str], ...]:
    weight = subject.weight
    if _what(subject):
        return (("Total", exact(own.total, weight)),)
    found = [
        ("Opportunistic", exact(own.opportunistic, weight)),
        ("Planned", exact(own.planned, weight)),
        ("Total of the share", exact(own.classified, weight)),
    ]
    if own.unclassified:
        found.append(("Unclassified, outside the share", exact(own.unclassified, weight)))
    return tuple(found)
