"""Closing periods: what is stored, when, by whom, and that nothing closes twice."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from tests.cast import TODAY, Cast
from tests.plans import lock, make_plan, rank
from tests.views.golden import run_months, write_example
from tracker.actions import periods
from tracker.domain.calendar import FiscalCalendar, period_from_slug
from tracker.domain.mix import Measure, Mix, Weight
from tracker.domain.reporting import Rules
from tracker.domain.workdays import WorkCalendar
from tracker.models import Initiative, PeriodClose, TeamCounter

APRIL_8 = date(2026, 4, 8)


def close(cast: Cast, slug: str = "2026-q1", on: date = APRIL_8, **more: Any) -> PeriodClose:
    """Close a period of Platform as its lead and return it."""
    period = period_from_slug(slug, FiscalCalendar())
    return periods.close(by=cast.lead, team=cast.platform, period=period, closed_on=on, **more)[-1]


class TestClose:
    """What a close by hand stores and what it refuses."""

    def test_golden_first_quarter_is_stored_as_reported(self, cast: Cast) -> None:
        """79 of 279 pd, every measure and weight, and the facts they were made from."""
        write_example(cast.platform)
        row = close(cast)
        assert (row.opportunistic, row.planned, row.unclassified) == (79_000, 200_000, 0)
        capacity, intake = row.mix(), row.mix(Measure.INTAKE_GROSS)
        assert capacity.mixes[Weight.EFFORT].share == Fraction(79, 279)
        assert capacity.n_eff == pytest.approx(3.75, abs=0.01)
        assert row.figures["capacity"]["interval"]["effort"] == pytest.approx(
            [0.088, 0.609], abs=0.001
        )
        assert intake.mixes[Weight.COUNT] == Mix(3, 3)
        assert intake.mixes[Weight.VALUE] == Mix(310, 570)
        assert row.mix(Measure.DELIVERED).mixes[Weight.EFFORT] == Mix(40_000, 90_000)
        assert row.zone == "on-target"
        assert row.finding == (
            "On target: 28.3\u202f% of 279 pd went to opportunistic work in 2026 Q1, "
            "band 20–35\u202f%."
        )
        assert row.closed_by_name == "Lead"

    def test_its_rules_are_stored_with_it(self, cast: Cast) -> None:
        """Band, working days and the holidays of the period, and the same again from the row."""
        write_example(cast.platform)
        row = close(cast)
        assert row.rules["band"] == [200, 350, 500]
        assert row.rules["holidays"] == ["2026-01-01"]
        rules = Rules.from_plain(row.rules)
        assert rules.calendar == WorkCalendar(holidays=frozenset({date(2026, 1, 1)}))
        assert (rules.definition, rules.calendar_version) == (row.definition, row.calendar)

    def test_the_opportunities_stand_as_they_stood(self, cast: Cast) -> None:
        """With what was worked on them in the period, need, trigger and reason."""
        example = write_example(cast.platform)
        row = close(cast)
        Initiative.objects.filter(pk=example["D"].pk).update(title="Renamed")
        told = [
            (one["title"], one["worked"], one["trigger"]) for one in row.report["opportunities"]
        ]
        assert told == [
            ("Example D", 40_000, "incident"),
            ("Example F", 24_000, "incident"),
            ("Example E", 15_000, "market"),
        ]

    def test_a_running_period_stays_open(self, cast: Cast) -> None:
        """It is not over on its last day; on the day after it may be closed by hand."""
        write_example(cast.platform)
        with pytest.raises(ValidationError, match="not over"):
            close(cast, on=date(2026, 3, 31))
        assert close(cast, on=date(2026, 4, 1)).slug == "2026-q1"

    @pytest.mark.parametrize(("slug", "words"), [("2025-q3", "no work"), ("2026-w06", "Weeks")])
    def test_what_has_no_work_and_what_is_no_report_is_refused(
        self, cast: Cast, slug: str, words: str
    ) -> None:
        """There would be nothing to report."""
        write_example(cast.platform)
        with pytest.raises(ValidationError, match=words):
            close(cast, slug)

    def test_the_months_before_close_with_it(self, cast: Cast) -> None:
        """The zone of a month follows from those before it, so that none may be missing."""
        write_example(cast.platform)
        done = periods.close(
            by=cast.lead,
            team=cast.platform,
            period=period_from_slug("2026-03", FiscalCalendar()),
            closed_on=APRIL_8,
        )
        assert [row.slug for row in done] == ["2025-12", "2026-01", "2026-02", "2026-03"]

    def test_closing_again_changes_nothing(self, cast: Cast) -> None:
        """The first report stands."""
        write_example(cast.platform)
        first = close(cast)
        again = periods.close(
            by=cast.lead, team=cast.platform, period=first.period, closed_on=TODAY
        )
        assert again == []
        assert PeriodClose.objects.filter(kind="quarter", slug="2026-q1").count() == 1

    def test_zones_are_held_by_hysteresis_over_the_reports(self, cast: Cast) -> None:
        """36 % after an on-target month is stretched by itself and held; a second one is not."""
        run_months(
            cast.platform, [(300, 700), (360, 640), (361, 639), (340, 660)], date(2026, 4, 30)
        )
        close(cast, "2026-04", date(2026, 5, 1))
        zones = PeriodClose.objects.filter(kind="month").order_by("starts_on")
        assert list(zones.values_list("zone", flat=True)) == [
            "on-target",
            "on-target",
            "stretched",
            "stretched",
        ]

    def test_the_band_of_the_plan_counts_where_it_has_one(self, cast: Cast) -> None:
        """A plan may hold its team to another band than the usual one."""
        plan = make_plan(cast)
        plan.band_lower, plan.band_upper, plan.band_derail = 100, 200, 300
        plan.save()
        run_months(cast.platform, [(300, 700), (300, 700)], date(2026, 7, 31))
        row = close(cast, "2026-07", date(2026, 8, 1))
        assert row.rules["band"] == [100, 200, 300]
        assert row.zone == "stretched"
        assert PeriodClose.objects.get(slug="2026-06").rules["band"] == [200, 350, 500]

    def test_origins_count_that_follow_from_the_baseline(
        self, cast: Cast, log: Callable[..., Initiative]
    ) -> None:
        """What no lock had is opportunistic in its cycle, whatever was declared."""
        plan = make_plan(cast)
        run_months(cast.platform, [(0, 1000)], date(2026, 7, 31))
        rank(plan, log("Listed", pd=5, origin="planned"))
        lock(plan, cast)
        row = close(cast, "2026-07", date(2026, 8, 1))
        assert (row.opportunistic, row.planned) == (23_000, 0)
        assert row.rules["cycles"][0][1:] == ["2026-07-01", "2027-01-01", 0]

    def test_say_do_tells_what_was_due_and_missed(
        self, cast: Cast, log: Callable[..., Initiative]
    ) -> None:
        """Of two promises for July one was kept."""
        plan = make_plan(cast)
        kept = log("Kept", pd=10, origin="planned", due_on=date(2026, 7, 10))
        missed = log("Missed", pd=20, origin="planned", due_on=date(2026, 7, 20))
        rank(plan, kept, missed)
        lock(plan, cast)
        kept.committed_on, kept.status, kept.delivered_on = (
            date(2026, 6, 1),
            "delivered",
            date(2026, 7, 9),
        )
        kept.save()
        said = close(cast, "2026-07", TODAY).report["say_do"]
        assert (said["done"], said["due"], said["done_mpd"], said["due_mpd"]) == (
            1,
            2,
            10_000,
            30_000,
        )
        assert [row["title"] for row in said["missed"]] == ["Missed"]

    def test_caches_are_told(self, cast: Cast) -> None:
        """A close moves the band and the marks of a chart, so it moves the stamp."""
        write_example(cast.platform)
        before = TeamCounter.objects.get(team=cast.platform).stamp
        close(cast)
        assert TeamCounter.objects.get(team=cast.platform).stamp > before

    def test_the_database_refuses_to_change_a_report(self, cast: Cast) -> None:
        """By raw SQL as well."""
        write_example(cast.platform)
        row = close(cast)
        for statement in (
            "UPDATE tracker_periodclose SET planned = 1 WHERE id = %s",
            "DELETE FROM tracker_periodclose WHERE id = %s",
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                connection.cursor().execute(statement, [row.pk])
        assert PeriodClose.objects.get(pk=row.pk).planned == 200_000


class TestCloseDue:
    """What closes by itself."""

    def test_five_working_days_after_the_end(self, cast: Cast) -> None:
        """The first quarter of 2026 closes on 8 April, with its months; the team began before."""
        write_example(cast.platform)
        assert "2026-q1" not in {row.slug for row in periods.close_due(date(2026, 4, 7))}
        done = periods.close_due(APRIL_8)
        assert [row.slug for row in done] == ["2026-03", "2026-q1"]
        assert all(row.closed_by is None and row.closed_on == APRIL_8 for row in done)
        earlier = PeriodClose.objects.exclude(pk__in=[row.pk for row in done])
        assert {row.slug for row in earlier} == {"2025-12", "2026-01", "2026-02"}

    def test_again_it_closes_nothing(self, cast: Cast) -> None:
        """A worker may run it as often as it likes."""
        write_example(cast.platform)
        assert periods.close_due(TODAY)
        assert periods.close_due(TODAY) == []

    def test_all_kinds_oldest_first(self, cast: Cast) -> None:
        """Months, quarters, halves and years of all teams."""
        write_example(cast.platform)
        run_months(cast.checkout, [(1000, 1000)] * 3, date(2026, 3, 31))
        done = periods.close_due(date(2027, 1, 20))
        own = [row for row in done if row.team_id == cast.platform.pk]
        assert [row.kind for row in own].count("month") == 13
        assert [row.slug for row in own if row.kind == "half"] == ["2026-h1", "2026-h2"]
        assert own[-1].slug == "2026"
        assert [row.ends_before for row in own] == sorted(row.ends_before for row in own)
        assert any(row.team_id == cast.checkout.pk for row in done)

    def test_a_history_told_afterwards_closes_each_on_its_day(self, cast: Cast) -> None:
        """As of that day: what was recorded later is not in it."""
        example = write_example(cast.platform)
        known = datetime(2026, 1, 1, tzinfo=UTC)
        Initiative.history.update(history_date=known)
        example["A"].segments.model.history.update(history_date=known)
        late = example["E"].segments.get().history.get()
        late.history_date = datetime(2026, 4, 9, tzinfo=UTC)
        late.save()
        periods.close_due(TODAY, each_on_its_day=True)
        row = PeriodClose.objects.get(slug="2026-q1")
        assert row.closed_on == APRIL_8
        assert row.closed_at == datetime(2026, 4, 8, 6, tzinfo=UTC)
        assert (row.opportunistic, row.planned) == (64_000, 200_000)

    def test_teams_without_work_have_nothing_to_close(self, cast: Cast) -> None:
        """An empty installation stays empty."""
        assert periods.close_due(TODAY) == []
