"""What the share's line says of closed periods: their bands, other rules, restatements."""

from itertools import groupby

from tracker.domain.overview import Line
from tracker.domain.zone import Band
from tracker.figures.words import listed, percent

Marks = list[dict[str, object]]


def band_shapes(line: Line, band: Band) -> Marks:
    """Return the band and the edge to derailed, stepped where periods have bands of their own."""
    if len(set(line.bands)) < 2:
        return _band(band, {"xref": "paper", "yref": "y", "x0": 0, "x1": 1})
    shapes: Marks = []
    for own, run in groupby(enumerate(line.bands), key=lambda pair: pair[1]):
        places = [place for place, _ in run]
        first, last = places[0] - 0.5, places[-1] + 0.5
        shapes += _band(own, {"xref": "x", "yref": "y", "x0": first, "x1": last})
    return shapes


def _band(band: Band, across: dict[str, object]) -> Marks:
    lower, upper, derail = (float(edge) * 100 for edge in (band.lower, band.upper, band.derail))
    return [
        {"type": "rect", **across, "y0": lower, "y1": upper, "name": "band"},
        {"type": "line", **across, "y0": derail, "y1": derail, "name": "derail"},
    ]


def upright(place: float) -> dict[str, object]:
    """Return a line from top to bottom between two periods."""
    across = {"xref": "x", "yref": "paper", "x0": place, "x1": place, "y0": 0, "y1": 1}
    return {"type": "line", **across, "name": "mark"}


def break_shapes(line: Line) -> Marks:
    """Return a line ahead of each period that has other rules than the one before."""
    return [upright(place - 0.5) for place in line.breaks if place]


def break_notes(line: Line) -> Marks:
    """Return what has changed there, in words beside the line."""
    return [
        {
            "xref": "x",
            "yref": "paper",
            "x": place - 0.4,
            "y": 0.31,
            "xanchor": "left",
            "text": f"new {words}",
            "name": "ink-3",
        }
        for place, words in line.breaks.items()
        if place
    ]


def marks_words(line: Line) -> list[str]:
    """Return what the caption says of other rules and of restated periods."""
    parts = [
        f"other {words} from {line.points[place].period.label} on"
        for place, words in line.breaks.items()
        if place
    ]
    moved = [
        f"{point.period.label} restated from {percent(was.share)} to {percent(point.share)}"
        for point, was in zip(line.points, line.reported or (None,) * len(line.points), strict=True)
        if was is not None
    ]
    if len(moved) > 3:
        moved = [*moved[-3:], f"{len(moved) - 3} earlier ones restated, too"]
    return [*parts, *([listed(moved)] if moved else [])]
