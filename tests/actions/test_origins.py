"""The origin that counts follows every write; births are settled once."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.cast import TODAY, Cast
from tests.plans import START, lock, rank
from tracker.actions import bulk, initiatives, origins, segments
from tracker.domain.lifecycle import Status, Verb
from tracker.models import (
    Cycle,
    Initiative,
    OriginShift,
    Plan,
)

Log = Callable[..., Initiative]


def shifts() -> dict[str, str]:
    """Return the stored shifts by title."""
    return {row.initiative.title: row.origin for row in OriginShift.objects.all()}


class TestEveryWrite:
    """Each leaves the stored origins as the baselines have them."""

    def test_what_is_logged_after_the_lock_counts_as_opportunistic(
        self, opened: Plan, log: Log
    ) -> None:
        log("New", origin="planned")
        assert shifts() == {"New": "opportunistic"}

    def test_what_is_only_proposed_has_no_origin_in_the_cycle(self, opened: Plan, log: Log) -> None:
        log("Idea", origin="planned", status=Status.PROPOSED)
        assert shifts() == {}

    def test_committing_a_proposal_counts_at_once(self, opened: Plan, cast: Cast, log: Log) -> None:
        it = log("Idea", origin="planned", status=Status.PROPOSED)
        initiatives.turn(by=cast.member, pk=it.pk, version=1, verb=Verb.COMMIT, on=TODAY)
        assert shifts() == {"Idea": "opportunistic"}

    def test_declaring_what_counts_already_leaves_no_difference(
        self, opened: Plan, cast: Cast, log: Log
    ) -> None:
        it = log("New", origin="planned")
        initiatives.edit(by=cast.member, pk=it.pk, version=1, changes={"origin": "opportunistic"})
        assert shifts() == {}

    def test_deleting_and_restoring(self, opened: Plan, cast: Cast, log: Log) -> None:
        it = log("New", origin="planned")
        initiatives.delete(by=cast.member, pk=it.pk, version=1)
        assert shifts() == {}
        initiatives.restore(by=cast.member, pk=it.pk)
        assert shifts() == {"New": "opportunistic"}

    def test_many_at_once(self, opened: Plan, cast: Cast, log: Log) -> None:
        log("New", origin="planned")
        log("Newer", origin="planned")
        rows = Initiative.objects.filter(title__startswith="New")
        bulk.edit_many(by=cast.lead, rows=rows, changes={"origin": "opportunistic"})
        assert shifts() == {}
        bulk.edit_many(by=cast.lead, rows=rows, changes={"origin": "unclassified"})
        assert shifts() == {"New": "opportunistic", "Newer": "opportunistic"}

    def test_many_verbs_at_once(self, opened: Plan, cast: Cast, log: Log) -> None:
        log("Idea", origin="planned", status=Status.PROPOSED)
        bulk.turn_many(by=cast.lead, rows=Initiative.objects.all(), verb=Verb.COMMIT, on=TODAY)
        assert shifts() == {"Idea": "opportunistic"}

    def test_a_move_to_a_team_without_a_lock_leaves_the_declared_one(
        self, opened: Plan, cast: Cast, log: Log
    ) -> None:
        it = log("New", origin="planned")
        initiatives.move(by=cast.superuser, pk=it.pk, version=1, team=cast.checkout)
        assert shifts() == {}

    def test_an_earlier_day_of_work_reaches_into_an_earlier_cycle(
        self, opened: Plan, cast: Cast, log: Log
    ) -> None:
        """Work logged before the cycle has the origin of the cycle it was done in."""
        other = Cycle.objects.create(
            name="2026 H1", slug="h1", starts_on=date(2026, 1, 1), ends_before=START
        )
        earlier = Plan.objects.create(team=cast.platform, cycle=other)
        rank(earlier, Initiative.objects.get(title="Listed"))
        lock(earlier, cast, on=date(2025, 12, 20))
        it = log("New", origin="planned")
        assert OriginShift.objects.filter(initiative=it).count() == 1
        initiatives.turn(by=cast.member, pk=it.pk, version=1, verb=Verb.START, on=TODAY)
        segments.add(
            by=cast.member,
            initiative_pk=it.pk,
            starts_on=date(2026, 5, 4),
            ends_before=date(2026, 5, 9),
            fte_milli=1000,
        )
        assert OriginShift.objects.filter(initiative=it).count() == 2

    def test_another_first_day_of_the_cycle_can_close_it(
        self, opened: Plan, cast: Cast, log: Log
    ) -> None:
        """Where the lock no longer comes in time, the first one serves, and here there is none."""
        log("New", origin="planned")
        Cycle.objects.update(starts_on=START - timedelta(days=30))
        origins.refresh_cycle(cycle_id=opened.cycle_id)
        assert shifts() == {}

    def test_a_title_costs_nothing_more(
        self, opened: Plan, cast: Cast, log: Log, django_assert_num_queries: Any
    ) -> None:
        it = log("New", origin="planned")
        with django_assert_num_queries(7):  # savepoints, row, update, history, labels, stamp
            initiatives.edit(by=cast.member, pk=it.pk, version=1, changes={"title": "Newer"})


class TestBirth:
    """The first origin that counted, for good."""

    def birth(self, it: Initiative) -> str:
        """Return it as stored."""
        found: str = Initiative.objects.values_list("birth_origin", flat=True).get(pk=it.pk)
        return found

    def test_the_first_classification_after_the_commitment_settles_it(
        self, cast: Cast, log: Log
    ) -> None:
        it = log()
        assert self.birth(it) == ""
        saved = initiatives.edit(by=cast.member, pk=it.pk, version=1, changes={"origin": "planned"})
        assert saved.birth_origin == self.birth(it) == "planned"

    def test_it_never_changes(self, cast: Cast, log: Log) -> None:
        it = log(origin="planned")
        for version, origin in enumerate(["opportunistic", "unclassified", "opportunistic"], 1):
            changes = {"origin": origin}
            initiatives.edit(by=cast.member, pk=it.pk, version=version, changes=changes)
        assert self.birth(it) == "planned"

    def test_a_proposal_is_not_born_yet(self, cast: Cast, log: Log) -> None:
        it = log(origin="planned", status=Status.PROPOSED)
        assert self.birth(it) == ""
        initiatives.turn(by=cast.member, pk=it.pk, version=1, verb=Verb.COMMIT, on=TODAY)
        assert self.birth(it) == "planned"

    def test_the_plan_knows_better_than_what_was_declared(self, opened: Plan, log: Log) -> None:
        assert self.birth(log("New", origin="planned")) == "opportunistic"

    def test_a_lock_classifies_what_nobody_had(self, plan: Plan, cast: Cast, log: Log) -> None:
        listed, absent = log("Listed", pd=5), log("Absent")
        rank(plan, listed)
        lock(plan, cast)
        assert (self.birth(listed), self.birth(absent)) == ("planned", "opportunistic")

    def test_a_lock_changes_no_birth(self, plan: Plan, cast: Cast, log: Log) -> None:
        born = log("Born", origin="planned")
        rank(plan, log("Listed", pd=5))
        lock(plan, cast)
        assert shifts()["Born"] == "opportunistic"
        assert self.birth(born) == "planned"
