"""Reads what overrides do to a mix, and what nobody has settled, for figures of many teams."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count

from tracker.domain.calendar import Period
from tracker.domain.contributions import contributions, mix_of
from tracker.domain.facts import Item, Shift
from tracker.domain.mix import Measure, Mix, Origin, Weight
from tracker.models import OriginOverride, OriginShift, Team
from tracker.queries.calendars import calendars_of
from tracker.queries.facts import entries_of, items_between
from tracker.queries.origins import Chains
from tracker.queries.quick import ANY, Quick

ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Unsettled:
    """How many initiatives of a team were declared otherwise than the running plan has them."""

    team: str
    slug: str
    cycle: str
    count: int


# Most teams have neither, so that is asked first, by queries that are compiled once.
_shifted = Quick(
    lambda: (
        OriginShift.objects.filter(initiative__team_id__in=[ANY]).order_by().values_list("pk")[:1]
    )
)
_overridden = Quick(
    lambda: (
        OriginOverride.objects.filter(initiative__team_id__in=[ANY])
        .order_by()
        .values_list("pk")[:1]
    )
)


def unsettled(team_ids: Iterable[int], today: date) -> list[Unsettled]:
    """Count in one query, team by team, what was declared otherwise and not overridden.

    Where another origin counts than the declared one and nobody has overridden anything, it is
    the plan that says so.
    """
    team_ids = list(team_ids)
    if not any(_shifted(team_ids)):
        return []
    rows = OriginShift.objects.filter(
        initiative__team_id__in=team_ids,
        cycle__starts_on__lte=today,
        cycle__ends_before__gt=today,
    )
    rows = rows.exclude(initiative__origin=Origin.UNCLASSIFIED)
    said = OriginOverride.objects.filter(cycle__starts_on__lte=today, cycle__ends_before__gt=today)
    rows = rows.exclude(initiative__in=said.values("initiative"))
    names = ("initiative__team__name", "initiative__team__slug", "cycle__slug")
    counted = rows.order_by(*names).values_list(*names).annotate(Count("pk"))
    return [Unsettled(*row) for row in counted]


def mix_without_overrides(
    team_ids: Collection[int], period: Period, measure: Measure, weight: Weight, before: date
) -> Mix | None:
    """Return the mix of a period as it would be without overrides; None where there are none.

    One query then; otherwise a few more, four of them for each team that has overrides.
    """
    without = any(_overridden(list(team_ids))) and _without(team_ids, period, before)
    if not without:
        return None
    teams = list(Team.objects.filter(pk__in=list(team_ids)))
    calendars_of(teams)
    items = {
        team: [_plain(item, without.get(item.item, {})) for item in own]
        for team, own in items_between(teams, measure, period.start, period.end).items()
    }
    found = entries_of(items, teams, period, measure, before=before)
    return mix_of(contributions(found, weight))


def _without(
    team_ids: Collection[int], period: Period, before: date
) -> dict[int, dict[date, tuple[date, Origin]]]:
    """Return by overridden initiative and cycle start what would count there."""
    rows = OriginOverride.objects.filter(
        initiative__team_id__in=list(team_ids),
        initiative__deleted_at__isnull=True,
        cycle__starts_on__lt=period.end,
        cycle__ends_before__gt=period.start,
    ).select_related("initiative", "cycle")
    found: dict[int, dict[date, tuple[date, Origin]]] = {}
    chains: dict[int, Chains] = {}
    for row in rows:
        it, cycle = row.initiative, row.cycle
        if it.team_id not in chains:
            chains[it.team_id] = Chains(it.team_id, before - ONE)
        declared = {it.pk: (Origin(it.origin), it.committed_on)}
        tag = chains[it.team_id].tell(cycle, declared, {})[it.pk].tag
        found.setdefault(it.pk, {})[cycle.starts_on] = (cycle.ends_before, tag.effective)
    return found


def _plain(item: Item, without: dict[date, tuple[date, Origin]]) -> Item:
    """Return an item with the origins that would count without overrides."""
    if not without:
        return item
    kept = [shift for shift in item.shifts if shift.start not in without]
    more = [Shift(start, end, origin) for start, (end, origin) in without.items()]
    return replace(item, shifts=(*kept, *more))
