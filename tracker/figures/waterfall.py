"""The conservation law as a waterfall: what the opportunistic work of a cycle was made of.

Plotly's basic bundle has no waterfall, so each step is a bar that begins where the last ended.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.domain.books import Books, TermRow
from tracker.domain.conservation import Conservation, Term
from tracker.domain.wording import percent
from tracker.figures.figure import Cell, Column, Figure, KeyEntry, Spec, Trace, plain
from tracker.figures.funding import TERMS, TOTAL, pd, signed

ROOM = 1.18
MOST_NAMED = 4
LONGEST = 60
WIDTH, HALF = 0.64, 0.32
ROLES = {
    Term.DISPLACED: "planned",
    Term.CUT: "planned",
    Term.UNDER_RUN: "planned",
    Term.OVER_RUN: "minus",
    Term.UNEXPLAINED: "unclassified",
}
KEY = (
    KeyEntry("Planned work that did not happen", icon="o-planned", css="b-planned"),
    KeyEntry("Opportunistic work", icon="o-opportunistic", css="b-opportunistic"),
)
Name = Callable[[TermRow], str]
Address = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a waterfall is about: the cycle in words, what is known, and how rows are named."""

    period: str
    known: str
    name: Name
    url: Address


@dataclass(frozen=True, slots=True)
class _Step:
    """A bar: from where the last one ended, by a signed amount in mpd."""

    label: str
    start: int
    mpd: int
    role: str
    slug: str
    rows: Sequence[TermRow]

    @property
    def low(self) -> float:
        return min(self.start, self.start + self.mpd) / 1000

    @property
    def high(self) -> float:
        return max(self.start, self.start + self.mpd) / 1000


def waterfall_figure(books: Books, frame: Frame, *, level: int = 2) -> Figure:
    """Return the figure of the law; its bars lead to the initiatives behind each term."""
    steps = _steps(books)
    total = pd(books.law.opportunistic)
    return Figure(
        id="waterfall",
        heading=heading(books),
        caption=caption(books, frame),
        spec=_spec(steps, frame) if any(step.mpd for step in steps) else None,
        label="What the opportunistic work was made of; the table below holds the numbers",
        key=KEY,
        level=level,
        columns=[Column("Term", numeric=False), Column("pd"), Column("Initiatives")],
        rows=[
            [
                Cell(step.label, frame.url(step.slug) if step.rows else ""),
                Cell(signed(step.mpd)),
                Cell(f"{sum(row.item is not None for row in step.rows):,}"),
            ]
            for step in steps[:-1]
        ],
        foot=[[Cell(TOTAL), Cell(total), Cell(f"{len(books.opportunities):,}")]],
        empty="Nothing has moved yet: no opportunistic work, and the plan is as it was.",
    )


def heading(books: Books) -> str:
    """Return what paid for the opportunistic work, or how much of it nobody explains."""
    law = books.law
    total = f"{pd(law.opportunistic)} pd"
    if not law.opportunistic:
        return "No opportunistic work in this cycle"
    if abs(law.residual) * 4 >= law.opportunistic:
        return f"{pd(abs(law.residual))} pd beside {total} of opportunistic work are unexplained"
    gave = f"Displaced plan gave {pd(law.displaced)} of the {total}"
    return gave if law.displaced else f"Nothing was displaced for {total} of opportunistic work"


def caption(books: Books, frame: Frame) -> str:
    """Return the sentence with every numerator and denominator."""
    law = books.law
    so_far = (
        f" ({pd(books.worked_mpd)} worked so far)" if books.worked_mpd != law.opportunistic else ""
    )
    return (
        f"What opportunistic work was made of, {frame.period}: {pd(law.opportunistic)} pd{so_far}. "
        f"Displacement rate {rate_words(law)}; plan loss {loss_words(law)}; "
        f"unexplained {signed(law.residual)} pd. {frame.known}."
    )


def rate_words(law: Conservation) -> str:
    """Return ``30 of 79 pd = 0.38``."""
    rate = law.displacement_rate
    if rate is None:
        return "no data"
    return f"{pd(law.displaced)} of {pd(law.opportunistic)} pd = {float(rate):.2f}"


def loss_words(law: Conservation) -> str:
    """Return ``30 of 240 pd = 12.5 %``."""
    if law.plan_loss is None:
        return "no data"
    return f"{pd(law.displaced)} of {pd(law.plan)} pd = {percent(law.plan_loss)}"


def _steps(books: Books) -> list[_Step]:
    steps, at = [], 0
    for term, mpd in books.law.steps:
        role = ROLES.get(term, "plus" if mpd >= 0 else "minus")
        steps.append(_Step(TERMS[term], at, mpd, role, term.value, books.rows.get(term, ())))
        at += mpd
    total = books.law.opportunistic
    last = _Step(TOTAL, 0, total, "opportunistic", "opportunistic", books.opportunities)
    return [*steps, last]


def _spec(steps: Sequence[_Step], frame: Frame) -> Spec:
    roles = dict.fromkeys(step.role for step in steps)
    low = min(0.0, *(step.low for step in steps))
    high = max(step.high for step in steps)
    return {
        "data": [_trace([step for step in steps if step.role == role], frame) for role in roles],
        "layout": {
            "barmode": "overlay",
            "margin": {"l": 150, "r": 40, "t": 4, "b": 24},
            "shapes": [_joint(index, step) for index, step in enumerate(steps[:-1])],
            "xaxis": {"range": [low * ROOM, high * ROOM or 1], "nticks": 6, "showgrid": True},
            "yaxis": {
                "categoryorder": "array",
                "categoryarray": [plain(step.label) for step in steps],
                "range": [len(steps) - 0.5, -0.5],
                "showgrid": False,
                "ticklabelstandoff": 6,
            },
        },
    }


def _trace(own: Sequence[_Step], frame: Frame) -> Trace:
    return {
        "type": "bar",
        "orientation": "h",
        "name": own[0].label,
        "y": [plain(step.label) for step in own],
        "x": [abs(step.mpd) / 1000 for step in own],
        "base": [step.low for step in own],
        "width": WIDTH,
        "text": [signed(step.mpd) if step.label != TOTAL else f"{pd(step.mpd)} pd" for step in own],
        "textposition": "outside",
        "cliponaxis": False,
        "customdata": [_hover(step, frame.name) for step in own],
        "hovertemplate": "%{customdata}<extra></extra>",
        "meta": {
            "role": own[0].role,
            "links": [frame.url(step.slug) if step.rows else "" for step in own],
        },
    }


def _hover(step: _Step, name: Name) -> str:
    amount = f"{pd(step.mpd)} pd" if step.label == TOTAL else f"{signed(step.mpd)} pd"
    rows = sorted(step.rows, key=lambda row: -abs(row.mpd))
    lines = [f"{_short(name(row))}: {pd(abs(row.mpd))} pd" for row in rows[:MOST_NAMED]]
    if len(rows) > MOST_NAMED:
        lines.append(f"and {len(rows) - MOST_NAMED:,} more")
    # No bold: Plotly would set it as a style, which the security policy refuses.
    return "<br>".join(plain(line) for line in (f"{step.label}: {amount}", *lines))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def _joint(index: int, step: _Step) -> dict[str, Any]:
    at = (step.start + step.mpd) / 1000
    place = {"x0": at, "x1": at, "y0": index - HALF, "y1": index + 1 + HALF}
    return {"type": "line", "xref": "x", "yref": "y", "name": "link", **place}
