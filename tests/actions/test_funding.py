"""The ledger takes what is left and not more, whoever asks, and tells its history."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from tests.cast import TODAY, Cast
from tests.funding import from_item, from_reserve, fund
from tests.plans import END, lock, rank
from tracker.actions import funding, initiatives
from tracker.actions.errors import Conflict
from tracker.actions.funding import Ask, seen_of
from tracker.domain.funding import Manner, Source
from tracker.domain.lifecycle import Status, Verb
from tracker.models import Funding, Initiative, OriginOverride, Plan, TeamCounter
from tracker.models.funding import caps_of

Log = Callable[..., Initiative]
AFTER = TODAY + timedelta(days=1)


class TestAdd:
    """What an entry may take."""

    def test_it_takes_from_an_item_the_reserve_and_new_capacity(
        self, planned: Initiative, need: Initiative, plan: Plan, cast: Cast
    ) -> None:
        extra = Ask(Source.ADDED_CAPACITY, 3000)
        before = TeamCounter.objects.get(team=cast.platform).stamp
        rows = fund(cast, need, from_item(planned, 10), from_reserve(5), extra, note=" Agreed. ")
        assert [(row.source, row.mpd, row.displaced_id, row.manner) for row in rows] == [
            ("displaced", 10_000, planned.pk, "delay"),
            ("reserve", 5000, None, ""),
            ("added-capacity", 3000, None, ""),
        ]
        assert {(row.plan_id, row.on, row.note, row.created_by) for row in rows} == {
            (plan.pk, TODAY, "Agreed.", cast.member)
        }
        assert TeamCounter.objects.get(team=cast.platform).stamp == before + 1
        assert rows[0].history.get().history_user == cast.member

    def test_no_more_than_an_item_has_left(
        self, planned: Initiative, need: Initiative, cast: Cast, log: Log
    ) -> None:
        """50 pd planned, 2 worked, 40 taken by another: 8 are left."""
        other = log("Other", pd=60, origin="opportunistic")
        fund(cast, other, from_item(planned, 40))
        initiatives.turn(
            by=cast.member, pk=planned.pk, version=planned.version, verb=Verb.START,
            on=date(2026, 9, 17), fte_milli=1000,
        )  # fmt: skip
        with pytest.raises(ValidationError) as refused:
            fund(cast, need, from_reserve(1), from_item(planned, 8.001))
        message = f"{planned.key} has 8 pd left to give."
        assert refused.value.message_dict == {f"item-{planned.pk}": [message]}
        assert Funding.objects.filter(opportunity=need).count() == 0
        assert fund(cast, need, from_item(planned, 8))[0].mpd == 8000

    def test_no_more_than_the_reserve_has_left(
        self, need: Initiative, cast: Cast, log: Log
    ) -> None:
        other = log("Other", pd=200, origin="opportunistic")
        fund(cast, other, from_reserve(95))
        with pytest.raises(ValidationError, match="The reserve has 5 pd left to give"):
            fund(cast, need, from_reserve(6))
        fund(cast, need, from_reserve(5))
        with pytest.raises(ValidationError, match="The reserve has nothing left to give"):
            fund(cast, need, from_reserve(1))

    def test_an_amendment_counts_before_what_was_locked_first(
        self, planned: Initiative, need: Initiative, plan: Plan, cast: Cast
    ) -> None:
        """What the plan says now is what can be given, and what it adopted is no planned work."""
        planned.refresh_from_db()
        initiatives.edit(
            by=cast.member, pk=planned.pk, version=planned.version, changes={"estimate_mpd": 6000}
        )
        Plan.objects.filter(pk=plan.pk).update(reserve_mpd=7000)
        plan.items.create(initiative=need, position=2048)
        plan.refresh_from_db()
        lock(plan, cast, "amendment", on=date(2026, 9, 1), reason="Less of it.")
        caps = caps_of(plan, before=AFTER)
        assert (caps.remaining_mpd, caps.reserve_mpd) == ({planned.pk: 6000}, 7000)

    def test_before_any_lock_the_estimate_counts(self, plan: Plan, cast: Cast, log: Log) -> None:
        above, none = log("Above", pd=9), log("Not estimated")
        below = log("Held below", pd=9)
        rank(plan, above, none, below)
        plan.items.filter(initiative=below).update(held_below=True)
        assert caps_of(plan, before=AFTER).remaining_mpd == {above.pk: 9000, none.pk: 0}

    def test_what_was_delivered_has_nothing_left(
        self, planned: Initiative, need: Initiative, plan: Plan, cast: Cast
    ) -> None:
        planned.refresh_from_db()
        initiatives.turn(
            by=cast.member, pk=planned.pk, version=planned.version, verb=Verb.DELIVER, on=TODAY
        )
        assert caps_of(plan, before=AFTER).remaining_mpd == {}

    def test_work_on_a_part_that_was_split_off_counts_for_the_whole(
        self, planned: Initiative, plan: Plan, cast: Cast, log: Log
    ) -> None:
        part = log("Part", pd=20, origin="planned", status=Status.ACTIVE, today=date(2026, 9, 17))
        Initiative.objects.filter(pk=part.pk).update(parent=planned)
        assert caps_of(plan, before=AFTER).remaining_mpd == {planned.pk: 48_000}

    def test_a_double_submit_makes_one_entry(self, need: Initiative, cast: Cast) -> None:
        key = uuid4()
        first = fund(cast, need, from_reserve(5), creation_key=key)
        again = fund(cast, need, from_reserve(5), creation_key=key)
        assert [row.pk for row in first] == [row.pk for row in again]
        assert Funding.objects.count() == 1

    def test_only_what_counts_as_opportunistic_is_funded(
        self, planned: Initiative, need: Initiative, cast: Cast
    ) -> None:
        with pytest.raises(ValidationError, match="does not count as opportunistic"):
            fund(cast, planned, from_reserve(1))

    def test_the_origin_that_counts_decides_and_not_the_declared_one(
        self, planned: Initiative, plan: Plan, cast: Cast, log: Log
    ) -> None:
        """What is declared planned, but is not in the plan, may be funded."""
        from tracker.actions import origins

        it = log("Smuggled in", pd=3, origin="planned")
        origins.refresh(team_id=cast.platform.pk)
        assert fund(cast, it, from_reserve(1))
        OriginOverride.objects.create(
            initiative=it, cycle=plan.cycle, origin="planned", code="new-scope", text="It was."
        )
        origins.refresh(team_id=cast.platform.pk)
        with pytest.raises(ValidationError, match="does not count as opportunistic"):
            fund(cast, it, from_reserve(1))

    def test_what_no_plan_lists_gives_nothing_and_is_not_named(
        self, need: Initiative, cast: Cast, log: Log
    ) -> None:
        """A number that was guessed must not tell the key of another team's work."""
        foreign = log("Secret", pd=9, team=cast.checkout)
        with pytest.raises(ValidationError, match="not a planned item") as refused:
            fund(cast, need, from_item(foreign, 1))
        assert foreign.key not in str(refused.value)

    def test_without_a_plan_for_the_day_it_says_who_makes_one(
        self, need: Initiative, cast: Cast
    ) -> None:
        with pytest.raises(ValidationError, match="has no plan for 1 Jan 2027 yet"):
            fund(cast, need, from_reserve(1), on=END)

    def test_it_needs_how_the_item_gives_way(
        self, planned: Initiative, need: Initiative, cast: Cast
    ) -> None:
        with pytest.raises(ValidationError, match="Name the planned item"):
            fund(cast, need, Ask(Source.DISPLACED, 1000, planned.pk))


class TestChange:
    """Entries are corrected under the same caps."""

    def test_it_keeps_source_and_item(
        self, planned: Initiative, need: Initiative, cast: Cast
    ) -> None:
        (entry,) = fund(cast, need, from_item(planned, 10))
        changed = self.change(cast, entry, mpd=50_000, manner=Manner.DROP, note="All of it.")
        assert (changed.mpd, changed.manner, changed.note) == (50_000, "drop", "All of it.")
        assert entry.history.count() == 2

    def test_no_more_than_is_left(self, planned: Initiative, need: Initiative, cast: Cast) -> None:
        (entry,) = fund(cast, need, from_item(planned, 10))
        with pytest.raises(ValidationError, match="has 40 pd left to give"):
            self.change(cast, entry, mpd=50_001, manner=Manner.DELAY)

    def test_less_may_be_taken_where_work_has_used_up_what_was_given(
        self, planned: Initiative, need: Initiative, cast: Cast
    ) -> None:
        """48 of 50 pd were taken; 4 days of work later that is too much, but 47 is better."""
        (entry,) = fund(cast, need, from_item(planned, 48))
        planned.refresh_from_db()
        initiatives.turn(
            by=cast.member, pk=planned.pk, version=planned.version, verb=Verb.START,
            on=date(2026, 9, 15), fte_milli=1000,
        )  # fmt: skip
        assert self.change(cast, entry, mpd=47_000, manner=Manner.DELAY).mpd == 47_000
        fund(cast, need, from_reserve(1))

    def test_a_stale_form_is_a_conflict(self, need: Initiative, cast: Cast) -> None:
        (entry,) = fund(cast, need, from_reserve(5))
        seen = seen_of(entry)
        self.change(cast, entry, mpd=6000)
        with pytest.raises(Conflict):
            funding.change(by=cast.member, entry=entry, seen=seen, mpd=7000, on=TODAY, today=TODAY)
        assert Funding.objects.get().mpd == 6000

    def test_the_day_stays_in_the_cycle_of_the_plan(self, need: Initiative, cast: Cast) -> None:
        (entry,) = fund(cast, need, from_reserve(5))
        with pytest.raises(ValidationError, match="Choose a day in it"):
            self.change(cast, entry, mpd=5000, on=date(2026, 6, 30))

    def change(self, cast: Cast, entry: Funding, **values: Any) -> Funding:
        given = {"on": entry.on, "today": TODAY} | values
        return funding.change(by=cast.member, entry=entry, seen=seen_of(entry), **given)


class TestRemove:
    """What was taken is given back."""

    def test_it_frees_what_it_took_and_keeps_its_history(
        self, planned: Initiative, need: Initiative, cast: Cast
    ) -> None:
        (entry,) = fund(cast, need, from_item(planned, 50))
        pk, seen = entry.pk, seen_of(entry)
        funding.remove(by=cast.member, entry=entry, seen=seen)
        assert fund(cast, need, from_item(planned, 50))
        last = Funding.history.filter(id=pk).first()
        assert (last.history_type, last.history_user) == ("-", cast.member)

    def test_what_is_gone_is_a_conflict(self, need: Initiative, cast: Cast) -> None:
        (entry,) = fund(cast, need, from_reserve(5))
        Funding.objects.all().delete()
        with pytest.raises(Conflict):
            funding.remove(by=cast.member, entry=entry, seen=seen_of(entry))
