"""A closed period's report as Markdown, for a wiki or a review's notes."""

import re
from collections.abc import Iterator

from tracker.figures.report import Report
from tracker.figures.report_sections import Section

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|!~])")


def markdown(report: Report) -> str:
    """Return the whole report; what people typed is escaped, so that it stays text."""
    return "\n".join(_lines(report)).rstrip() + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# {_plain(report.title)}"
    yield ""
    yield f"**{_plain(report.zone_word)}**{_plain(report.rest)}"
    yield ""
    yield f"{_plain(report.closed)}."
    yield ""
    for note in report.notes:
        yield f"- {_plain(note)}"
    for section in report.sections:
        yield ""
        yield from _section(section)
    yield ""
    yield "## Made by these rules"
    yield ""
    for label, text in report.rules:
        yield f"- {_plain(label)}: {_plain(text)}"


def _section(section: Section) -> Iterator[str]:
    yield f"## {_plain(section.heading)}"
    yield ""
    for line in section.lines:
        yield _plain(line)
        yield ""
    if not section.rows:
        return
    yield "| " + " | ".join(_plain(column.label) for column in section.columns) + " |"
    yield (
        "| " + " | ".join("---:" if column.numeric else "---" for column in section.columns) + " |"
    )
    for row in section.rows:
        yield "| " + " | ".join(_plain(cell.text) for cell in row) + " |"


def _plain(text: str) -> str:
    """Return text in which no sign means anything to Markdown, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.splitlines()))
