"""Days, efforts and words as trackers write them."""

from datetime import date

import pytest

from tracker.domain.importing import DayOrder, Unit
from tracker.domain.lifecycle import Status
from tracker.domain.shares import Origin
from tracker.transfer.values import (
    NeedsExportDay,
    NeedsOrder,
    order_of,
    parse_day,
    parse_estimate,
    visible,
)
from tracker.transfer.words import origin_of, status_of


class TestDays:
    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("2026-09-18", "2026-09-18"),
            ("2026/9/1", "2026-09-01"),
            ("2026-09-18T10:00:00Z", "2026-09-18"),
            ("2026-09-18 10:36:26", "2026-09-18"),
            ("2016-10-10 11:54:44.723", "2016-10-10"),
            ("2026-09-18T23:30:00+00:00", "2026-09-19"),  # already the next day in Berlin
            ("2026-09-18T00:30:00+05:30", "2026-09-17"),
            ("Tue Aug 23 2022 13:54:01 GMT+0000 (GMT)", "2022-08-23"),
            ("Tue Aug 23 2022 23:54:01 GMT+0000 (GMT)", "2022-08-24"),
            ("Fri Mar 10 2023 00:00:00 GMT+0000 (GMT)", "2023-03-10"),
            ("Fri Mar 10 2023 00:00:00 GMT-0800 (Pacific Standard Time)", "2023-03-10"),
            ("Sun, 20 Apr 2025 10:17:06 UTC+0000", "2025-04-20"),
            ("25/Feb/26 2:54 PM", "2026-02-25"),
            ("12/Dec/19 10:56", "2019-12-12"),
            ("18/Sep/25 12:00 AM", "2025-09-18"),
            ("10/oct./16 11:54 AM", "2016-10-10"),
            ("26/août/15 4:41 PM", "2015-08-26"),
            ("15/janv./16 9:17 AM", "2016-01-15"),
            ("21/avr./16", "2016-04-21"),
            ("04/juil./16 10:08 AM", "2016-07-04"),
            ("05/juin/16", "2016-06-05"),
            ("23/déc./15", "2015-12-23"),
            ("07/mrt./26 9:00 AM", "2026-03-07"),
            ("1 mei 2026", "2026-05-01"),
            ("3 okt. 2026", "2026-10-03"),
            ("May 3, 2020", "2020-05-03"),
            ("Nov 27, 2018", "2018-11-27"),
            ("31.12.2026", "2026-12-31"),
            ("3.4.26", "2026-04-03"),
            ("25/12/2026", "2026-12-25"),
            ("07/07/2026", "2026-07-07"),
            ("1/Jan/99", "1999-01-01"),
        ],
    )
    def test_are_read_in_every_tracker_s_way(self, text: str, day: str) -> None:
        order = DayOrder.DAY_FIRST if text.startswith("25/12") else DayOrder.UNKNOWN
        found = parse_day(text, zone="Europe/Berlin", order=order)
        assert found == date.fromisoformat(day)

    def test_a_time_without_zone_is_taken_from_where_the_format_writes_it(self) -> None:
        text = "2026-09-18 23:30:00"
        assert parse_day(text, zone="Europe/Berlin") == date(2026, 9, 18)
        assert parse_day(text, zone="Europe/Berlin", written_in="UTC") == date(2026, 9, 19)

    def test_the_order_is_asked_and_not_guessed(self) -> None:
        with pytest.raises(NeedsOrder):
            parse_day("03/04/2026")
        assert parse_day("03/04/2026", order=DayOrder.DAY_FIRST) == date(2026, 4, 3)
        assert parse_day("03/04/2026", order=DayOrder.MONTH_FIRST) == date(2026, 3, 4)

    @pytest.mark.parametrize(
        ("texts", "order", "seen"),
        [
            (["03/04/2026", "13/04/2026"], DayOrder.DAY_FIRST, True),
            (["03/04/2026", "03/14/2026"], DayOrder.MONTH_FIRST, True),
            (["03/04/2026", "04/05/2026"], DayOrder.UNKNOWN, True),
            (["13/04/2026", "04/13/2026"], DayOrder.UNKNOWN, True),
            (["2026-01-01", "x"], DayOrder.UNKNOWN, False),
            (["04/04/2026"], DayOrder.UNKNOWN, False),
        ],
    )
    def test_the_order_may_be_proved(self, texts: list[str], order: DayOrder, seen: bool) -> None:
        assert order_of(texts) == (order, seen)

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("2 hours ago", "2020-06-06"),
            ("3 days ago", "2020-06-03"),
            ("a week ago", "2020-05-30"),
            ("yesterday", "2020-06-05"),
        ],
    )
    def test_relative_days_count_from_the_export(self, text: str, day: str) -> None:
        assert parse_day(text, exported_on=date(2020, 6, 6)) == date.fromisoformat(day)
        with pytest.raises(NeedsExportDay):
            parse_day(text)

    @pytest.mark.parametrize(
        "text",
        [
            "soon",
            "2026-02-30",
            "31/Foo/26",
            "0001-01-01",
            "9999-12-31",
            "12345",
            "x" * 5000,
            "2026-13-01",
        ],
    )
    def test_nonsense_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"\w"):
            parse_day(text)


class TestEstimates:
    @pytest.mark.parametrize(
        ("text", "unit", "mpd"),
        [
            ("", Unit.DAYS, None),
            ("0", Unit.SECONDS, None),
            ("12", Unit.DAYS, 12_000),
            ("2,5", Unit.DAYS, 2_500),
            ("2.5", Unit.WEEKS, 12_500),
            ("1,140", Unit.DAYS, 1_140_000),
            ("4", Unit.HOURS, 500),
            ("57600", Unit.SECONDS, 2_000),
            ("1w 2d", Unit.SECONDS, 7_000),
            ("1w 2d 4h", Unit.DAYS, 7_500),
            ("30m", Unit.DAYS, 62),
            ("1", Unit.SECONDS, 1),
        ],
    )
    def test_are_read_in_the_unit(self, text: str, unit: Unit, mpd: int | None) -> None:
        assert parse_estimate(text, unit, pd_per_pw=5) == mpd

    @pytest.mark.parametrize(
        "text", ["-3", "XL", "1e9", "99999999999", "5 points", "9" * 100_000, "NaN", "=1+1"]
    )
    def test_what_is_no_effort_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"\w"):
            parse_estimate(text, Unit.DAYS, pd_per_pw=5)


class TestWords:
    @pytest.mark.parametrize(
        ("word", "status"),
        [
            ("In Progress", Status.ACTIVE),
            ("Fait (à livrer)", Status.DELIVERED),
            ("Bloqué", Status.PAUSED),
            ("Te doen", Status.COMMITTED),
            ("WontFix", Status.CANCELLED),
            ("Triage", Status.PROPOSED),
            ("Frobnicated", None),
        ],
    )
    def test_of_a_status(self, word: str, status: Status | None) -> None:
        assert status_of(word) == status

    def test_of_an_origin(self) -> None:
        assert origin_of("Unplanned") == Origin.OPPORTUNISTIC
        assert origin_of("Bug") is None

    def test_what_nobody_sees_goes_and_lines_stay(self) -> None:
        assert visible("a\x00b\x1bc\r\nd\te") == ("abc\nd\te", 2)
