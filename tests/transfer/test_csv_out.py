"""What goes out opens as text in a spreadsheet, and comes back as it was."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.transfer.csv_out import lines, neutral, restored

DANGEROUS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1", " =1", "＝1+1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_formulas_are_neutralised(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+3.5", "1,200", "-5 %", "plain", "a=b", ""])
def test_numbers_and_words_stay(text: str) -> None:
    assert neutral(text) == text


@given(st.text() | st.sampled_from(["'" * n + one for n in range(3) for one in DANGEROUS]))
def test_it_comes_back_as_it_was(text: str) -> None:
    assert restored(neutral(text)) == text


def test_lines_are_csv_with_a_mark() -> None:
    text = "".join(lines([("Title", "Note"), ("=1", 'a, "b"\nc')]))
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text[1:], newline=""))) == [
        ["Title", "Note"],
        ["'=1", 'a, "b"\nc'],
    ]
