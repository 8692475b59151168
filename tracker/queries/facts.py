"""Initiatives as the measures read them: the items behind any mark of a figure.

Every function starts from teams that somebody has been let into already.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from operator import attrgetter
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.functions import Coalesce

from tracker.domain.calendar import Period
from tracker.domain.capacity import Segment
from tracker.domain.facts import Entry, Item, Shift
from tracker.domain.mix import Measure, Origin, entries
from tracker.models import Initiative, OriginShift, Team, WorkSegment
from tracker.queries.calendars import calendars_of

ItemsByTeam = Mapping[int, Sequence[Item]]

# The day an initiative enters the intake; domain.facts.Item.entered_on says the same.
ENTERED_ON = Case(
    When(origin=Origin.PLANNED, then=Coalesce("target_start", "committed_on")),
    default=F("committed_on"),
)
WORKED = (
    "initiative__team_id",
    "initiative_id",
    "initiative__root_id",
    "initiative__origin",
    "initiative__trigger",
    "initiative__committed_value",
    "initiative__parent_id",
    "starts_on",
    "ends_before",
    "fte_milli",
    "fte_assumed",
)
DATED = (
    "team_id",
    "pk",
    "root_id",
    "origin",
    "trigger",
    "target_start",
    "committed_on",
    "delivered_on",
    "cancelled_on",
    "deferred_on",
    "committed_effort_mpd",
    "estimate_mpd",
    "actual_mpd",
    "committed_value",
    "due_on",
    "parent_id",
)


def work_between(team_ids: Iterable[int], start: date, end: date) -> Any:
    """Return the segments of the teams' initiatives that overlap ``[start, end)``."""
    return WorkSegment.objects.filter(
        Q(ends_before__isnull=True) | Q(ends_before__gt=start),
        initiative__team_id__in=list(team_ids),
        initiative__deleted_at__isnull=True,
        starts_on__lt=end,
    ).order_by()


def items_between(
    teams: Sequence[Team], measure: Measure, start: date, end: date
) -> dict[int, list[Item]]:
    """Return by team the items that can belong to a period in ``[start, end)``, in two queries.

    Under capacity they carry only what capacity reads. Otherwise all parts of a split come
    along, since a part outside the period may join a parent and a part inside it.
    """
    found: dict[int, list[Item]] = {team.pk: [] for team in teams}
    items = _worked if measure == Measure.CAPACITY else _dated
    shifts = _shifts(list(found))
    for item in items(list(found), measure, start, end):
        own = shifts.get(item.item)
        found[item.team].append(replace(item, shifts=tuple(own)) if own else item)
    for mine in found.values():
        # By count the first part of a split stands for all, so it must be the same one always.
        mine.sort(key=attrgetter("item"))
    return found


def entries_of(
    items: ItemsByTeam, teams: Sequence[Team], period: Period, measure: Measure, *, before: date
) -> tuple[Entry, ...]:
    """Return what each item contributes to a period, team by team.

    Lineages are told apart by team, so that teams add up.
    """
    calendars = {team.pk: team.calendar for team in teams}
    return tuple(
        entry
        for team in teams
        for entry in entries(
            items[team.pk], period, measure, before=before, calendar_of_team=calendars
        )
    )


def entries_in(
    teams: Sequence[Team], period: Period, measure: Measure, *, before: date
) -> tuple[Entry, ...]:
    """Return what each initiative of the teams contributes to a period, in three queries."""
    calendars_of(teams)
    items = items_between(teams, measure, period.start, period.end)
    return entries_of(items, teams, period, measure, before=before)


def _shifts(team_ids: list[int]) -> dict[int, list[Shift]]:
    """Return by initiative in which cycles another origin counts than the declared one."""
    found: dict[int, list[Shift]] = {}
    rows = OriginShift.objects.filter(initiative__team_id__in=team_ids).order_by()
    columns = ("initiative_id", "cycle__starts_on", "cycle__ends_before", "origin")
    for item, start, stop, origin in rows.values_list(*columns):
        found.setdefault(item, []).append(Shift(start, stop, Origin(origin)))
    return found


def _worked(team_ids: list[int], measure: Measure, start: date, end: date) -> Iterable[Item]:
    by_item: dict[int, tuple[Any, list[Segment]]] = {}
    for row in work_between(team_ids, start, end).values_list(*WORKED):
        known = by_item.setdefault(row[1], (row, []))
        known[1].append(Segment(*row[7:]))
    for (team, pk, root, origin, trigger, value, parent, *_), segments in by_item.values():
        yield Item(
            pk,
            root or pk,
            team,
            Origin(origin),
            trigger,
            commit_value=value,
            segments=tuple(segments),
            parent=parent,
        )


def _dated(team_ids: list[int], measure: Measure, start: date, end: date) -> Iterable[Item]:
    day = "delivered_on" if measure == Measure.DELIVERED else "entered_on"
    rows = Initiative.objects.filter(team_id__in=team_ids).alias(entered_on=ENTERED_ON)
    wanted = Q(**{f"{day}__gte": start, f"{day}__lt": end}) | Q(parent__isnull=False)
    # Where another origin counts, the day of entry may be another one, too.
    wanted |= Q(Exists(OriginShift.objects.filter(initiative=OuterRef("pk"))))
    for row in rows.filter(wanted).order_by().values_list(*DATED):
        yield item_of(row)


def item_of(row: Sequence[Any], segments: Iterable[Segment] = ()) -> Item:
    """Return the item of a row of the columns ``DATED``."""
    team, pk, root, origin, trigger, planned, *days = row
    committed, delivered, cancelled, deferred, frozen, estimate, actual, value, due, parent = days
    return Item(
        pk,
        root or pk,
        team,
        Origin(origin),
        trigger,
        planned_on=planned,
        committed_on=committed,
        delivered_on=delivered,
        cancelled_on=cancelled,
        deferred_on=deferred,
        commit_effort_mpd=frozen,
        effort_mpd=estimate,
        actual_mpd=actual,
        commit_value=value,
        segments=tuple(segments),
        target_on=due,
        parent=parent,
    )
