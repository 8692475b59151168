"""Effort as people type it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.effort import MOST_MPD, format_pd, parse_effort


@pytest.mark.parametrize(
    ("typed", "pd"),
    [
        ("15", 15), ("15d", 15), ("15 pd", 15), ("3w", 15), ("3 pw", 15), ("2,5", 2.5),
        ("2.5w", 12.5), ("1w 2d", 7), ("1w2d", 7), (" 1 week 2 days ", 7), ("3W", 15), (".5", 0.5),
        ("0,125", 0.125), ("1,140", 1140), ("12,500.5", 12_500.5), ("100000", 100_000), ("0", 0),
    ],
)  # fmt: skip
def test_effort_is_understood_as_people_write_it(typed: str, pd: float) -> None:
    assert parse_effort(typed) == pd * 1000


def test_a_person_week_has_the_length_the_organisation_chose() -> None:
    assert parse_effort("2w 1d", pd_per_pw=4) == 9000


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Type an effort such as"), ("soon", "Type an effort such as"), ("nan", "Type"),
        ("inf", "Type"), ("1e3", "Type"), ("1w 2", "Type"), ("2d 1w", "Type"), ("1.2.3", "Type"),
        ("1,1,1", "Type"), ("5m", "Type"), (".", "Type"), ("٣", "Type"), ("9" * 41, "Type"),
        ("1\x002", "Type"), ("-3", "negative"), ("\N{MINUS SIGN}3", "negative"),
        ("1.2345", "three decimals"), ("0.0001w", "three decimals"),
        ("100000.001", "more than 100,000"), ("20001w", "more than 100,000"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_what_to_type(typed: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_effort(typed)


@pytest.mark.parametrize(
    ("mpd", "text"),
    [(15_000, "15"), (2500, "2.5"), (1_140_000, "1,140"), (0, "0"), (125, "0.125"),
     (-2500, "-2.5"), (100_000_000, "100,000")],
)  # fmt: skip
def test_effort_is_shown_exactly_with_thousands_separators(mpd: int, text: str) -> None:
    assert format_pd(mpd) == text


@given(st.integers(0, MOST_MPD))
def test_what_is_shown_can_be_typed_back_unchanged(mpd: int) -> None:
    assert parse_effort(format_pd(mpd)) == mpd


@given(st.text(max_size=60))
def test_any_text_gives_an_effort_in_bounds_or_a_message(typed: str) -> None:
    try:
        mpd = parse_effort(typed)
    except ValueError as error:
        assert str(error).endswith(".")
    else:
        assert 0 <= mpd <= MOST_MPD
