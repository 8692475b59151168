"""Reads a file the way the pages do, for tests."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.cast import TODAY
from tracker.domain.importing import Mapping, Report
from tracker.transfer import build, detect
from tracker.transfer.detect import Table
from tracker.transfer.reading import read
from tracker.transfer.rows import Setting

FIXTURES = Path(__file__).parent / "fixtures"
REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data"
PEOPLE = {"member": 1, "member@example.org": 1}


def real(name: str) -> bytes:
    """Return a real export, or skip: those files don't travel with the project."""
    path = REAL / name
    if not path.exists():
        pytest.skip(f"NO REAL EXPORTS: {path} is missing, so {name} was not tried")
    return path.read_bytes()


def opened(content: bytes | str, **changes: Any) -> tuple[Table, Mapping, Report]:
    """Return table, mapping and report of a file as it is recognised, with changes."""
    content = content.encode() if isinstance(content, str) else content
    table = detect.open_table(read(content))
    form = detect.recognise(table)
    mapping = replace(detect.guess(table, form), **changes)
    setting = Setting(PEOPLE, "Europe/Berlin", 5, TODAY)
    return table, mapping, build.build(table, form, mapping, setting)


def fixture(name: str, **changes: Any) -> tuple[Table, Mapping, Report]:
    """Return the same of one of our own files."""
    return opened((FIXTURES / name).read_bytes(), **changes)


def day(text: str) -> date:
    """Return a day."""
    return date.fromisoformat(text)
