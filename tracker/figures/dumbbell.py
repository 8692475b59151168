"""The last day as planned and as it was, item by item: a dumbbell each, the largest slip on top."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.domain.outcomes import Against, Row
from tracker.domain.wording import count_words, day_words, short_day, tenths
from tracker.domain.workdays import WorkCalendar
from tracker.figures.delivery import outcome_words, working_days
from tracker.figures.figure import Cell, Column, Figure, KeyEntry, Layout, Spec, Trace, plain

MOST, FEW, LONGEST, HOVER = 24, 8, 38, 70
MOST_TICKS = 8
ONE = timedelta(days=1)
Name = Callable[[int], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a dumbbell is about: its period in words, the as-of bound, names and addresses.

    ``name`` gives key and title of an item; ``calendar_of`` the working days it is counted in.
    """

    period: str
    before: date
    name: Name
    url: Callable[[str], str]
    calendar_of: Callable[[int], WorkCalendar]


@dataclass(frozen=True, slots=True)
class _Bell:
    """A row to draw: from the planned end to the actual one, or to today while it is open."""

    row: Row
    due: date
    end: date
    turn: date

    @property
    def is_open(self) -> bool:
        return self.row.ended_on is None


def dumbbell_figure(told: Against, frame: Frame, *, level: int = 2) -> Figure:
    """Return the figure; a click on an end opens the item."""
    rows = [*told.late, *_in_time(told), *reversed(told.early)]
    drawn = [_bell(row, frame) for row in _chosen(rows)]
    return Figure(
        id="slips",
        heading=heading(told),
        caption=caption(told, frame, len(rows), len(drawn)),
        spec=_spec(drawn, frame) if drawn else None,
        label="Planned and actual end of each item; the table below holds the days",
        key=[
            KeyEntry("Planned end", icon="o-planned", css="b-planned"),
            KeyEntry("Actual end", swatch="dot"),
            KeyEntry("Still open", swatch="ring"),
            KeyEntry("Slip due to opportunities", swatch="opportunistic"),
            KeyEntry("Other causes", swatch="causes"),
        ],
        height="xl" if len(drawn) > FEW else "",
        level=level,
        columns=[
            Column("Item", numeric=False),
            Column("Planned end"),
            Column("Actual end"),
            Column("Slip, working days"),
            Column("Due to opportunities"),
            Column("Other causes"),
        ],
        rows=[_cells(row, frame) for row in rows],
        empty="Nothing with a planned end was delivered or is late yet.",
    )


def heading(told: Against) -> str:
    """Return how late things came, and how much of it opportunities account for."""
    late = told.late
    if not late:
        return "Nothing came late"
    slips = told.slips
    who = f"{count_words(len(late), 'item')} slipped by {working_days(slips.slip)}"
    text = who[0].upper() + who[1:]
    if not slips.opportunistic:
        return f"{text}, none of them put down to an opportunity"
    return f"{text}; opportunities account for {tenths(slips.opportunistic)}"


def caption(told: Against, frame: Frame, known: int, drawn: int) -> str:
    """Return the sentence with every number, and what is left out of the picture."""
    slips = told.slips
    parts = [
        f"Planned and actual end, {frame.period}: {len(told.late):,} late by {tenths(slips.slip)} "
        f"working days ({tenths(slips.opportunistic)} due to opportunities, "
        f"{tenths(slips.other)} other causes), {len(told.early):,} early by {slips.early:,}"
    ]
    if drawn < known:
        parts.append(
            f"the {drawn} farthest from their day of {known:,} are drawn, the table has all"
        )
    parts.append(f"as known {day_words(frame.before - ONE)}")
    return "; ".join(parts) + "."


def _in_time(told: Against) -> list[Row]:
    return [row for row in told.rows if row.slip == 0]


def _chosen(rows: Sequence[Row]) -> Sequence[Row]:
    """Return what is drawn: all, or those farthest from their day in the same order."""
    if len(rows) <= MOST:
        return rows
    far = sorted(range(len(rows)), key=lambda index: (-abs(rows[index].slip or 0), index))
    return [rows[index] for index in sorted(far[:MOST])]


def _bell(row: Row, frame: Frame) -> _Bell:
    due = row.entry.due_on or frame.before
    end = row.ended_on or frame.before - ONE
    days = row.causes.opportunistic
    turn = due
    if days:
        turn = min(end, frame.calendar_of(row.entry.item).nth_working_day(due, round(days) or 1))
    return _Bell(row, due, end, turn)


def _cells(row: Row, frame: Frame) -> list[Cell]:
    key, title = frame.name(row.entry.item)
    return [
        Cell(f"{key} {title}", frame.url(key)),
        Cell(day_words(row.entry.due_on)),
        Cell(day_words(row.ended_on) if row.ended_on else f"{outcome_words(row)}, open"),
        Cell(tenths(row.slip) if (row.slip or 0) >= 0 and row.slip is not None else _early(row)),
        Cell(tenths(row.causes.opportunistic)),
        Cell(tenths(row.causes.other)),
    ]


def _early(row: Row) -> str:
    return f"\u2212{abs(row.slip or 0):,}"


def _spec(bells: Sequence[_Bell], frame: Frame) -> Spec:
    links = [frame.url(frame.name(bell.row.entry.item)[0]) for bell in bells]
    hovers = [_hover(bell, frame) for bell in bells]
    late = [(bell.turn, bell.end) if bell.end > bell.turn else None for bell in bells]
    taken = [(bell.due, bell.turn) if bell.turn > bell.due else None for bell in bells]
    early = [(bell.end, bell.due) if bell.end < bell.due else None for bell in bells]
    lines = [
        _lines("Ahead of its day", early, "pace"),
        _lines("Other causes", late, "plain"),
        _lines("Due to opportunities", taken, "opportunistic"),
    ]
    planned = _ends("Planned end", [bell.due for bell in bells], hovers, links)
    planned["meta"] = {"role": "planned", "links": links}
    actual = _ends("Actual end", [bell.end for bell in bells], hovers, links)
    actual["meta"] = {"role": "share", "open": [bell.is_open for bell in bells], "links": links}
    known = [line for line in lines if line["x"]]
    return {"data": [*known, planned, actual], "layout": _layout(bells, frame)}


def _lines(name: str, spans: Sequence[tuple[date, date] | None], role: str) -> Trace:
    """Return lines as one trace: the gaps between them keep them apart."""
    x: list[str | None] = []
    y: list[int | None] = []
    for place, span in enumerate(spans):
        if span:
            x += [span[0].isoformat(), span[1].isoformat(), None]
            y += [place, place, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": x,
        "y": y,
        "hoverinfo": "skip",
        "meta": {"role": role},
    }


def _ends(name: str, days: Sequence[date], hovers: list[str], links: list[str]) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [day.isoformat() for day in days],
        "y": list(range(len(days))),
        "marker": {"size": 8},
        "customdata": hovers,
        "hovertemplate": "%{customdata}<extra></extra>",
        "cliponaxis": False,
    }


def _hover(bell: _Bell, frame: Frame) -> str:
    key, title = frame.name(bell.row.entry.item)
    row = bell.row
    slip = row.slip or 0
    words = working_days(abs(slip))
    lines = [
        f"{plain(key)} {plain(_short(title, HOVER))}",
        f"planned {day_words(bell.due)}",
        f"delivered {day_words(bell.end)}" if row.ended_on else f"open on {day_words(bell.end)}",
        f"{words} late" if slip > 0 else f"{words} early" if slip < 0 else "in time",
    ]
    if row.causes.opportunistic:
        lines.append(f"{tenths(row.causes.opportunistic)} of them due to opportunities")
    return "<br>".join(lines)


def _layout(bells: Sequence[_Bell], frame: Frame) -> Layout:
    days = [day for bell in bells for day in (bell.due, bell.end)]
    first, last = min(days), max(days)
    air = max(2, (last - first).days // 30)
    low, high = first - timedelta(days=air), last + timedelta(days=air)
    ticks = _ticks(low, high)
    named = [frame.name(bell.row.entry.item) for bell in bells]
    return {
        "margin": {"l": 8, "r": 16, "t": 8, "b": 28},
        "xaxis": {
            "range": [low.isoformat(), high.isoformat()],  # type: ignore[list-item]
            "tickvals": [day.isoformat() for day in ticks],
            "ticktext": [short_day(day) for day in ticks],
            "showgrid": True,
        },
        "yaxis": {
            "tickvals": list(range(len(bells))),
            "ticktext": [plain(_short(f"{key} {title}", LONGEST)) for key, title in named],
            "range": [len(bells) - 0.4, -0.6],
            "showgrid": False,
            "ticklabelstandoff": 6,
        },
        "meta": {"narrow": {"yaxis": [plain(key) for key, _ in named]}},
    }


def _ticks(low: date, high: date) -> list[date]:
    """Return the first days of months, Mondays where the time is short, at most eight or so."""
    days = (high - low).days
    if days < 70:
        step = 7 if days < 50 else 14
        first = low + timedelta(days=-low.weekday() % 7)
        return [first + timedelta(days=n) for n in range(0, (high - first).days + 1, step)]
    months, day = [], (low.replace(day=1) + timedelta(days=32)).replace(day=1)
    while day <= high:
        months.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return months[:: 1 + len(months) // MOST_TICKS]


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
