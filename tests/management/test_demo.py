"""The demo: the same for the same seed, relative to today, and within the model's rules."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F, Q, Sum

from tests.brute import worked_mix
from tracker.domain.baseline import chain_hashes, opening_baseline
from tracker.domain.calendar import PeriodKind, last_periods
from tracker.domain.mix import Mix, Origin, sum_mixes
from tracker.models import (
    Baseline,
    BaselineItem,
    Cycle,
    Funding,
    Initiative,
    Membership,
    Organisation,
    OriginOverride,
    OriginShift,
    PeriodClose,
    Plan,
    PlanItem,
    PlanMonth,
    Role,
    Team,
    User,
    WorkSegment,
)

TODAY = date(2026, 11, 24)
SMALL = ("--initiatives", "360")
ROWS = ("title", "origin", "status", "estimate_mpd", "committed_on", "due_on", "owner__email")


def run_demo(*options: str) -> str:
    out = StringIO()
    call_command("demo", "--today", TODAY.isoformat(), *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def rows_of(*options: str) -> list[Any]:
    """Return what a demo wrote, which is then undone: what was locked can't be deleted."""
    with transaction.atomic():
        run_demo(*options)
        rows = [
            *Initiative.objects.order_by("team__slug", "number").values_list(*ROWS),
            *BaselineItem.objects.order_by("pk").values_list("rank", "key", "effort_mpd"),
            *Funding.objects.order_by("pk").values_list("opportunity__title", "source", "mpd"),
        ]
        transaction.set_rollback(True)
    Organisation.forget()
    return rows


def quarters_of(slug: str, n: int) -> list[Mix]:
    team = Team.objects.get(slug=slug)
    work = [
        (segment.fact, Origin(segment.initiative.origin))
        for segment in WorkSegment.objects.filter(initiative__team=team).select_related(
            "initiative"
        )
    ]
    organisation = Organisation.objects.get()
    periods = last_periods(n, PeriodKind.QUARTER, TODAY, organisation.fiscal)
    after, calendar = TODAY + timedelta(days=1), team.calendar
    return [worked_mix(work, period, after, calendar) for period in periods]


def share_of(mixes: list[Mix]) -> Fraction:
    share = sum_mixes(mixes).share
    assert share is not None
    return share


@pytest.mark.django_db
class TestDemo:
    def test_it_has_six_teams_and_a_person_in_each_role(self) -> None:
        run_demo(*SMALL)
        assert Team.objects.filter(parent__isnull=False).count() == 6
        assert set(Membership.objects.values_list("role", flat=True)) == set(Role.values)
        assert User.objects.filter(is_superuser=True).count() == 1

    def test_every_printed_sign_in_works(self) -> None:
        lines = [line.split() for line in run_demo(*SMALL).splitlines() if "@" in line]
        assert len(lines) == 4
        for email, password, *_ in lines:
            assert User.objects.get(email=email).check_password(password)

    def test_the_same_seed_makes_the_same_rows_and_another_seed_others(self) -> None:
        first = rows_of("--initiatives", "120")
        again = rows_of("--initiatives", "120")
        other = rows_of("--initiatives", "120", "--seed", "7")
        assert first == again
        assert first != other

    def test_nothing_lies_in_the_future_and_states_fit_their_segments(self) -> None:
        run_demo(*SMALL)
        assert not WorkSegment.objects.filter(
            Q(starts_on__gt=TODAY) | Q(ends_before__gt=TODAY + timedelta(days=1))
        ).exists()
        active = Initiative.objects.filter(status="active")
        assert active.exists()
        assert not active.exclude(segments__ends_before__isnull=True).exists()
        closed = Initiative.objects.exclude(status="active")
        assert not closed.filter(
            segments__isnull=False, segments__ends_before__isnull=True
        ).exists()
        assert not Initiative.objects.filter(target_start__gt=F("due_on")).exists()

    def test_titles_repeat_only_as_numbered_parts(self) -> None:
        run_demo(*SMALL)
        titles = Counter(Initiative.objects.values_list("team", "title"))
        assert max(titles.values()) == 1

    def test_every_row_has_left_its_history(self) -> None:
        run_demo("--initiatives", "120")
        assert Initiative.history.count() == Initiative.objects.count()
        for model in (WorkSegment, Cycle, Plan, PlanMonth, PlanItem, Funding, OriginOverride):
            assert model.history.count() == model.objects.count()

    def test_it_refuses_an_installation_with_data(self) -> None:
        User.objects.create_user("someone@example.org")
        with pytest.raises(CommandError, match="data already"):
            run_demo()
        assert "@" not in run_demo("--if-empty")  # nobody of the demo lives here
        assert not Team.objects.exists()

    def test_a_second_start_tells_the_sign_ins_again_and_writes_nothing(self) -> None:
        first = run_demo("--initiatives", "120").splitlines()
        rows = Initiative.objects.count()
        again = run_demo("--if-empty").splitlines()
        assert len(again) == 5
        assert first[-5:] == again
        assert Initiative.objects.count() == rows


@pytest.mark.django_db
class TestPlans:
    """The plan of record of the demo: locked when people lock, and true to its own rules."""

    @pytest.fixture(autouse=True)
    def demo(self, db: None) -> None:
        """Write a small one for each test."""
        run_demo(*SMALL)

    def test_every_chain_of_locks_verifies(self) -> None:
        for plan in Plan.objects.all():
            facts = plan.baselines.facts()
            stored = list(plan.baselines.values_list("fingerprint", flat=True))
            assert stored == list(chain_hashes(facts))

    def test_the_running_cycle_is_locked_twice_ahead_of_its_start(self) -> None:
        team = Team.objects.get(slug="platform")
        plan = Plan.objects.get(team=team, cycle__slug="2026-h2")
        locked = [(lock.kind, lock.locked_on) for lock in plan.baselines.all()]
        assert [kind for kind, _ in locked[:2]] == ["op1", "op2"]
        assert locked[1][1] < plan.cycle.starts_on < TODAY
        ahead = Plan.objects.get(team=team, cycle__slug="2027-h1")
        assert [lock.kind for lock in ahead.baselines.all()] == ["op1"]

    def test_the_new_team_recorded_its_first_lock_late(self) -> None:
        plan = Plan.objects.get(team__slug="growth", cycle__slug="2026-h2")
        opening = opening_baseline(plan.baselines.facts(), plan.cycle.span, before=date.max)
        assert opening is not None
        assert opening.locked_late

    def test_nobody_locked_what_was_not_yet_written_down(self) -> None:
        items = BaselineItem.objects.all()
        assert items.exists()
        assert not items.filter(initiative__created_at__gt=F("baseline__locked_at")).exists()
        assert not Baseline.objects.filter(locked_on__gte=TODAY).exists()

    def test_each_period_was_closed_on_the_day_it_was_due(self) -> None:
        platform = Team.objects.get(slug="platform")
        months = PeriodClose.objects.filter(team=platform, kind="month")
        assert months.count() >= 28
        assert not months.exclude(closed_at__date=F("closed_on")).exists()
        september = months.get(slug="2026-09")
        assert september.closed_on == date(2026, 10, 8)
        assert september.opportunistic > 0

    def test_what_is_above_the_line_fits_it(self) -> None:
        for lock in Baseline.objects.all():
            planned = lock.items.filter(above_line=True).aggregate(mpd=Sum("effort_mpd"))["mpd"]
            assert lock.capacity_mpd is not None
            assert (planned or 0) <= lock.capacity_mpd - lock.reserve_mpd

    def test_no_more_is_drawn_from_a_reserve_than_there_is(self) -> None:
        for plan in Plan.objects.all():
            drawn = plan.funding.filter(source="reserve").aggregate(mpd=Sum("mpd"))["mpd"] or 0
            assert drawn <= plan.reserve_mpd

    def test_tag_and_baseline_mostly_agree(self) -> None:
        shifts = OriginShift.objects.filter(cycle__starts_on__lte=TODAY).count()
        assert 3 <= shifts <= 0.1 * Initiative.objects.count()


@pytest.mark.django_db
class TestStories:
    """What becomes of each team, told by its shares and by its ledgers."""

    def test_shares_and_reserves_tell_the_stories(self) -> None:
        run_demo()
        assert 1100 <= Initiative.objects.count() <= 1300
        assert share_of(quarters_of("data", 8)) < Fraction(15, 100)  # rigid
        assert share_of(quarters_of("field-ops", 2)) > Fraction(50, 100)  # derailed
        platform = quarters_of("platform", 10)
        assert share_of(platform[:4]) > share_of(platform[-2:]) + Fraction(15, 100)  # recovering
        assert Fraction(20, 100) < share_of(quarters_of("mobile", 8)) < Fraction(35, 100)
        assert share_of(quarters_of("checkout", 2)) > Fraction(30, 100)  # one large customer
        assert quarters_of("growth", 8)[0].classified == 0  # new
        assert used("data") < 0.3  # rigid
        assert used("field-ops") > 0.97  # derailed
        assert 0.6 < used("mobile") < 1  # on target
        assert displaced("field-ops") > 5 * displaced("mobile")
        assert displaced("checkout") > 5 * displaced("data")
        assert OriginOverride.objects.exists()


def used(slug: str) -> float:
    """Return how much of its reserve a team has drawn in the running cycle."""
    plan = Plan.objects.get(team__slug=slug, cycle__slug="2026-h2")
    rows = plan.funding.filter(source="reserve").aggregate(mpd=Sum("mpd"))
    return float((rows["mpd"] or 0) / plan.reserve_mpd)


def displaced(slug: str) -> int:
    """Return what gave way in a team's plans, in mpd."""
    rows = Funding.objects.filter(plan__team__slug=slug, source="displaced")
    return int(rows.aggregate(mpd=Sum("mpd"))["mpd"] or 0)
