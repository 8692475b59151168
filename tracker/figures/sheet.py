"""Tables as CSV files that a spreadsheet opens without running anything in them."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO


def csv_text(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as CSV with a byte order mark, so that spreadsheets read it as UTF-8."""
    out = StringIO()
    lines = csv.writer(out)
    lines.writerow(head)
    lines.writerows([neutral(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def neutral(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; numbers stay as they are."""
    starts = cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{cell}" if starts and not cell.lstrip("+-").replace(".", "").isdecimal() else cell
