"""The funding of a cycle, read from the tables: the golden law, ledgers, losses, the reserve."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.cast import TODAY, Cast
from tests.plans import lock, rank
from tracker.actions import funding, origins
from tracker.actions.funding import Ask
from tracker.domain.books import Stands
from tracker.domain.conservation import Term
from tracker.domain.funding import Manner, Source
from tracker.domain.lifecycle import Status
from tracker.models import Cycle, Initiative, Plan, PlanMonth, Team, WorkSegment
from tracker.queries.funding import CycleFunding, funding_of
from tracker.queries.funding_entries import initiative_funding, lack_of, room_of, unfunded_in

Log = Callable[..., Initiative]
FEB, MAR = date(2026, 2, 1), date(2026, 3, 1)
AFTER = TODAY + timedelta(days=1)


def work(it: Initiative, fte: float, start: date = FEB, end: date = MAR) -> None:
    WorkSegment.objects.create(
        initiative=it, starts_on=start, ends_before=end, fte_milli=round(fte * 1000)
    )


def end(it: Initiative, status: Status) -> None:
    day = {f"{status.value}_on": date(2026, 2, 27)}
    Initiative.objects.filter(pk=it.pk).update(status=status.value, **day)


@pytest.fixture
def february(cast: Cast, log: Log) -> dict[str, Any]:
    """Give METRICS' golden cycle in 20 working days: 300 pd = 240 planned + 60 reserve, less 10.

    Planned work took 200 pd, opportunistic work 79; 30 pd were displaced, 18 cut, 4 not needed
    and 12 needed too much.
    """
    cycle = Cycle.objects.create(name="Feb", slug="feb", starts_on=FEB, ends_before=MAR)
    plan = Plan.objects.create(team=cast.platform, cycle=cycle, reserve_mpd=60_000)
    month = PlanMonth.objects.create(plan=plan, month=FEB, fte_milli=15_000)
    early = {"origin": "planned", "today": date(2026, 1, 5)}
    items = [log(f"Planned {pd}", pd=pd, **early) for pd in (100, 18, 44, 78)]
    rank(plan, *items)
    lock(plan, cast, on=date(2026, 1, 20))
    PlanMonth.objects.filter(pk=month.pk).update(fte_milli=14_500)
    lock(plan, cast, "amendment", on=date(2026, 2, 10), reason="Somebody left.")
    opportunity = log("Dire need", pd=79, origin="opportunistic", today=date(2026, 2, 2))
    for it, fte in zip([*items, opportunity], (3.5, 0, 2, 4.5, 3.95), strict=True):
        if fte:
            work(it, fte)
    asks = [
        Ask(Source.DISPLACED, 30_000, items[0].pk, Manner.DESCOPE),
        Ask(Source.RESERVE, 49_000),
    ]
    when: dict[str, Any] = {"on": date(2026, 2, 2), "today": date(2026, 2, 2)}
    funding.add(by=cast.member, initiative_pk=opportunity.pk, asks=asks, **when)
    for it in (items[0], items[2], items[3], opportunity):
        end(it, Status.DELIVERED)
    end(items[1], Status.CANCELLED)
    origins.refresh(team_id=cast.platform.pk)
    return {"cycle": cycle, "plan": plan, "items": items, "opportunity": opportunity}


def read(team: Team, cycle: Cycle, before: date = AFTER, *more: Team) -> CycleFunding:
    return funding_of([Team.objects.get(pk=t.pk) for t in (team, *more)], cycle, before=before)


class TestGolden:
    """METRICS section 3, through the database."""

    def test_30_and_18_and_4_less_12_and_60_less_10_less_11_is_79(
        self, february: dict[str, Any], cast: Cast
    ) -> None:
        found = read(cast.platform, february["cycle"]).books
        assert found is not None
        law = found.law
        assert {term.value: mpd // 1000 for term, mpd in law.steps} == {
            "displaced": 30, "cut": 18, "under-run": 4, "over-run": -12, "reserve": 60,
            "capacity-change": -10, "other": -11, "unexplained": 0,
        }  # fmt: skip
        assert (law.opportunistic, law.planned, law.plan) == (79_000, 200_000, 240_000)
        assert law.displacement_rate == Fraction(30, 79)
        assert law.plan_loss == Fraction(1, 8)

    def test_the_rows_name_the_initiatives_behind_each_term(
        self, february: dict[str, Any], cast: Cast
    ) -> None:
        found = read(cast.platform, february["cycle"])
        assert found.books is not None
        behind = {
            term: [(row.item and found.names[row.item].title, row.mpd // 1000) for row in rows]
            for term, rows in found.books.rows.items()
        }
        assert behind[Term.DISPLACED] == [("Planned 100", 30)]
        assert behind[Term.CUT] == [("Planned 18", 18)]
        assert behind[Term.UNDER_RUN] == [("Planned 44", 4)]
        assert behind[Term.OVER_RUN] == [("Planned 78", -12)]
        assert behind[Term.RESERVE] == [("Dire need", 49), (None, 11)]
        assert found.books.rows[Term.CAPACITY_CHANGE][0].stands == Stands.LOCKED_SINCE

    def test_teams_add_up(self, february: dict[str, Any], cast: Cast, log: Log) -> None:
        """A group's law is the sum of its teams', each with its own lock."""
        plan = Plan.objects.create(team=cast.checkout, cycle=february["cycle"], reserve_mpd=5000)
        other = log("Of Checkout", pd=10, team=cast.checkout, origin="planned", by=cast.other_lead)
        rank(plan, other)
        lock(plan, cast, on=date(2026, 1, 20))
        work(other, 0.5)
        end(other, Status.DELIVERED)
        both = read(cast.platform, february["cycle"], AFTER, cast.checkout)
        assert both.books is not None
        assert (both.books.law.plan, both.books.law.residual, both.opened) == (250_000, 0, 2)
        assert both.reserve.total_mpd == 65_000
        assert both.reserve.outlook is None


class TestRunning:
    """Before the cycle is over, open work includes what is still expected of it."""

    def test_open_work_and_opportunities_are_carried_to_their_estimate(
        self, plan: Plan, cast: Cast, log: Log
    ) -> None:
        planned = log("Job queue", pd=50, origin="planned", today=date(2026, 6, 1))
        rank(plan, planned)
        lock(plan, cast, on=date(2026, 6, 20))
        need = log("Rate limits", pd=18, origin="opportunistic")
        origins.refresh(team_id=cast.platform.pk)
        asks = [Ask(Source.DISPLACED, 10_000, planned.pk, Manner.DELAY), Ask(Source.RESERVE, 5000)]
        funding.add(by=cast.member, initiative_pk=need.pk, asks=asks, on=TODAY, today=TODAY)
        found = read(cast.platform, plan.cycle)
        assert found.books is not None
        assert (found.books.law.opportunistic, found.books.worked_mpd) == (18_000, 0)
        assert (found.books.law.planned, found.books.law.residual) == (40_000, 0)
        (row,) = found.unfunded
        assert (row.initiative.title, row.ledger.unfunded_mpd) == ("Rate limits", 3000)
        (loss,) = found.losses
        assert (loss.initiative.title, loss.planned_mpd, loss.lost_mpd) == (
            "Job queue", 50_000, 10_000,
        )  # fmt: skip

    def test_the_reserve_burns_down(self, plan: Plan, cast: Cast, log: Log) -> None:
        need = log("Rate limits", pd=80, origin="opportunistic", today=date(2026, 8, 3))
        for day, pd in ((date(2026, 8, 3), 30), (date(2026, 9, 1), 20)):
            ask = Ask(Source.RESERVE, pd * 1000)
            funding.add(by=cast.member, initiative_pk=need.pk, asks=[ask], on=day, today=TODAY)
        reserve = read(cast.platform, plan.cycle).reserve
        assert [mpd // 1000 for _, mpd in reserve.points] == [100, 70, 50]
        assert reserve.left_mpd == 50_000
        assert reserve.outlook is not None
        assert reserve.outlook.exhausted_on is not None

    def test_without_a_lock_there_is_no_law_but_a_ledger(
        self, plan: Plan, cast: Cast, log: Log
    ) -> None:
        log("Rate limits", pd=8, origin="opportunistic")
        found = read(cast.platform, plan.cycle)
        assert (found.books, found.opened) == (None, 0)
        assert [row.ledger.unfunded_mpd for row in found.unfunded] == [8000]

    def test_what_was_cancelled_needs_nothing_any_more(
        self, plan: Plan, cast: Cast, log: Log
    ) -> None:
        it = log("Rate limits", pd=8, origin="opportunistic")
        end(it, Status.CANCELLED)
        assert read(cast.platform, plan.cycle).unfunded == []

    def test_a_cycle_that_has_not_begun_has_no_law(self, plan: Plan, cast: Cast, log: Log) -> None:
        """What is still to come of this cycle's work would be taken for work of the next."""
        rank(plan, log("Job queue", pd=50, origin="planned", today=date(2026, 6, 1)))
        lock(plan, cast, on=date(2026, 6, 20))
        assert read(cast.platform, plan.cycle, date(2026, 7, 1)).books is None
        assert read(cast.platform, plan.cycle, date(2026, 7, 2)).books is not None

    def test_without_any_plan_there_is_nothing(self, plan: Plan, cast: Cast) -> None:
        found = read(cast.checkout, plan.cycle)
        assert (found.plans, found.books, found.opportunities) == ((), None, ())


class TestCost:
    """Two hundred initiatives cost as many queries as two."""

    def test_queries_do_not_grow(
        self,
        february: dict[str, Any],
        cast: Cast,
        log: Log,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        plan: Plan = february["plan"]
        more = [log(f"More {n}", pd=1, origin="planned") for n in range(100)]
        for position, it in enumerate(more):
            plan.items.create(initiative=it, position=10_000 + position)
        lock(plan, cast, "amendment", on=date(2026, 2, 20), reason="More.")
        opportunities = [
            log(f"Need {n}", pd=2, origin="opportunistic", today=date(2026, 2, 20))
            for n in range(100)
        ]
        for it in (*more, *opportunities):
            work(it, 0.01, date(2026, 2, 20))
        ask = Ask(Source.DISPLACED, 100, february["items"][0].pk, Manner.DELAY)
        Initiative.objects.filter(pk=february["items"][0].pk).update(
            status="active", delivered_on=None
        )
        when: dict[str, Any] = {"on": date(2026, 2, 20), "today": date(2026, 2, 20)}
        for it in opportunities[:20]:
            funding.add(by=cast.member, initiative_pk=it.pk, asks=[ask], **when)
        team = Team.objects.get(pk=cast.platform.pk)
        with django_assert_max_num_queries(14):
            found = funding_of([team], february["cycle"], before=AFTER)
            assert len(found.opportunities) == 101


class TestInitiative:
    """The ledger of one initiative, and what a plan has left to give."""

    def test_ledger_and_losses(self, february: dict[str, Any], cast: Cast) -> None:
        need = initiative_funding(february["opportunity"], date(2026, 2, 10))
        assert (need.counts, need.ledger.funded_mpd, need.losses) == (True, 79_000, ())
        lost = initiative_funding(february["items"][0], date(2026, 2, 10))
        assert (lost.counts, lost.entries, lost.lost_mpd) == (False, (), 30_000)

    def test_candidates_come_from_the_end_of_the_plan(
        self, plan: Plan, cast: Cast, log: Log
    ) -> None:
        items = [log(title, pd=9) for title in ("First big rock", "Second", "Third rock")]
        rank(plan, *items, log("No estimate"))
        room = room_of(plan, TODAY)
        assert [one.title for one in room.found("", (), 9)] == [
            "Third rock", "Second", "First big rock",
        ]  # fmt: skip
        assert [one.title for one in room.found("ROCK big", (), 9)] == ["First big rock"]
        chosen = [items[1].pk]
        assert [one.title for one in room.found("third", chosen, 9)] == ["Second", "Third rock"]
        assert [one.title for one in room.found("", chosen, 1)] == ["Second", "Third rock"]
        assert room.left.reserve_mpd == 100_000


class TestUnfunded:
    """What lacks funding is the same for the list, the overview and one initiative."""

    def test_it_is_what_was_committed_in_the_cycle_and_is_not_covered(
        self, plan: Plan, cast: Cast, log: Log
    ) -> None:
        need = log("Unfunded", pd=8, origin="opportunistic")
        partly = log("Partly", pd=8, origin="opportunistic")
        ask = Ask(Source.RESERVE, 5000)
        funding.add(by=cast.member, initiative_pk=partly.pk, asks=[ask], on=TODAY, today=TODAY)
        log("Planned", pd=8, origin="planned")
        log("Not estimated", origin="opportunistic")
        log("Before the cycle", pd=8, origin="opportunistic", today=date(2026, 6, 30))
        log("Only proposed", pd=8, origin="opportunistic", status=Status.PROPOSED)
        log("Of a team without a plan", pd=8, origin="opportunistic", team=cast.checkout)
        end(log("Cancelled", pd=8, origin="opportunistic"), Status.CANCELLED)
        teams = [cast.platform.pk, cast.checkout.pk]
        assert unfunded_in(teams, TODAY) == (2, 11_000)
        assert unfunded_in(teams, date(2027, 1, 4)) == (0, 0)
        assert (lack_of(need.pk, TODAY), lack_of(partly.pk, TODAY)) == (8000, 3000)

    def test_the_origin_that_counts_decides(self, plan: Plan, cast: Cast, log: Log) -> None:
        rank(plan, log("In the plan", pd=5, origin="planned"))
        lock(plan, cast, on=date(2026, 7, 1))
        smuggled = log("Declared planned, in no plan", pd=8, origin="planned")
        origins.refresh(team_id=cast.platform.pk)
        assert lack_of(smuggled.pk, TODAY) == 8000

    def test_one_query(
        self, plan: Plan, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(1):
            unfunded_in([cast.platform.pk], TODAY)
