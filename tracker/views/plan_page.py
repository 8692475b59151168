"""What the page of a plan shows: every value written out, whatever its size."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import uuid4

from django.urls import reverse

from tracker.actions.baselines import kinds_open
from tracker.domain.baseline import BaselineKind
from tracker.domain.lifecycle import Status
from tracker.domain.wording import count_words, day_words
from tracker.domain.words import label_of
from tracker.figures.plan import Ask, Facts, PlanView, plan_view
from tracker.models import Baseline, Cycle, Initiative, PlanItem, Role, User
from tracker.queries.baselines import chain_of
from tracker.queries.plans import PlanSheet, neighbours

KINDS = {BaselineKind.OP1: "OP1", BaselineKind.OP2: "OP2", BaselineKind.AMENDMENT: "amendment"}
MARK = "KEY-1"
ENDED = {Status.DELIVERED, Status.CANCELLED, Status.DEFERRED}


@dataclass(frozen=True, slots=True)
class LockRow:
    """A lock in words: who and when, from which day it holds, and whether it opened the cycle."""

    lock: Baseline
    who: str
    holds: str
    opened: bool
    late: bool
    before: Baseline | None


class PlanPage:
    """A plan for one person; each part is worked out when the template first asks for it."""

    def __init__(self, sheet: PlanSheet, user: User, today: date) -> None:
        self.sheet, self.today = sheet, today
        self.plan, self.team, self.cycle = sheet.plan, sheet.plan.team, sheet.plan.cycle
        self.may_edit = user.role_in(self.team.pk) >= Role.LEAD
        self.may_log = user.role_in(self.team.pk) >= Role.MEMBER
        self.url = reverse("plan", args=[self.team.slug, self.cycle.slug])
        self.refused: list[str] = []
        self.typed = ""
        self.found: list[Initiative] = []

    @cached_property
    def around(self) -> tuple[Cycle | None, Cycle | None]:
        """Return the cycles before and after."""
        return neighbours(self.cycle)

    @property
    def earlier(self) -> Cycle | None:
        """Return the cycle before."""
        return self.around[0]

    @property
    def later(self) -> Cycle | None:
        """Return the cycle after."""
        return self.around[1]

    @property
    def creation_key(self) -> str:
        """Return what tells a double submit from a second new initiative."""
        return str(uuid4())

    @property
    def is_begun(self) -> bool:
        """Tell whether somebody has begun the plan."""
        return self.plan.pk is not None

    @property
    def next_kind(self) -> BaselineKind:
        """Return which lock usually comes next."""
        return kinds_open([lock.kind for lock in self.sheet.locks])[0]

    @property
    def next_name(self) -> str:
        """Return the name of that lock."""
        return KINDS[self.next_kind]

    @cached_property
    def view(self) -> PlanView:
        """Return words and marks."""
        before, _, after = reverse("initiative", args=[MARK]).partition(MARK)
        facts = [
            Facts(
                item.pk,
                (key := item.initiative.key),
                item.initiative.title,
                f"{before}{key}{after}",
                self._ask(item),
            )
            for item in self.sheet.items
        ]
        sheet = self.sheet
        return plan_view(
            str(self.cycle), sheet.placed, facts, sheet.capacity_mpd, self.plan.reserve_mpd
        )

    def _ask(self, item: PlanItem) -> Ask:
        """Return what an item lacks for the next lock, and what happened to it."""
        missing = missing_words(item, with_approach=self.next_kind != BaselineKind.OP1)
        tags = []
        if item.initiative.team_id != self.team.pk and not item.initiative.team.path.startswith(
            self.team.path
        ):
            tags.append(f"moved to {item.initiative.team}")
        if item.initiative.status in ENDED:
            tags.append(label_of(item.initiative.status).lower())
        return Ask(f"no {', no '.join(missing)}" if missing else "", tuple(tags))

    @property
    def changed(self) -> str:
        """Return how much the draft differs from the last lock, "" where it does not."""
        changes = self.sheet.changes
        if changes is None or changes.is_empty:
            return ""
        number = len(changes.changes) + sum(
            old != new for old, new in (changes.capacity_mpd, changes.reserve_mpd)
        )
        return f"{count_words(number, 'change')} since {self.sheet.locks[-1].name}"

    @property
    def locks(self) -> list[LockRow]:
        """Return the chain of locks, the last first."""
        chain = chain_of(self.sheet.locks, self.plan)
        rows = []
        for lock in reversed(chain):
            one = lock.baseline
            rows.append(
                LockRow(
                    one,
                    f"locked {day_words(one.locked_on)} by {one.locked_by_name}",
                    "" if one.effective_on == one.locked_on else day_words(one.effective_on),
                    lock.opened,
                    lock.opened and lock.late,
                    chain[one.number - 1].baseline if one.number else None,
                )
            )
        return rows


def missing_words(item: PlanItem, *, with_approach: bool) -> list[str]:
    """Return what nobody has said about an item yet."""
    asked = {"outcome": item.outcome, "measure": item.measured_by}
    if with_approach:
        asked["how"] = item.approach
    return [name for name, text in asked.items() if not text.strip()]
