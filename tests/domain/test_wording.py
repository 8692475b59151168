"""How values are written for people."""

from datetime import UTC, date, datetime

import pytest

from tracker.domain.wording import (
    count_words,
    initials_of,
    late_words,
    moment_words,
    pd_words,
    segment_words,
    span_words,
    value_words,
)


class TestSpanWords:
    @pytest.mark.parametrize(
        ("start", "last", "words"),
        [
            (date(2026, 8, 24), date(2026, 8, 28), "24 to 28 Aug 2026"),
            (date(2026, 8, 24), date(2026, 9, 2), "24 Aug to 2 Sep 2026"),
            (date(2025, 12, 15), date(2026, 2, 13), "15 Dec 2025 to 13 Feb 2026"),
            (date(2026, 8, 24), date(2026, 8, 24), "24 Aug 2026"),
            (date(2026, 8, 24), None, "from 24 Aug 2026"),
            (None, date(2026, 8, 28), "by 28 Aug 2026"),
            (None, None, ""),
        ],
    )
    def test_what_the_days_share_is_said_once(
        self, start: date | None, last: date | None, words: str
    ) -> None:
        assert span_words(start, last) == words


def test_a_segment_is_told_with_its_inclusive_end() -> None:
    words = segment_words(date(2026, 8, 24), date(2026, 8, 29), 1500)
    assert words == "24 to 28 Aug 2026 at 1.5 FTE"


def test_nothing_is_written_as_nothing_and_zero_as_zero() -> None:
    assert (pd_words(None), pd_words(0)) == ("", "0 pd")
    assert (value_words(None, "EUR"), value_words(0, "EUR")) == ("", "0 EUR")


def test_small_numbers_are_spelled_out() -> None:
    assert count_words(1, "segment") == "one segment"
    assert count_words(2, "segment") == "two segments"
    assert count_words(1204, "segment") == "1,204 segments"


def test_a_moment_is_told_in_the_reporting_zone_with_the_year_only_where_it_differs() -> None:
    moment = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    assert moment_words(moment, "Europe/Berlin", date(2026, 9, 18)) == "1 Jan, 00:30"
    assert moment_words(moment, "UTC", date(2026, 9, 18)) == "31 Dec 2025, 23:30"


def test_lateness_counts_in_working_days() -> None:
    assert late_words(12) == "entered 12 working days late"
    assert late_words(0) == ""


def test_initials_are_of_the_first_and_the_last_word() -> None:
    assert [initials_of(name) for name in ("Ines Kurz", "Zoë", "A b c", "")] == [
        "IK",
        "Z",
        "AC",
        "?",
    ]
