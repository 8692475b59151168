"""The figures of funding: bars that join, a reserve in words, and titles that stay text."""

from dataclasses import replace
from datetime import date

import plotly.graph_objects as go
import pytest

from tracker.domain.books import Books, Stands, TermRow
from tracker.domain.calendar import WorkCalendar
from tracker.domain.conservation import Conservation, Term
from tracker.domain.funding import FundingSum
from tracker.domain.reserve import Draw, burn_down, outlook
from tracker.figures.funding import finding, gave_words, lacks_words, pd, signed
from tracker.figures.reserve import ReserveFacts, reserve_figure
from tracker.figures.waterfall import Frame, waterfall_figure

START, END = date(2026, 7, 1), date(2027, 1, 1)
LAW = Conservation(
    plan=240_000, reserve=60_000, capacity_change=-10_000, planned=200_000,
    opportunistic=79_000, other=11_000, displaced=30_000, cut=18_000, under_run=4_000,
    over_run=12_000,
)  # fmt: skip
FRAME = Frame("2026 H2", "As known today", lambda row: f"PLAT-{row.item} <b>x</b>", "/at/{}".format)


def books(law: Conservation = LAW) -> Books:
    rows = {Term.DISPLACED: tuple(TermRow(5000, item) for item in range(6))}
    return Books(law, rows, (TermRow(79_000, 9),), law.opportunistic)


class TestWaterfall:
    def test_golden_steps_join_and_end_at_the_total(self) -> None:
        figure = waterfall_figure(books(), FRAME)
        assert figure.spec is not None
        go.Figure(figure.spec["data"], figure.spec["layout"])
        ends = [shape["x0"] for shape in figure.spec["layout"]["shapes"]]
        assert ends == [30, 48, 52, 40, 100, 90, 79, 79]

    def test_a_step_below_zero_begins_where_it_ends(self) -> None:
        figure = waterfall_figure(books(replace(LAW, over_run=90_000, other=0)), FRAME)
        assert figure.spec is not None
        minus = next(t for t in figure.spec["data"] if t["meta"]["role"] == "minus")
        assert (minus["base"][0], minus["x"][0]) == (-38, 90)
        assert figure.spec["layout"]["xaxis"]["range"][0] < -38

    def test_bars_lead_to_what_is_behind_them_and_name_the_largest(self) -> None:
        figure = waterfall_figure(books(), FRAME)
        assert figure.spec is not None
        bar = figure.spec["data"][0]
        assert bar["meta"]["links"][0] == "/at/displaced"
        assert "PLAT-0 &lt;b&gt;x&lt;/b&gt;: 5 pd" in bar["customdata"][0]
        assert bar["customdata"][0].endswith("and 2 more")

    def test_the_caption_holds_every_numerator_and_denominator(self) -> None:
        caption = waterfall_figure(books(), FRAME).caption
        assert "Displacement rate 30 of 79 pd = 0.38" in caption
        assert "plan loss 30 of 240 pd = 12.5\u202f%" in caption
        assert "unexplained 0 pd" in caption

    def test_a_large_residual_is_the_finding(self) -> None:
        law = replace(LAW, cut=0, displaced=0)
        assert waterfall_figure(books(law), FRAME).heading == (
            "48 pd beside 79 pd of opportunistic work are unexplained"
        )

    def test_nothing_is_drawn_of_nothing(self) -> None:
        figure = waterfall_figure(Books(), FRAME)
        assert (figure.spec, figure.heading) == (None, "No opportunistic work in this cycle")
        assert "Displacement rate no data" in figure.caption

    def test_every_row_that_stands_for_no_item_has_words(self) -> None:
        from tracker.figures.funding import STANDS, TERMS, WHY

        assert (set(STANDS), set(TERMS), set(WHY)) == (set(Stands), set(Term), set(Term))


def reserve(
    total: int, *draws: Draw, before: date = date(2026, 10, 1), group: bool = False
) -> ReserveFacts:
    ahead = outlook(total, draws, START, END, before=before, calendar=WorkCalendar())
    points = burn_down(total, draws, START, before=before)
    return ReserveFacts(
        total, draws, points, None if group else ahead, START, END, before, "2026 H2"
    )


class TestReserve:
    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            (reserve(0), "No reserve was set aside"),
            (reserve(60_000), "60 of 60 pd of the reserve are left"),
            (
                reserve(60_000, Draw(date(2026, 9, 1), 60_000)),
                "The reserve of 60 pd is used up since 1 Sep 2026",
            ),
            (
                reserve(60_000, Draw(date(2026, 9, 1), 5_000)),
                "At this pace the reserve lasts: 55 of 60 pd are left",
            ),
            (
                reserve(60_000, *(Draw(date(2026, 9, day), 10_000) for day in (1, 8, 15, 22))),
                "At this pace the reserve is used up on 28 Oct 2026",
            ),
            (
                reserve(60_000, Draw(date(2026, 9, 1), 5_000), before=END),
                "55 of 60 pd of the reserve were not drawn",
            ),
            (
                reserve(60_000, Draw(date(2026, 9, 1), 5_000), group=True),
                "55 of 60 pd of the reserve are left",
            ),
        ],
    )
    def test_the_heading_says_what_matters(self, facts: ReserveFacts, words: str) -> None:
        assert reserve_figure(facts).heading == words

    def test_how_sure_it_is_stands_in_the_caption(self) -> None:
        draws = (Draw(date(2026, 9, day), 10_000) for day in (1, 8, 15, 22))
        figure = reserve_figure(reserve(60_000, *draws))
        assert "20 of 60 pd left as known 30 Sep 2026" in figure.caption
        assert "80\u202f% range" in figure.caption
        assert "it runs out before the cycle ends with a chance of" in figure.caption
        assert figure.spec is not None
        go.Figure(figure.spec["data"])
        names = [shape["name"] for shape in figure.spec["layout"]["shapes"]]
        assert names == ["range", "mark"]

    def test_the_line_begins_with_the_whole_reserve(self) -> None:
        figure = reserve_figure(reserve(60_000, Draw(START, 10_000)))
        assert figure.spec is not None
        assert figure.spec["data"][1]["y"] == [60, 50, 50]


class TestWords:
    def test_amounts(self) -> None:
        assert [pd(0), pd(2500), pd(-1_140_040)] == ["0", "2.5", "\u22121,140"]
        assert [signed(30_000), signed(-12_000), signed(0), signed(20)] == [
            "+30", "\u221212", "0", "0",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("total", "words"),
        [
            (FundingSum(), "No opportunity asks for funding in this cycle"),
            (FundingSum(1, unestimated=1), "No opportunity of this cycle is estimated"),
            (FundingSum(2, 9000, 9000), "All 9 pd of two opportunities are funded"),
            (FundingSum(3, 9000, 1000, unfunded_mpd=8000, unfunded=2, unestimated=1),
             "Unfunded by 8 pd, in two of two opportunities"),
        ],
    )  # fmt: skip
    def test_the_finding(self, total: FundingSum, words: str) -> None:
        assert finding(total).startswith(words)

    def test_where_it_came_from(self) -> None:
        total = FundingSum(displaced_mpd=1000, added_mpd=2000)
        assert gave_words(total) == "1 pd displaced, 2 pd of added capacity"

    def test_how_a_ledger_stands(self) -> None:
        assert [lacks_words(8000), lacks_words(0), lacks_words(0, 2000)] == [
            "Unfunded by 8 pd", "Funded", "Funded, with 2 pd more than it needs",
        ]  # fmt: skip
