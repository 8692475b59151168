"""What the pages of plan against actual show: figures, slips, and what they rest on."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from tracker.domain.baseline import Baseline
from tracker.domain.outcomes import Against
from tracker.domain.wording import day_words, tenths
from tracker.domain.workdays import WorkCalendar
from tracker.figures.delivery import Measure, cause_words, ended_words, finding, measures
from tracker.figures.dumbbell import Frame, dumbbell_figure
from tracker.figures.figure import Figure
from tracker.forms.delivery import AskedDelivery
from tracker.queries.delivery import CycleDelivery, PlanDelivery
from tracker.views.delivery_drawers import (
    Drawer,
    Drawers,
    ItemLine,
    address,
    line_of,
    named_line,
)


@dataclass(frozen=True, slots=True)
class SlipLine:
    """An item that came late, and why; ``causes`` are (key, address, working days)."""

    item: ItemLine
    causes: tuple[tuple[str, str, str], ...]
    other: str


class DeliveryPage:
    """The figures of some plans together; each part is made when the template asks for it."""

    def __init__(self, found: CycleDelivery, asked: AskedDelivery) -> None:
        self.found, self.asked = found, asked

    @property
    def cycle_over(self) -> bool:
        """Tell whether the period is over."""
        return self.found.before >= self.asked.period.end

    @cached_property
    def told(self) -> Against:
        """Return the sums against what the cycle opened with."""
        return self.found.total()

    @cached_property
    def amended(self) -> Against | None:
        """Return the sums against the plans in force now, None where none was amended."""
        return self.found.amended

    @property
    def period(self) -> str:
        """Return the period in words."""
        return dict(self.asked.choices)[self.asked.value].removeprefix("All of ")

    @property
    def finding(self) -> str:
        """Return what was delivered of what was due, in a sentence."""
        if self.found.before <= self.asked.period.start:
            return f"{self.period} begins on {day_words(self.asked.period.start)}"
        return finding(self.told, self.period)

    @property
    def measures(self) -> list[Measure]:
        """Return every figure with its two numbers."""
        return measures(self.told, self.amended)

    @property
    def heads(self) -> list[tuple[str, str]]:
        """Return the baselines compared, with their days, as the columns of the figures."""
        opened = self.found.opened
        if len(opened) == 1:
            heads = [("As the cycle opened", _lock_words(opened[0].opening))]
            if self.amended is not None:
                heads.append(("As amended", _lock_words(opened[0].current)))
            return heads
        plans = f"{len(opened):,} plans"
        heads = [("As the cycle opened", plans)]
        if self.amended is not None:
            changed = sum(plan.amended is not None for plan in opened)
            heads.append(("As amended", f"{changed:,} of {plans}"))
        return heads

    @property
    def late_locks(self) -> list[PlanDelivery]:
        """Return the plans whose first lock was recorded after the cycle began."""
        return [plan for plan in self.found.opened if plan.locked_late]

    @property
    def unlocked(self) -> list[PlanDelivery]:
        """Return the plans that no lock opened."""
        return [plan for plan in self.found.plans if plan.opened is None]

    @cached_property
    def figure(self) -> Figure:
        """Return planned against actual ends as a figure."""
        teams = {
            entry.item: plan.plan.team.calendar
            for plan in self.found.opened
            for entry in (plan.opening.snapshot.planned if plan.opening else ())
        }

        def calendar_of(item: int) -> WorkCalendar:
            return teams[item]

        frame = Frame(self.period, self.found.before, self._name, address, calendar_of)
        return dumbbell_figure(self.told, frame)

    @property
    def slips(self) -> list[SlipLine]:
        """Return what came late, the largest slip first."""
        keys = {pk: named.key for pk, named in self.found.names.items()}
        return [
            SlipLine(
                line_of(
                    self.found,
                    row.entry,
                    day_words(row.entry.due_on),
                    ended_words(row),
                    tenths(Fraction(row.slip or 0)),
                ),
                tuple((key, address(key), days) for key, days in cause_words(row, keys)),
                tenths(row.causes.other),
            )
            for row in self.told.late
        ]

    @property
    def culprits(self) -> list[ItemLine]:
        """Return the opportunities behind the slips, the largest part first."""
        days = self.told.slips.by_opportunity
        hit: dict[int, int] = {}
        for row in self.told.late:
            for item in row.causes.by_opportunity:
                hit[item] = hit.get(item, 0) + 1
        named = ((self.found.names.get(item), item, part) for item, part in days.items() if part)
        rows = sorted(named, key=lambda row: (-row[2], row[1]))
        return [
            named_line(name, f"{hit.get(item, 0):,}", tenths(part)) for name, item, part in rows
        ]

    @property
    def drawers(self) -> list[Drawer]:
        """Return the items behind each figure."""
        return Drawers(self.found, self.told, self.period).all()

    def _name(self, item: int) -> tuple[str, str]:
        named = self.found.names.get(item)
        return (named.key, named.title) if named else ("", "An initiative that was deleted")


def _lock_words(lock: Baseline | None) -> str:
    if lock is None:
        return ""
    name = lock.kind.upper() if lock.kind != "amendment" else f"Amendment {lock.number}"
    return f"{name}, {day_words(lock.locked_on)}"
