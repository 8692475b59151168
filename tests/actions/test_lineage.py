"""Splits and merges keep work, commitment and line, and can be taken back."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError

from tests.brute import mix_of_facts
from tests.cast import TODAY, Cast
from tests.plans import lock, rank
from tracker.actions import initiatives, lineage, segments
from tracker.actions.errors import Conflict
from tracker.actions.lineage import Part
from tracker.domain.calendar import FiscalCalendar, PeriodKind, period_of
from tracker.domain.lifecycle import Status, Verb
from tracker.domain.mix import Measure, Weight
from tracker.models import Initiative, OriginShift, Plan

Log = Callable[..., Initiative]
KEY = UUID(int=7)
Q3 = period_of(TODAY, PeriodKind.QUARTER, FiscalCalendar())


def split(cast: Cast, it: Initiative, *parts: Part, version: int | None = None) -> list[Initiative]:
    """Split as the member."""
    return lineage.split(
        by=cast.member,
        pk=it.pk,
        version=version or it.version,
        parts=parts or (Part("One", 6000), Part("Two", 3000)),
        today=TODAY,
        creation_key=KEY,
    )


def worked(cast: Cast, it: Initiative) -> Initiative:
    """Log five days of work."""
    return segments.add(
        by=cast.member,
        initiative_pk=it.pk,
        starts_on=date(2026, 9, 7),
        ends_before=date(2026, 9, 12),
        fte_milli=1000,
    )


def sums(cast: Cast, measure: Measure) -> dict[Weight, int]:
    """Return what the third quarter adds up to, by weight."""
    mix = mix_of_facts([cast.platform], Q3, measure, before=date(2026, 10, 1))
    return {weight: mix.mixes[weight].total for weight in Weight}


class TestSplit:
    """One becomes several."""

    def test_the_parts_inherit_what_describes_the_work(self, cast: Cast, log: Log) -> None:
        it = log(
            pd=9,
            origin="opportunistic",
            need="dire-need",
            trigger="incident",
            reason="It burned.",
            owner=cast.lead,
            due_on=date(2026, 12, 1),
            committed_on=date(2026, 9, 1),
        )
        it = initiatives.set_labels(by=cast.member, pk=it.pk, version=1, names=["api"])
        one, two = split(cast, it)
        for part in Initiative.objects.filter(pk__in=[one.pk, two.pk]):
            assert (part.origin, part.need, part.trigger) == (it.origin, it.need, it.trigger)
            assert (part.reason, part.owner, part.due_on) == (it.reason, it.owner, it.due_on)
            assert (part.committed_on, part.status) == (it.committed_on, Status.COMMITTED)
            assert (part.parent, part.root, part.birth_origin) == (it, it, "opportunistic")
            assert list(part.labels.values_list("name", flat=True)) == ["api"]
        assert (one.estimate_mpd, two.estimate_mpd) == (6000, 3000)

    def test_nothing_remains_on_the_parent_and_its_work_stays(self, cast: Cast, log: Log) -> None:
        it = worked(cast, log(pd=14))
        assert lineage.remaining_of(it, TODAY) == 9000
        parts = split(cast, it)
        it.refresh_from_db()
        assert (it.estimate_mpd, it.status, it.segments.count()) == (5000, Status.COMMITTED, 1)
        assert lineage.remaining_of(it, TODAY) == 0
        keys = ", ".join(part.key for part in parts)
        assert it.history.latest().history_change_reason == f"Split into {keys}"

    def test_open_work_ends_today(self, cast: Cast, log: Log) -> None:
        it = log(pd=14, status=Status.ACTIVE)
        split(cast, it)
        it.refresh_from_db()
        assert it.status == Status.PAUSED
        assert it.segments.get().last_day == TODAY

    @pytest.mark.parametrize(
        "measure", [Measure.INTAKE_GROSS, Measure.INTAKE_NET, Measure.CAPACITY]
    )
    def test_a_split_moves_no_figure(self, cast: Cast, log: Log, measure: Measure) -> None:
        """Effort, count and value of intake and of capacity stay what they were."""
        it = worked(
            cast,
            log(pd=10, origin="planned", expected_value=1001, committed_on=date(2026, 9, 1)),
        )
        before = sums(cast, measure)
        split(cast, it, Part("A", 1000), Part("B", 1000), Part("C", 5000))
        assert sums(cast, measure) == before

    def test_a_part_of_a_planned_one_is_planned(self, plan: Plan, cast: Cast, log: Log) -> None:
        it = log(pd=5, origin="planned")
        rank(plan, it)
        lock(plan, cast)
        split(cast, it)
        assert not OriginShift.objects.exists()
        assert set(Initiative.objects.values_list("birth_origin", flat=True)) == {"planned"}

    def test_sent_twice_it_is_split_once(self, cast: Cast, log: Log) -> None:
        it = log(pd=9)
        first, again = split(cast, it), split(cast, it)
        assert [part.pk for part in first] == [part.pk for part in again]
        assert Initiative.objects.count() == 3

    def test_a_part_of_a_part_has_the_first_as_its_root(self, cast: Cast, log: Log) -> None:
        it = log(pd=9)
        part = split(cast, it)[0]
        parts = lineage.split(
            by=cast.member,
            pk=part.pk,
            version=part.version,
            parts=[Part("X"), Part("Y")],
            today=TODAY,
            creation_key=UUID(int=8),
        )
        assert {row.root_id for row in parts} == {it.pk}

    @pytest.mark.parametrize("count", [0, 1, 21])
    def test_two_parts_at_least_and_not_too_many(self, cast: Cast, log: Log, count: int) -> None:
        it = log(pd=9)
        with pytest.raises(ValidationError, match="two parts or more"):
            lineage.split(
                by=cast.member,
                pk=it.pk,
                version=1,
                parts=[Part("x")] * count,
                today=TODAY,
                creation_key=KEY,
            )

    def test_what_is_closed_stays_whole(self, cast: Cast, log: Log) -> None:
        it = log(pd=9)
        it = initiatives.turn(by=cast.member, pk=it.pk, version=1, verb=Verb.CANCEL, on=TODAY)
        with pytest.raises(ValidationError, match="is cancelled"):
            split(cast, it)

    def test_a_stale_one_is_refused_whole(self, cast: Cast, log: Log) -> None:
        it = log(pd=9)
        initiatives.edit(by=cast.lead, pk=it.pk, version=1, changes={"estimate_mpd": 1000})
        with pytest.raises(Conflict):
            split(cast, it, version=1)
        assert Initiative.objects.count() == 1

    def test_the_parent_is_delivered_with_its_last_part(self, cast: Cast, log: Log) -> None:
        it = log(pd=9, committed_on=date(2026, 9, 1))
        for part, status in zip(split(cast, it), (Status.COMMITTED, Status.DELIVERED), strict=True):
            initiatives.turn(
                by=cast.member, pk=part.pk, version=part.version, verb=Verb.DELIVER, on=TODAY
            )
            it.refresh_from_db()
            assert it.status == status
        assert it.history.latest().history_change_reason == "Delivered with the last of its parts"


class TestMerge:
    """Several become one."""

    def merge(self, cast: Cast, target: Initiative, *others: Initiative) -> Initiative:
        """Merge as the member."""
        return lineage.merge(
            by=cast.member,
            pk=target.pk,
            version=target.version,
            others=[other.pk for other in others],
            today=TODAY,
        )

    def test_the_rest_of_the_others_goes_over(self, cast: Cast, log: Log) -> None:
        target, other = log(pd=4, origin="planned"), worked(cast, log(pd=8, origin="planned"))
        saved = self.merge(cast, target, other)
        other.refresh_from_db()
        assert saved.estimate_mpd == 7000
        assert (other.merged_into, other.estimate_mpd) == (target, 5000)
        assert saved.history.latest().history_change_reason == f"Merged with {other.key}"
        assert other.history.latest().history_change_reason == f"Merged into {target.key}"

    def test_across_origins_it_is_refused(self, cast: Cast, log: Log) -> None:
        one, two = log(origin="planned"), log(origin="opportunistic")
        with pytest.raises(ValidationError) as raised:
            self.merge(cast, one, two)
        assert raised.value.messages == [
            "Only initiatives of the same origin can be merged. PLAT-1 is planned, "
            "PLAT-2 is opportunistic."
        ]

    def test_the_origin_that_counts_decides(self, plan: Plan, cast: Cast, log: Log) -> None:
        """Declared alike, but one is not in the plan."""
        one = log(pd=5, origin="planned")
        rank(plan, one)
        lock(plan, cast)
        with pytest.raises(ValidationError, match="same origin"):
            self.merge(cast, one, log(origin="planned"))

    def test_what_was_merged_of_a_listed_one_is_planned(
        self, plan: Plan, cast: Cast, log: Log
    ) -> None:
        listed, target = log(pd=5, origin="planned"), log(pd=2, origin="planned")
        rank(plan, listed)
        self.merge(cast, target, listed)
        lock(plan, cast)
        assert not OriginShift.objects.exists()

    def test_other_teams_and_closed_ones_stay_out(self, cast: Cast, log: Log) -> None:
        target = log()
        with pytest.raises(ValidationError, match="another team"):
            self.merge(cast, target, log(team=cast.checkout))
        closed = log()
        initiatives.turn(by=cast.member, pk=closed.pk, version=1, verb=Verb.CANCEL, on=TODAY)
        with pytest.raises(ValidationError, match="is cancelled"):
            self.merge(cast, target, closed)
        with pytest.raises(ValidationError, match="Name the initiatives"):
            self.merge(cast, target, target)

    def test_it_is_delivered_with_what_it_went_into(self, cast: Cast, log: Log) -> None:
        target, other = log(pd=4), log(pd=8)
        saved = self.merge(cast, target, other)
        initiatives.turn(
            by=cast.member, pk=target.pk, version=saved.version, verb=Verb.DELIVER, on=TODAY
        )
        other.refresh_from_db()
        assert (other.status, other.delivered_on) == (Status.DELIVERED, TODAY)


class TestUndo:
    """As if it had not been."""

    def test_a_split_nobody_has_touched(self, cast: Cast, log: Log) -> None:
        it = log(pd=14, status=Status.ACTIVE)
        parts = split(cast, it)
        saved = lineage.undo(by=cast.member, pk=it.pk, today=TODAY)
        assert (saved.estimate_mpd, saved.status) == (14_000, Status.ACTIVE)
        assert list(Initiative.objects.all()) == [it]
        assert Initiative.every.filter(pk__in=[part.pk for part in parts]).count() == 2

    def test_a_split_stands_once_work_went_on(self, cast: Cast, log: Log) -> None:
        it = log(pd=14)
        worked(cast, split(cast, it)[1])
        with pytest.raises(ValidationError, match="so the split stands"):
            lineage.undo(by=cast.member, pk=it.pk, today=TODAY)
        assert Initiative.objects.count() == 3

    def test_a_merge_gives_back_what_was_taken_over(self, cast: Cast, log: Log) -> None:
        target, other = log(pd=4), worked(cast, log(pd=8))
        TestMerge().merge(cast, target, other)
        saved = lineage.undo(by=cast.member, pk=other.pk, today=TODAY)
        target.refresh_from_db()
        assert (saved.merged_into, saved.estimate_mpd, target.estimate_mpd) == (None, 8000, 4000)

    def test_there_is_nothing_to_take_back(self, cast: Cast, log: Log) -> None:
        with pytest.raises(ValidationError, match="neither split nor merged"):
            lineage.undo(by=cast.member, pk=log().pk, today=TODAY)
