"""Marks of the portfolio: an axis all rows share, and sparklines with gaps."""

from fractions import Fraction

import pytest

from tracker.domain.zone import Band
from tracker.figures.dots import Axis, spark


class TestAxis:
    @pytest.mark.parametrize(
        ("highest", "top"),
        [(0.0, 40), (0.4, 40), (0.401, 60), (0.79, 80), (0.999, 100), (1.0, 100)],
    )
    def test_ends_at_the_next_step_above_everything(self, highest: float, top: int) -> None:
        assert Axis([0.1, highest]).top == top

    def test_has_no_end_beyond_100_percent(self) -> None:
        assert Axis([]).top == 40
        assert Axis([Fraction(1)]).ticks[-1].text == "100\u202f%"

    def test_places_a_share_in_percent_of_its_own_length(self) -> None:
        axis = Axis([0.8])
        assert axis.place(Fraction(41, 100)) == "51.25%"
        assert axis.place(0) == "0.00%"

    def test_labels_stay_inside_at_both_ends(self) -> None:
        ticks = Axis([0.7]).ticks
        assert [tick.anchor for tick in ticks] == ["start", "middle", "middle", "middle", "end"]
        assert [tick.is_minor for tick in ticks] == [False, True, False, True, False]

    @pytest.mark.parametrize(
        ("highest", "shown"),
        [(0.4, [0, 40]), (0.6, [0, 60]), (0.8, [0, 40, 80]), (1.0, [0, 40, 100])],
    )
    def test_a_phone_shows_labels_that_do_not_touch(self, highest: float, shown: list[int]) -> None:
        ticks = Axis([highest]).ticks
        found = [tick.text for tick in ticks if not tick.is_minor]
        assert found == [f"{value}\u202f%" for value in shown]

    def test_a_row_without_data_keeps_its_band_and_has_no_dot(self) -> None:
        dot = Axis([0.8]).dot(None, None, Band(), is_open=True)
        assert (dot.band_x, dot.band_width) == ("25.00%", "18.75%")
        assert (dot.at, dot.low, dot.high) == ("", "", "")


class TestSpark:
    def test_breaks_the_line_where_there_is_no_data(self) -> None:
        shares = [Fraction(1, 4), Fraction(1, 2), None, Fraction(1, 4), None, None, Fraction(1, 2)]
        drawn = spark(shares, Fraction(1, 2))
        assert len(drawn.lines) == 1
        assert len(drawn.lines[0].split()) == 2
        assert len(drawn.singles) == 2
        assert drawn.last == ("105.0", "3.0")

    def test_a_last_period_without_data_has_no_point(self) -> None:
        assert spark([Fraction(1, 2), Fraction(1, 2), None], Fraction(1, 2)).last is None

    def test_no_data_is_never_drawn_as_zero(self) -> None:
        drawn = spark([None, None], Fraction(1))
        assert (drawn.lines, drawn.singles, drawn.last) == ((), (), None)

    def test_zero_is_drawn_at_the_bottom(self) -> None:
        assert spark([Fraction(0), Fraction(0)], Fraction(1)).last == ("105.0", "21.0")
