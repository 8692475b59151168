"""The books of a cycle balance, and the rows of each term sum to it."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.books import Books, CycleFacts, CycleItem, PlannedItem, Stands, TermRow, books
from tracker.domain.conservation import Term
from tracker.domain.funding import Funding, Manner, Source
from tracker.domain.lifecycle import Status
from tracker.domain.shares import Origin

ON = date(2026, 7, 1)
PLAN, OPP, NONE = Origin.PLANNED, Origin.OPPORTUNISTIC, Origin.UNCLASSIFIED


def displaced(item: int, mpd: int, opportunity: int = 90) -> Funding:
    return Funding(opportunity, Source.DISPLACED, mpd, ON, item, Manner.DELAY)


def facts(planned: list[PlannedItem], *items: CycleItem, **more: object) -> CycleFacts:
    return replace(CycleFacts(planned, {one.item: one for one in items}), **more)  # type: ignore[arg-type]


def steps(found: Books) -> dict[Term, int]:
    return dict(found.law.steps)


class TestPlannedItems:
    """What an item took, lost and is still expected to take."""

    def test_an_open_item_is_expected_to_take_the_rest_of_its_plan(self) -> None:
        """Nothing is unexplained about work that is still to come."""
        found = books(facts([PlannedItem(1, 50, 50)], CycleItem(1, PLAN, Status.ACTIVE, 50, 0, 10)))
        assert (found.law.planned, found.planned_worked_mpd) == (50, 10)
        assert steps(found)[Term.UNEXPLAINED] == 0

    def test_what_it_lost_is_no_longer_expected(self) -> None:
        item = CycleItem(1, PLAN, Status.ACTIVE, 50, 0, 10)
        found = books(facts([PlannedItem(1, 50, 50)], item, entries=[displaced(1, 20)]))
        assert (found.law.planned, steps(found)[Term.DISPLACED]) == (30, 20)

    def test_a_lower_estimate_may_be_the_trace_of_what_it_lost(self) -> None:
        """Who descopes 20 of 50 pd and says so in the estimate has not lost them twice."""
        item = CycleItem(1, PLAN, Status.ACTIVE, 30, 0, 10)
        found = books(facts([PlannedItem(1, 50, 50)], item, entries=[displaced(1, 20)]))
        assert (found.law.planned, found.law.plan_residual) == (30, 0)

    def test_a_lower_estimate_without_a_record_is_unexplained(self) -> None:
        item = CycleItem(1, PLAN, Status.ACTIVE, 30, 0, 10)
        found = books(facts([PlannedItem(1, 50, 50)], item))
        assert found.law.plan_residual == 20
        assert TermRow(20, 1) in found.rows[Term.UNEXPLAINED]

    def test_a_higher_estimate_is_an_over_run_seen_coming(self) -> None:
        item = CycleItem(1, PLAN, Status.ACTIVE, 60, 0, 10)
        found = books(facts([PlannedItem(1, 50, 50)], item))
        assert steps(found)[Term.OVER_RUN] == -10

    def test_an_amendment_that_lowers_it_cuts_by_choice(self) -> None:
        item = CycleItem(1, PLAN, Status.ACTIVE, 35, 0, 10)
        found = books(facts([PlannedItem(1, 50, 35)], item))
        assert (steps(found)[Term.CUT], found.law.planned) == (15, 35)

    def test_an_amendment_that_takes_it_out_cuts_all_that_is_left(self) -> None:
        item = CycleItem(1, PLAN, Status.PAUSED, 50, 0, 10)
        found = books(facts([PlannedItem(1, 50, None)], item))
        assert (steps(found)[Term.CUT], found.law.planned) == (40, 10)

    def test_cancelled_work_is_cut_and_its_work_stays(self) -> None:
        item = CycleItem(1, PLAN, Status.CANCELLED, 50, 0, 10)
        found = books(facts([PlannedItem(1, 50, 50)], item))
        assert (steps(found)[Term.CUT], found.law.planned) == (40, 10)

    def test_a_deleted_item_counts_as_cut(self) -> None:
        assert steps(books(facts([PlannedItem(1, 50, 50)])))[Term.CUT] == 50

    def test_work_before_the_cycle_is_not_planned_again(self) -> None:
        """30 of 50 pd were done when it began; delivering the other 20 is no under-run."""
        item = CycleItem(1, PLAN, Status.DELIVERED, 50, 30, 20)
        found = books(facts([PlannedItem(1, 50, 50)], item))
        assert (found.law.plan, steps(found)[Term.UNDER_RUN]) == (20, 0)

    def test_the_parts_of_a_split_stand_for_the_whole(self) -> None:
        found = books(
            facts(
                [PlannedItem(1, 50, 50)],
                CycleItem(1, PLAN, Status.DELIVERED, 20, 0, 20),
                CycleItem(2, PLAN, Status.DELIVERED, 30, 0, 24),
                lineage={2: (1,)},
            )
        )
        assert (found.law.planned, steps(found)[Term.UNDER_RUN]) == (44, 6)

    def test_merged_items_are_judged_together(self) -> None:
        """The one that was merged is neither cut nor open: the other goes on with its plan."""
        found = books(
            facts(
                [PlannedItem(1, 50, 50), PlannedItem(2, 30, 30)],
                CycleItem(1, PLAN, Status.CANCELLED, 50, 0, 5, merged_into=2),
                CycleItem(2, PLAN, Status.DELIVERED, 80, 0, 70),
                lineage={2: (1,)},
            )
        )
        assert (found.law.planned, steps(found)[Term.UNDER_RUN], found.law.cut) == (75, 5, 0)

    def test_planned_work_that_no_lock_lists_is_an_over_run(self) -> None:
        """Somebody overrode its origin: it is planned work, beyond the plan."""
        found = books(facts([], CycleItem(1, PLAN, Status.ACTIVE, 9, 0, 9)))
        assert steps(found)[Term.OVER_RUN] == -9

    def test_after_the_cycle_only_work_counts(self) -> None:
        item = CycleItem(1, PLAN, Status.ACTIVE, 50, 0, 10)
        found = books(facts([PlannedItem(1, 50, 50)], item, running=False))
        assert (found.law.planned, found.law.plan_residual) == (10, 40)


class TestRoom:
    """The reserve, what stayed free beside it, and changes of the capacity."""

    def test_what_the_opening_left_free_is_named(self) -> None:
        found = books(
            facts([PlannedItem(1, 50, 50)], capacity_mpd=100, capacity_now_mpd=90, reserve_mpd=30)
        )
        assert steps(found)[Term.RESERVE] == 50
        assert found.rows[Term.RESERVE] == (
            TermRow(30, None, Stands.NOT_DRAWN),
            TermRow(20, None, Stands.FREE),
        )
        assert found.rows[Term.CAPACITY_CHANGE] == (TermRow(-10, None, Stands.LOCKED_SINCE),)

    def test_unclassified_work_is_other_work(self) -> None:
        item = CycleItem(1, NONE, Status.ACTIVE, 50, 0, 10)
        found = books(facts([], item, capacity_mpd=100, capacity_now_mpd=100))
        assert found.rows[Term.OTHER] == (
            TermRow(-10, 1, Stands.UNCLASSIFIED),
            TermRow(-90, None, Stands.IDLE),
        )

    def test_more_work_than_there_was_capacity_for_is_unexplained(self) -> None:
        item = CycleItem(1, OPP, Status.ACTIVE, 50, 0, 10)
        found = books(facts([], item, capacity_mpd=40, capacity_now_mpd=40, reserve_mpd=40))
        assert steps(found)[Term.UNEXPLAINED] == 10
        assert found.rows[Term.UNEXPLAINED] == (TermRow(10, None, Stands.OVERWORKED),)


statuses = st.sampled_from(list(Status))
closed = st.sampled_from([Status.DELIVERED, Status.CANCELLED, Status.DEFERRED])
amounts = st.integers(0, 80)


@st.composite
def any_facts(draw: st.DrawFn) -> CycleFacts:
    """Give facts of every kind, balanced or not."""
    planned, items, entries = [], {}, []
    for pk in range(draw(st.integers(0, 4))):
        effort = draw(amounts)
        planned.append(PlannedItem(pk, effort, draw(st.none() | amounts)))
        merged = draw(st.none() | st.integers(0, 3))
        items[pk] = CycleItem(
            pk, draw(st.sampled_from(Origin)), draw(statuses), draw(st.none() | amounts),
            draw(amounts), draw(amounts), merged,
        )  # fmt: skip
        lost = draw(st.integers(0, effort))
        entries += [displaced(pk, lost)] if lost else []
    for pk in range(90, 90 + draw(st.integers(0, 3))):
        items[pk] = CycleItem(pk, draw(st.sampled_from(Origin)), draw(statuses), draw(amounts))
        entries.append(Funding(pk, Source.RESERVE, draw(st.integers(1, 9)), ON))
        entries.append(Funding(pk, Source.ADDED_CAPACITY, draw(st.integers(1, 9)), ON))
    capacity = draw(st.none() | st.integers(0, 300))
    return CycleFacts(
        planned, items, draw(amounts), capacity, draw(st.none() | st.integers(0, 300)), entries,
        {91: (0,), 2: (1,)}, draw(st.booleans()),
    )  # fmt: skip


@given(one=any_facts())
def test_the_rows_of_each_term_sum_to_it(one: CycleFacts) -> None:
    found = books(one)
    sums = {term: sum(row.mpd for row in rows) for term, rows in found.rows.items()}
    assert sums == steps(found)
    assert sum(row.mpd for row in found.opportunities) == found.law.opportunistic


@given(ones=st.lists(any_facts(), min_size=1, max_size=3))
def test_books_add_up_over_teams(ones: list[CycleFacts]) -> None:
    each = [books(one) for one in ones]
    total = sum(each[1:], each[0])
    assert total.law.opportunistic == sum(one.law.opportunistic for one in each)
    assert {term: sum(row.mpd for row in rows) for term, rows in total.rows.items()} == steps(total)


@given(
    plans=st.lists(st.tuples(amounts, amounts, st.integers(0, 80), closed), max_size=5),
    drawn=amounts,
    idle=amounts,
    room=amounts,
    added=st.integers(1, 9),
)
def test_complete_records_leave_nothing_unexplained(
    plans: list[tuple[int, int, int, Status]], drawn: int, idle: int, room: int, added: int
) -> None:
    """All items are closed, all capacity is accounted for: the law holds to the thousandth."""
    planned = [PlannedItem(pk, effort, effort) for pk, (effort, *_) in enumerate(plans)]
    items = {
        pk: CycleItem(pk, PLAN, status, effort, 0, worked)
        for pk, (effort, worked, _, status) in enumerate(plans)
    }
    items[90] = CycleItem(90, OPP, Status.DELIVERED, drawn, 0, drawn)
    entries = [displaced(pk, min(lost, effort)) for pk, (effort, _, lost, _) in enumerate(plans)
               if min(lost, effort)]  # fmt: skip
    entries.append(Funding(90, Source.ADDED_CAPACITY, added, ON))
    opened = sum(effort for effort, *_ in plans) + room
    done = sum(worked for _, worked, *_ in plans) + drawn + idle
    found = books(CycleFacts(planned, items, room, opened, done - added, entries, running=False))
    assert (found.law.residual, found.law.other) == (0, idle)
