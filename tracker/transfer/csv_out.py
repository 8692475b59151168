"""Writes CSV that no spreadsheet takes for a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = re.compile(r"[\s\0]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?\s?%?")


def neutral(value: object) -> str:
    """Return a cell as text; one that starts like a formula gets an apostrophe before it.

    Plain numbers stay numbers. An apostrophe before such a start is doubled, so that
    ``restored`` gives back exactly what went in.
    """
    text = "" if value is None else str(value)
    bare = text.lstrip("'")
    if _FORMULA.match(bare) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def restored(text: str) -> str:
    """Take off the apostrophe that ``neutral``, or a tracker that does the same, put before."""
    if text.startswith("'") and _FORMULA.match(text.lstrip("'")):
        return text[1:]
    return text


def lines(rows: Iterable[Sequence[object]], *, separator: str = ",") -> Iterable[str]:
    """Yield CSV lines, the first with a byte order mark, so that Excel reads UTF-8."""
    mark = "\ufeff"
    for row in rows:
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=separator, lineterminator="\r\n").writerow(map(neutral, row))
        yield mark + buffer.getvalue()
        mark = ""
