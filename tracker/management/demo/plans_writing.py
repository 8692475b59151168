"""Writes the plans of a team in bulk, each row on the day on which people made it."""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from tracker.actions import origins
from tracker.domain import baseline as domain
from tracker.domain.baseline import Snapshot, baseline_hash
from tracker.domain.calendar import Period
from tracker.domain.capacity import frozen_fte
from tracker.management.demo.ledger import Grant, Ledger, Overruling, overrule
from tracker.management.demo.people import Crew
from tracker.management.demo.plan_stories import planning_of
from tracker.management.demo.planning import Line, Listing, Lock, TeamPlan
from tracker.management.demo.simulation import Work
from tracker.management.demo.writing import BATCH, Rows, instant
from tracker.models import (
    Baseline,
    BaselineItem,
    Cycle,
    Funding,
    OriginOverride,
    Plan,
    PlanItem,
    PlanMonth,
    TeamCounter,
    User,
)

STEP = 1024


def write_cycles(cycles: Sequence[Period], by: User) -> Mapping[Period, Cycle]:
    """Write the cycles of the organisation and return them by period."""
    found = {}
    for period in cycles:
        cycle = Cycle(
            name=period.label,
            slug=period.slug,
            starts_on=period.start,
            ends_before=period.end,
            created_at=instant(cycles[0].start - timedelta(days=120), 9),
        )
        cycle._history_user, cycle._history_date = by, cycle.created_at
        cycle.save()
        found[period] = cycle
    return found


class PlanWriter:
    """Writes the plans, locks, ledgers and overrides of one team."""

    def __init__(self, crew: Crew, rows: Rows, today: date, seed: str) -> None:
        self.crew, self.rows, self.today = crew, rows, today
        self.planning = planning_of(crew.team.slug)
        self.chance = random.Random(seed)  # noqa: S311 - a story, not a secret

    def write(
        self, plans: Sequence[TeamPlan], works: list[Work], cycles: Mapping[Period, Cycle]
    ) -> None:
        """Write all plans of the team and what follows from them, in one transaction."""
        with transaction.atomic():
            for plan in plans:
                self._write(plan, works, cycles[plan.cycle])
            TeamCounter.bump(self.crew.team.pk)
            origins.refresh(team_id=self.crew.team.pk)

    @property
    def lead(self) -> User:
        """Return who plans and locks."""
        return self.crew.people[0]

    def _write(self, plan: TeamPlan, works: list[Work], cycle: Cycle) -> None:
        day = min(plan.prepared_on, self.today)
        row = Plan(team=self.crew.team, cycle=cycle, reserve_mpd=plan.reserve_mpd)
        row.created_at = instant(day, 10)
        row._history_user, row._history_date = self.lead, row.created_at
        row.save()
        months = [
            PlanMonth(plan=row, month=month, fte_milli=fte) for month, fte in plan.fte.items()
        ]
        self._insert(PlanMonth, months, [row.created_at] * len(months))
        self._write_items(row, plan)
        self._write_locks(row, plan)
        ledger = Ledger(plan, self.planning, self.crew.team.calendar, self.today, self.chance)
        self._write_funding(row, ledger.fund(works))
        self._write_overrides(cycle, overrule(plan, works, self.today, self.chance))

    def _write_items(self, row: Plan, plan: TeamPlan) -> None:
        items = []
        for rank, listing in enumerate(plan.listings, 1):
            outcome, measure, approach = listing.words
            work = self.rows[id(listing.work)]
            first = max(work.created_at, row.created_at)
            items.append(
                PlanItem(
                    plan=row,
                    initiative=work,
                    position=rank * STEP,
                    held_below=listing.held,
                    outcome=outcome,
                    measured_by=measure,
                    approach=approach,
                    added_at=first,
                )
            )
        self._insert(PlanItem, items, [item.added_at for item in items])

    def _write_locks(self, row: Plan, plan: TeamPlan) -> None:
        previous = ""
        for number, lock in enumerate(plan.locks):
            fact = self._fact(row, plan, number, lock)
            previous = baseline_hash(fact, previous)
            baseline = Baseline.objects.create(
                plan=row,
                number=number,
                kind=lock.kind,
                effective_on=lock.effective_on,
                locked_on=lock.locked_on,
                locked_at=instant(lock.locked_on, 13),
                locked_by=self.lead,
                locked_by_name=fact.locked_by,
                reason=lock.reason,
                capacity_mpd=plan.capacity_mpd,
                reserve_mpd=plan.reserve_mpd,
                fingerprint=previous,
            )
            items = [BaselineItem.of(baseline, item) for item in fact.snapshot.items]
            BaselineItem.objects.bulk_create(items, batch_size=BATCH)

    def _fact(self, row: Plan, plan: TeamPlan, number: int, lock: Lock) -> domain.Baseline:
        items = tuple(self._item(rank, line) for rank, line in enumerate(lock.lines, 1))
        return domain.Baseline(
            row.team_id,
            row.cycle_id,
            number,
            lock.kind,
            lock.effective_on,
            lock.locked_on,
            Snapshot(items, plan.capacity_mpd, plan.reserve_mpd),
            lock.reason,
            str(self.lead),
        )

    def _item(self, rank: int, line: Line) -> domain.BaselineItem:
        listing = line.listing
        row = self.rows[id(listing.work)]
        return domain.BaselineItem(
            row.pk,
            rank,
            listing.mpd,
            listing.start,
            listing.due,
            row.expected_value,
            self._fte(listing),
            line.above_line,
            (),
            row.key,
            row.title,
            *listing.words,
        )

    def _fte(self, listing: Listing) -> int | None:
        """Return the FTE that effort and dates amount to, as a lock reckons it."""
        if listing.start is None:
            return None
        calendar = self.crew.team.calendar
        fte, assumed = frozen_fte(listing.mpd, listing.start, listing.due, calendar)
        return None if assumed else fte

    def _write_funding(self, row: Plan, grants: Iterable[Grant]) -> None:
        entries = []
        for grant in grants:
            opportunity = self.rows[id(grant.opportunity)]
            displaced = self.rows[id(grant.displaced)] if grant.displaced else None
            entries.append(
                Funding(
                    plan=row,
                    opportunity=opportunity,
                    source=grant.source,
                    displaced=displaced,
                    manner=grant.manner or "",
                    mpd=grant.mpd,
                    on=grant.on,
                    note=grant.note,
                    created_by=opportunity.created_by,
                    created_at=instant(grant.on, 14),
                )
            )
        self._insert(Funding, entries, [entry.created_at for entry in entries])

    def _write_overrides(self, cycle: Cycle, overrulings: Iterable[Overruling]) -> None:
        rows = [
            OriginOverride(
                initiative=self.rows[id(one.work)],
                cycle=cycle,
                origin=one.origin,
                code=one.code,
                text=one.text,
                by=self.lead,
                at=instant(one.on, 11),
            )
            for one in overrulings
        ]
        self._insert(OriginOverride, rows, [row.at for row in rows])

    def _insert(self, model: Any, rows: list[Any], moments: Sequence[Any]) -> None:
        """Insert rows with the history that saving each would have left."""
        model.objects.bulk_create(rows, batch_size=BATCH)
        for row, moment in zip(rows, moments, strict=True):
            row._history_user, row._history_date = self.lead, moment
        model.history.bulk_history_create(rows, batch_size=BATCH)
