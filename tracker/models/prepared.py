"""Queries that are written once: the ORM takes ten times longer to write one than a store to run.

For the few that every page or every edit asks. What is kept is the text, never what it found.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.query import get_related_populators

Row = TypeVar("Row", bound=models.Model)
Text = tuple[str, tuple[Any, ...]]


def text_of(rows: "models.QuerySet[Any, Any]") -> Text:
    """Return the SQL of ``values_list`` rows and its values; EmptyResultSet where none can match.

    Only for columns whose values the drivers give as they are: numbers, text and days.
    """
    return rows.query.sql_with_params()


def fetched(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a query and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


@dataclass(frozen=True, slots=True)
class _Written:
    """A query's text and what makes rows of what it finds."""

    sql: str
    params: tuple[Any, ...]
    compiler: Any
    converters: Any
    populators: list[Any]
    span: slice
    names: list[str]


class Prepared(Generic[Row]):
    """A query of whole rows, with ``select_related`` and annotations as one writes it.

    ``make`` takes the ``examples`` and returns the queryset; wherever one of them is a parameter
    of the text, the value of the same name goes there. So choose examples that nothing else is.
    """

    def __init__(self, make: "Callable[..., models.QuerySet[Row]]", **examples: Hashable) -> None:
        self._make, self._examples = make, examples
        self._names = {example: name for name, example in examples.items()}
        self._kept: _Written | None = None

    def rows(self, **values: Any) -> list[Row]:
        """Run the query with these values."""
        it = self._kept = self._kept or self._written()
        params = [values[self._names[p]] if p in self._names else p for p in it.params]
        found = fetched(it.sql, params)
        if it.converters:
            found = it.compiler.apply_converters(found, it.converters)
        return [self._row(it, values) for values in found]

    def first(self, **values: Any) -> Row | None:
        """Return the first row, or None."""
        return next(iter(self.rows(**values)), None)

    def _written(self) -> _Written:
        query = self._make(**self._examples).query
        compiler = query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        fields = compiler.klass_info["select_fields"]
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        span = slice(fields[0], fields[-1] + 1)
        return _Written(
            sql,
            params,
            compiler,
            compiler.get_converters(columns),
            # The types are those of a later Django.
            get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS),  # type: ignore[call-arg]
            span,
            [column[0].target.attname for column in compiler.select[span]],
        )

    def _row(self, it: _Written, values: Any) -> Row:
        model: type[Row] = it.compiler.klass_info["model"]
        row = model.from_db(DEFAULT_DB_ALIAS, it.names, values[it.span])
        for populator in it.populators:
            populator.populate(values, row)
        for name, place in it.compiler.annotation_col_map.items():
            setattr(row, name, values[place])
        return row
