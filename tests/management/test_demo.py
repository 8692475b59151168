"""The demo: the same for the same seed, relative to today, and within the model's rules."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Q

from tracker.domain.calendar import PeriodKind, last_periods
from tracker.domain.capacity import capacity_by_period, segment_deltas
from tracker.domain.mix import Mix, Origin, sum_mixes
from tracker.models import Initiative, Membership, Organisation, Role, Team, User, WorkSegment

TODAY = date(2026, 11, 24)
ROWS = ("title", "origin", "status", "estimate_mpd", "committed_on", "due_on", "owner__email")


def run_demo(*options: str) -> str:
    out = StringIO()
    call_command("demo", "--today", TODAY.isoformat(), *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def wipe() -> None:
    WorkSegment.objects.all().delete()
    Initiative.every.all().delete()
    for model in (Membership, Team):
        for row in model.objects.order_by("-pk"):
            row.delete()
    User.objects.all().delete()
    Organisation.objects.all().delete()
    Organisation.forget()


def quarters_of(slug: str, n: int) -> list[Mix]:
    team = Team.objects.get(slug=slug)
    deltas = [
        delta
        for segment in WorkSegment.objects.filter(initiative__team=team).select_related(
            "initiative"
        )
        for delta in segment_deltas(segment.fact, Origin(segment.initiative.origin))
    ]
    organisation = Organisation.objects.get()
    periods = last_periods(n, PeriodKind.QUARTER, TODAY, organisation.fiscal)
    return list(capacity_by_period(deltas, periods, TODAY + timedelta(days=1), team.calendar))


def share_of(mixes: list[Mix]) -> Fraction:
    share = sum_mixes(mixes).share
    assert share is not None
    return share


@pytest.mark.django_db
class TestDemo:
    def test_it_has_six_teams_about_1200_initiatives_and_a_person_in_each_role(self) -> None:
        run_demo()
        assert Team.objects.filter(parent__isnull=False).count() == 6
        assert 1100 <= Initiative.objects.count() <= 1300
        assert set(Membership.objects.values_list("role", flat=True)) == set(Role.values)
        assert User.objects.filter(is_superuser=True).count() == 1

    def test_every_printed_sign_in_works(self) -> None:
        lines = [line.split() for line in run_demo().splitlines() if "@" in line]
        assert len(lines) == 4
        for email, password, *_ in lines:
            assert User.objects.get(email=email).check_password(password)

    def test_the_same_seed_makes_the_same_rows_and_another_seed_others(self) -> None:
        run_demo("--initiatives", "120")
        first = list(Initiative.objects.order_by("team__slug", "number").values_list(*ROWS))
        wipe()
        run_demo("--initiatives", "120")
        again = list(Initiative.objects.order_by("team__slug", "number").values_list(*ROWS))
        wipe()
        run_demo("--initiatives", "120", "--seed", "7")
        other = list(Initiative.objects.order_by("team__slug", "number").values_list(*ROWS))
        assert first == again
        assert first != other

    def test_the_stories_show_in_the_shares(self) -> None:
        run_demo()
        assert share_of(quarters_of("data", 8)) < Fraction(15, 100)  # rigid
        assert share_of(quarters_of("field-ops", 2)) > Fraction(50, 100)  # derailed
        platform = quarters_of("platform", 10)
        assert share_of(platform[:4]) > share_of(platform[-2:]) + Fraction(15, 100)  # recovering
        assert Fraction(20, 100) < share_of(quarters_of("mobile", 8)) < Fraction(35, 100)
        assert share_of(quarters_of("checkout", 2)) > Fraction(30, 100)  # one large customer
        assert quarters_of("growth", 8)[0].classified == 0  # new

    def test_nothing_lies_in_the_future_and_states_fit_their_segments(self) -> None:
        run_demo()
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
        run_demo()
        titles = Counter(Initiative.objects.values_list("team", "title"))
        assert max(titles.values()) == 1

    def test_every_row_has_left_its_history(self) -> None:
        run_demo("--initiatives", "120")
        assert Initiative.history.count() == Initiative.objects.count()
        assert WorkSegment.history.count() == WorkSegment.objects.count()

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
