"""The dumbbell: what it draws, in which order, and what it says."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import plotly.graph_objects as go

from tracker.domain.baseline import BaselineItem
from tracker.domain.lifecycle import Status
from tracker.domain.outcomes import Against, Row
from tracker.domain.slips import Attribution, total_attribution
from tracker.domain.workdays import WorkCalendar
from tracker.figures.dumbbell import MOST, Frame, dumbbell_figure
from tracker.figures.figure import Figure

DUE = date(2026, 3, 20)
TITLES = {2: "<b>Bold</b> & co"}


def row(item: int, slip: int, *, is_open: bool = False, taken: int = 0) -> Row:
    """Return an item that came so many working days after its day."""
    calendar = WorkCalendar()
    end = calendar.nth_working_day(DUE, slip) if slip > 0 else DUE + timedelta(days=slip)
    causes = Attribution(
        {99: Fraction(taken)} if taken else {}, Fraction(max(slip, 0) - taken), max(-slip, 0)
    )
    return Row(
        BaselineItem(item, item, 5000, None, DUE),
        Status.ACTIVE if is_open else Status.DELIVERED,
        None if is_open else end,
        None,
        5000,
        is_due=True,
        is_delivered=not is_open,
        slip=slip,
        causes=causes,
    )


def draw(*rows: Row) -> Figure:
    """Draw items as known on 10 April."""
    told = Against(slips=total_attribution(one.causes for one in rows), rows=rows)
    frame = Frame(
        "2026 Q1",
        date(2026, 4, 11),
        lambda item: (f"PLAT-{item}", TITLES.get(item, "Thing")),
        lambda key: f"/initiatives/{key}/",
        lambda _: WorkCalendar(),
    )
    return dumbbell_figure(told, frame)


def traces(figure: Figure) -> dict[str, Any]:
    """Return the traces by name; the spec is one that the library takes."""
    assert figure.spec is not None
    go.Figure(figure.spec)
    return {trace["name"]: trace for trace in figure.spec["data"]}


class TestDumbbell:
    def test_the_largest_slip_stands_on_top_and_early_ones_below(self) -> None:
        drawn = draw(row(1, 3), row(2, -2), row(3, 15), row(4, 0))
        assert [cells[0].text.split()[0] for cells in drawn.rows] == [
            "PLAT-3",
            "PLAT-1",
            "PLAT-4",
            "PLAT-2",
        ]
        assert drawn.spec is not None
        low, high = drawn.spec["layout"]["yaxis"]["range"]
        assert low > high  # the first is drawn on top

    def test_it_runs_from_the_planned_end_to_the_actual_one(self) -> None:
        found = traces(draw(row(1, 15)))
        assert found["Planned end"]["x"] == ["2026-03-20"]
        assert found["Actual end"]["x"] == ["2026-04-10"]
        assert found["Other causes"]["x"] == ["2026-03-20", "2026-04-10", None]

    def test_the_part_due_to_opportunities_comes_first_in_working_days(self) -> None:
        found = traces(draw(row(1, 15, taken=10)))
        assert found["Due to opportunities"]["x"] == ["2026-03-20", "2026-04-03", None]
        assert found["Other causes"]["x"] == ["2026-04-03", "2026-04-10", None]

    def test_what_is_open_ends_hollow_today(self) -> None:
        found = traces(draw(row(1, 15, is_open=True)))
        assert found["Actual end"]["meta"]["open"] == [True]
        assert found["Actual end"]["x"] == ["2026-04-10"]

    def test_a_click_opens_the_item(self) -> None:
        found = traces(draw(row(1, 15)))
        assert found["Actual end"]["meta"]["links"] == ["/initiatives/PLAT-1/"]
        assert found["Planned end"]["meta"]["links"] == ["/initiatives/PLAT-1/"]

    def test_titles_are_no_markup(self) -> None:
        drawn = draw(row(2, 4))
        found = traces(drawn)
        assert "&lt;b&gt;Bold" in found["Actual end"]["customdata"][0]
        assert drawn.spec is not None
        assert "&lt;b&gt;Bold" in drawn.spec["layout"]["yaxis"]["ticktext"][0]

    def test_of_many_the_farthest_are_drawn_and_the_table_has_all(self) -> None:
        drawn = draw(*(row(item, item) for item in range(1, MOST + 7)))
        assert len(traces(drawn)["Actual end"]["x"]) == MOST
        assert len(drawn.rows) == MOST + 6
        assert f"the {MOST} farthest from their day of {MOST + 6} are drawn" in drawn.caption

    def test_it_says_what_opportunities_account_for(self) -> None:
        drawn = draw(row(1, 15, taken=10), row(2, -2))
        assert drawn.heading == (
            "One item slipped by 15 working days; opportunities account for 10"
        )
        assert "1 late by 15 working days (10 due to opportunities, 5 other causes)" in (
            drawn.caption
        )
        assert "1 early by 2" in drawn.caption

    def test_nothing_late_says_so_and_nothing_at_all_draws_nothing(self) -> None:
        assert draw(row(1, 0)).heading == "Nothing came late"
        assert draw().spec is None
