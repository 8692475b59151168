"""Marks drawn as plain SVG: a dot with its interval on an axis all rows share, and a sparkline.

Positions are text for SVG attributes, since the pages allow no style attributes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from itertools import groupby

from django.utils.safestring import SafeString, mark_safe

from tracker.domain.zone import Band

STEP = 20
LEAST = 40
SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 108.0, 24.0, 3.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A label of the axis: its place, its text, and how the text stands on it."""

    x: str
    text: str
    anchor: str
    is_minor: bool


@dataclass(frozen=True, slots=True)
class Dot:
    """Where a row's marks lie; ``low``, ``high`` and ``at`` are "" where there are none."""

    band_x: str
    band_width: str
    low: str
    high: str
    at: str
    is_open: bool

    def svg(self, label: str) -> SafeString:
        """Return the drawing; the label says what it shows."""
        band = f'x="{self.band_x}" width="{self.band_width}" y="0" height="100%"'
        marks = f'<rect class="m-band" {band}/>'
        if self.low:
            marks += f'<line class="l-range" x1="{self.low}" x2="{self.high}" y1="50%" y2="50%"/>'
        if self.at:
            marks += f'<circle class="{_mark(self.is_open)}" cx="{self.at}" cy="50%" r="4.5"/>'
        return mark_safe(f'<svg class="dots" role="img" aria-label="{escape(label)}">{marks}</svg>')


@dataclass(frozen=True, slots=True)
class Spark:
    """Runs of neighbouring points, single points between gaps, and the last one."""

    lines: tuple[str, ...]
    singles: tuple[tuple[str, str], ...]
    last: tuple[str, str] | None

    def svg(self, label: str, *, is_open: bool) -> SafeString:
        """Return the drawing; the label says what it shows, an open last point still moves."""
        marks = [f'<polyline class="l-ink" points="{line}"/>' for line in self.lines]
        marks += [f'<circle class="m-ink" cx="{x}" cy="{y}" r="1.5"/>' for x, y in self.singles]
        if self.last:
            x, y = self.last
            marks.append(f'<circle class="{_mark(is_open)}" cx="{x}" cy="{y}" r="2.5"/>')
        return mark_safe(
            f'<svg class="spark" viewBox="0 0 108 24" role="img" aria-label="{escape(label)}">'
            f"{''.join(marks)}</svg>"
        )


def _mark(is_open: bool) -> str:
    return "m-open" if is_open else "m-ink"


class Axis:
    """From 0 % to the next step above everything that is to be shown."""

    def __init__(self, shares: Iterable[Fraction | float]) -> None:
        highest = max((float(share) for share in shares), default=0.0)
        steps = -(-round(highest * 1000) // (STEP * 10))
        self.top = min(100, max(LEAST, steps * STEP))

    def place(self, share: Fraction | float) -> str:
        """Return a place along the axis as ``51.25%``."""
        return f"{min(float(share) * 100 / self.top, 1.0) * 100:.2f}%"

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """Return the labels; phones leave out every second, and what would touch the last."""
        wide = 2 * STEP
        return tuple(
            Tick(
                self.place(value / 100),
                f"{value}\u202f%",
                "start" if value == 0 else "end" if value == self.top else "middle",
                0 < value < self.top and (value % wide != 0 or value > self.top - wide),
            )
            for value in range(0, self.top + 1, STEP)
        )

    def dot(
        self,
        share: Fraction | None,
        interval: tuple[float, float] | None,
        band: Band,
        *,
        is_open: bool,
    ) -> Dot:
        """Return the marks of a row; an open dot is one that still moves."""
        low, high = interval or (None, None)
        return Dot(
            self.place(band.lower),
            f"{float(band.upper - band.lower) * 10_000 / self.top:.2f}%",
            "" if low is None else self.place(low),
            "" if high is None else self.place(high),
            "" if share is None else self.place(share),
            is_open,
        )


def spark(shares: Sequence[Fraction | None], top: Fraction) -> Spark:
    """Return a line of shares from 0 to ``top``, with a gap wherever there is no data."""
    step = (SPARK_WIDTH - 2 * SPARK_EDGE) / max(1, len(shares) - 1)
    scale = (SPARK_HEIGHT - 2 * SPARK_EDGE) / float(top or 1)
    points = [
        None
        if share is None
        else (f"{SPARK_EDGE + i * step:.1f}", f"{SPARK_HEIGHT - SPARK_EDGE - share * scale:.1f}")
        for i, share in enumerate(shares)
    ]
    runs = [[p for p in run if p] for known, run in groupby(points, key=bool) if known]
    return Spark(
        tuple(" ".join(",".join(point) for point in run) for run in runs if len(run) > 1),
        tuple(run[0] for run in runs if len(run) == 1),
        points[-1] if points else None,
    )
