"""Share against band over time, with the volume below on the same x axis."""

from math import sqrt

from tracker.domain.mix import Origin
from tracker.domain.overview import Line, Overview
from tracker.domain.question import MEASURES
from tracker.domain.zone import Band
from tracker.figures.axes import period_ticks
from tracker.figures.caption import caption
from tracker.figures.figure import Cell, Column, Figure, KeyEntry, Layout, Link, Spec, Trace
from tracker.figures.share_marks import band_shapes, break_notes, break_shapes, upright
from tracker.figures.signals import line_heading
from tracker.figures.volume import share_label, volume_axis, volume_traces
from tracker.figures.words import ZONES, Unit, band_words, percent, period_words

UPPER_PANEL, LOWER_PANEL = [0.36, 1.0], [0.0, 0.26]
LEAST_TOP, ROOM = 62.0, 8.0


def share_figure(overview: Overview, unit: Unit, link: Link) -> Figure:
    """Return the figure of shares and volumes; each mark leads to its initiatives."""
    line, question = overview.line, overview.question
    drawn = any(point.mix.total for point in line.points)
    measure = MEASURES[question.measure].lower()
    return Figure(
        id="share",
        heading=line_heading(line, overview.band, question.grain),
        level=2,
        lede=f"Opportunistic share of {measure} above, volume below",
        caption=caption(overview, unit),
        spec=_spec(overview, unit, link) if drawn else None,
        label=f"Share and volume by {question.grain.value}; the table below holds the numbers",
        key=_key(line),
        height="xl",
        columns=_columns(question.grain.value, unit),
        rows=[_row(line, index, unit, link) for index in reversed(range(len(line.points)))],
        empty="No work falls into these periods. Choose a longer range, or another measure.",
    )


def _key(line: Line) -> list[KeyEntry]:
    key = [
        KeyEntry("Planned", icon="o-planned", css="b-planned"),
        KeyEntry("Opportunistic", icon="o-opportunistic", css="b-opportunistic"),
    ]
    if any(point.mix.unclassified for point in line.points):
        key.append(KeyEntry("Unclassified", icon="o-unclassified", css="b-unclassified"))
    key.append(KeyEntry("Band", swatch="band"))
    if any(line.limits):
        key.append(KeyEntry("Limits", swatch="limit"))
    if any(point.to_date for point in line.points):
        key.append(KeyEntry("To date", icon="i-point"))
    if any(line.reported):
        key.append(KeyEntry("Restated", icon="i-restated"))
    return key


def _columns(grain: str, unit: Unit) -> list[Column]:
    suffix = f", {unit.name}" if unit.name else ""
    names = [f"{origin.value.capitalize()}{suffix}" for origin in _ORDER]
    return [
        Column(grain.capitalize(), numeric=False),
        *(Column(name) for name in [*names, "Share", "Lower limit", "Upper limit", "Zone"]),
    ]


_ORDER = (Origin.OPPORTUNISTIC, Origin.PLANNED, Origin.UNCLASSIFIED)


def _row(line: Line, index: int, unit: Unit, link: Link) -> list[Cell]:
    point, limits = line.points[index], line.limits[index]
    period, mix, whole = point.period, point.mix, link(point.period)
    return [
        Cell(period_words(period, to_date=point.to_date), whole),
        Cell(unit.number(mix.opportunistic), link(period, "opportunistic")),
        Cell(unit.number(mix.planned), link(period, "planned")),
        Cell(unit.number(mix.unclassified), link(period, "unclassified")),
        Cell(percent(point.share), whole),
        Cell(percent(limits[0]) if limits else "–"),
        Cell(percent(limits[1]) if limits else "–"),
        Cell(ZONES[line.zones[index]] if point.zoned_share is not None else "–"),
    ]


def _spec(overview: Overview, unit: Unit, link: Link) -> Spec:
    line = overview.line
    bounds = [_limit_trace(line, side) for side in (1, 0)] if any(line.limits) else []
    data = [*bounds, _share_trace(line, unit, link), *volume_traces(line.points, unit, link)]
    return {"data": data, "layout": _layout(overview, unit)}


def _limit_trace(line: Line, side: int) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(range(len(line.points))),
        "y": [round(pair[side] * 100, 3) if pair else None for pair in line.limits],
        "hoverinfo": "skip",
        "meta": {"role": "limit"},
    }


def _share_trace(line: Line, unit: Unit, link: Link) -> Trace:
    points = line.points
    last = max((i for i, point in enumerate(points) if point.share is not None), default=-1)
    most = max(point.mix.classified for point in points) or 1
    reported = line.reported or (None,) * len(points)
    return {
        "type": "scatter",
        "mode": "lines+markers+text",
        "x": list(range(len(points))),
        "y": [None if p.share is None else round(float(p.share) * 100, 6) for p in points],
        "marker": {
            "size": [round(6 + 5 * sqrt(p.mix.classified / most), 1) for p in points],
            "symbol": ["square" if was else "circle" for was in reported],
        },
        "text": [share_label(p) if i == last else "" for i, p in enumerate(points)],
        "textposition": "middle right",
        "customdata": [_hover(line, index, unit) for index in range(len(points))],
        "hovertemplate": "%{customdata}<extra></extra>",
        "cliponaxis": False,
        "meta": {
            "role": "share",
            "wideText": True,
            "open": [p.to_date or bool(was) for p, was in zip(points, reported, strict=True)],
            "links": [link(point.period) for point in points],
        },
    }


def _hover(line: Line, index: int, unit: Unit) -> str:
    point, limits = line.points[index], line.limits[index]
    head = f"{point.period.label}{' to date' if point.to_date else ''}"
    text = f"{head}<br>{percent(point.share)}  ({unit.of(point.mix)})"
    if limits and point.share is not None and not limits[0] <= point.share <= limits[1]:
        text += "<br>beyond its limits" + (" so far" if point.to_date else "")
    if line.reported and (was := line.reported[index]):
        text += f"<br>restated from {percent(was.share)}  ({unit.of(was)})"
    return text


def _layout(overview: Overview, unit: Unit) -> Layout:
    line, band = overview.line, overview.band
    places, texts = period_ticks([point.period for point in line.points])
    shares = [float(point.share) * 100 for point in line.points if point.share is not None]
    top = min(103.0, max(LEAST_TOP, float(band.derail) * 100 + ROOM, *(s + ROOM for s in shares)))
    edges = sorted({0, *(float(each) * 100 for each in (band.lower, band.upper, band.derail))})
    return {
        "barmode": "stack",
        "margin": {"l": 44, "r": 66, "t": 18, "b": 36},
        "xaxis": {
            "tickvals": places,
            "ticktext": texts,
            "anchor": "y2",
            "range": [-0.7, max(len(line.points) * 1.07, 3) - 0.3],
            "tickangle": 0,
        },
        "yaxis": {
            "domain": UPPER_PANEL,
            "range": [0, top],
            "tickvals": edges,
            "ticktext": [f"{each:g} %" for each in edges],
        },
        "yaxis2": volume_axis(line.points, unit, LOWER_PANEL),
        "shapes": _shapes(overview),
        "annotations": _notes(line, band, overview),
    }


def _shapes(overview: Overview) -> list[dict[str, object]]:
    line = overview.line
    edges = [upright(place) for place in _focus_edges(overview)]
    return [*band_shapes(line, overview.band), *edges, *break_shapes(line)]


def _focus_edges(overview: Overview) -> list[float]:
    """Return where the period in focus begins, and where it ends before the chart does."""
    focus, points = overview.question.focus, overview.line.points
    inside = [
        index
        for index, point in enumerate(points)
        if focus.start <= point.period.start and point.period.end <= focus.end
    ]
    if not inside or len(inside) == len(points):
        return []
    places = [inside[0] - 0.5] if inside[0] else []
    return places + ([inside[-1] + 0.5] if inside[-1] + 1 < len(points) else [])


def _notes(line: Line, band: Band, overview: Overview) -> list[dict[str, object]]:
    right = {"xref": "paper", "yref": "y", "x": 1.008, "xanchor": "left", "align": "left"}
    middle, derail = float(band.lower + band.upper) * 50, float(band.derail) * 100
    notes: list[dict[str, object]] = [
        {**right, "y": middle, "text": f"Band<br>{band_words(band)}", "name": "on-target"}
    ]
    if derail - middle > ROOM:
        notes.append({**right, "y": derail, "text": "Derailed", "name": "derailed"})
    upper = next((pair[1] * 100 for pair in reversed(line.limits) if pair), None)
    if upper is not None and min(abs(upper - middle), abs(upper - derail) * 2) > ROOM:
        notes.append({**right, "y": upper, "text": "Limits", "name": "ink-3"})
    for place in _focus_edges(overview)[:1]:
        notes.append(
            {
                "xref": "x",
                "yref": "paper",
                "x": place + 0.1,
                "y": 1.045,
                "xanchor": "left",
                "text": overview.question.focus.label,
                "name": "ink-3",
            }
        )
    return [*notes, *break_notes(line)]
