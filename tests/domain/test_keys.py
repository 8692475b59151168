"""Suggesting a key prefix from a team's name."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.keys import suggest_prefix


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("Platform", "PLAT"),
        ("Field Ops", "FO"),
        ("Growth and Retention Lab Two", "GARL"),
        ("Zürich", "ZURI"),
        ("42 things", "TEAM"),
        ("3D printing", "TEAM"),
        ("7Eleven", "ELEV"),
        ("Q", "TEAM"),
        ("東京", "TEAM"),
        ("", "TEAM"),
    ],
)
def test_initials_or_the_start_of_a_single_word(name: str, prefix: str) -> None:
    assert suggest_prefix(name) == prefix


@given(st.text(max_size=80))
def test_whatever_the_name_the_prefix_is_valid(name: str) -> None:
    assert re.fullmatch(r"[A-Z][A-Z0-9]{1,9}", suggest_prefix(name))
