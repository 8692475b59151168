"""What the overview of a team holds: a period in focus, a line of periods, triggers, attention."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tracker.domain.calendar import Period
from tracker.domain.intervals import Confidence
from tracker.domain.limits import ClosedPoint, ControlChart
from tracker.domain.mix import Mix, PeriodMix
from tracker.domain.question import Question
from tracker.domain.standing import Standing
from tracker.domain.zone import Band, Zone, classifiable

Limits = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Point:
    """A period: ``mix`` in the weight's unit, ``effort_mpd`` the classified effort in it.

    ``n_eff`` is the effective number of initiatives, None where nobody needs it.
    """

    period: Period
    mix: Mix
    effort_mpd: int
    closed: bool
    to_date: bool
    n_eff: float | None = None

    @property
    def share(self) -> Fraction | None:
        """Return the share, None for no data."""
        return self.mix.share

    @property
    def zoned_share(self) -> Fraction | None:
        """Return the share, None where too little was worked to name a zone."""
        return classifiable(self.mix.share, self.effort_mpd)

    @property
    def of_chart(self) -> ClosedPoint:
        """Return the point as control charts take it."""
        return ClosedPoint(self.mix.opportunistic, self.mix.classified, self.n_eff)


@dataclass(frozen=True, slots=True)
class Line:
    """The chart's points in order, with the limits and the zone of each.

    ``findings`` of ``chart`` count from the team's first period; ``offset`` is the place of the
    first point among them. ``bands`` holds each point's band, ``reported`` what was reported of
    it where that differs (None: nothing to tell), ``breaks`` names by place the rules that are
    others than before.
    """

    points: tuple[Point, ...]
    limits: tuple[Limits | None, ...]
    zones: tuple[Zone, ...]
    chart: ControlChart
    offset: int
    bands: tuple[Band, ...] = ()
    reported: tuple[Mix | None, ...] = ()
    breaks: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TriggerSum:
    """What a trigger brought: an amount in the weight's unit, and how many initiatives."""

    trigger: str
    amount: int
    count: int


@dataclass(frozen=True, slots=True)
class Attention:
    """Initiatives without origin, without estimate, and active but unchanged for 14 days.

    ``unfunded`` counts the opportunities of this cycle that lack ``unfunded_mpd`` of funding.
    """

    all: int
    unclassified: int
    unestimated: int
    stale: int
    unfunded: int = 0
    unfunded_mpd: int = 0

    @property
    def total(self) -> int:
        """Return how many things want attention."""
        return self.unfunded + self.unclassified + self.unestimated + self.stale


@dataclass(frozen=True, slots=True)
class Overview:
    """How a team, or a group of teams, stands.

    ``interval`` is for the rate behind the share: 80 % by effort, 95 % by count, None by value.
    ``earlier`` is the period before at the same elapsed working day, while this one runs.
    """

    question: Question
    band: Band
    before: date
    mix: PeriodMix
    point: Point
    standing: Standing
    confidence: Confidence | None
    interval: Limits | None
    line: Line
    triggers: tuple[TriggerSum, ...]
    attention: Attention
    earlier: tuple[Period, Mix] | None
    first_day: date | None
