"""What stands out in a line of periods, in words."""

from tracker.domain.calendar import PeriodKind
from tracker.domain.limits import FULL_BASELINE, PROVISIONAL_BASELINE, Finding, Rule, Signal
from tracker.domain.overview import Line, Point
from tracker.domain.question import PLURALS
from tracker.domain.zone import Band
from tracker.figures.words import listed, percent, period_words

TOLD = 3  # the heading and the caption name the same last signals


def _seen(line: Line) -> list[tuple[Finding, Point]]:
    """Return the signals among the chart's points with the point of each, oldest first."""
    places = ((finding, finding.index - line.offset) for finding in line.chart.findings)
    last = len(line.points)
    return [(finding, line.points[place]) for finding, place in places if 0 <= place < last]


def signals(line: Line) -> list[str]:
    """Return the signals among the chart's points, oldest first."""
    return [_told(line, finding, point) for finding, point in _seen(line)]


def _told(line: Line, finding: Finding, point: Point) -> str:
    limits = line.limits[finding.index - line.offset]
    if finding.signal is Signal.LONG_RUN or limits is None:
        return f"a long run on one side of the median up to {point.period.label}"
    upper = finding.signal is Signal.ABOVE_LIMIT
    against = f"{'an upper' if upper else 'a lower'} limit of {percent(limits[upper])}"
    return f"{point.period.label} ({percent(point.share)} against {against})"


def signal_words(line: Line, kind: PeriodKind) -> str:
    """Return the caption's clause about signals and limits."""
    found = signals(line)
    if found:
        words = f"signal in {'; '.join(found[-TOLD:])}{_of(len(found))}"
    elif line.chart.rule is Rule.NONE:
        return _no_limits(kind)
    else:
        words = "no signal, which does not mean no change"
    provisional = line.chart.rule is Rule.PROVISIONAL
    basis = (
        "limits are provisional" if provisional else f"limits from the first {FULL_BASELINE} months"
    )
    return f"{words}; {basis}" if line.chart.rule is not Rule.NONE else words


def _of(signals_in_all: int) -> str:
    return f" (the last {TOLD} of {signals_in_all})" if signals_in_all > TOLD else ""


def _no_limits(kind: PeriodKind) -> str:
    if kind is not PeriodKind.MONTH:
        return "no limits, since only months have them"
    return f"no limits before {PROVISIONAL_BASELINE} closed months that vary"


def line_heading(line: Line, band: Band, kind: PeriodKind) -> str:
    """Return the finding of the share's line in a sentence."""
    known = [point for point in line.points if point.share is not None]
    if not known:
        return "There is no share to show in these periods yet"
    parts = [_limit_words(line), _band_words(known, band, kind)]
    text = ", and ".join(part for part in parts if part)
    return text[:1].upper() + text[1:]


def _limit_words(line: Line) -> str:
    sides: dict[Signal, list[str]] = {}
    for finding, point in _seen(line)[-TOLD:]:
        if finding.signal is not Signal.LONG_RUN:
            sides.setdefault(finding.signal, []).append(point.period.label)
    return listed([_beyond(signal, labels) for signal, labels in sides.items()])


def _beyond(signal: Signal, labels: list[str]) -> str:
    side = "above the upper" if signal is Signal.ABOVE_LIMIT else "below the lower"
    return f"{_months(labels)} {'was' if len(labels) == 1 else 'were'} {side} limit"


def _months(labels: list[str]) -> str:
    """Return ``Aug, Sep and Oct 2026``: a year that they share is said once, at the end."""
    years = {label.rpartition(" ")[2] for label in labels}
    if len(years) > 1:
        return listed(labels)
    return listed([*(label.rpartition(" ")[0] for label in labels[:-1]), labels[-1]])


def _side(point: Point, band: Band) -> int:
    share = point.share or 0
    return (share > band.upper) - (share < band.lower)


def _band_words(known: list[Point], band: Band, kind: PeriodKind) -> str:
    side = _side(known[-1], band)
    run = 0
    for point in reversed(known):
        if _side(point, band) != side:
            break
        run += 1
    where = {-1: "below the band", 0: "within the band", 1: "above the band"}[side]
    if run == len(known):
        return f"the share has been {where} all along" if run > 1 else f"the share is {where}"
    if run > 1:
        return f"the share has been {where} since {known[-run].period.label}"
    label = period_words(known[-1].period, to_date=known[-1].to_date)
    inside = sum(_side(point, band) == 0 for point in known)
    return f"{label} is {where}; {inside} of {len(known)} {PLURALS[kind]} lie within it"
