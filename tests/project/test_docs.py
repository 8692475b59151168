"""The documents: every decision is dated, every picture is shown."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ADRS = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
STANDING = re.compile(r"Date: \d{4}-\d\d-\d\d\. Status: [a-z]+")


@pytest.mark.parametrize("path", ADRS, ids=lambda path: str(path.stem))
def test_a_decision_record_says_when_it_was_made_and_whether_it_holds(path: Path) -> None:
    title, empty, standing = path.read_text().splitlines()[:3]
    assert title.startswith(f"# {int(path.name[:4])}. ")
    assert not empty
    assert STANDING.match(standing)


def test_every_picture_is_shown_somewhere() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    told = "".join(page.read_text() for page in pages)
    unused = [path.name for path in (ROOT / "docs/img").iterdir() if path.name not in told]
    assert unused == []
