"""What the portfolio says: the finding, the roll-up in words, the caption."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from tracker.domain.calendar import FiscalCalendar, PeriodKind, period_of
from tracker.domain.mix import Measure, Mix, Weight
from tracker.domain.portfolio import Portfolio, Row
from tracker.domain.question import Question
from tracker.domain.standing import Standing
from tracker.domain.zone import DEFAULT_BAND, Zone
from tracker.figures.portfolio import Picture, picture
from tracker.figures.words import THIN, Unit

FOCUS = period_of(date(2026, 9, 18), PeriodKind.QUARTER, FiscalCalendar())
QUESTION = Question(Measure.CAPACITY, Weight.EFFORT, FOCUS, PeriodKind.MONTH, 18)
DAY = date(2026, 9, 19)


def row(
    name: str, opportunistic: int, total: int, zone: Zone, interval: tuple[float, float] | None
) -> Row:
    mix = Mix(opportunistic * 1000, (total - opportunistic) * 1000)
    standing = Standing(zone, zone, Zone.NO_DATA, to_date=True)
    spark = (None, Fraction(1, 4), mix.share)
    return Row(name, name.lower(), 0, False, DEFAULT_BAND, mix, 9, standing, interval, None, spark)


OPS = row("Field Ops", 97, 164, Zone.DERAILED, (0.46, 0.71))
PLATFORM = row("Platform", 87, 212, Zone.STRETCHED, (0.31, 0.52))
CHECKOUT = row("Checkout", 61, 238, Zone.ON_TARGET, (0.18, 0.35))
DATA = row("Data", 14, 148, Zone.RIGID, (0.05, 0.14))
NEW = row("New", 0, 0, Zone.NO_DATA, None)
TOTAL = row("All teams", 259, 762, Zone.ON_TARGET, (0.29, 0.38))


def draw(*rows: Row, by_share: bool = True, question: Question = QUESTION) -> Picture:
    found = Portfolio(question, DAY, rows, TOTAL, date(2026, 1, 5))
    unit = Unit(question.weight, "EUR")
    return picture(found, unit, lambda slug: (f"/{slug}/", f"/{slug}/b/"), by_share=by_share)


class TestFinding:
    def test_names_who_is_outside_derailed_first(self) -> None:
        drawn = draw(DATA, CHECKOUT, PLATFORM, OPS)
        assert drawn.lead == "Three of four teams are outside their band: "
        assert [(team.name, team.word) for team in drawn.mentions] == [
            ("Field Ops", "derailed"),
            ("Platform", "stretched"),
            ("Data", "rigid"),
        ]

    def test_all_teams_outside_are_called_all(self) -> None:
        assert draw(DATA, PLATFORM, OPS).lead == "All three teams are outside their band: "

    def test_one_team_outside_takes_the_singular(self) -> None:
        assert draw(DATA, CHECKOUT).lead == "One of two teams is outside its band: "

    def test_a_calm_portfolio_says_so(self) -> None:
        assert draw(CHECKOUT, CHECKOUT).lead == "Both teams are inside their band"

    def test_teams_without_data_are_not_called_inside(self) -> None:
        drawn = draw(CHECKOUT, CHECKOUT, NEW)
        assert drawn.lead == "Both teams with enough data are inside their band"
        assert "One team has too little data yet." in drawn.lede

    def test_nobody_is_judged_without_data(self) -> None:
        assert draw(NEW).lead == "There is too little work yet to say where a team stands"
        assert draw(NEW).mentions == ()

    def test_many_teams_outside_are_counted_by_zone_rather_than_listed(self) -> None:
        drawn = draw(*[replace(OPS, name=f"Team {n}") for n in range(40)], DATA, CHECKOUT)
        assert drawn.lead == "41 of 42 teams are outside their band: "
        assert [(team.name, team.word) for team in drawn.mentions] == [
            ("40", "derailed"),
            ("one", "rigid"),
        ]

    def test_a_share_of_too_little_work_has_no_zone_and_says_why(self) -> None:
        (shown,) = draw(row("Small", 5, 5, Zone.NO_DATA, (0.4, 1.0))).rows
        assert (shown.share, shown.zone_word) == (f"100.0{THIN}%", "Too little")
        assert draw(NEW).rows[0].zone_word == "No data"

    def test_the_roll_up_stands_with_its_sums_and_its_warning(self) -> None:
        drawn = draw(DATA, CHECKOUT, OPS)
        assert drawn.lede.startswith(f"Together 34.0{THIN}% (259 of 762 pd), inside")
        assert drawn.lede.endswith("A calm total hides those at both ends.")

    def test_only_whole_intervals_beyond_the_band_are_clear(self) -> None:
        heading = draw(DATA, CHECKOUT, PLATFORM, OPS).heading
        assert heading == (
            "Only Field Ops and Data are clearly outside; "
            "Platform’s interval still touches its band"
        )

    def test_by_value_there_is_no_interval_to_speak_of(self) -> None:
        drawn = draw(OPS, question=replace(QUESTION, weight=Weight.VALUE))
        assert "interval" not in drawn.heading + drawn.caption


class TestRows:
    def test_by_share_the_highest_comes_first_and_no_data_last(self) -> None:
        drawn = draw(NEW, DATA, OPS)
        assert [each.name for each in drawn.rows] == ["Field Ops", "Data", "New"]
        assert [each.name for each in drawn.foot] == ["All teams"]

    def test_by_share_groups_stand_below_the_teams(self) -> None:
        group = replace(TOTAL, name="Core", is_group=True)
        assert [each.name for each in draw(group, DATA).foot] == ["Core", "All teams"]

    def test_by_group_the_tree_stays_as_it_is(self) -> None:
        group = replace(TOTAL, name="Core", is_group=True)
        drawn = draw(group, DATA, replace(OPS, depth=1), by_share=False)
        assert [each.name for each in drawn.rows] == ["Core", "Data", "Field Ops"]

    def test_every_share_has_numerator_denominator_interval_and_band(self) -> None:
        (shown,) = draw(OPS).rows
        assert (shown.share, shown.of) == (f"59.1{THIN}%", "97 of 164")
        assert shown.dot_label == (
            f"Field Ops: 59.1{THIN}%, 80{THIN}% interval 46–71{THIN}%, band 20–35{THIN}%"
        )
        assert shown.spark_label == f"Last 3 quarters: no data, 25.0{THIN}%, 59.1{THIN}%"

    def test_no_data_is_never_zero(self) -> None:
        (shown,) = draw(NEW).rows
        assert (shown.share, shown.of, shown.dot.at) == ("no data", "", "")

    @pytest.mark.parametrize("weight", list(Weight))
    def test_the_caption_names_measure_period_order_and_day(self, weight: Weight) -> None:
        caption = draw(OPS, question=replace(QUESTION, weight=weight)).caption
        assert caption.startswith("Capacity")
        assert "2026 Q3 to date, ordered by share." in caption
        assert caption.endswith("The total is a ratio of sums, as known 18 Sep 2026.")
