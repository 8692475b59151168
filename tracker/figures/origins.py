"""How the origin that a plan gives is told: what it rests on, and why somebody knew better."""

from datetime import date

from tracker.domain.baseline import BaselineKind
from tracker.domain.origins import (
    Basis,
    Evidence,
    LockRef,
    OverrideReason,
    OverrideReport,
    Suggestion,
)
from tracker.domain.shares import Mix, Weight
from tracker.domain.wording import day_words, percent, short_day
from tracker.figures.words import Unit

REASONS = {
    OverrideReason.AGREED_OUTSIDE_PLAN: "Agreed, but not in the plan",
    OverrideReason.PART_OF_PLANNED_WORK: "Part of planned work",
    OverrideReason.NEW_SCOPE: "New scope under a planned name",
    OverrideReason.PLAN_WAS_LATE: "The plan was locked too late",
    OverrideReason.OTHER: "Something else",
}
_EFFORT = Unit(Weight.EFFORT, "")


def lock_words(lock: LockRef) -> str:
    """Return a lock as people say it: ``OP2`` or ``amendment 3``."""
    if lock.kind == BaselineKind.AMENDMENT:
        return f"amendment {lock.number}"
    return lock.kind.upper()


def evidence_words(suggestion: Suggestion, listed: str, cycle: str, today: date) -> str:
    """Say in a sentence what a derived origin rests on.

    ``listed`` is the key of the ancestor that the plan lists, ``cycle`` the cycle's name.
    """
    evidence = suggestion.evidence
    if evidence.lock is None:
        return f"No lock opened {cycle}, so the declared origin counts."
    said = f"{_place(evidence, listed, today)}{_commitment(evidence, today)}."
    if evidence.locked_late:
        said += " That was after the start; no lock was made in time."
    if evidence.ratified:
        on = _day(evidence.ratified.effective_on, today)
        said += f" Ratified by {lock_words(evidence.ratified)} on {on}: still opportunistic here."
    return said


def _place(evidence: Evidence, listed: str, today: date) -> str:
    assert evidence.lock is not None  # noqa: S101 - asked by evidence_words
    lock = f"{lock_words(evidence.lock)}, locked {_day(evidence.lock.locked_on, today)}"
    rank = ordinal(evidence.rank or 0)
    return {
        Basis.LISTED: f"{rank} in {lock}",
        Basis.DESCENDED: f"It comes from {listed}, {rank} in {lock}",
        Basis.BELOW_LINE: f"{rank} in {lock}, but below the line",
        Basis.ABSENT: f"Not in {lock}",
    }[evidence.basis]


def _commitment(evidence: Evidence, today: date) -> str:
    if evidence.basis in (Basis.LISTED, Basis.DESCENDED) or evidence.committed_on is None:
        return ""
    day = _day(evidence.committed_on, today)
    if evidence.carried:
        return f"; carried over, first committed {day}"
    return f"; first committed {day}"


def ordinal(number: int) -> str:
    """Return ``1st``, ``2nd``, ``13th``."""
    teen = 10 <= number % 100 <= 20
    return f"{number:,}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def rate_words(report: OverrideReport) -> str:
    """Return the override rate with its two numbers: ``4.4 % (2 of 45 initiatives)``."""
    many = "" if report.suggested == 1 else "s"
    return (
        f"{percent(report.rate)} ({report.overridden:,} of {report.suggested:,} initiative{many})"
    )


def share_words(mix: Mix) -> str:
    """Return a share of effort with its two numbers: ``41.0 % (12 of 30 pd)``."""
    if mix.share is None:
        return percent(None)
    return f"{percent(mix.share)} ({_EFFORT.of(mix)})"


def _day(day: date, today: date) -> str:
    return short_day(day) if day.year == today.year else day_words(day)
