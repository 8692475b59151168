"""What every write of an initiative leaves in its history."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tracker.actions import initiatives
from tracker.models import Initiative

Log = Callable[..., Initiative]
pytestmark = pytest.mark.django_db


def labels_of(record: object) -> list[str]:
    return sorted(kept.label.name for kept in record.labels.all())  # type: ignore[attr-defined]


class TestRecords:
    def test_a_record_holds_the_row_as_it_was_stored_with_its_labels(
        self, cast: Cast, log: Log
    ) -> None:
        it = log("Limits", pd=2)
        initiatives.set_labels(by=cast.member, pk=it.pk, version=1, names=["api", "core"])
        saved = initiatives.edit(by=cast.lead, pk=it.pk, version=2, changes={"title": "Quotas"})
        record = saved.history.first()
        for field in record.tracked_fields:
            assert getattr(record, field.attname) == getattr(saved, field.attname), field
        assert (record.history_type, record.version) == ("~", 3)
        assert labels_of(record) == ["api", "core"]
        assert saved.history.last().history_type == "+"

    def test_labels_that_change_later_leave_it_as_it_was(self, cast: Cast, log: Log) -> None:
        it = log()
        initiatives.set_labels(by=cast.member, pk=it.pk, version=1, names=["api"])
        initiatives.set_labels(by=cast.member, pk=it.pk, version=2, names=["core"])
        kept = [it.history.filter(version=n).order_by("-history_id").first() for n in (1, 2, 3)]
        assert [labels_of(record) for record in kept] == [[], ["api"], ["core"]]

    def test_an_edit_writes_its_own_columns_and_few_statements(self, cast: Cast, log: Log) -> None:
        it = log("Before", pd=1)
        initiatives.set_labels(by=cast.member, pk=it.pk, version=1, names=["api", "core"])
        with CaptureQueriesContext(connection) as captured:
            initiatives.edit(by=cast.member, pk=it.pk, version=2, changes={"title": "After"})
        asked = [query["sql"] for query in captured]
        (update,) = (sql for sql in asked if sql.startswith('UPDATE "tracker_initiative"'))
        assert "title" in update
        assert "estimate_mpd" not in update
        statements = [sql for sql in asked if sql.startswith(("SELECT", "INSERT", "UPDATE"))]
        assert len(statements) <= 5
