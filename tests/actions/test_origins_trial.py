"""Whatever is written in whatever order, the stored origins are those the baselines give."""

import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.cast import make_cast
from tracker.actions import baselines, bulk, initiatives, origins, segments
from tracker.domain.baseline import BaselineKind
from tracker.domain.lifecycle import Status, allowed_verbs
from tracker.domain.mix import Origin
from tracker.models import (
    Cycle,
    Initiative,
    OriginOverride,
    Plan,
    PlanItem,
    Team,
)
from tracker.queries import verification

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
