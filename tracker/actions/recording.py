"""History of many rows, copied by the database itself: what Python would only carry to and fro.

The statements name tables and columns of our models only; every value is a parameter.
"""

from datetime import datetime
from typing import Any

from django.db import connection, models

from tracker.models import Initiative, User, WorkSegment

CREATED, CHANGED = "+", "~"


def record_initiatives(
    *, by: User, batch_id: int, kind: str, reason: str, at: datetime, stamped: str = ""
) -> None:
    """Record the initiatives of an import as they stand, with their labels.

    ``stamped`` names a column that holds ``at`` for those that are meant; "" means all.
    """
    where, given = "import_batch_id = %s", [batch_id]
    if stamped:
        where += f" AND {_quoted(stamped)} = %s"
        given.append(_adapted(at))
    _copy(Initiative, by=by, kind=kind, reason=reason, at=at, where=where, given=given)
    _copy_labels(batch_id, kind, at)


def record_segments(*, by: User, batch_id: int, reason: str, at: datetime) -> None:
    """Record the work that came with an import."""
    initiatives = _quoted(Initiative._meta.db_table)
    where = f"initiative_id IN (SELECT id FROM {initiatives} WHERE import_batch_id = %s)"  # noqa: S608
    _copy(WorkSegment, by=by, kind=CREATED, reason=reason, at=at, where=where, given=[batch_id])


def _copy(
    model: type[models.Model],
    *,
    by: User,
    kind: str,
    reason: str,
    at: datetime,
    where: str,
    given: list[Any],
) -> None:
    history = model.history.model  # type: ignore[attr-defined]
    columns = ", ".join(_quoted(field.column) for field in history.tracked_fields)
    facts = {
        "history_date": _adapted(at),
        "history_user_id": by.pk,
        "history_type": kind,
        "history_change_reason": reason,
    }
    _run(
        f"INSERT INTO {_quoted(history._meta.db_table)} ({columns}, {', '.join(facts)}) "  # noqa: S608
        f"SELECT {columns}, %s, %s, %s, %s FROM {_quoted(model._meta.db_table)} WHERE {where}",
        [*facts.values(), *given],
    )


def _copy_labels(batch_id: int, kind: str, at: datetime) -> None:
    """Hang the labels of the initiatives to the rows of history that were just made."""
    history = Initiative.history.model
    kept, links = history.labels.model._meta.db_table, Initiative.labels.through._meta.db_table
    _run(
        f"INSERT INTO {_quoted(kept)} (id, initiative_id, label_id, history_id) "  # noqa: S608
        "SELECT link.id, link.initiative_id, link.label_id, made.history_id "
        f"FROM {_quoted(links)} link JOIN {_quoted(history._meta.db_table)} made "
        "ON made.id = link.initiative_id "
        "WHERE made.import_batch_id = %s AND made.history_type = %s AND made.history_date = %s",
        [batch_id, kind, _adapted(at)],
    )


def _run(statement: str, given: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _adapted(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
