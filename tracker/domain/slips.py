"""How late planned items came, and how much of it each opportunity accounts for.

Slips are whole working days; what is attributed is an exact fraction of them. An opportunity never
accounts for more than it took, and what nobody took is "other causes".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from tracker.domain.lifecycle import Status
from tracker.domain.workdays import WorkCalendar

_OUT = frozenset({Status.CANCELLED, Status.DEFERRED})


@dataclass(frozen=True, slots=True)
class Attribution:
    """The slip of one item in working days, by opportunity; ``other`` has other causes.

    ``early`` is how much ahead of its baseline it came, kept apart from slips.
    """

    by_opportunity: Mapping[int, Fraction] = field(default_factory=dict)
    other: Fraction = Fraction(0)
    early: int = 0

    @property
    def opportunistic(self) -> Fraction:
        """Return the part that opportunities account for."""
        return sum(self.by_opportunity.values(), Fraction(0))

    @property
    def slip(self) -> Fraction:
        """Return the whole slip, 0 for what came early or in time."""
        return self.opportunistic + self.other

    def __add__(self, other: "Attribution") -> "Attribution":
        """Return the sums of both, such as all items of a team."""
        names = self.by_opportunity.keys() | other.by_opportunity.keys()
        return Attribution(
            {
                name: self.by_opportunity.get(name, Fraction(0))
                + other.by_opportunity.get(name, Fraction(0))
                for name in sorted(names)
            },
            self.other + other.other,
            self.early + other.early,
        )


@dataclass(frozen=True, slots=True)
class Derailed:
    """One commitment for the derailment index: its effort, and whether an opportunity moved it."""

    effort_mpd: int
    slip: Fraction = Fraction(0)
    is_pushed_out: bool = False


def working_days_between(due_on: date, ended_on: date, calendar: WorkCalendar) -> int:
    """Return the working days after ``due_on`` through ``ended_on``, negative where it is early."""
    one = timedelta(days=1)
    if ended_on >= due_on:
        return calendar.working_days_through(due_on + one, ended_on)
    return -calendar.working_days_through(ended_on + one, due_on)


def slip_days(
    due_on: date | None,
    status: Status,
    delivered_on: date | None,
    *,
    before: date,
    calendar: WorkCalendar,
) -> int | None:
    """Return the slip against the baseline's last day: negative is early.

    What is still open has slipped up to the day ahead of ``before``. None where there is no
    slip to speak of: no due date, not due yet, cancelled or deferred.
    """
    if due_on is None:
        return None
    if delivered_on is not None and delivered_on < before:
        return working_days_between(due_on, delivered_on, calendar)
    as_of = before - timedelta(days=1)
    if status in _OUT or as_of <= due_on:
        return None
    return working_days_between(due_on, as_of, calendar)


def attribute(slip: int, taken_mpd: Mapping[int, int], fte_milli: int) -> Attribution:
    """Return who accounts for a slip, given what each opportunity took from the item.

    At the item's FTE what was taken would have lasted so many days: more than these, or than
    the slip itself, is never attributed. Raises ValueError where the FTE is not positive.
    """
    if fte_milli <= 0:
        raise ValueError("Attribution needs the FTE at which the item was planned.")
    taken = {one: mpd for one, mpd in sorted(taken_mpd.items()) if mpd > 0}
    total = sum(taken.values())
    late = Fraction(max(slip, 0))
    caused = min(late, Fraction(total, fte_milli))
    shares = {one: caused * mpd / total for one, mpd in taken.items()}
    return Attribution(shares, late - caused, max(-slip, 0))


def total_attribution(rows: Iterable[Attribution]) -> Attribution:
    """Return the sum of attributions, an empty one for none."""
    return sum(rows, Attribution())


def own_slip(slip: int, predecessor_slips: Iterable[int]) -> int:
    """Return the slip an item adds to its chain: what exceeds its latest predecessor's."""
    return max(0, slip - max((max(one, 0) for one in predecessor_slips), default=0))


def derailment_index(rows: Iterable[Derailed], cycle_working_days: int) -> Fraction | None:
    """Return from 0 to 100 how much of the committed effort opportunities moved; None for none.

    Work pushed out of the cycle counts whole, a slip as its part of the cycle's working days.
    Raises ValueError where the cycle has none.
    """
    if cycle_working_days <= 0:
        raise ValueError("A cycle has at least one working day.")
    moved, total = Fraction(0), 0
    for row in rows:
        part = min(Fraction(1), max(Fraction(0), row.slip) / cycle_working_days)
        moved += row.effort_mpd * (Fraction(1) if row.is_pushed_out else part)
        total += row.effort_mpd
    return 100 * moved / total if total else None
