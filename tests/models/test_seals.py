"""The database refuses to change or delete what was locked, whoever asks."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import Model, QuerySet

from tests.cast import TODAY, Cast
from tracker.models import Baseline, BaselineItem, Cycle, Initiative, PeriodClose, Plan
from tracker.models.seals import SEALED, missing_seals, unseal


@pytest.fixture
def locked(cast: Cast, log: Callable[..., Initiative]) -> None:
    """Lock a plan with one item and close a month."""
    cycle = Cycle.objects.create(
        name="2026 H2", slug="2026-h2", starts_on=date(2026, 7, 1), ends_before=date(2027, 1, 1)
    )
    plan = Plan.objects.create(team=cast.platform, cycle=cycle)
    baseline = Baseline.objects.create(
        plan=plan,
        number=0,
        kind="op1",
        effective_on=TODAY,
        locked_on=TODAY,
        locked_by=cast.lead,
        locked_by_name="Lead",
        fingerprint="0" * 64,
    )
    item = log(pd=5)
    BaselineItem.objects.create(
        baseline=baseline, initiative=item, rank=1, effort_mpd=5000, key=item.key, title="x"
    )
    PeriodClose.objects.create(
        team=cast.platform,
        kind="month",
        slug="2026-08",
        label="Aug 2026",
        starts_on=date(2026, 8, 1),
        ends_before=date(2026, 9, 1),
        closed_on=date(2026, 9, 7),
        definition="0" * 64,
        calendar="0" * 64,
        inputs="0" * 64,
    )


CHANGES = {
    "tracker_baseline": "capacity_mpd = 1",
    "tracker_baselineitem": "effort_mpd = 1",
    "tracker_periodclose": "opportunistic = 1",
}


_FIELD: dict[type[Model], str] = {Baseline: "capacity_mpd", BaselineItem: "effort_mpd"}


def _rows(row: Model) -> QuerySet[Any]:
    found: QuerySet[Any] = type(row)._default_manager.filter(pk=row.pk)
    return found


# What the models offer to write with. Items protect their baseline from delete() already, so a
# queryset's own DELETE is tried too: it asks nobody but the database.
WRITES: dict[str, Callable[[Model], object]] = {
    "save": lambda row: row.save(),
    "save of some fields": lambda row: row.save(update_fields=[_FIELD[type(row)]]),
    "update": lambda row: _rows(row).update(**{_FIELD[type(row)]: 7}),
    "bulk update": lambda row: _rows(row).bulk_update([row], [_FIELD[type(row)]]),
    "delete": lambda row: row.delete(),
    "delete of a queryset": lambda row: _rows(row)._raw_delete(using="default"),
}


class TestSeals:
    """Raw SQL, as a person with the database's password would write it."""

    @pytest.mark.parametrize("table", SEALED)
    def test_an_update_is_refused(self, locked: None, table: str) -> None:
        """No column of a locked row changes."""
        with (
            pytest.raises(DatabaseError, match="locked for good"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE {table} SET {CHANGES[table]}")

    @pytest.mark.parametrize("table", SEALED)
    def test_a_deletion_is_refused(self, locked: None, table: str) -> None:
        """No locked row goes."""
        with (
            pytest.raises(DatabaseError, match="locked for good"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM {table}")

    @pytest.mark.parametrize("model", [Baseline, BaselineItem])
    @pytest.mark.parametrize("write", WRITES)
    def test_the_program_itself_is_refused(
        self, locked: None, model: type[Baseline | BaselineItem], write: str
    ) -> None:
        """No way of writing through the models changes or deletes what was locked."""
        before = list(model.objects.values())
        with pytest.raises(DatabaseError), transaction.atomic():
            WRITES[write](model.objects.get())
        assert list(model.objects.values()) == before

    def test_it_is_the_seals_that_refuse(self, locked: None) -> None:
        """Without them the same statement would pass, so that the tests above can fail."""
        unseal(connection)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE tracker_periodclose SET opportunistic = 1")
        assert PeriodClose.objects.get().opportunistic == 1
        assert len(missing_seals(connection)) == 6

    def test_all_are_on_after_the_migrations(self, db: None) -> None:
        """Each table has one against changes and one against deletions."""
        assert missing_seals(connection) == []


@pytest.mark.django_db(transaction=True)
class TestFlush:
    """Emptying the whole database stays possible, for tests and for a new start."""

    def test_flush_empties_sealed_tables_and_leaves_the_seals_on(self, locked: None) -> None:
        """Both databases behave alike."""
        call_command("flush", interactive=False, verbosity=0)
        assert not Baseline.objects.exists()
        assert missing_seals(connection) == []
