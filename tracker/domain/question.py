"""What a person asks of the overview, as it stands in the address."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.calendar import Period, PeriodKind
from tracker.domain.shares import Measure, Weight

MEASURES = {
    Measure.CAPACITY: "Capacity",
    Measure.INTAKE_GROSS: "Intake, gross",
    Measure.INTAKE_NET: "Intake, net",
    Measure.DELIVERED: "Delivered",
}
PLURALS = {
    PeriodKind.WEEK: "weeks",
    PeriodKind.MONTH: "months",
    PeriodKind.QUARTER: "quarters",
    PeriodKind.HALF: "half-years",
    PeriodKind.YEAR: "years",
}
USUAL_LAST = {
    PeriodKind.WEEK: 26,
    PeriodKind.MONTH: 18,
    PeriodKind.QUARTER: 10,
    PeriodKind.HALF: 6,
    PeriodKind.YEAR: 5,
}


@dataclass(frozen=True, slots=True)
class Question:
    """Measure and weight, the period in focus, and what the chart runs over.

    ``grain`` is the length of the chart's periods. The chart ends with the last ``last`` of
    them, or covers the range from ``start`` to ``end``, both inclusive, where one was given.
    ``known`` is the day as of which it is asked, None for today; ``reported`` asks for closed
    periods as they were reported.
    """

    measure: Measure
    weight: Weight
    focus: Period
    grain: PeriodKind
    last: int
    start: date | None = None
    end: date | None = None
    known: date | None = None
    reported: bool = False

    @property
    def view(self) -> dict[str, str]:
        """Return the parameters that say of when the figures are: none for today's."""
        if self.known:
            return {"known": self.known.isoformat()}
        return {"as": "reported"} if self.reported else {}

    def params(self, **changes: str) -> dict[str, str]:
        """Return the address's parameters, those that say nothing new left out."""
        grain = usual_grain(self.focus.kind)
        given = {
            "measure": "" if self.measure == Measure.CAPACITY else self.measure.value,
            "weight": "" if self.weight is Weight.EFFORT else self.weight.value,
            "kind": "" if self.focus.kind is PeriodKind.QUARTER else self.focus.kind.value,
            "period": self.focus.slug,
            "by": "" if self.grain is grain else self.grain.value,
            "last": "" if self.last == USUAL_LAST[self.grain] else str(self.last),
            "from": self.start.isoformat() if self.start else "",
            "to": self.end.isoformat() if self.end else "",
            **self.view,
        }
        return {name: value for name, value in {**given, **changes}.items() if value}


def usual_grain(kind: PeriodKind) -> PeriodKind:
    """Return the chart's usual length of a period: months, since only they have limits."""
    return PeriodKind.WEEK if kind is PeriodKind.WEEK else PeriodKind.MONTH
