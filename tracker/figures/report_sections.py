"""The sections of a closed period's report: sentences and tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from tracker.domain.mix import Weight
from tracker.domain.record import Words
from tracker.domain.restatement import Cause, Restatement
from tracker.domain.wording import count_words, day_words, points, short_day
from tracker.domain.words import label_of
from tracker.figures.figure import Cell, Column
from tracker.figures.words import Unit, listed, percent, trigger_words

Plain = Mapping[str, Any]
Address = Callable[[str], str]
CAUSES = {
    Cause.LATE_ENTRY: ("late entry", "late entries"),
    Cause.REMOVAL: ("removal", "removals"),
    Cause.RETAG: ("retag", "retags"),
    Cause.DATE_CORRECTION: ("date correction", "date corrections"),
    Cause.EFFORT_CORRECTION: ("effort correction", "effort corrections"),
    Cause.VALUE_CORRECTION: ("value correction", "value corrections"),
    Cause.LINEAGE: ("change of lineage", "changes of lineage"),
    Cause.OTHER: ("other change", "other changes"),
}
PD = Unit(Weight.EFFORT, "")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with sentences and a table; either may be missing."""

    id: str
    heading: str
    lines: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()


def funding_section(found: Plain) -> Section:
    """Return what the opportunities of a period were funded from."""
    lines = [
        f"{count_words(found['new'], 'opportunity', 'opportunities').capitalize()} let in, "
        f"estimated at {PD.amount(found['effort'])}."
        if found["new"]
        else "No opportunity was let in."
    ]
    if found["unfunded"]:
        many = count_words(found["unfunded_items"], "opportunity", "opportunities")
        lines.append(f"Unfunded by {PD.amount(found['unfunded'])} in {many}.")
    if found["unestimated"]:
        many = count_words(found["unestimated"], "opportunity", "opportunities")
        lines.append(f"{many.capitalize()} had no estimate, so that what funds it is not known.")
    rows = [
        (Cell("Displaced from planned items"), Cell(PD.number(found["displaced"]))),
        (Cell("Drawn from the reserve"), Cell(PD.number(found["reserve"]))),
        (Cell("Capacity added"), Cell(PD.number(found["added-capacity"]))),
    ]
    columns = (Column("Decided in the period", numeric=False), Column("pd"))
    return Section(
        "funding", "What the opportunities were funded from", tuple(lines), columns, tuple(rows)
    )


def displaced_section(found: Sequence[Plain], url: Address) -> Section:
    """Return which planned items gave way, and for what."""
    if not found:
        return Section("displaced", "What was displaced", ("Nothing planned gave way.",))
    columns = (
        Column("Planned item", numeric=False),
        Column("pd"),
        Column("How", numeric=False),
        Column("For", numeric=False),
        Column("On", numeric=False),
    )
    rows = tuple(
        (
            _name(row, url),
            Cell(PD.number(row["mpd"])),
            Cell(label_of(row["manner"])),
            _name(row["for"], url),
            Cell(short_day(date.fromisoformat(row["on"]))),
        )
        for row in found
    )
    return Section("displaced", "What was displaced", (), columns, rows)


def _name(row: Plain, url: Address) -> Cell:
    return Cell(f"{row['key']} {row['title']}".strip(), url(row["key"]) if row["key"] else "")


def say_do_section(found: Plain | None, url: Address) -> Section:
    """Return what was delivered of what was due, and what was not."""
    heading = "What was promised and done"
    if found is None:
        return Section("say-do", heading, ("No plan was locked for these days.",))
    if not found["due"]:
        return Section("say-do", heading, ("Nothing of the plan was due in the period.",))
    share, effort = Fraction(found["done"], found["due"]), None
    if found["due_mpd"]:
        effort = Fraction(found["done_mpd"], found["due_mpd"])
    lines = [
        f"{found['done']} of {found['due']} due were delivered: {percent(share)} by count; "
        f"{PD.number(found['done_mpd'])} of {PD.amount(found['due_mpd'])}: {percent(effort)} "
        "by effort."
    ]
    missed = tuple((_name(row, url),) for row in found["missed"])
    return Section(
        "say-do", heading, tuple(lines), (Column("Not delivered in time", numeric=False),), missed
    )


def opportunities_section(found: Sequence[Plain], url: Address) -> Section:
    """Return the opportunities of a period with the reasons they came for."""
    heading = "The opportunities and why they came"
    if not found:
        return Section("opportunities", heading, ("None was worked on or let in.",))
    columns = (
        Column("Initiative", numeric=False),
        Column("Trigger", numeric=False),
        Column("Why it came", numeric=False),
        Column("Worked, pd"),
        Column("Estimate, pd"),
        Column("Status", numeric=False),
    )
    rows = tuple(
        (
            _name(row, url),
            Cell(_need(row)),
            Cell(row["reason"] or "–"),
            Cell(PD.number(row["worked"])),
            Cell("–" if row["estimate"] is None else PD.number(row["estimate"])),
            Cell(label_of(row["status"])),
        )
        for row in found
    )
    return Section("opportunities", heading, (), columns, rows)


def _need(row: Plain) -> str:
    need = f", {label_of(row['need']).lower()}" if row["need"] else ""
    return f"{trigger_words(row['trigger'])}{need}"


def restated_words(label: str, found: Restatement, closed_on: date) -> str:
    """Return ``Q1: 28.8 %, restated +4.6 pp from 24.2 % as reported 8 Apr (1 late entry)``."""
    if not found.is_restated:
        return f"{label} stands as reported on {day_words(closed_on)}."
    moved = f" {points(found.total)}" if found.total is not None else ""
    causes = listed(
        [f"{number} {CAUSES[cause][number != 1]}" for cause, number in found.causes.items()]
    )
    because = f" ({causes})" if causes else ""
    return (
        f"{label}: {percent(found.current.share)}, restated{moved} from "
        f"{percent(found.reported.share)} as reported {short_day(closed_on)}{because}."
    )


def since_section(
    label: str,
    found: Restatement,
    words: Mapping[int, Words],
    closed_on: date,
    *,
    url: Address,
    when: Callable[[Any], str],
) -> Section:
    """Return what has moved the figure since the close, change by change."""
    heading, sentence = "Since then", restated_words(label, found, closed_on)
    if not found.steps:
        return Section("since", heading, (sentence,))
    columns = (
        Column("Recorded", numeric=False),
        Column("What", numeric=False),
        Column("Initiative", numeric=False),
        Column("By", numeric=False),
        Column("Moved"),
        Column("Share after"),
        Column("of"),
    )
    rows = tuple(
        (
            Cell(when(step.at)),
            Cell(CAUSES[step.cause][0].capitalize()),
            _step_name(words.get(step.item, Words()), url),
            Cell(step.by or "–"),
            Cell("–" if step.contribution is None else points(step.contribution)),
            Cell(percent(step.after.share)),
            Cell(PD.of(step.after)),
        )
        for step in found.steps
    )
    return Section("since", heading, (sentence,), columns, rows)


def _step_name(words: Words, url: Address) -> Cell:
    return Cell(f"{words.key} {words.title}".strip() or "–", url(words.key) if words.key else "")
