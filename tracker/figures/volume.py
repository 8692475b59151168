"""Volume: stacked bars, planned at the base, with the share above each."""

from collections.abc import Sequence
from fractions import Fraction

from tracker.domain.mix import Origin
from tracker.domain.overview import Point
from tracker.figures.axes import amount_ticks
from tracker.figures.figure import Axis, Link, Trace
from tracker.figures.words import THIN, Unit, period_words

MOST_LABELS = 24
HEADROOM = 1.24


def volume_traces(points: Sequence[Point], unit: Unit, link: Link) -> list[Trace]:
    """Return the bars on the second y axis; each leads to the initiatives it is made of."""
    bars = [
        _bars(points, origin, unit, link)
        for origin in Origin
        if origin != Origin.UNCLASSIFIED or any(point.mix.unclassified for point in points)
    ]
    if len(points) > MOST_LABELS:
        return bars
    labels: Trace = {
        "type": "scatter",
        "mode": "text",
        "x": list(range(len(points))),
        "y": [unit.drawn(point.mix.total) for point in points],
        "text": [share_label(point) for point in points],
        "textposition": "top center",
        "cliponaxis": False,
        "yaxis": "y2",
        "hoverinfo": "skip",
        "meta": {"role": "label", "wideText": True},
    }
    return [*bars, labels]


def volume_axis(points: Sequence[Point], unit: Unit, domain: list[float]) -> Axis:
    """Return the second y axis, with room for the labels."""
    most = max((unit.drawn(point.mix.total) for point in points), default=0)
    places, texts = amount_ticks(most, unit)
    return {
        "domain": domain,
        "range": [0, most * HEADROOM or 1],
        "tickvals": places,
        "ticktext": texts,
    }


def _bars(points: Sequence[Point], origin: Origin, unit: Unit, link: Link) -> Trace:
    amounts = [getattr(point.mix, origin.value) for point in points]
    name = origin.value.capitalize()
    return {
        "type": "bar",
        "name": name,
        "x": list(range(len(points))),
        "y": [unit.drawn(amount) for amount in amounts],
        "yaxis": "y2",
        "customdata": [
            f"{period_words(point.period, to_date=point.to_date)}<br>{name} {unit.amount(amount)}"
            for point, amount in zip(points, amounts, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
        "meta": {
            "role": origin.value,
            "links": [link(point.period, origin.value) for point in points],
        },
    }


def share_label(point: Point) -> str:
    """Return the share in whole percent, for a label beside its mark; "" for no data."""
    if point.share is None:
        return ""
    return f"{int(point.share * 100 + Fraction(1, 2))}{THIN}%"
