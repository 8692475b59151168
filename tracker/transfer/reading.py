"""Bytes of a file -> text -> records, within limits; says what can't be read and why."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 500
MOST_CELLS = 3_000_000
MOST_CHARACTERS = 100_000
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
SAMPLE = 50
_END = "\0end of file\0"
_LINE = 64 * 1024  # how much of the start of a text tells its separator
_SEP = re.compile(r"\ufeff?\"?sep=([^\"\w\s\0]|\t)\"?[^\S\n]*(?:\r\n|\r|\n|$)", re.IGNORECASE)
_HTML = re.compile(
    r"\s*(<!--.*?-->\s*)?<(!doctype|html|head|body|table|\?xml|script)\b", re.I | re.S
)
_WORKBOOK = "Open it in your spreadsheet program and save the sheet as CSV (UTF-8)."
_MAGIC = {
    b"PK\x03\x04": f"That is a workbook (.xlsx) or a zip archive, not CSV. {_WORKBOOK}",
    b"\xd0\xcf\x11\xe0": f"That is an old Excel workbook (.xls), not CSV. {_WORKBOOK}",
    b"%PDF": "That is a PDF. Export the list as CSV instead.",
    b"\x1f\x8b": "That is a compressed file. Unpack it first.",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with a byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
# Ours is the limit that counts: it names the row and the column.
csv.field_size_limit(max(csv.field_size_limit(), 2 * MOST_BYTES))


class Unreadable(ValueError):
    """The file can't be read; the message says why and what to do."""


class TooMuch(Unreadable):
    """The file is larger than an import takes."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The records of a file, blank ones included, so that positions are those of the file."""

    encoding: str
    separator: str
    records: list[list[str]]
    replaced: int = 0

    @property
    def separator_name(self) -> str:
        """Return the separator in a word."""
        return SEPARATORS.get(self.separator, self.separator)


def read(content: bytes) -> Sheet:
    """Return the records of a file. Raises Unreadable, or TooMuch beyond a limit."""
    if len(content) > MOST_BYTES:
        raise TooMuch(f"The file is larger than {MOST_BYTES // 2**20} MB. Split it into parts.")
    text, encoding = decode(content)
    if not text.strip("\ufeff \t\r\n\0"):
        raise Unreadable("The file is empty. Export it again, and check that the list has rows.")
    if _HTML.match(text):
        raise Unreadable(
            "That is a web page, not CSV. The export may have asked you to sign in: sign in to "
            "the tool, export again, and look at the file in a text editor."
        )
    separator, text = _separator(text)
    records = list(_records(text, separator))
    return Sheet(encoding, separator, records, replaced=text.count("\ufffd"))


def decode(content: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding: by its mark, else UTF-8, else Windows-1252."""
    for magic, message in _MAGIC.items():
        if content.startswith(magic):
            raise Unreadable(message)
    for bom, codec, name in _BOMS:
        if content.startswith(bom):
            return content.decode(codec, "replace"), name
    if codec := _unmarked_utf16(content):
        return content.decode(codec, "replace"), "UTF-16"
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), "Windows-1252"


def _unmarked_utf16(content: bytes) -> str:
    """Tell by where the zero bytes of Western text stand."""
    start = content[:4096]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if len(start) < 8 or max(even, odd) < len(start) // 5:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _separator(text: str) -> tuple[str, str]:
    """Return the separator and the text without the line that may declare it."""
    text = text.removeprefix("\ufeff")
    if declared := _SEP.match(text):
        return declared[1], text[declared.end() :]
    return max(SEPARATORS, key=lambda sign: _fit(text[:_LINE], sign)), text


def _fit(start: str, sign: str) -> tuple[float, float, int]:
    """Return how well a separator explains the first records: used, evenly, and often."""
    widths = []
    for record in csv.reader(io.StringIO(start, newline=""), delimiter=sign):
        if any(cell.strip() for cell in record):
            widths.append(len(record))
        if len(widths) == SAMPLE:
            break
    split = [width for width in widths if width > 1]
    if 2 * len(split) <= len(widths):  # a sign within a text now and then
        return 0.0, 0.0, 0
    width, often = Counter(split).most_common(1)[0]
    return round(len(split) / len(widths), 1), round(often / len(split), 1), width


def _records(text: str, separator: str) -> Iterator[list[str]]:
    # The reader takes an open quotation mark to the end without a word; a last line of ours that
    # does not come back as it is tells of it.
    lines = chain(io.StringIO(text, newline=""), [f'"{_END}"'])
    filled = cells = 0
    header: list[str] = []
    for number, record in enumerate(_tolerant(csv.reader(lines, delimiter=separator)), 1):
        if record == [_END]:
            return
        if record and _END in record[-1]:
            raise Unreadable(
                f"Row {number}: a quotation mark is opened and never closed, so all that follows "
                "would be one cell. The file may be cut off: export it again, or close the mark."
            )
        filled += bool(record)
        if filled > MOST_ROWS + 1:
            raise TooMuch(f"The file has more than {MOST_ROWS:,} rows. Split it into parts.")
        cells += len(record)
        if cells > MOST_CELLS:
            raise TooMuch(
                f"The file has more than {MOST_CELLS:,} cells. Export only the columns you need."
            )
        if len(record) > MOST_COLUMNS:
            raise TooMuch(
                f"Row {number} has {len(record):,} columns; {MOST_COLUMNS} is the most. "
                "Export only the columns you need."
            )
        _check_cells(number, record, header)
        header = header if len(header) > 1 else record
        yield record


def _tolerant(reader: Iterable[list[str]]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        raise Unreadable(f"The file can't be read as CSV: {error}. Export it again.") from error


def _check_cells(number: int, record: list[str], header: list[str]) -> None:
    if sum(map(len, record)) <= MOST_CHARACTERS:
        return
    for index, cell in enumerate(record):
        if len(cell) > MOST_CHARACTERS:
            name = header[index].strip() if index < len(header) else ""
            raise TooMuch(
                f"Row {number}, column {name or index + 1}: the cell holds {len(cell):,} "
                f"characters; {MOST_CHARACTERS:,} is the most. Shorten it, or look for a "
                "quotation mark that was never closed."
            )
