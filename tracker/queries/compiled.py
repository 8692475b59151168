"""Queries that are written once: the ORM takes ten times longer to write one than a store to run.

What is kept is the text of the query and its values, never what it found.
"""

from typing import Any

from django.db import connection
from django.db.models import QuerySet

Compiled = tuple[str, tuple[Any, ...]]


def compiled(rows: "QuerySet[Any, Any]") -> Compiled:
    """Return the SQL of ``values_list`` rows and its values; EmptyResultSet where none can match.

    Only for columns whose values the drivers give as they are: numbers, text and days.
    """
    return rows.query.sql_with_params()


def fetched(query: Compiled) -> list[tuple[Any, ...]]:
    """Run a query and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(*query)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
