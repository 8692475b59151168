"""What a change may tell the history library about itself."""

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.utils import timezone
from simple_history.models import HistoricalRecords

if TYPE_CHECKING:
    from tracker.models.users import User


CREATED, CHANGED = "+", "~"


class WithHistory:
    """Names the attributes that the history library reads from a row when it is saved."""

    _history_user: "User | None"
    _history_date: datetime
    _change_reason: str


class Records(HistoricalRecords):  # type: ignore[misc]
    """Keeps history by letting the database copy the row, with what hangs at it, such as labels.

    The library would carry every value to Python and back, and read all that labels refer to, at
    each write. Its signals are not sent where a row was saved.
    """

    def post_save(
        self, instance: Any, created: bool, using: str | None = None, **kwargs: Any
    ) -> None:
        """Leave a row of history as the row now stands in the database."""
        if kwargs.get("raw"):  # a fixture brings its history along
            return
        model: type[models.Model] = type(instance)
        kind = CREATED if created else CHANGED
        by = self.get_history_user(instance)
        at = getattr(instance, "_history_date", None) or timezone.now()
        reason = self.get_change_reason_for_object(instance, kind, using)
        facts = [connection.ops.adapt_datetimefield_value(at), by and by.pk, kind, reason]
        with connection.cursor() as cursor:
            cursor.execute(self._copy_of_row(model), [*facts, instance.pk])
            (record,) = cursor.fetchone()
        self._copy_links(model, record, instance.pk)

    def create_historical_record_m2ms(self, history_instance: Any, instance: Any) -> None:
        """Hang what hangs at the row at its new row of history."""
        self._copy_links(type(instance), history_instance.pk, instance.pk)

    def _copy_links(self, model: type[models.Model], record: int, pk: int) -> None:
        with connection.cursor() as cursor:
            for statement in self._copies_of_links(model):
                cursor.execute(statement, [record, pk])

    # All names in these statements are of our own models, and there are as many as models.

    @cache  # noqa: B019
    def _copy_of_row(self, model: type[models.Model]) -> str:
        history, quoted = self._history(model), connection.ops.quote_name
        columns = ", ".join(quoted(field.column) for field in history.tracked_fields)
        facts = "history_date, history_user_id, history_type, history_change_reason"
        return (
            f"INSERT INTO {quoted(history._meta.db_table)} ({columns}, {facts}) "  # noqa: S608
            f"SELECT {columns}, %s, %s, %s, %s FROM {quoted(model._meta.db_table)} "
            f"WHERE {quoted(self._key(model))} = %s RETURNING history_id"
        )

    @cache  # noqa: B019
    def _copies_of_links(self, model: type[models.Model]) -> list[str]:
        found, quoted = [], connection.ops.quote_name
        for field in self._history(model)._history_m2m_fields:
            links, kept = field.remote_field.through._meta, self.m2m_models[field]._meta
            columns = ", ".join(quoted(each.column) for each in links.local_concrete_fields)
            found.append(
                f"INSERT INTO {quoted(kept.db_table)} ({columns}, history_id) "  # noqa: S608
                f"SELECT {columns}, %s FROM {quoted(links.db_table)} "
                f"WHERE {quoted(field.m2m_column_name())} = %s"
            )
        return found

    def _history(self, model: type[models.Model]) -> Any:
        return getattr(model, self.manager_name).model

    @staticmethod
    def _key(model: type[models.Model]) -> str:
        return str(model._meta.pk.column)
