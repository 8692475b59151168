"""Inputs that read what people type."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tests.cast import Cast
from tracker.forms.inputs import DayField, EffortField, FteField, PersonField, ValueField
from tracker.models import User


@pytest.mark.django_db
class TestEffortField:
    @pytest.mark.parametrize(
        ("text", "mpd"), [("15", 15000), ("3w", 15000), ("1,5", 1500), ("", None)]
    )
    def test_effort_is_read_as_people_write_it(self, text: str, mpd: int | None) -> None:
        assert EffortField().clean(text) == mpd

    @pytest.mark.parametrize("text", ["abc", "-3", "0", "1e5", "9" * 41, "\x00"])
    def test_nonsense_is_refused(self, text: str) -> None:
        with pytest.raises(ValidationError):
            EffortField().clean(text)

    def test_it_may_have_taken_nothing(self) -> None:
        assert EffortField(allow_zero=True).clean("0") == 0

    def test_what_is_stored_is_shown_as_person_days(self) -> None:
        assert EffortField().prepare_value(1140500) == "1,140.5"
        assert EffortField().prepare_value("abc") == "abc"


class TestFteField:
    @pytest.mark.parametrize(
        ("text", "milli"),
        [("1", 1000), ("0.5", 500), ("0,5", 500), ("2 FTE", 2000), ("1000", 10**6)],
    )
    def test_people_at_work(self, text: str, milli: int) -> None:
        assert FteField().clean(text) == milli

    @pytest.mark.parametrize("text", ["0", "-1", "1001", "0.0001", "nan", "inf", "1e99", "x"])
    def test_nonsense_is_refused(self, text: str) -> None:
        with pytest.raises(ValidationError):
            FteField().clean(text)


class TestValueField:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("140000", 140000),
            ("140,000", 140000),
            ("140k", 140000),
            ("1 000", 1000),
            ("2m", 2 * 10**6),
            ("", None),
        ],
    )
    def test_whole_units(self, text: str, value: int | None) -> None:
        assert ValueField().clean(text) == value

    @pytest.mark.parametrize("text", ["-1", "1.5", "1,00", "€5", "9" * 20])
    def test_nonsense_is_refused(self, text: str) -> None:
        with pytest.raises(ValidationError):
            ValueField().clean(text)


class TestDayField:
    @pytest.mark.parametrize("text", ["2026-09-18", "18.09.2026", "18 Sep 2026"])
    def test_a_day_is_read_as_people_write_it(self, text: str) -> None:
        assert DayField().clean(text) == date(2026, 9, 18)

    @pytest.mark.parametrize("text", ["2026-02-30", "0001-01-01", "9999-12-31", "soon", "18/09/26"])
    def test_no_day_and_no_day_outside_the_calendar(self, text: str) -> None:
        with pytest.raises(ValidationError):
            DayField().clean(text)


class TestPersonField:
    @pytest.fixture
    def field(self, cast: Cast) -> PersonField:
        twin = User.objects.create_user("twin@example.org", name="Member")
        field = PersonField()
        field.people = [cast.member, cast.lead, twin]
        return field

    @pytest.mark.parametrize("text", ["Lead", "lead", " LEAD ", "lead@example.org", "ea"])
    def test_one_is_found_by_name_address_or_a_part(
        self, cast: Cast, field: PersonField, text: str
    ) -> None:
        assert field.clean(text) == cast.lead

    def test_two_of_one_name_need_the_address(self, cast: Cast, field: PersonField) -> None:
        with pytest.raises(ValidationError, match="Several people"):
            field.clean("Member")
        assert field.clean("Member (member@example.org)") == cast.member
        assert field.prepare_value(cast.member) == "Member (member@example.org)"

    @pytest.mark.parametrize("text", ["Nobody", "stranger@example.org"])
    def test_only_people_of_the_team_are_found(self, field: PersonField, text: str) -> None:
        with pytest.raises(ValidationError, match="Nobody of this team"):
            field.clean(text)

    def test_nothing_is_nobody(self, field: PersonField) -> None:
        blank: Any = ""
        assert field.clean(blank) is None
