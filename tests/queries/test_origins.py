"""What plans and people say about origins, read for an initiative and for a plan."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.cast import TODAY, Cast
from tests.plans import START, lock, rank
from tracker.actions import overrides, segments
from tracker.domain.lifecycle import Status
from tracker.domain.mix import Origin
from tracker.domain.origins import Basis, Derived, OverrideReason
from tracker.domain.shares import Mix
from tracker.models import Cycle, Initiative, OriginShift, Plan, PlanItem
from tracker.queries.origins import PlanOrigins, Row, origins_of, plan_origins

Log = Callable[..., Initiative]


def titles(rows: list[Row]) -> list[str]:
    """Return the titles of rows."""
    return sorted(row.facts["title"] for row in rows)


def read(plan: Plan) -> PlanOrigins:
    """Read a plan's origins as of today."""
    return plan_origins(plan.team, plan.cycle, TODAY)


@pytest.fixture
def full(plan: Plan, cast: Cast, log: Log) -> Plan:
    """Give a plan with one of each: listed, late, declared by nobody, carried, ratified."""
    rank(plan, log("Listed", pd=5, origin="planned"))
    lock(plan, cast)
    log("Late", origin="planned")
    log("Nobody's")
    log("Agreed", origin="opportunistic")
    log("Carried", origin="planned", committed_on=date(2026, 5, 4))
    adopted = log("Adopted", pd=2, origin="opportunistic")
    PlanItem.objects.create(plan=plan, initiative=adopted, position=4096)
    lock(plan, cast, "amendment", on=TODAY - timedelta(days=3), reason="Adopted.")
    return plan


def override(cast: Cast, it: Initiative, origin: Origin) -> None:
    """Give the member's word."""
    overrides.override(
        by=cast.member,
        initiative_pk=it.pk,
        cycle=Cycle.objects.get(),
        origin=origin,
        code=OverrideReason.OTHER,
        text="Because.",
    )


class TestPlanOrigins:
    """The list of a team and cycle."""

    def test_each_stands_where_it_belongs(self, full: Plan) -> None:
        """Disagreements are what was declared otherwise and nobody has settled."""
        found = read(full)
        assert len(found.rows) == 6
        assert titles(found.disagreements) == ["Carried", "Late"]
        assert titles(found.unclassified) == ["Nobody's"]
        assert titles(found.carried) == ["Carried"]
        assert titles(found.ratified) == ["Adopted"]
        assert found.overridden == []
        assert found.lock is not None

    def test_an_override_settles_a_disagreement(self, full: Plan, cast: Cast) -> None:
        """The rate counts those that change something."""
        override(cast, Initiative.objects.get(title="Late"), Origin.PLANNED)
        found = read(full)
        assert titles(found.disagreements) == ["Carried"]
        assert titles(found.overridden) == ["Late"]
        assert (found.report.overridden, found.report.suggested) == (1, 6)

    def test_the_share_is_told_with_and_without_overrides(
        self, full: Plan, cast: Cast, log: Log
    ) -> None:
        """By the person-days of the cycle to date: 5 listed, 10 late."""
        for title, days in {"Listed": 5, "Late": 10}.items():
            it = Initiative.objects.get(title=title)
            Initiative.objects.filter(pk=it.pk).update(status=Status.PAUSED)
            segments.add(
                by=cast.member,
                initiative_pk=it.pk,
                starts_on=date(2026, 8, 3),
                ends_before=date(2026, 8, 3) + timedelta(days=7 * days // 5),
                fte_milli=1000,
            )
        override(cast, Initiative.objects.get(title="Late"), Origin.PLANNED)
        report = read(full).report
        assert report.mix == Mix(planned=15_000)
        assert report.mix_without == Mix(opportunistic=10_000, planned=5_000)

    def test_no_lock_is_told(self, plan: Plan, log: Log) -> None:
        """All suggestions are unknown then."""
        log("Any", origin="planned")
        found = read(plan)
        assert found.lock is None
        assert (found.report.unknown, found.report.suggested) == (1, 0)
        assert found.report.rate is None

    def test_it_agrees_with_what_is_stored(self, full: Plan, cast: Cast) -> None:
        """The list and the figures go by the same origins."""
        override(cast, Initiative.objects.get(title="Late"), Origin.PLANNED)
        listed = {row.pk: row.told.tag.effective for row in read(full).rows if row.told.differs}
        stored = dict(OriginShift.objects.values_list("initiative_id", "origin"))
        assert listed == stored

    def test_queries_do_not_grow(
        self, full: Plan, log: Log, django_assert_max_num_queries: Any
    ) -> None:
        """However many there are."""
        for n in range(5):
            log(f"More {n}", origin="planned")
        with django_assert_max_num_queries(10):
            read(full)

    def test_what_lives_on_is_settled_in_the_latest_cycle(
        self, full: Plan, cast: Cast, log: Log
    ) -> None:
        """What is declared can't follow two plans at once."""
        earlier = Cycle.objects.create(
            name="H1", slug="h1", starts_on=date(2026, 1, 1), ends_before=START
        )
        before = Plan.objects.create(team=cast.platform, cycle=earlier)
        rank(before, Initiative.objects.get(title="Listed"))
        lock(before, cast, on=earlier.starts_on)
        log("Gone", origin="planned", committed_on=date(2026, 3, 2))
        Initiative.objects.filter(title="Gone").update(
            status="delivered", delivered_on=date(2026, 4, 2)
        )
        assert titles(read(before).disagreements) == ["Gone"]
        assert "Carried" in titles(read(full).disagreements)
        told = origins_of(Initiative.objects.get(title="Carried"), TODAY)
        assert [one.disagrees for one in told] == [True, False]


class TestOriginsOf:
    """One initiative, cycle by cycle."""

    def test_a_proposal_has_none(self, full: Plan, log: Log) -> None:
        """It has nothing to do with any cycle yet."""
        assert origins_of(log("Idea", status=Status.PROPOSED), TODAY) == []

    def test_the_evidence_names_the_lock(self, full: Plan) -> None:
        """Not in OP1, first committed today."""
        (told,) = origins_of(Initiative.objects.get(title="Late"), TODAY)
        assert told.suggestion.origin == Derived.OPPORTUNISTIC
        assert told.suggestion.evidence.basis == Basis.ABSENT
        assert told.suggestion.evidence.committed_on == TODAY
        assert told.differs
        assert told.tag.disagrees

    def test_a_part_names_its_listed_parent(self, full: Plan, log: Log) -> None:
        """By the key it had when the plan was locked."""
        listed = Initiative.objects.get(title="Listed")
        (told,) = origins_of(log("Part", parent=listed), TODAY)
        assert told.suggestion.evidence.basis == Basis.DESCENDED
        assert told.listed == listed.key

    def test_cycles_to_come_are_left_out_until_a_lock_speaks_of_them(
        self, full: Plan, cast: Cast
    ) -> None:
        """The earlier ones and the one that runs are told, the latest first."""
        Cycle.objects.create(name="H1", slug="h1", starts_on=date(2026, 1, 1), ends_before=START)
        Cycle.objects.create(
            name="FY27", slug="fy27", starts_on=date(2027, 1, 1), ends_before=date(2028, 1, 1)
        )
        told = origins_of(Initiative.objects.get(title="Carried"), TODAY)
        assert [one.cycle.name for one in told] == ["2026 H2", "H1"]
        assert [one.suggestion.origin for one in told] == ["opportunistic", "unknown"]
