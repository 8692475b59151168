"""The reserve of a cycle as it burns down, and when it would be used up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tracker.domain.reserve import PACE_WEEKS, Draw, Outlook
from tracker.domain.wording import THIN, day_words, number_words, percent, short_day
from tracker.figures.figure import Cell, Column, Figure, KeyEntry, Layout, Spec, Trace
from tracker.figures.funding import pd

ONE = timedelta(days=1)
ROOM = 1.12
MONTHS = 13


@dataclass(frozen=True, slots=True)
class ReserveFacts:
    """A reserve ``[start, end)`` as known the day ahead of ``before``; all amounts in mpd."""

    total_mpd: int
    draws: Sequence[Draw]
    points: Sequence[tuple[date, int]]
    outlook: Outlook | None
    start: date
    end: date
    before: date
    period: str

    @property
    def left_mpd(self) -> int:
        """Return what is left as known."""
        return self.points[-1][1] if self.points else self.total_mpd

    @property
    def is_over(self) -> bool:
        """Tell whether the cycle has ended."""
        return self.before >= self.end


def reserve_figure(facts: ReserveFacts, *, level: int = 2) -> Figure:
    """Return the figure of the burn-down."""
    drawn = bool(facts.total_mpd or facts.draws) and bool(facts.points)
    left = [Cell("Left"), Cell(""), Cell(pd(facts.left_mpd))]
    return Figure(
        id="reserve",
        heading=heading(facts),
        caption=caption(facts),
        spec=_spec(facts) if drawn else None,
        label="What is left of the reserve, day by day; the table below holds the numbers",
        key=[
            KeyEntry("Left", swatch="actual"),
            KeyEntry("Even pace", swatch="pace"),
            *([KeyEntry(f"Used up, 80{THIN}% range", swatch="range")] if _range(facts) else []),
        ],
        level=level,
        columns=[Column("Day", numeric=False), Column("Drawn, pd"), Column("Left, pd")],
        rows=_rows(facts) if drawn else [],
        foot=[left] if drawn else [],
        empty=_empty(facts),
    )


def _empty(facts: ReserveFacts) -> str:
    if facts.before <= facts.start:
        return "The cycle has not begun. From its first day on, this shows what is left."
    return "A lead sets the reserve on the plan's page; opportunities then draw from it."


def _rows(facts: ReserveFacts) -> list[list[Cell]]:
    rows, before = [], facts.total_mpd
    for day, left in facts.points:
        rows.append([Cell(day_words(day)), Cell(pd(before - left)), Cell(pd(left))])
        before = left
    return rows


def heading(facts: ReserveFacts) -> str:
    """Return what there is to know about the reserve first."""
    left, total, ahead = pd(facts.left_mpd), pd(facts.total_mpd), facts.outlook
    if not facts.total_mpd and not facts.draws:
        return "No reserve was set aside"
    if facts.left_mpd <= 0:
        return f"The reserve of {total} pd is used up{_since(ahead)}"
    if facts.is_over:
        return f"{left} of {total} pd of the reserve were not drawn"
    if ahead and ahead.pace and ahead.exhausted_on:
        return f"At this pace the reserve is used up on {day_words(ahead.exhausted_on)}"
    if ahead and ahead.pace:
        return f"At this pace the reserve lasts: {left} of {total} pd are left"
    return f"{left} of {total} pd of the reserve are left"


def _since(ahead: Outlook | None) -> str:
    return f" since {day_words(ahead.exhausted_on)}" if ahead and ahead.exhausted_on else ""


def caption(facts: ReserveFacts) -> str:
    """Return the sentence with the numbers, the range and how sure it is."""
    known = day_words(min(facts.before, facts.end) - ONE)
    parts = [
        f"Reserve, {facts.period}: {pd(facts.left_mpd)} of {pd(facts.total_mpd)} pd left "
        f"as known {known}"
    ]
    ahead = facts.outlook
    if ahead and ahead.pace and facts.left_mpd > 0:
        parts += [_pace_words(ahead), *_range_words(ahead)]
    elif ahead and facts.left_mpd > 0:
        parts.append(f"nothing was drawn since {day_words(ahead.since)}, so there is no pace")
    return "; ".join(parts) + "."


def _pace_words(ahead: Outlook) -> str:
    draws = f"{number_words(ahead.draws)} draw{'' if ahead.draws == 1 else 's'}"
    weeks = f"at most {number_words(PACE_WEEKS)} weeks"
    return f"pace from {draws} since {day_words(ahead.since)} ({weeks})"


def _range_words(ahead: Outlook) -> list[str]:
    span = f"80{THIN}% range "
    if ahead.earliest:
        last = day_words(ahead.latest) if ahead.latest else "beyond the cycle"
        words = [f"{span}{day_words(ahead.earliest)} to {last}"]
    else:
        words = [f"{span}beyond the cycle"]
    if ahead.runs_out is not None and ahead.confidence:
        goes = ahead.runs_out >= 0.5
        chance = percent(max(ahead.runs_out, 1 - ahead.runs_out))
        what = "runs out before the cycle ends" if goes else "lasts to the cycle's end"
        words.append(f"it {what} with a chance of {chance}, {ahead.confidence.value} confidence")
    return words


def _range(facts: ReserveFacts) -> tuple[date, date] | None:
    """Return the days between which it would be used up, None where there is no such forecast."""
    ahead = facts.outlook
    if not ahead or not ahead.pace or facts.left_mpd <= 0 or not ahead.earliest:
        return None
    return ahead.earliest, ahead.latest or facts.end


def _spec(facts: ReserveFacts) -> Spec:
    total = facts.total_mpd / 1000
    return {"data": [_even(facts, total), _actual(facts)], "layout": _layout(facts, total)}


def _even(facts: ReserveFacts, total: float) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "Even pace",
        "x": [facts.start.isoformat(), (facts.end - ONE).isoformat()],
        "y": [total, 0],
        "hoverinfo": "skip",
        "meta": {"role": "pace"},
    }


def _actual(facts: ReserveFacts) -> Trace:
    points = [*facts.points]
    last = min(facts.before, facts.end) - ONE
    if points and points[-1][0] < last:
        points.append((last, points[-1][1]))
    if points and points[0][1] != facts.total_mpd:
        points.insert(0, (facts.start, facts.total_mpd))
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "Left",
        "x": [day.isoformat() for day, _ in points],
        "y": [mpd / 1000 for _, mpd in points],
        "customdata": [f"{day_words(day)}<br>{pd(mpd)} pd left" for day, mpd in points],
        "hovertemplate": "%{customdata}<extra></extra>",
        "meta": {"role": "actual"},
    }


def _layout(facts: ReserveFacts, total: float) -> Layout:
    low = min(0.0, facts.left_mpd / 1000)
    firsts = _months(facts)
    layout: Layout = {
        "margin": {"l": 52, "r": 16, "t": 18, "b": 24},
        "xaxis": {
            "range": [facts.start.isoformat(), facts.end.isoformat()],  # type: ignore[list-item]
            "tickvals": [day.isoformat() for day in firsts],
            "ticktext": [short_day(day) for day in firsts],
        },
        "yaxis": {"range": [low * ROOM, max(total * ROOM, 1)], "nticks": 5},
        "shapes": [],
        "annotations": [],
    }
    _mark(facts, layout)
    return layout


def _mark(facts: ReserveFacts, layout: Layout) -> None:
    """Add the day on which it is used up, and the range of that forecast."""
    ahead, span = facts.outlook, _range(facts)
    if span:
        ends: dict[str, Any] = {"x0": span[0].isoformat(), "x1": span[1].isoformat()}
        layout["shapes"].append(
            {
                "type": "rect",
                "xref": "x",
                "yref": "paper",
                "y0": 0,
                "y1": 1,
                "name": "range",
                **ends,
            }
        )
    if ahead and ahead.exhausted_on and ahead.exhausted_on < facts.end:
        day = ahead.exhausted_on.isoformat()
        line = {"x0": day, "x1": day, "y0": 0, "y1": 0.9, "name": "mark"}
        layout["shapes"].append({"type": "line", "xref": "x", "yref": "paper", **line})
        late = (ahead.exhausted_on - facts.start) * 2 > facts.end - facts.start
        layout["annotations"].append(
            {
                "x": day,
                "y": 0.9,
                "xref": "x",
                "yref": "paper",
                "text": f"{short_day(ahead.exhausted_on)}: used up",
                "xanchor": "right" if late else "left",
                "yanchor": "bottom",
                "name": "ink",
            }
        )


def _months(facts: ReserveFacts) -> list[date]:
    """Return the first days of the cycle's months, fewer where it is long."""
    months = [facts.start]
    while (following := _next_month(months[-1])) < facts.end:
        months.append(following)
    return months[:: 1 + len(months) // MONTHS] if len(months) < MONTHS else months[::3]


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
