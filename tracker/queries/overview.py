"""Everything the overview of a team shows, as domain values."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from tracker.domain.calendar import FiscalCalendar, Period, last_periods, period_of, periods
from tracker.domain.limits import ControlChart, control_chart
from tracker.domain.mix import Measure, Mix, Weight
from tracker.domain.overview import Limits, Line, Overview, Point
from tracker.domain.progress import elapsed_working_days, same_point_in
from tracker.domain.question import Question
from tracker.domain.standing import standing
from tracker.domain.totals import mix_of_totals
from tracker.domain.workdays import WorkCalendar
from tracker.domain.zone import Band, raw_zone, states_under
from tracker.queries.attention import STALE_AFTER
from tracker.queries.ledgers import TeamLedger
from tracker.queries.record import ledgers_as_asked
from tracker.queries.reported import Reported
from tracker.queries.series import Series

HISTORY_DAYS = 12 * 366
ONE = timedelta(days=1)


class Judge:
    """Tells which band holds for a period of a team, and where its rules change."""

    def __init__(self, kept: TeamLedger) -> None:
        self.policy, self.own = kept.policy, kept.team.band

    def band_of(self, period: Period) -> Band:
        """Return the band of a period."""
        return self.policy.band_of(period, self.own)

    def breaks(self, periods: Sequence[Period]) -> dict[int, str]:
        """Return by place among periods which rules are others than before."""
        return self.policy.breaks(periods, self.own)


def overview_of(
    own: int,
    stamps: Mapping[int, int],
    question: Question,
    *,
    fiscal: FiscalCalendar,
    before: date,
    now: datetime,
    zone: str = "UTC",
) -> Overview:
    """Return the overview of a team; ``stamps`` are those of itself and of all below it.

    Facts from ``before`` on are not known. At most eight queries, however many teams, and none
    where nothing has changed since this worker last answered. What was known on a day of the
    past, in a reporting zone, is worked out from the records each time.
    """
    with ledgers_as_asked(stamps, question.known, zone) as kept:
        # In the order of the tree, so that the team itself comes first.
        teams = [kept[own], *(each for pk, each in kept.items() if pk != own)]
        kind = Reported if question.reported else Series
        series = kind(teams, question.measure, question.weight, fiscal, before)
        return _overview(kept[own], series, question, now)


def _overview(kept: TeamLedger, series: Series, question: Question, now: datetime) -> Overview:
    team, judge = kept.team, Judge(kept)
    focus, fiscal, before = question.focus, series.fiscal, series.before
    window = _window(question, fiscal, before)
    since = since_of(min([focus.start, *(period.start for period in window[:1])]))
    first = series.first_day(since)
    history = series.points(_history(first, focus, fiscal))
    shares = [(each.period, each.zoned_share) for each in history]
    band = judge.band_of(focus)
    stand = standing(shares, focus, band, before, judge.band_of)
    return Overview(
        question=question,
        band=band,
        before=before,
        mix=series.period_mix(focus),
        point=history[-1],
        standing=stand,
        confidence=series.confidence(focus, stand.zone, band),
        interval=series.interval(focus),
        line=_line(series, question, window, first, judge),
        triggers=series.triggers(focus),
        attention=series.attention((now - STALE_AFTER).timestamp()),
        earlier=_earlier(series, team.calendar, history[-1]),
        first_day=first,
    )


def since_of(day: date) -> date:
    """Return from which day on facts count for a chart that begins with a day."""
    return date.fromordinal(max(1, day.toordinal() - HISTORY_DAYS))


def _window(question: Question, fiscal: FiscalCalendar, before: date) -> tuple[Period, ...]:
    """Return the chart's periods; those that have not begun are left out."""
    if question.start is not None and question.end is not None:
        found = periods(question.grain, question.start, question.end + ONE, fiscal)
    else:
        found = last_periods(question.last, question.grain, before - ONE, fiscal)
        if question.focus.start < found[0].start:
            anchor = min(question.focus.last_day, before - ONE)
            found = last_periods(question.last, question.grain, anchor, fiscal)
    return tuple(period for period in found if period.start < before)


def _history(first: date | None, focus: Period, fiscal: FiscalCalendar) -> tuple[Period, ...]:
    """Return the periods of the focus's kind from the team's first one to the focus."""
    if first is None or first >= focus.start:
        return (focus,)
    return periods(focus.kind, first, focus.end, fiscal)


def _line(
    series: Series, question: Question, window: tuple[Period, ...], first: date | None, judge: Judge
) -> Line:
    if first is not None and question.start is None:
        # A young team's chart begins with the team.
        window = tuple(period for period in window if period.end > first) or window[-1:]
    if not window:
        return Line((), (), (), control_chart(question.grain, ()), 0)
    start = window[0].start if first is None else min(first, window[0].start)
    known = series.points(periods(question.grain, start, window[-1].end, series.fiscal))
    closed = [point for point in known if point.closed]
    chart = control_chart(question.grain, [point.of_chart for point in closed])
    bands = [judge.band_of(point.period) for point in known]
    zones = states_under(
        (point.zoned_share, band) for point, band in zip(closed, bands[: len(closed)], strict=True)
    )
    offset, rest = len(known) - len(window), slice(len(closed), None)
    running = list(zip(known[rest], bands[rest], strict=True))
    limits = [*chart.limits, *(_limits(chart, point) for point, _ in running)]
    shown = [*zones, *(raw_zone(point.zoned_share, band) for point, band in running)]
    changed = judge.breaks([point.period for point in known])
    return Line(
        known[offset:],
        tuple(limits[offset:]),
        tuple(shown[offset:]),
        chart,
        offset,
        tuple(bands[offset:]),
        tuple(_moved(series, point) for point in known[offset:]),
        {place - offset: words for place, words in changed.items() if place >= offset},
    )


def _moved(series: Series, point: Point) -> Mix | None:
    """Return what was reported of a period where its headline is another one now."""
    if not point.closed or not series.is_headline:
        return None
    reported = series.reported(point.period)
    return reported if reported is not None and reported != point.mix else None


def _limits(chart: ControlChart, point: Point) -> Limits | None:
    return (
        chart.baseline.limits(point.of_chart)
        if chart.baseline and point.share is not None
        else None
    )


def _earlier(series: Series, calendar: WorkCalendar, point: Point) -> tuple[Period, Mix] | None:
    """Return the period before at the same elapsed working day: of work by effort alone."""
    quick = series.measure == Measure.CAPACITY and series.weight is Weight.EFFORT
    if not point.to_date or not quick:
        return None
    elapsed = elapsed_working_days(point.period, series.before, calendar)
    ahead = period_of(point.period.start - ONE, point.period.kind, series.fiscal)
    bound = same_point_in(ahead, elapsed, calendar)
    mix = mix_of_totals(series.stretch(ahead.start, min(ahead.end, bound)), series.weight)
    return (ahead, mix) if mix.share is not None else None
