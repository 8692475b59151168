"""Plan against actual in words: every figure beside its numerator and its denominator."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import exp

from tracker.domain.delivery import Accuracy, Churn, Growth, SayDo
from tracker.domain.outcomes import Against, Row
from tracker.domain.wording import (
    NO_DATA,
    THIN,
    count_words,
    day_words,
    percent,
    tenths,
)
from tracker.domain.words import label_of
from tracker.figures.funding import pd, signed


@dataclass(frozen=True, slots=True)
class Told:
    """A figure as text, and what it was made of."""

    figure: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the table: a figure by each baseline; ``anchor`` leads to the items behind it."""

    label: str
    why: str
    told: tuple[Told, ...]
    anchor: str = ""


def signed_percent(share: Fraction | None) -> str:
    """Return ``+1.6 %`` or ``−3.0 %``, "no data" for None."""
    if share is None:
        return NO_DATA
    text = percent(abs(share))
    if text.startswith(f"0.0{THIN}"):
        return text
    return f"{'+' if share > 0 else chr(0x2212)}{text}"


def working_days(days: Fraction | int) -> str:
    """Return ``15 working days``, at most one decimal."""
    return f"{tenths(Fraction(days))} working day{'' if days == 1 else 's'}"


def finding(told: Against, period: str) -> str:
    """Return what was delivered of what was due, in a sentence."""
    found = told.say_do
    if not found.due:
        return f"Nothing of the plan was due in {period}"
    if found.done == found.due == 1:
        return f"What was due in {period} was delivered by then"
    many = "commitment" if found.due == 1 else "commitments"
    verb = "was" if found.done == 1 else "were"
    what = f"{found.done:,} of {found.due:,} {many} {verb} delivered"
    return f"{percent(found.by_count)} kept: {what} in {period}"


def count_told(found: SayDo) -> Told:
    """Return say/do by count."""
    return Told(percent(found.by_count), f"{found.done:,} of {found.due:,}" if found.due else "")


def effort_told(found: SayDo) -> Told:
    """Return say/do by effort, and how many commitments nobody had estimated."""
    of = f"{pd(found.done_mpd)} of {pd(found.due_mpd)} pd" if found.due_mpd else ""
    if found.unestimated:
        of += f"{', ' if of else ''}{found.unestimated:,} without an estimate"
    return Told(percent(found.by_effort), of)


def accuracy_told(found: Accuracy) -> Told:
    """Return the accuracy; below 0 for wild misses."""
    if found.accuracy is None:
        return Told(NO_DATA)
    share = found.accuracy
    text = percent(share) if share >= 0 else signed_percent(share)
    return Told(text, f"off by {pd(found.error_mpd)} of {pd(found.planned_mpd)} pd")


def bias_told(found: Accuracy) -> Told:
    """Return the bias: above 0 work took more than planned."""
    if found.bias is None:
        return Told(NO_DATA)
    return Told(
        signed_percent(found.bias), f"{pd(found.actual_mpd)} for {pd(found.planned_mpd)} pd planned"
    )


def factor_told(found: Accuracy) -> Told:
    """Return the typical factor of error as ``×1.19``."""
    if found.typical_log_ratio is None:
        return Told(NO_DATA)
    many = len(found.log_ratios)
    return Told(f"×{exp(found.typical_log_ratio):.2f}", f"median of {count_words(many, 'item')}")


def growth_told(found: Growth) -> Told:
    """Return by how much the surviving items grew."""
    if found.rate is None:
        return Told(NO_DATA)
    grown = signed(found.current_mpd - found.baseline_mpd)
    return Told(signed_percent(found.rate), f"{grown} of {pd(found.baseline_mpd)} pd")


def churn_told(found: Churn) -> Told:
    """Return how much the plan moved."""
    if found.rate is None:
        return Told(NO_DATA)
    moved = f"{pd(found.added_mpd)} added, {pd(found.removed_mpd)} removed"
    return Told(percent(found.rate), f"{moved} of {pd(found.baseline_mpd)} pd")


def net_told(found: Churn) -> Told:
    """Return how much the plan grew by it."""
    if found.net is None:
        return Told(NO_DATA)
    net = signed(found.added_mpd - found.removed_mpd)
    return Told(signed_percent(found.net), f"{net} of {pd(found.baseline_mpd)} pd")


def slip_told(told: Against) -> Told:
    """Return all slips together, and what opportunities account for."""
    found = told.slips
    if not found.slip:
        return Told("0 days")
    of = f"{tenths(found.opportunistic)} to opportunities, {tenths(found.other)} other causes"
    return Told(f"{tenths(found.slip)} days", of)


def early_told(told: Against) -> Told:
    """Return what came ahead of its day, which makes good no slip."""
    early = told.slips.early
    return Told(f"{early:,} day{'' if early == 1 else 's'}", count_words(len(told.early), "item"))


_Read = Callable[[Against], Told]
_LINES: tuple[tuple[str, str, _Read, str], ...] = (
    (
        "Say/do by count",
        "delivered by its end, of what was due",
        lambda a: count_told(a.say_do),
        "due",
    ),
    (
        "Say/do by effort",
        "the same, in the person-days planned",
        lambda a: effort_told(a.say_do),
        "due",
    ),
    (
        "Accuracy",
        "delivered items only: 100 % is all as planned",
        lambda a: accuracy_told(a.accuracy),
        "delivered",
    ),
    (
        "Bias",
        "delivered items only: above 0 they took more",
        lambda a: bias_told(a.accuracy),
        "delivered",
    ),
    (
        "Typical factor of error",
        "half of the delivered items were closer",
        lambda a: factor_told(a.accuracy),
        "delivered",
    ),
    (
        "Scope growth",
        "estimates now, of items that survive",
        lambda a: growth_told(a.growth),
        "grown",
    ),
    ("Churn", "what entered and left the plan since", lambda a: churn_told(a.churn), "moved"),
    ("Net change", "what entered less what left", lambda a: net_told(a.churn), "moved"),
    ("Late", "working days, all items due together", slip_told, "late"),
    ("Early", "kept apart: it makes good no slip", early_told, "early"),
)
_OF_THE_OPENING = ("moved",)


def measures(opened: Against, amended: Against | None) -> list[Measure]:
    """Return every figure, by the opening baseline and by the one in force now."""
    rows = []
    for label, why, read, anchor in _LINES:
        told = [read(opened)]
        if amended is not None:
            told.append(Told("") if anchor in _OF_THE_OPENING else read(amended))
        rows.append(Measure(label, why, tuple(told), anchor))
    return rows


def outcome_words(row: Row) -> str:
    """Return what became of a commitment."""
    if row.status is None:
        return "deleted"
    if row.ended_on is None:
        return label_of(row.status.value).lower()
    return "in time" if row.in_time else "late"


def ended_words(row: Row) -> str:
    """Return the day of delivery, or the status while there is none."""
    return day_words(row.ended_on) if row.ended_on else outcome_words(row)


def cause_words(row: Row, keys: Mapping[int, str]) -> list[tuple[str, str]]:
    """Return the opportunities behind a slip as (key, working days), the largest part first."""
    parts = sorted(row.causes.by_opportunity.items(), key=lambda part: (-part[1], part[0]))
    return [(keys.get(item, ""), tenths(days)) for item, days in parts if days]
