"""A figure as components/figure.html takes it, and Plotly's schema as far as ours need it.

Specs carry no colours: traces, shapes and annotations say a role, and figures.js knows its look.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple, Protocol, TypedDict

from django.utils.safestring import SafeString, mark_safe

from tracker.domain.calendar import Period


class Meta(TypedDict, total=False):
    """What figures.js reads: the role, hollow points, the address a point leads to."""

    role: str
    open: list[bool]
    wideText: bool
    links: list[str]


class Trace(TypedDict, total=False):
    """A trace of type scatter or bar."""

    type: str
    mode: str
    orientation: str
    name: str
    x: list[Any]
    y: list[Any]
    base: list[Any]
    width: float
    text: list[str]
    textposition: str | list[str]
    customdata: list[Any]
    hovertemplate: str
    hoverinfo: str
    cliponaxis: bool
    yaxis: str
    marker: dict[str, Any]
    error_x: dict[str, Any]
    meta: Meta


class Axis(TypedDict, total=False):
    """An axis."""

    tickvals: list[Any]
    ticktext: list[str]
    range: list[float]
    domain: list[float]
    anchor: str
    tickangle: int
    categoryorder: str
    categoryarray: list[str]
    autorange: str
    showgrid: bool
    ticklabelstandoff: int
    nticks: int
    ticks: str
    type: str


class Layout(TypedDict, total=False):
    """A layout; shapes and annotations carry a ``name`` that figures.js turns into a look.

    ``meta`` may hold ``narrow``: other texts for the ticks of an axis where there is little room.
    """

    barmode: str
    margin: dict[str, int]
    xaxis: Axis
    yaxis: Axis
    yaxis2: Axis
    shapes: list[dict[str, Any]]
    annotations: list[dict[str, Any]]
    meta: dict[str, Any]


class Spec(TypedDict):
    """What Plotly draws."""

    data: list[Trace]
    layout: Layout


class Cell(NamedTuple):
    """A cell of the data table; the address is that of the mark it belongs to."""

    text: str
    url: str = ""


class Column(NamedTuple):
    """A heading of the data table."""

    label: str
    numeric: bool = True


class KeyEntry(NamedTuple):
    """An entry of the legend: an icon of the sprite, or a swatch (band, limit, derail)."""

    label: str
    icon: str = ""
    swatch: str = ""
    css: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A finding, its picture, caption and table; ``spec`` is None where nothing is to draw."""

    id: str
    heading: str
    caption: str
    spec: Spec | None
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    foot: Sequence[Sequence[Cell]] = ()
    key: Sequence[KeyEntry] = ()
    lede: str = ""
    label: str = ""
    height: str = ""
    level: int = 3
    csv_url: str = ""
    empty: str = ""

    @property
    def spec_json(self) -> SafeString | str:
        """Return the spec as JSON that may stand in a script element, "" without one."""
        return script_json(self.spec) if self.spec else ""

    @property
    def heads(self) -> SafeString:
        """Return the table's headings as HTML."""
        return mark_safe("".join(map(_head_html, self.columns)))

    @property
    def body(self) -> SafeString:
        """Return the table's rows as HTML, since as a template they would cost half the page."""
        return mark_safe("".join(map(_row_html, self.rows)))

    @property
    def feet(self) -> SafeString:
        """Return the rows of the table's foot as HTML."""
        return mark_safe("".join(map(_row_html, self.foot)))


# Mostly the same numbers and addresses again and again.
_escaped = lru_cache(maxsize=8192)(escape)


def _head_html(column: Column) -> str:
    numeric = ' class="num"' if column.numeric else ""
    return f'<th scope="col"{numeric}>{_escaped(column.label)}</th>'


def _row_html(row: Sequence[Cell]) -> str:
    head, *cells = row
    rest = "".join([f'<td class="num">{_cell_html(cell)}</td>' for cell in cells])
    return f'<tr><th scope="row">{_cell_html(head)}</th>{rest}</tr>'


def _cell_html(cell: Cell) -> str:
    text = _escaped(cell.text)
    return f'<a href="{_escaped(cell.url)}">{text}</a>' if cell.url else text


_JSON = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_ESCAPES = (
    ("<", "\\u003c"),
    (">", "\\u003e"),
    ("&", "\\u0026"),
    ("\u2028", "\\u2028"),
    ("\u2029", "\\u2029"),
)


def script_json(value: Any) -> SafeString:
    """Return JSON in which no sign can end the script element around it."""
    text = _JSON.encode(value)
    for sign, escaped in _ESCAPES:
        text = text.replace(sign, escaped)
    return mark_safe(text)


def plain(text: str) -> str:
    """Return text that Plotly shows as it is, since it reads labels as a kind of HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Link(Protocol):
    """Makes the address of the initiatives behind a mark of the team."""

    def __call__(self, period: Period, origin: str = "", trigger: str | None = None) -> str:
        """Return a path: of a period, one origin of it, or one trigger ("" for none given)."""
        ...
