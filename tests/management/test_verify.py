"""``manage.py verify``: silent where all is well, and loud about each kind of damage."""

from collections.abc import Callable
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.cast import Cast
from tests.plans import lock, rank
from tests.views.golden import write_example
from tracker.actions import periods
from tracker.models import Baseline, BaselineItem, Initiative, OriginShift, PeriodClose, Plan
from tracker.models.seals import unseal


@pytest.fixture
def locked(plan: Plan, cast: Cast, log: Callable[..., Initiative]) -> Plan:
    """Give a plan with OP1, and an initiative that it does not have."""
    rank(plan, log("Listed", pd=5, origin="planned"))
    log("Absent", pd=5, origin="planned")
    lock(plan, cast)
    return plan


def verify() -> tuple[str, str]:
    """Run the command and return what it wrote, as (output, errors)."""
    out, err = StringIO(), StringIO()
    try:
        call_command("verify", stdout=out, stderr=err)
    except CommandError as error:
        err.write(str(error))
    return out.getvalue(), err.getvalue()


class TestVerify:
    """What it finds."""

    def test_it_is_silent_where_all_is_well(self, locked: Plan) -> None:
        """Every check says ok, and nothing else is said."""
        out, err = verify()
        assert err == ""
        assert "FAIL" not in out

    def test_it_finds_a_changed_baseline(self, locked: Plan) -> None:
        """An effort changed behind the seals no longer matches the fingerprint."""
        unseal(connection)
        BaselineItem.objects.update(effort_mpd=1)
        out, err = verify()
        assert "OP1 of Platform, 2026 H2 does not match its fingerprint." in err
        assert "seals: The database no longer refuses changes" in err
        assert "FAIL  baselines" in out

    def test_it_finds_a_lock_that_is_gone(self, locked: Plan, cast: Cast) -> None:
        """A gap in the numbers is told."""
        lock(locked, cast, "op2")
        unseal(connection)
        BaselineItem.objects.filter(baseline__number=0).delete()
        Baseline.objects.filter(number=0).delete()
        assert "not numbered from 0 without a gap" in verify()[1]

    def test_it_finds_an_origin_that_was_forgotten(self, locked: Plan) -> None:
        """What the baseline says must be stored where it differs from what was declared."""
        OriginShift.objects.all().delete()
        assert "counts as declared in cycle" in verify()[1]

    def test_it_finds_an_origin_that_nothing_explains(self, locked: Plan) -> None:
        """Nor may more be stored than the baseline says."""
        listed = Initiative.objects.get(title="Listed")
        OriginShift.objects.create(initiative=listed, cycle=locked.cycle, origin="opportunistic")
        assert "by the baselines it is as declared" in verify()[1]

    def test_it_finds_a_change_without_a_record(self, locked: Plan) -> None:
        """A row changed by raw SQL differs from its newest record."""
        with connection.cursor() as cursor:
            cursor.execute("UPDATE tracker_initiative SET title = 'Forged' WHERE number = 1")
        assert "differs from its newest record" in verify()[1]

    def test_it_finds_a_missing_record(self, locked: Plan) -> None:
        """A row without any history is told, too."""
        Initiative.history.all().delete()
        assert verify()[1].count("differs from its newest record") == 2


class TestDemo:
    """The demo, written by bulk, must hold to what single writes hold to."""

    def test_every_stored_figure_of_the_demo_is_sound(self, db: None) -> None:
        """All that is stored follows from the facts."""
        call_command("demo", "--today", "2026-11-24", stdout=StringIO())
        out, err = verify()
        assert err == ""
        assert "FAIL" not in out


class TestPeriods:
    """What it finds in closed periods."""

    def test_it_finds_a_report_that_differs_from_its_facts(self, cast: Cast) -> None:
        """Another sum, or a record that was slipped in ahead of the close."""
        example = write_example(cast.platform)
        periods.close_due(date(2026, 4, 8))
        assert verify()[1] == ""
        unseal(connection)
        row = PeriodClose.objects.get(slug="2026-q1")
        row.figures["capacity"]["effort"][0] += 1000
        row.save()
        assert "2026 Q1 of Platform: capacity is another figure" in verify()[1]
        Initiative.history.filter(id=example["D"].pk).update(origin="planned")
        assert "2026 Q1 of Platform was made from other facts" in verify()[1]
