"""Queries that are compiled once: to compile one costs ten times its run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet

ANY = -1
MOST_IDS = 900


class Quick:
    """A query over rows whose ids stand in one list, run with the ids of the moment.

    ``rows`` makes a ``values_list`` that filters some id by ``__in=[ANY]``. Its columns come as
    the database's library gives them: on SQLite days and moments are text.
    """

    def __init__(self, rows: Callable[[], "QuerySet[Any, Any]"]) -> None:
        self._rows = rows

    def __call__(
        self, ids: Sequence[int], given: Mapping[Any, Any] | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of all ids; ``given`` says what stands for other parameters."""
        for start in range(0, len(ids), MOST_IDS):
            some = ids[start : start + MOST_IDS]
            sql, params = self._for(some, given or {})
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
                yield from cursor

    def _for(self, ids: Sequence[int], given: Mapping[Any, Any]) -> tuple[str, list[Any]]:
        sql, params = self._compiled
        filled: list[Any] = []
        for param in params:
            filled += ids if param == ANY else [given.get(param, param)]
        return sql.replace("IN (%s)", f"IN ({', '.join(['%s'] * len(ids))})"), filled

    @cached_property
    def _compiled(self) -> tuple[str, tuple[Any, ...]]:
        sql, params = self._rows().query.sql_with_params()
        if sql.count("IN (%s)") != 1 or list(params).count(ANY) != 1:
            raise ValueError("A quick query has exactly one list of ids.")
        return sql, params
