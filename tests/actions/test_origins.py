"""The origin that counts follows every write; births are settled once."""

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.cast import TODAY, Cast, make_cast
from tests.plans import START, lock, rank
from tracker.actions import baselines, bulk, initiatives, origins, segments
from tracker.domain.baseline import BaselineKind
from tracker.domain.lifecycle import Status, Verb, allowed_verbs
from tracker.domain.mix import Origin
from tracker.models import (
    Cycle,
    Initiative,
    OriginOverride,
    OriginShift,
    Plan,
    PlanItem,
    Team,
)
from tracker.queries import verification

Log = Callable[..., Initiative]


def shifts() -> dict[str, str]:
    """Return the stored shifts by title."""
    return {row.initiative.title: row.origin for row in OriginShift.objects.all()}


@pytest.fixture
def opened(plan: Plan, cast: Cast, log: Log) -> Plan:
    """Give Platform's plan, locked with one item named Listed."""
    rank(plan, log("Listed", pd=5, origin="planned"))
    lock(plan, cast)
    return plan


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


FIRST = date(2025, 11, 3)
HALVES = [date(2026, 1, 1), date(2026, 7, 1), date(2027, 1, 1)]


class Trial:
    """Random writes of every kind, in a row."""

    def __init__(self, draw: random.Random) -> None:
        self.draw, self.cast, self.made = draw, make_cast(), 0
        self.teams: Sequence[Team] = [self.cast.platform, self.cast.checkout]
        self.plans = []
        for start, end in pairwise(HALVES):
            cycle = Cycle.objects.create(
                name=f"{start}", slug=f"{start}", starts_on=start, ends_before=end
            )
            self.plans += [Plan.objects.create(team=team, cycle=cycle) for team in self.teams]

    def step(self) -> None:
        """Write something; what the product refuses is left out."""
        steps = [
            self.log,
            self.log,
            self.lock,
            self.turn,
            self.turn,
            self.edit,
            self.work,
            self.override,
            self.move,
            self.delete,
            self.many,
            self.cycle,
        ]
        with suppress(ValidationError):
            self.draw.choice(steps)()

    def day(self) -> date:
        """Draw a day around the two cycles."""
        return FIRST + timedelta(days=self.draw.randrange(480))

    def any(self, *, deleted: bool = False) -> Initiative | None:
        """Draw an initiative."""
        rows = Initiative.every.filter(deleted_at__isnull=not deleted)
        found = list(rows.order_by("pk"))
        return self.draw.choice(found) if found else None

    def log(self) -> None:
        self.made += 1
        status = self.draw.choice([Status.PROPOSED, Status.COMMITTED, Status.ACTIVE])
        parent = self.draw.choice([None, self.any()])
        more: dict[str, Any] = {"parent": parent} if parent else {}
        initiatives.log(
            by=self.cast.superuser,
            team=self.draw.choice(self.teams),
            today=self.day(),
            title=f"No {self.made}",
            origin=self.draw.choice(list(Origin)).value,
            status=status,
            target_start=self.draw.choice([None, self.day()]),
            estimate_mpd=self.draw.choice([None, 5000]),
            **more,
        )

    def lock(self) -> None:
        plan = self.draw.choice(self.plans)
        for it in Initiative.objects.filter(team=plan.team):
            if self.draw.random() < 0.4:
                PlanItem.objects.update_or_create(
                    plan=plan,
                    initiative=it,
                    defaults={
                        "position": it.pk * 1024,
                        "held_below": self.draw.random() < 0.2,
                    },
                )
        kinds = baselines.kinds_open(list(plan.baselines.values_list("kind", flat=True)))
        day = plan.cycle.starts_on + timedelta(days=self.draw.randrange(-40, 60))
        baselines.lock(
            by=self.cast.superuser,
            plan_pk=plan.pk,
            kind=BaselineKind(self.draw.choice(kinds)),
            effective_on=day,
            today=day + timedelta(days=self.draw.choice([0, 0, 30])),
            reason="Because.",
        )

    def turn(self) -> None:
        it = self.any()
        if it is None:
            return
        verb = self.draw.choice(list(allowed_verbs(Status(it.status))))
        initiatives.turn(
            by=self.cast.superuser, pk=it.pk, version=it.version, verb=verb, on=self.day()
        )

    def edit(self) -> None:
        it = self.any()
        if it is None:
            return
        changes: dict[str, Any] = self.draw.choice(
            [
                {"origin": self.draw.choice(list(Origin)).value},
                {"target_start": self.day()},
                {"title": "Other words"},
            ]
        )
        if it.committed_on and self.draw.random() < 0.3:
            changes = {"committed_on": self.day()}
        initiatives.edit(by=self.cast.superuser, pk=it.pk, version=it.version, changes=changes)

    def work(self) -> None:
        it, day = self.any(), self.day()
        if it is None:
            return
        own = list(it.segments.all())
        if own and self.draw.random() < 0.4:
            gone = self.draw.choice(own)
            segments.remove(by=self.cast.superuser, segment=gone, seen=segments.seen_of(gone))
            return
        segments.add(
            by=self.cast.superuser,
            initiative_pk=it.pk,
            starts_on=day,
            ends_before=day + timedelta(days=self.draw.randrange(1, 40)),
            fte_milli=1000,
        )

    def override(self) -> None:
        it, plan = self.any(), self.draw.choice(self.plans)
        if it is None:
            return
        key: dict[str, Any] = {"initiative": it, "cycle": plan.cycle}
        if self.draw.random() < 0.3:
            OriginOverride.objects.filter(**key).delete()
        else:
            origin = self.draw.choice(["planned", "opportunistic"])
            given = {"origin": origin, "code": "other", "text": "Why"}
            OriginOverride.objects.update_or_create(**key, defaults=given)
        origins.refresh(team_id=it.team_id, initiative_ids=[it.pk])

    def move(self) -> None:
        it = self.any()
        if it is not None:
            initiatives.move(
                by=self.cast.superuser,
                pk=it.pk,
                version=it.version,
                team=self.draw.choice(self.teams),
            )

    def delete(self) -> None:
        it = self.any(deleted=self.draw.random() < 0.5)
        if it is None:
            return
        if it.is_deleted:
            initiatives.restore(by=self.cast.superuser, pk=it.pk)
        else:
            initiatives.delete(by=self.cast.superuser, pk=it.pk, version=it.version)

    def many(self) -> None:
        rows = Initiative.objects.filter(pk__in=[self.draw.randrange(self.made + 2)])
        changes = {"origin": self.draw.choice(list(Origin)).value}
        bulk.edit_many(by=self.cast.superuser, rows=rows, changes=changes)

    def cycle(self) -> None:
        cycle = self.draw.choice([plan.cycle for plan in self.plans])
        Cycle.objects.filter(pk=cycle.pk).update(grace_days=self.draw.choice([0, 30]))
        origins.refresh_cycle(cycle_id=cycle.pk)


class TestByChance(TestCase):
    """Whatever is written, what is stored is what the baselines give from scratch."""

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 10**9))
    def test_stored_shifts_are_those_worked_out_anew(self, seed: int) -> None:
        trial = Trial(random.Random(seed))
        births: dict[int, str] = {}
        for _ in range(30):
            trial.step()
            now = dict(Initiative.every.exclude(birth_origin="").values_list("pk", "birth_origin"))
            assert births.items() <= now.items()
            births = now
        assert list(verification.origins()) == []
