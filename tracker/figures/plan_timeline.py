"""Two states of a plan on a timeline: the newer as bars, the older as their ghosts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.domain.baseline import BaselineItem, PlanCycle, Snapshot
from tracker.domain.shares import Origin
from tracker.domain.wording import day_words, short_day
from tracker.figures.figure import Cell, Column, Figure, KeyEntry, Layout, Spec, Trace, plain

MOST, FEW, LONGEST = 30, 8, 38
DAY_MS = 86_400_000
ROW_PX, NAME_ROOM = 14, 0.33  # of the width, which a name takes on a phone
ONE = timedelta(days=1)
ROLES = {
    Origin.PLANNED: "planned",
    Origin.OPPORTUNISTIC: "opportunistic",
    Origin.UNCLASSIFIED: "unclassified",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What is drawn: both states with their names, the cycle, its locks, today, and addresses.

    ``origins`` are those that count in the cycle, by item; ``locks`` are (name, day).
    """

    old: Snapshot
    new: Snapshot
    old_name: str
    new_name: str
    cycle: PlanCycle
    locks: Sequence[tuple[str, date]]
    today: date
    origins: Mapping[int, str]
    url: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Line:
    """An item on the timeline, as each state has it."""

    old: BaselineItem | None
    new: BaselineItem | None

    @property
    def entry(self) -> BaselineItem:
        return self.new or self.old or BaselineItem(0, 0)

    @property
    def is_dated(self) -> bool:
        return any(_span(one) for one in (self.old, self.new))


def timeline_figure(frame: Frame) -> Figure:
    """Return the figure; a click on a bar opens the initiative."""
    lines = _lines(frame)
    dated = [line for line in lines if line.is_dated]
    drawn = dated[:MOST]
    return Figure(
        id="timeline",
        heading=_heading(frame, dated),
        caption=_caption(frame, lines, dated, drawn),
        spec=_spec(drawn, frame) if drawn else None,
        label="Items from their first to their last day; the table below holds the days",
        key=[
            KeyEntry("Planned", icon="o-planned", css="b-planned"),
            KeyEntry("Opportunistic", icon="o-opportunistic", css="b-opportunistic"),
            KeyEntry(f"As {frame.old_name} had it", swatch="ring"),
        ],
        height="xl" if len(drawn) > FEW else "",
        level=2,
        columns=[
            Column("Item", numeric=False),
            Column(f"First day, {frame.old_name}"),
            Column(f"Last day, {frame.old_name}"),
            Column(f"First day, {frame.new_name}"),
            Column(f"Last day, {frame.new_name}"),
        ],
        rows=[_cells(line, frame) for line in lines],
        empty="None of the items has a first and a last day yet.",
    )


def _lines(frame: Frame) -> list[_Line]:
    """Return all items, those of the newer plan by rank, then those it no longer has."""
    old, new = frame.old.by_item, frame.new.by_item
    here = sorted(new.values(), key=lambda entry: entry.rank)
    gone = [entry for item, entry in old.items() if item not in new]
    there = [_Line(old.get(entry.item), entry) for entry in here]
    return there + [_Line(entry, None) for entry in sorted(gone, key=lambda entry: entry.rank)]


def _heading(frame: Frame, dated: Sequence[_Line]) -> str:
    both = [line for line in dated if _span(line.old) and _span(line.new)]
    later = sum(_last(line.new) > _last(line.old) for line in both)
    if not later:
        return "No item ends later than it did" if both else "When the items are to be done"
    verb = "ends" if later == 1 else "end"
    return f"{later} of {len(both)} items {verb} later than in {frame.old_name}"


def _caption(
    frame: Frame, lines: Sequence[_Line], dated: Sequence[_Line], drawn: Sequence[_Line]
) -> str:
    text = (
        f"First to last day of {len(dated)} of {len(lines)} items: {frame.new_name} as bars, "
        f"{frame.old_name} as outlines; lines mark the locks and today"
    )
    if len(drawn) < len(dated):
        text += f"; the first {len(drawn)} by rank are drawn, the table has all"
    return f"{text}."


def _span(entry: BaselineItem | None) -> tuple[date, date] | None:
    if entry is None or entry.start_on is None or entry.due_on is None:
        return None
    return entry.start_on, entry.due_on


def _last(entry: BaselineItem | None) -> date:
    return (entry and entry.due_on) or date.min


def _cells(line: _Line, frame: Frame) -> list[Cell]:
    entry = line.entry
    days = [
        day_words(day) if day else ""
        for one in (line.old, line.new)
        for day in ((one.start_on, one.due_on) if one else (None, None))
    ]
    return [Cell(f"{entry.key} {entry.title}", frame.url(entry.key)), *map(Cell, days)]


def _spec(lines: Sequence[_Line], frame: Frame) -> Spec:
    ghosts = [(place, line.old) for place, line in enumerate(lines) if _span(line.old)]
    traces = [_bars(f"As {frame.old_name} had it", ghosts, frame, "minus", 0.8)]
    for origin, role in ROLES.items():
        own = [
            (place, line.new)
            for place, line in enumerate(lines)
            if _span(line.new) and frame.origins.get(line.entry.item, "unclassified") == origin
        ]
        traces.append(_bars(role.capitalize(), own, frame, role, 0.45))
    return {"data": [trace for trace in traces if trace["y"]], "layout": _layout(lines, frame)}


def _bars(
    name: str,
    rows: Sequence[tuple[int, BaselineItem | None]],
    frame: Frame,
    role: str,
    width: float,
) -> Trace:
    entries = [(place, entry) for place, entry in rows if entry is not None]
    spans = [_span(entry) or (frame.today, frame.today) for _, entry in entries]
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "y": [place for place, _ in entries],
        "base": [first.isoformat() for first, _ in spans],
        "x": [((last - first).days + 1) * DAY_MS for first, last in spans],
        "width": width,
        "customdata": [_hover(entry, name) for _, entry in entries],
        "hovertemplate": "%{customdata}<extra></extra>",
        "meta": {"role": role, "links": [frame.url(entry.key) for _, entry in entries]},
    }


def _hover(entry: BaselineItem, name: str) -> str:
    first, last = _span(entry) or (date.min, date.min)
    return (
        f"{plain(entry.key)} {plain(_short(entry.title, 70))}<br>{plain(name)}: "
        f"{day_words(first)} to {day_words(last)}"
    )


def _layout(lines: Sequence[_Line], frame: Frame) -> Layout:
    spans = [span for line in lines for one in (line.old, line.new) if (span := _span(one))]
    low = min([frame.cycle.start, *(first for first, _ in spans)])
    high = max([frame.cycle.end, *(last + ONE for _, last in spans)])
    marks = _marks(frame, low, high)
    ticks = _months(low, high)
    return {
        "barmode": "overlay",
        "margin": {"l": 8, "r": 16, "t": 16 + ROW_PX * len({row for _, _, row in marks}), "b": 28},
        "xaxis": {
            "type": "date",
            "range": [low.isoformat(), high.isoformat()],  # type: ignore[list-item]
            "tickvals": [day.isoformat() for day in ticks],
            "ticktext": [short_day(day) for day in ticks],
            "showgrid": True,
        },
        "yaxis": {
            "tickvals": list(range(len(lines))),
            "ticktext": [plain(_short(_name(line), LONGEST)) for line in lines],
            "range": [len(lines) - 0.4, -0.6],
            "showgrid": False,
            "ticklabelstandoff": 6,
        },
        "shapes": [_mark_line(day) for _, day, _ in marks],
        "annotations": [_mark_name(*mark) for mark in marks],
        "meta": {"narrow": {"yaxis": [plain(line.entry.key) for line in lines]}},
    }


def _marks(frame: Frame, low: date, high: date) -> list[tuple[str, date, int]]:
    """Return name, day and row of the locks and today, so that no two names touch on a phone."""
    named: dict[date, list[str]] = {}
    for name, day in sorted([*frame.locks, ("today", frame.today)], key=lambda mark: mark[1]):
        if low <= day < high:
            named.setdefault(day, []).append(name)
    ends: list[date] = []  # by row: where its last name ends
    marks = []
    for day, names in named.items():
        room = (high - low) * min(1, NAME_ROOM * len(names))
        row = next((row for row, end in enumerate(ends) if end <= day), len(ends))
        ends[row : row + 1] = [day + room]
        marks.append((", ".join(names), day, row))
    return marks


def _mark_line(day: date) -> dict[str, object]:
    at = day.isoformat()
    return {
        "type": "line",
        "name": "mark",
        "x0": at,
        "x1": at,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
    }


def _mark_name(name: str, day: date, row: int) -> dict[str, object]:
    return {
        "name": "ink-3",
        "text": plain(name),
        "x": day.isoformat(),
        "yref": "paper",
        "y": 1,
        "yanchor": "bottom",
        "yshift": ROW_PX * row,
        "showarrow": False,
    }


def _months(low: date, high: date) -> list[date]:
    """Return the first days of months, eight or so at most."""
    months, day = [], (low.replace(day=1) + timedelta(days=32)).replace(day=1)
    while day < high:
        months.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return months[:: 1 + len(months) // 8]


def _name(line: _Line) -> str:
    return f"{line.entry.key} {line.entry.title}"


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
