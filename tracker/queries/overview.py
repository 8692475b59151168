"""Everything the overview of a team shows, as domain values."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from tracker.domain.calendar import FiscalCalendar, Period, last_periods, period_of, periods
from tracker.domain.limits import ControlChart, control_chart
from tracker.domain.mix import Mix
from tracker.domain.overview import Limits, Line, Overview, Point
from tracker.domain.progress import elapsed_working_days, same_point_in
from tracker.domain.question import Question
from tracker.domain.standing import standing
from tracker.domain.zone import Band, raw_zone, states
from tracker.models import Team
from tracker.queries.attention import attention_of
from tracker.queries.behind import Behind
from tracker.queries.series import Series

HISTORY_DAYS = 12 * 366
ONE = timedelta(days=1)


def overview_of(
    team: Team,
    teams: Sequence[Team],
    question: Question,
    *,
    fiscal: FiscalCalendar,
    before: date,
    now: datetime,
) -> Overview:
    """Return the overview of ``team``; ``teams`` are itself and all below it.

    Facts from ``before`` on are not known. At most seven queries, however many teams.
    """
    focus, weight = question.focus, question.weight
    window = _window(question, fiscal, before)
    since = _back(min([focus.start, *(period.start for period in window[:1])]))
    series = Series(teams, question.measure, weight, since, before)
    history = series.points(_history(series.first_day, focus, fiscal))
    stand = standing(
        [(each.period, each.zoned_share) for each in history], focus, team.band, before
    )
    behind = Behind(teams, focus, question.measure, before=before)
    return Overview(
        question=question,
        band=team.band,
        before=before,
        mix=behind.mix(),
        point=history[-1],
        standing=stand,
        confidence=behind.confidence(weight, stand.zone, team.band),
        interval=behind.interval(weight),
        line=_line(series, question, window, team.band, fiscal),
        triggers=behind.triggers(weight),
        attention=attention_of([each.pk for each in teams], now),
        earlier=_earlier(series, team, history[-1], fiscal),
        first_day=series.first_day,
    )


def _back(day: date) -> date:
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
    series: Series,
    question: Question,
    window: tuple[Period, ...],
    band: Band,
    fiscal: FiscalCalendar,
) -> Line:
    first = series.first_day
    if first is not None and question.start is None:
        # A young team's chart begins with the team.
        window = tuple(period for period in window if period.end > first) or window[-1:]
    if not window:
        return Line((), (), (), control_chart(question.grain, ()), 0)
    start = window[0].start if first is None else min(first, window[0].start)
    known = series.weighed(series.points(periods(question.grain, start, window[-1].end, fiscal)))
    closed = [point for point in known if point.closed]
    chart = control_chart(question.grain, [point.of_chart for point in closed])
    zones = states([point.zoned_share for point in closed], band)
    offset = len(known) - len(window)
    running = known[len(closed) :]
    limits = [*chart.limits, *(_limits(chart, point) for point in running)]
    shown = [*zones, *(raw_zone(point.zoned_share, band) for point in running)]
    return Line(known[offset:], tuple(limits[offset:]), tuple(shown[offset:]), chart, offset)


def _limits(chart: ControlChart, point: Point) -> Limits | None:
    return (
        chart.baseline.limits(point.of_chart)
        if chart.baseline and point.share is not None
        else None
    )


def _earlier(
    series: Series, team: Team, point: Point, fiscal: FiscalCalendar
) -> tuple[Period, Mix] | None:
    """Return the period before at the same elapsed working day, where it costs nothing to know."""
    if not point.to_date:
        return None
    elapsed = elapsed_working_days(point.period, series.before, team.calendar)
    ahead = period_of(point.period.start - ONE, point.period.kind, fiscal)
    bound = same_point_in(ahead, elapsed, team.calendar)
    mixes = series.quick_mixes([ahead], bound)
    return (ahead, mixes[0]) if mixes and mixes[0].share is not None else None
