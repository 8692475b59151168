"""Whether what is stored agrees with the facts it was made from.

Each check yields the differences it finds, in words for an operator; none is as it should be.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db import connection, models
from simple_history.utils import get_history_model_for_model

from tracker.domain.baseline import chain_hashes
from tracker.domain.closing import inputs_hash
from tracker.domain.origins import Override, Tagged, derive_origins
from tracker.domain.reporting import mixes_of
from tracker.domain.shares import Origin
from tracker.models import (
    Baseline,
    Cycle,
    Initiative,
    OriginOverride,
    OriginShift,
    PeriodClose,
    Team,
)
from tracker.models.record import Record
from tracker.models.seals import missing_seals

# A team's path follows from the tree, a birth origin from plan and dates: both are written after
# the row that has the history.
UNRECORDED = {"tracker.Team": {"path"}, "tracker.Initiative": {"birth_origin"}}


def seals() -> Iterator[str]:
    """Tell which seals are not on."""
    for name in missing_seals(connection):
        yield f"The database no longer refuses changes: {name} is missing."


def baselines() -> Iterator[str]:
    """Tell which baselines differ from their fingerprints, or break the chain."""
    rows = Baseline.objects.order_by("plan_id", "number").select_related("plan__team")
    for _, chain in groupby(rows, key=lambda row: row.plan_id):
        stored = list(chain)
        if [row.number for row in stored] != list(range(len(stored))):
            yield f"The locks of {stored[0].plan} are not numbered from 0 without a gap."
        facts = Baseline.objects.filter(plan_id=stored[0].plan_id).facts()
        for row, found in zip(stored, chain_hashes(facts), strict=True):
            if row.fingerprint != found:
                yield f"{row.name} of {row.plan} does not match its fingerprint."


def origins() -> Iterator[str]:
    """Tell where the stored origins differ from those that baselines and overrides give."""
    for team in Team.objects.order_by("pk"):
        expected = _expected_shifts(team)
        rows = OriginShift.objects.filter(initiative__team_id=team.pk)
        stored = {
            (item, cycle): origin
            for item, cycle, origin in rows.values_list("initiative_id", "cycle_id", "origin")
        }
        wrong = [
            pair for pair in expected.keys() | stored.keys() if _differs(pair, expected, stored)
        ]
        keys = Initiative.every.select_related("team").in_bulk([item for item, _ in wrong])
        for item, cycle in sorted(wrong):
            yield (
                f"{keys[item].key} counts as {stored.get((item, cycle), 'declared')} in cycle "
                f"{cycle}; by the baselines it is {expected.get((item, cycle), 'as declared')}."
            )


def _differs(
    pair: tuple[int, int], expected: dict[tuple[int, int], str], stored: dict[tuple[int, int], str]
) -> bool:
    return expected.get(pair) != stored.get(pair)


def _expected_shifts(team: Team) -> dict[tuple[int, int], str]:
    """Return the shifts of a team by initiative and cycle, worked out from the facts alone."""
    chains: dict[int, list[Any]] = {}
    for fact in Baseline.objects.filter(plan__team_id=team.pk).facts():
        chains.setdefault(fact.cycle, []).append(fact)
    overrides = _overrides(team)
    if not chains and not overrides:
        return {}
    lives = _lives(team)
    lineage = Initiative.every.lineage_of([team.pk])
    found: dict[tuple[int, int], str] = {}
    for cycle in Cycle.objects.filter(pk__in={*chains, *(pair[1] for pair in overrides)}):
        there = {pk: life for pk, life in lives.items() if _shares_a_day(life, cycle)}
        suggested = derive_origins(
            {pk: life[1] for pk, life in there.items()},
            cycle.span,
            chains.get(cycle.pk, []),
            lineage=lineage,
            before=date.max,
        )
        for pk, suggestion in suggested.items():
            declared = Origin(there[pk][0])
            tag = Tagged(pk, declared, suggestion.origin, overrides.get((pk, cycle.pk)))
            if tag.effective != declared:
                found[pk, cycle.pk] = tag.effective.value
    return found


def _lives(team: Team) -> dict[int, tuple[str, date | None, date, date]]:
    """Return by initiative its origin, commit day, and the first and last day of its life."""
    found = {}
    for item in Initiative.objects.filter(team=team).prefetch_related("segments"):
        work = list(item.segments.all())
        starts = [item.committed_on, *(segment.starts_on for segment in work)]
        if not any(starts):
            continue
        first = min(day for day in (*starts, item.target_start) if day)
        over = [day for day in (item.delivered_on, item.cancelled_on, item.deferred_on) if day]
        ends = [segment.ends_before or date.max for segment in work]
        later = [day for day in (item.committed_on, item.target_start) if day]
        last = max([*over, *ends, *later]) if over else date.max
        found[item.pk] = (item.origin, item.committed_on, first, last)
    return found


def _shares_a_day(life: tuple[str, date | None, date, date], cycle: Cycle) -> bool:
    return bool(life[2] < cycle.ends_before and life[3] >= cycle.starts_on)


def _overrides(team: Team) -> dict[tuple[int, int], Override]:
    rows = OriginOverride.objects.filter(initiative__team_id=team.pk)
    return {
        (row.initiative_id, row.cycle_id): Override(
            Origin(row.origin), row.code, row.text, str(row.by_id or "somebody")
        )
        for row in rows
    }


def periods() -> Iterator[str]:
    """Tell which closed periods differ from what was recorded when they closed."""
    for team in Team.objects.order_by("pk"):
        closes = list(PeriodClose.objects.filter(team=team).order_by("closed_at", "pk"))
        if not closes:
            continue
        record = Record([team.pk])
        for close in closes:
            name = f"{close.label} of {team}"
            rules = close.rules_held
            items = record.replay(close.closed_at, rules.cycles).items.values()
            if (close.definition, close.calendar) != (rules.definition, rules.calendar_version):
                yield f"{name} does not match the versions of its rules."
            if close.inputs != inputs_hash(items):
                yield f"{name} was made from other facts than those recorded by its close."
            bound = close.closed_on + timedelta(days=1)
            for measure, mix in mixes_of(items, close.period, rules.calendar, bound).items():
                if mix != close.mix(measure):
                    yield f"{name}: {measure.value} is another figure by the facts of its close."


def histories() -> Iterator[str]:
    """Tell which rows differ from the newest record of their history, or have none."""
    for model in apps.get_app_config("tracker").get_models():
        if not hasattr(model._meta, "simple_history_manager_attribute"):
            continue
        for pk in _unrecorded(model):
            yield f"{model._meta.verbose_name} {pk} differs from its newest record."


def _unrecorded(model: type[models.Model]) -> list[int]:
    """Return the ids of rows whose newest record says something else, one query."""
    history = get_history_model_for_model(model)
    left_out = UNRECORDED.get(model._meta.label, set())
    columns = [
        _quoted(field.column) for field in history.tracked_fields if field.name not in left_out
    ]
    row, record = _quoted(model._meta.db_table), _quoted(history._meta.db_table)
    newest = (
        f"SELECT history_id FROM {record} WHERE id = row.id "  # noqa: S608
        "ORDER BY history_date DESC, history_id DESC LIMIT 1"
    )
    differs = " OR ".join(f"row.{name} IS DISTINCT FROM record.{name}" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT row.id FROM {row} row LEFT JOIN {record} record "  # noqa: S608
            f"ON record.history_id = ({newest}) WHERE record.history_id IS NULL OR {differs} "
            "ORDER BY row.id"
        )
        return [pk for (pk,) in cursor.fetchall()]


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


CHECKS = {
    "seals": seals,
    "baselines": baselines,
    "origins": origins,
    "periods": periods,
    "histories": histories,
}
