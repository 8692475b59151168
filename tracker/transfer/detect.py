"""What a file is: whose, where its header row stands, which column is which field."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from tracker.domain.importing import DAYS, NO_COLUMN, DayOrder, Field, Mapping
from tracker.transfer import generic, gitlab, jira, kubernetes, linear, monorail, values
from tracker.transfer.formats import Format
from tracker.transfer.reading import Sheet, Unreadable
from tracker.transfer.words import origin_of, slug, status_of

FORMATS: tuple[Format, ...] = (
    jira.FORMAT,
    linear.FORMAT,
    gitlab.FORMAT,
    monorail.FORMAT,
    kubernetes.FORMAT,
)
BY_NAME = {one.name: one for one in (*FORMATS, generic.FORMAT)}
HEADER_WITHIN = 40
EXAMPLES = 3
MOST_WORDS = 60
COUNTS_POINTS = {"points", "story-points", "sprint", "iteration", "current-state", "velocity"}
_KNOWN = {
    slug(name) for one in BY_NAME.values() for names in one.aliases.values() for name in names
}


@dataclass(frozen=True, slots=True)
class Column:
    """Cells under one header; a header that is repeated is one column of several cells."""

    index: int
    name: str
    cells: tuple[int, ...]
    examples: tuple[str, ...]
    filled: int


@dataclass(frozen=True)
class Table:
    """A sheet from its header row on."""

    sheet: Sheet
    header_row: int
    _counted: dict[int, list[tuple[str, int]]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @cached_property
    def header(self) -> list[str]:
        """Return the headers, on one line each; one without a name is called by its place."""
        cells = self.sheet.records[self.header_row - 1]
        plain = (" ".join(values.visible(cell)[0].split()) for cell in cells)
        return [name[:120] or f"Column {place}" for place, name in enumerate(plain, 1)]

    @cached_property
    def rows(self) -> list[tuple[int, list[str]]]:
        """Return number and cells of each row that holds anything."""
        return [
            (number, record)
            for number, record in enumerate(self.sheet.records, 1)
            if number > self.header_row and any(cell and not cell.isspace() for cell in record)
        ]

    @cached_property
    def columns(self) -> list[Column]:
        """Return the columns in their order, each with how many rows fill it."""
        places: dict[str, list[int]] = {}
        for index, name in enumerate(self.header):
            places.setdefault(name, []).append(index)
        return [self._column(name, cells) for name, cells in places.items()]

    def _column(self, name: str, cells: list[int]) -> Column:
        filled = [found[0] for _, row in self.rows if (found := list(cells_of(row, cells)))]
        examples = tuple(dict.fromkeys(" ".join(cell.split())[:60] for cell in filled[:40]))
        return Column(cells[0], name, tuple(cells), examples[:EXAMPLES], len(filled))

    def column(self, index: int) -> Column | None:
        """Return the column that begins at an index."""
        return next((column for column in self.columns if column.index == index), None)

    def words(self, index: int) -> list[tuple[str, int]]:
        """Return the distinct words of a column with their counts, most frequent first."""
        if index not in self._counted:
            column = self.column(index)
            words = (word_of(row, column.cells) for _, row in self.rows) if column else ()
            counts = Counter(word for word in words if word)
            pairs = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].casefold()))
            self._counted[index] = pairs
        return self._counted[index]


def cells_of(row: Sequence[str], cells: Sequence[int]) -> Iterator[str]:
    """Yield the filled cells of a column in a row, which may be shorter than the header."""
    for index in cells:
        if index < len(row) and (text := row[index].strip()):
            yield text


def word_of(row: Sequence[str], cells: Sequence[int]) -> str:
    """Return the first filled cell on one line, as words are compared."""
    return " ".join(next(cells_of(row, cells), "").split())[:120]


def open_table(sheet: Sheet, header_row: int = 0) -> Table:
    """Return the table of a sheet, its header row found where none is given.

    Raises Unreadable where nothing follows the header.
    """
    if header_row and header_row > len(sheet.records):
        raise Unreadable(f"The file has {len(sheet.records):,} rows; the header can't be beyond.")
    table = Table(sheet, header_row or find_header(sheet.records))
    if not table.rows:
        raise Unreadable(
            "The file has a header but no rows below it. Check the filter of the export."
        )
    return table


def find_header(records: list[list[str]]) -> int:
    """Return the row, counted from 1, whose cells name fields best; else the first filled one."""
    best, found = 0, 0
    for number, record in enumerate(records[:HEADER_WITHIN], 1):
        filled = sum(bool(cell.strip()) for cell in record)
        score = len({slug(cell) for cell in record} & _KNOWN)
        if score > best and filled > 1:
            best, found = score, number
    if best > 1:
        return found
    return next((at for at, record in enumerate(records, 1) if any(map(str.strip, record))), 1)


def recognise(table: Table) -> Format:
    """Return the format whose signature the headers bear, else the generic one."""
    return next((one for one in FORMATS if one.fits(table.header)), generic.FORMAT)


def guess(table: Table, form: Format) -> Mapping:
    """Return the mapping that headers and words suggest; what is ambiguous stays open."""
    columns = {name: at for name in Field if (at := _column_of(table, form, name)) != NO_COLUMN}
    order = order_in(table, Mapping(columns=columns))[0]
    mapping = Mapping(header_row=table.header_row, columns=columns, unit=form.unit, order=order)
    return with_words(table, mapping)


def _column_of(table: Table, form: Format, name: Field) -> int:
    by_slug = {slug(column.name): column for column in reversed(table.columns)}
    for wanted in map(slug, form.aliases.get(name, ())):
        if wanted in by_slug and (by_slug[wanted].filled or name is Field.TITLE):
            return by_slug[wanted].index
    for wanted in map(slug, form.doubtful.get(name, ())):
        if wanted in by_slug and _bears_out(table, name, by_slug[wanted].index):
            return by_slug[wanted].index
    return NO_COLUMN


def _bears_out(table: Table, name: Field, index: int) -> bool:
    """Tell whether a column holds what its header may mean.

    A type can be bug or story as well as planned or unplanned; an estimate beside sprints or
    points counts points, which are no effort.
    """
    if name is Field.ESTIMATE:
        return not {slug(header) for header in table.header} & COUNTS_POINTS
    words = table.words(index)
    known = sum(count for word, count in words if origin_of(word))
    return 2 * known >= sum(count for _, count in words) > 0


def looks_like_points(header: str) -> bool:
    """Tell whether a header speaks of story points or sizes, which are no effort."""
    words = set(slug(header).split("-"))
    return bool(words & {"point", "points", "size", "complexity", "sp", "weight"})


def with_words(table: Table, mapping: Mapping) -> Mapping:
    """Return the mapping with a suggestion for each word of the file that it lacks."""
    statuses, origins = dict(mapping.statuses), dict(mapping.origins)
    for word, _ in table.words(mapping.column(Field.STATUS))[:MOST_WORDS]:
        statuses.setdefault(word, status_of(word) or mapping.default_status)
    for word, _ in table.words(mapping.column(Field.ORIGIN))[:MOST_WORDS]:
        origins.setdefault(word, origin_of(word) or mapping.default_origin)
    return replace(mapping, statuses=statuses, origins=origins)


def order_in(table: Table, mapping: Mapping) -> tuple[DayOrder, bool]:
    """Return the order that the mapped days prove, and whether any of them needs one."""
    return values.order_of(text for text in _days(table, mapping))


def has_relative_days(table: Table, mapping: Mapping) -> bool:
    """Tell whether a mapped day counts back from the day of the export."""
    return any(values.is_relative(text) for text in _days(table, mapping))


def _days(table: Table, mapping: Mapping) -> Iterator[str]:
    columns = [column for name in DAYS if (column := table.column(mapping.column(name)))]
    for _, row in table.rows:
        for column in columns:
            yield from cells_of(row, column.cells)
