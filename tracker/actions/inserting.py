"""Many rows put into a table at once, as tuples that the database takes as they are.

Instances of models would cost ten times the time, while every other writer waits.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

CHUNK = 2_000


def insert(like: models.Model, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert a row for each tuple of ``columns``; all else is taken from an unsaved instance.

    Values are as the database stores them: a day goes through ``stored_day``. Call it inside a
    transaction. Nothing is validated but by the constraints of the table, and no signal is sent.
    """
    shared = _shared(like, columns)
    names = ", ".join(connection.ops.quote_name(name) for name in (*columns, *shared))
    places = ", ".join(["%s"] * (len(columns) + len(shared)))
    table = connection.ops.quote_name(like._meta.db_table)
    statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608
    tail = tuple(shared.values())
    left = iter(rows)
    with connection.cursor() as cursor:
        while chunk := [(*row, *tail) for row in islice(left, CHUNK)]:
            cursor.executemany(statement, chunk)


def _shared(like: models.Model, columns: Collection[str]) -> dict[str, Any]:
    """Return what the columns that don't differ hold, the key aside, which the database gives."""
    fields = [
        field
        for field in like._meta.concrete_fields
        if not field.primary_key and field.column not in columns
    ]
    return {
        str(field.column): field.get_db_prep_save(field.pre_save(like, add=True), connection)
        for field in fields
    }


def stored_day(day: Any) -> Any:
    """Return a day, or None, as the database stores it."""
    return None if day is None else connection.ops.adapt_datefield_value(day)
