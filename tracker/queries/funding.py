"""What funds the opportunities of a cycle: its books, ledgers, losses and reserve.

Every function starts from teams that somebody has been let into already.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.books import Books, CycleFacts, CycleItem, PlannedItem, books
from tracker.domain.capacity import Segment, worked_mpd
from tracker.domain.funding import FundingSum, Ledger, Source, by_need, funding_sum
from tracker.domain.lifecycle import Status
from tracker.domain.lineage import ancestors
from tracker.domain.mix import Origin
from tracker.domain.reserve import Draw, Outlook, burn_down, outlook
from tracker.models import (
    Cycle,
    Funding,
    Initiative,
    OriginShift,
    Plan,
    Team,
    WorkSegment,
)
from tracker.models.initiatives import AFTER_COMMITMENT
from tracker.queries.calendars import calendars_of
from tracker.queries.facts import work_between
from tracker.queries.funding_entries import EntryRow, Named, entry_rows, named
from tracker.queries.funding_locks import locks_of


@dataclass(frozen=True, slots=True)
class OpportunityRow:
    """An opportunity of the cycle with its ledger, and the entries as people read them."""

    initiative: Named
    ledger: Ledger
    entries: tuple[EntryRow, ...]


@dataclass(frozen=True, slots=True)
class LossRow:
    """A planned item that gave way: what its plan was and what it lost to whom."""

    initiative: Named
    planned_mpd: int | None
    entries: tuple[EntryRow, ...]

    @property
    def lost_mpd(self) -> int:
        """Return what it lost in all."""
        return sum(row.mpd for row in self.entries)


@dataclass(frozen=True, slots=True)
class ReserveBooks:
    """The reserve of a cycle: what was left after each draw; ``outlook`` is of one team only."""

    total_mpd: int
    draws: tuple[Draw, ...]
    points: tuple[tuple[date, int], ...]
    outlook: Outlook | None

    @property
    def left_mpd(self) -> int:
        """Return what is left as known."""
        return self.total_mpd - sum(draw.mpd for draw in self.draws)


@dataclass(frozen=True, slots=True)
class CycleFunding:
    """Everything about the funding of a cycle, as known the day ahead of ``before``.

    ``books`` is None ahead of the cycle and where no lock opened it for any team; ``opened``
    counts the teams for which one did, of those with a plan.
    """

    cycle: Cycle
    plans: tuple[Plan, ...]
    before: date
    books: Books | None
    opened: int
    opportunities: tuple[OpportunityRow, ...]
    losses: tuple[LossRow, ...]
    reserve: ReserveBooks
    names: Mapping[int, Named]

    @property
    def is_running(self) -> bool:
        """Tell whether the cycle is not over yet."""
        return self.before < self.cycle.ends_before

    @property
    def has_begun(self) -> bool:
        """Tell whether the cycle has had a day."""
        return self.before > self.cycle.starts_on

    @property
    def total(self) -> FundingSum:
        """Return the sum of the ledgers."""
        return funding_sum(row.ledger for row in self.opportunities)

    @property
    def unfunded(self) -> list[OpportunityRow]:
        """Return the opportunities that lack funding, the largest gap first."""
        rows = {row.initiative.pk: row for row in self.opportunities}
        return [rows[ledger.opportunity] for ledger in by_need(r.ledger for r in rows.values())]


def funding_of(teams: Sequence[Team], cycle: Cycle, *, before: date) -> CycleFunding:
    """Return the funding of teams in a cycle; some fifteen queries, whatever there is."""
    facts = _Read(teams, cycle, before)
    begun = before > cycle.starts_on
    found = [books(one) for one in facts.by_team()] if begun else []
    return CycleFunding(
        cycle,
        tuple(facts.plans),
        before,
        sum(found[1:], found[0]) if found else None,
        len(found),
        tuple(facts.opportunities()),
        tuple(facts.losses()),
        facts.reserve(),
        facts.names,
    )


class _Read:
    """Reads the facts of a cycle once, for all that is made of them."""

    def __init__(self, teams: Sequence[Team], cycle: Cycle, before: date) -> None:
        self.cycle, self.before = cycle, before
        self.upto = min(before, cycle.ends_before)
        self.teams = {team.pk: team for team in teams}
        self.plans = list(
            Plan.objects.filter(team_id__in=list(self.teams), cycle=cycle).select_related("team")
        )
        self.locks = locks_of(self.plans, cycle, before)
        self.entries = entry_rows(Funding.objects.filter(plan__in=self.plans))
        self.lineage = Initiative.every.lineage_of(list(self.teams))
        self.listed = {
            item: plan.team_id
            for plan in self.plans
            for item in self.locks[plan.pk].opening or self.locks[plan.pk].now
        }
        self._read_work()
        self._read_items()

    def _read_work(self) -> None:
        self.segments: dict[int, list[Segment]] = {}
        work = work_between(self.teams, self.cycle.starts_on, self.upto)
        for item, *segment in work.values_list(
            "initiative_id", "starts_on", "ends_before", "fte_milli"
        ):
            self.segments.setdefault(item, []).append(Segment(*segment))

    def _read_items(self) -> None:
        mine = {entry.opportunity.pk for entry in self.entries}
        lost = {entry.displaced.pk for entry in self.entries if entry.displaced}
        parts = {part for part in self.lineage if self._from(part) is not None}
        wanted = {*mine, *lost, *parts, *self.listed, *self.segments}
        self.rows = {
            row["pk"]: row
            for row in named(
                Initiative.objects.filter(pk__in=wanted)
                | Initiative.objects.filter(
                    team_id__in=list(self.teams),
                    committed_on__gte=self.cycle.starts_on,
                    committed_on__lt=self.upto,
                )
            )
        }
        self.names = {pk: Named.of(row) for pk, row in self.rows.items()}
        shifts = OriginShift.objects.filter(
            initiative__team_id__in=list(self.teams), cycle=self.cycle
        )
        self.shifted = dict(shifts.values_list("initiative_id", "origin"))
        self.earlier = self._worked_before(list(self.rows))

    def _from(self, part: int) -> int | None:
        line = ancestors(part, self.lineage)
        return next((one for one in line if one in self.listed), None)

    def _worked_before(self, items: Collection[int]) -> dict[int, int]:
        start, calendars = self.cycle.starts_on, calendars_of(self.teams.values())
        worked: dict[int, int] = {}
        rows = WorkSegment.objects.filter(initiative_id__in=items, starts_on__lt=start).order_by()
        for item, team, *days in rows.values_list(
            "initiative_id", "initiative__team_id", "starts_on", "ends_before", "fte_milli"
        ):
            segment = Segment(*days)
            mpd = worked_mpd(
                segment, segment.start, start, before=self.before, calendar=calendars[team]
            )
            worked[item] = worked.get(item, 0) + mpd
        return worked

    def origin_of(self, item: int) -> Origin:
        """Return the origin that counts in the cycle."""
        return Origin(self.shifted.get(item, self.rows[item]["origin"]))

    def _item(self, pk: int) -> CycleItem:
        row = self.rows[pk]
        calendar = self.teams[row["team_id"]].calendar
        days = (self.cycle.starts_on, self.upto)
        return CycleItem(
            pk,
            self.origin_of(pk),
            Status(row["status"]),
            row["estimate_mpd"],
            self.earlier.get(pk, 0),
            sum(
                worked_mpd(one, *days, before=self.before, calendar=calendar)
                for one in self.segments.get(pk, ())
            ),
            row["merged_into_id"],
        )

    def by_team(self) -> Iterable[CycleFacts]:
        """Yield the facts of each team for which a lock opened the cycle."""
        owner = {pk: self.listed.get(pk, row["team_id"]) for pk, row in self.rows.items()}
        for plan in self.plans:
            lock = self.locks[plan.pk]
            if lock.opening is None:
                continue
            own = [pk for pk, team in owner.items() if team == plan.team_id]
            yield CycleFacts(
                [
                    PlannedItem(item, mpd or 0, (lock.now[item] or 0) if item in lock.now else None)
                    for item, mpd in lock.opening.items()
                ],
                {pk: self._item(pk) for pk in own if self.rows[pk]["team_id"] in self.teams},
                lock.reserve_mpd,
                lock.capacity_mpd,
                lock.capacity_now_mpd,
                [row.fact for row in self.entries if row.plan == plan.pk],
                self.lineage,
                self.before < self.cycle.ends_before,
            )

    def opportunities(self) -> Iterable[OpportunityRow]:
        """Yield what was committed in the cycle as an opportunity, and what draws on its plans."""
        with_plan = {plan.team_id for plan in self.plans}
        entries: dict[int, list[EntryRow]] = {}
        for entry in self.entries:
            entries.setdefault(entry.opportunity.pk, []).append(entry)
        for pk, row in self.rows.items():
            own = tuple(entries.get(pk, ()))
            is_new = (
                row["committed_on"] is not None
                and self.cycle.starts_on <= row["committed_on"] < self.upto
                and row["team_id"] in with_plan
                and row["status"] in AFTER_COMMITMENT
                and self.origin_of(pk) == Origin.OPPORTUNISTIC
            )
            if own or is_new:
                lives = row["status"] in AFTER_COMMITMENT
                need = self._item(pk).left_mpd if lives else 0
                facts = tuple(entry.fact for entry in own)
                yield OpportunityRow(self.names[pk], Ledger(pk, need, facts), own)

    def losses(self) -> Iterable[LossRow]:
        """Yield the planned items that gave way, the largest loss first."""
        plans = {item: mpd for lock in self.locks.values() for item, mpd in lock.now.items()}
        lost: dict[int, list[EntryRow]] = {}
        for entry in self.entries:
            if entry.displaced:
                lost.setdefault(entry.displaced.pk, []).append(entry)
        rows = [
            LossRow(own[0].displaced or own[0].opportunity, plans.get(item), tuple(own))
            for item, own in lost.items()
        ]
        return sorted(rows, key=lambda row: (-row.lost_mpd, row.initiative.pk))

    def reserve(self) -> ReserveBooks:
        """Return what is left of the reserve, and how long it will last."""
        total = sum(lock.reserve_now_mpd for lock in self.locks.values())
        draws = tuple(
            Draw(row.on, row.mpd)
            for row in self.entries
            if row.source == Source.RESERVE and row.on < self.before
        )
        start, upto = self.cycle.starts_on, self.upto
        known = tuple(draw for draw in draws if draw.on < upto)
        points = burn_down(total, known, start, before=upto) if upto > start else ()
        ahead = None
        if len(self.plans) == 1 and start < upto < self.cycle.ends_before:
            ahead = outlook(
                total,
                known,
                start,
                self.cycle.ends_before,
                before=upto,
                calendar=self.teams[self.plans[0].team_id].calendar,
            )
        return ReserveBooks(total, draws, points, ahead)
