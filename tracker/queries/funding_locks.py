"""What the locks of plans say at the opening of a cycle and on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.baseline import current_baseline, opening_baseline
from tracker.models import Baseline, BaselineItem, Cycle, Plan


@dataclass(frozen=True, slots=True)
class Locks:
    """What the locks of a plan say: the efforts above the line at the opening and now."""

    opening: Mapping[int, int | None] | None
    now: Mapping[int, int | None]
    reserve_mpd: int
    reserve_now_mpd: int
    capacity_mpd: int | None
    capacity_now_mpd: int | None


def locks_of(plans: Sequence[Plan], cycle: Cycle, before: date) -> dict[int, Locks]:
    """Return by plan what its locks say, as known the day ahead of ``before``; two queries.

    Where nothing is locked, the reserve is that of the plan as it stands.
    """
    chains: dict[int, dict[int, Baseline]] = {plan.pk: {} for plan in plans}
    for row in Baseline.objects.filter(plan__in=plans).select_related("plan"):
        chains[row.plan_id][row.number] = row
    chosen: dict[int, tuple[Baseline | None, Baseline | None]] = {}
    for pk, rows in chains.items():
        chain = [row.fact_with(()) for row in rows.values()]
        first = opening_baseline(chain, cycle.span, before=before)
        now = current_baseline(chain, before=before)
        chosen[pk] = (
            rows[first.baseline.number] if first else None,
            rows[now.number] if now else None,
        )
    wanted = {lock.pk for pair in chosen.values() for lock in pair if lock}
    efforts: dict[int, dict[int, int | None]] = {pk: {} for pk in wanted}
    above = BaselineItem.objects.filter(baseline_id__in=wanted, above_line=True).order_by()
    for lock, item, mpd in above.values_list("baseline_id", "initiative_id", "effort_mpd"):
        efforts[lock][item] = mpd
    return {plan.pk: _locks(plan, *chosen[plan.pk], efforts) for plan in plans}


def _locks(
    plan: Plan,
    first: Baseline | None,
    now: Baseline | None,
    efforts: Mapping[int, Mapping[int, int | None]],
) -> Locks:
    now = now or first
    return Locks(
        efforts[first.pk] if first else None,
        efforts[now.pk] if now else {},
        first.reserve_mpd if first else plan.reserve_mpd,
        now.reserve_mpd if now else plan.reserve_mpd,
        first.capacity_mpd if first else None,
        now.capacity_mpd if now else None,
    )
