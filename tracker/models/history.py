"""What a change may tell the history library about itself."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from simple_history.models import HistoricalRecords

if TYPE_CHECKING:
    from tracker.models.users import User


class WithHistory:
    """Names the attributes that the history library reads from a row when it is saved."""

    _history_user: "User | None"
    _history_date: datetime
    _change_reason: str


class Records(HistoricalRecords):  # type: ignore[misc]
    """Keeps history with what hangs at a row, such as its labels, copied by the database itself.

    The library would read these and write them again, with all that they refer to, at every
    write of the row. Its signals for them are not sent.
    """

    def create_historical_record_m2ms(self, history_instance: Any, instance: Any) -> None:
        """Hang what hangs at the row at its new row of history, one statement a kind."""
        quoted = connection.ops.quote_name
        for field in history_instance._history_m2m_fields:
            links, kept = field.remote_field.through._meta, self.m2m_models[field]._meta
            columns = ", ".join(quoted(each.column) for each in links.local_concrete_fields)
            with connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {quoted(kept.db_table)} ({columns}, history_id) "  # noqa: S608
                    f"SELECT {columns}, %s FROM {quoted(links.db_table)} "
                    f"WHERE {quoted(field.m2m_column_name())} = %s",
                    [history_instance.pk, instance.pk],
                )
