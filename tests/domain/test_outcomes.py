"""A plan against what became of it: the golden cases put together, and a brute force beside it."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.baseline import BaselineItem, Snapshot
from tracker.domain.calendar import FiscalCalendar, Period, PeriodKind, period_of
from tracker.domain.funding import Funding, Manner, Source
from tracker.domain.lifecycle import Status
from tracker.domain.outcomes import Against, Fact, PlanFacts, against
from tracker.domain.workdays import WorkCalendar

Q1 = period_of(date(2026, 2, 1), PeriodKind.QUARTER, FiscalCalendar())
APRIL = date(2026, 4, 8)
PW = 5000
A, B, C, G = 1, 2, 3, 7
PLAN = Snapshot(
    (
        BaselineItem(A, 1, 9 * PW, date(2025, 12, 15), date(2026, 2, 13), fte_milli=1000),
        BaselineItem(B, 2, 32 * PW, date(2026, 1, 5), date(2026, 4, 24), fte_milli=2000),
        BaselineItem(C, 3, 9 * PW, date(2026, 2, 2), date(2026, 3, 27), fte_milli=1500),
        BaselineItem(G, 4, 10 * PW, date(2026, 3, 2), date(2026, 3, 31)),
        BaselineItem(9, 5, 3 * PW, None, date(2026, 3, 1), above_line=False),
    )
)
FACTS = {
    A: Fact(Status.DELIVERED, 9 * PW, date(2026, 2, 13), 44_000),
    B: Fact(Status.ACTIVE, 32 * PW, worked_mpd=124_000),
    C: Fact(Status.DELIVERED, 9 * PW, date(2026, 3, 27), None, 60_000),
    G: Fact(Status.DEFERRED, 10 * PW),
    9: Fact(Status.DELIVERED, 3 * PW, date(2026, 2, 1), 9_000),
}


def facts(**changed: object) -> PlanFacts:
    """Return the facts of the golden quarter, some of them changed."""
    given: dict[str, object] = {
        "current": PLAN,
        "facts": FACTS,
        "parts_of": {},
        "entries": (),
        "calendar": WorkCalendar(),
    }
    return PlanFacts(**(given | changed))  # type: ignore[arg-type]


def judged(*, before: date = APRIL, period: Period = Q1, **changed: object) -> Against:
    """Return the golden quarter, some facts changed."""
    return against(facts(**changed), PLAN, period, before=before)


class TestGolden:
    def test_say_do_is_2_of_3_and_90_of_140_pd(self) -> None:
        found = judged().say_do
        assert (found.done, found.due, found.by_count) == (2, 3, Fraction(2, 3))
        assert (found.done_mpd, found.due_mpd) == (90_000, 140_000)
        assert found.missed == (G,)

    def test_accuracy_and_bias_are_of_delivered_items_only(self) -> None:
        done = FACTS | {B: Fact(Status.DELIVERED, 32 * PW, date(2026, 4, 24), 150_000)}
        half = Period(PeriodKind.HALF, 2026, "H1", date(2026, 1, 1), date(2026, 7, 1), "h1")
        found = judged(facts=done, period=half, before=date(2026, 6, 1)).accuracy
        assert found.items == 3
        assert found.accuracy is not None
        assert found.bias is not None
        assert float(found.accuracy) == pytest.approx(0.896)
        assert float(found.bias) == pytest.approx(0.016)

    def test_a_slip_of_15_days_is_6_and_4_and_5_other(self) -> None:
        plan = Snapshot((BaselineItem(1, 1, 40_000, None, date(2026, 3, 20), fte_milli=2000),))
        took = [
            Funding(11, Source.DISPLACED, 12_000, date(2026, 2, 2), 1, Manner.DELAY),
            Funding(12, Source.DISPLACED, 8_000, date(2026, 2, 3), 1, Manner.DELAY),
        ]
        known = facts(
            current=plan,
            facts={1: Fact(Status.DELIVERED, 40_000, date(2026, 4, 10))},
            entries=took,
        )
        found = against(known, plan, Q1, before=date(2026, 5, 1))
        assert found.late[0].slip == 15
        assert found.slips.by_opportunity == {11: 6, 12: 4}
        assert found.slips.other == 5

    def test_churn_is_53_and_net_20_per_cent(self) -> None:
        old = Snapshot((BaselineItem(1, 1, 50 * PW), BaselineItem(2, 2, 10 * PW)))
        new = Snapshot((BaselineItem(1, 1, 50 * PW), BaselineItem(3, 2, 22 * PW)))
        found = against(facts(current=new), old, Q1, before=APRIL).churn
        assert (found.rate, found.net) == (Fraction(32, 60), Fraction(12, 60))

    def test_growth_leaves_out_what_did_not_survive(self) -> None:
        grown = FACTS | {B: Fact(Status.ACTIVE, 36 * PW)}
        found = judged(facts=grown).growth
        assert (found.items, found.baseline_mpd, found.current_mpd) == (3, 50 * PW, 54 * PW)


class TestBounds:
    def test_what_is_not_yet_due_is_not_held_against_anybody(self) -> None:
        found = judged(before=date(2026, 3, 1))
        assert (found.say_do.done, found.say_do.due) == (1, 1)

    def test_a_delivery_after_the_bound_is_not_known(self) -> None:
        found = judged(before=date(2026, 2, 13))
        assert found.say_do.due == 0
        assert found.accuracy.items == 0

    def test_what_is_open_slips_through_today(self) -> None:
        late = FACTS | {A: Fact(Status.ACTIVE, 9 * PW)}
        found = judged(facts=late, before=date(2026, 2, 19))
        assert [(row.entry.item, row.slip) for row in found.late] == [(A, 3)]

    def test_early_is_kept_apart(self) -> None:
        soon = FACTS | {A: Fact(Status.DELIVERED, 9 * PW, date(2026, 2, 11))}
        found = judged(facts=soon)
        assert [(row.entry.item, row.slip) for row in found.early] == [(A, -2)]
        assert (found.slips.slip, found.slips.early) == (Fraction(0), 2)

    def test_a_deleted_item_is_missed_and_says_nothing_else(self) -> None:
        gone = {item: fact for item, fact in FACTS.items() if item != A}
        found = judged(facts=gone)
        assert A in found.say_do.missed
        assert found.rows[0].status is None
        assert not found.late


class TestLineage:
    def test_what_was_split_is_delivered_with_the_last_of_its_parts(self) -> None:
        split = FACTS | {
            A: Fact(Status.CANCELLED, 9 * PW, worked_mpd=10_000),
            21: Fact(Status.DELIVERED, 5 * PW, date(2026, 2, 10), 26_000),
            22: Fact(Status.DELIVERED, 3 * PW, date(2026, 2, 17), 14_000),
        }
        row = judged(facts=split, parts_of={A: (21, 22)}).rows[0]
        assert (row.ended_on, row.status, row.slip) == (date(2026, 2, 17), Status.DELIVERED, 2)
        assert row.actual_mpd == 10_000 + 26_000 + 14_000
        assert row.current_mpd == 10_000 + 8 * PW

    def test_half_a_split_is_open(self) -> None:
        split = FACTS | {
            A: Fact(Status.CANCELLED),
            21: Fact(Status.DELIVERED, 5 * PW, date(2026, 2, 10)),
            22: Fact(Status.ACTIVE, 3 * PW),
        }
        row = judged(facts=split, parts_of={A: (21, 22)}).rows[0]
        assert (row.ended_on, row.status) == (None, Status.ACTIVE)

    def test_what_was_merged_is_done_with_what_goes_on(self) -> None:
        merged = FACTS | {
            A: Fact(Status.PAUSED, 10_000, worked_mpd=10_000, merged_into=C),
            C: Fact(Status.DELIVERED, 80_000, date(2026, 3, 27), 80_000),
        }
        found = judged(facts=merged)
        assert found.rows[0].ended_on == date(2026, 3, 27)
        assert found.accuracy.items == 0  # what each took can't be told apart
        assert found.growth.current_mpd == 32 * PW + 10_000 + 80_000  # and nothing grew
        assert found.growth.rate == 0


ITEMS = st.integers(1, 6)
DAYS = st.dates(date(2026, 1, 1), date(2026, 4, 30))
KNOWN = st.builds(
    Fact,
    st.sampled_from(list(Status)),
    st.none() | st.integers(1, 90_000),
    st.none() | DAYS,
    st.none() | st.integers(0, 90_000),
    st.integers(0, 90_000),
)
ENTRIES = st.builds(
    Funding,
    st.integers(50, 53),
    st.just(Source.DISPLACED),
    st.integers(1, 60_000),
    DAYS,
    ITEMS,
    st.just(Manner.DELAY),
)


@st.composite
def plans(draw: st.DrawFn) -> Snapshot:
    """Draw a plan of up to six items."""
    return Snapshot(
        tuple(
            BaselineItem(
                item,
                rank,
                draw(st.none() | st.integers(1, 90_000)),
                None,
                draw(st.none() | DAYS),
                None,
                draw(st.none() | st.integers(1, 3000)),
                draw(st.booleans()),
            )
            for rank, item in enumerate(draw(st.lists(ITEMS, unique=True)), 1)
        )
    )


class TestAgainstBruteForce:
    @given(plans(), st.dictionaries(ITEMS, KNOWN), st.lists(ENTRIES, max_size=6), DAYS)
    def test_every_sum_is_that_of_its_items(
        self, plan: Snapshot, known: dict[int, Fact], entries: list[Funding], before: date
    ) -> None:
        found = against(facts(current=plan, facts=known, entries=entries), plan, Q1, before=before)
        bound = min(Q1.end, before)
        due = done = planned = actual = late = early = 0
        for entry in plan.items:
            fact = known.get(entry.item)
            if not entry.above_line:
                continue
            end = fact.delivered_on if fact and fact.delivered_on else None
            end = end if end and end < before else None
            if entry.due_on and Q1.start <= entry.due_on < bound:
                due += 1
                done += bool(end and end < bound)
            if fact and end and Q1.start <= end < bound and entry.effort_mpd:
                planned += entry.effort_mpd
                actual += fact.worked_mpd if fact.realised_mpd is None else fact.realised_mpd
            slip = self.slip(entry, fact, end, before)
            late, early = late + max(slip, 0), early + max(-slip, 0)
        assert (found.say_do.due, found.say_do.done) == (due, done)
        assert (found.accuracy.planned_mpd, found.accuracy.actual_mpd) == (planned, actual)
        assert (found.slips.slip, found.slips.early) == (Fraction(late), early)
        assert all(row.causes.opportunistic <= max(row.slip or 0, 0) for row in found.rows)

    @staticmethod
    def slip(entry: BaselineItem, fact: Fact | None, end: date | None, before: date) -> int:
        """Count working days one by one."""
        if fact is None or entry.due_on is None or not Q1.contains(entry.due_on):
            return 0
        out = (Status.CANCELLED, Status.DEFERRED)
        if end is None and (fact.status in out or before - timedelta(days=1) <= entry.due_on):
            return 0
        last = end or before - timedelta(days=1)
        low, high = sorted((entry.due_on, last))
        days = [low + timedelta(days=n) for n in range(1, (high - low).days + 1)]
        count = sum(day.weekday() < 5 for day in days)
        return count if last >= entry.due_on else -count

    @given(plans(), plans(), st.dictionaries(ITEMS, KNOWN), DAYS)
    def test_two_plans_together_are_the_sums_of_both(
        self, one: Snapshot, two: Snapshot, known: dict[int, Fact], before: date
    ) -> None:
        parts = [
            against(facts(current=plan, facts=known), plan, Q1, before=before)
            for plan in (one, two)
        ]
        whole = sum(parts, Against())
        assert whole.say_do.due == sum(part.say_do.due for part in parts)
        assert whole.accuracy.error_mpd == sum(part.accuracy.error_mpd for part in parts)
        assert whole.slips.slip == sum(part.slips.slip for part in parts)
        assert len(whole.rows) == sum(len(part.rows) for part in parts)
