"""The figures of a team's overview: their marks, limits and captions."""

import re
from collections.abc import Callable, Iterator

import plotly.graph_objects as go
import pytest
import time_machine
from django.test import Client

from tests.cast import TODAY, Cast
from tests.queries.random_work import fill
from tests.views.golden import run_months, write_example
from tests.views.overview import cells, get, specs, trace, words
from tracker.domain.calendar import PeriodKind
from tracker.domain.mix import Measure, Weight
from tracker.views import kept

Sign = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    kept.forget()
    with time_machine.travel(TODAY, tick=False):
        yield


class TestFigures:
    def test_running_month_is_hollow_and_labelled(self, cast: Cast, as_person: Sign) -> None:
        run_months(cast.platform, [(1000, 2000)] * 4, TODAY)

        html = get(as_person("viewer"), "?kind=month")

        share = trace(specs(html)["share"], "share")
        assert share["meta"]["open"] == [False, False, False, True]
        assert "Sep 2026 to date" in cells(html, "share")
        assert "this month to date" in html

    def test_a_month_without_work_is_a_gap_and_not_zero(self, cast: Cast, as_person: Sign) -> None:
        run_months(cast.platform, [(1000, 2000), (0, 0), (0, 2000)], TODAY)

        html = get(as_person("viewer"), "?kind=month")

        assert trace(specs(html)["share"], "share")["y"] == [pytest.approx(100 / 3), None, 0.0]
        assert cells(html, "share")["Aug 2026"][3] == "no data"

    def test_months_alone_have_limits(self, cast: Cast, as_person: Sign) -> None:
        months = [(1000 + 200 * (n % 3), 2000) for n in range(16)]
        run_months(cast.platform, months, TODAY)
        client = as_person("viewer")

        by_month, by_quarter = (get(client, f"?by={grain}") for grain in ("month", "quarter"))

        roles = [each["meta"]["role"] for each in specs(by_month)["share"]["data"]]
        assert roles.count("limit") == 2
        assert "limit" not in [each["meta"]["role"] for each in specs(by_quarter)["share"]["data"]]
        assert "limits from the first 12 months" in by_month

    def test_provisional_limits_need_no_further_months_of_data(
        self, cast: Cast, as_person: Sign
    ) -> None:
        run_months(cast.platform, [(1000, 2000), (800, 2200)] * 4, TODAY)

        assert "limits are provisional" in get(as_person("viewer"))

    def test_a_month_beyond_the_frozen_limits_is_named(self, cast: Cast, as_person: Sign) -> None:
        months = [(1000 + 100 * (n % 3), 2000) for n in range(13)] + [(5000, 500), (1000, 2000)]
        run_months(cast.platform, months, TODAY)

        text = words(get(as_person("viewer")))

        assert "Aug 2026 was above the upper limit" in text
        assert "signal in Aug 2026" in text

    def test_heading_and_caption_name_the_same_months(self, cast: Cast, as_person: Sign) -> None:
        usual = [(1000 + 100 * (n % 3), 2000) for n in range(13)]
        run_months(cast.platform, [*usual, (5000, 500), (5200, 500), (1000, 2000)], TODAY)

        text = words(get(as_person("viewer")))

        assert "Jul and Aug 2026 were above the upper limit" in text
        assert re.search(r"signal in Jul 2026 \([^)]*\); Aug 2026 \(", text)

    def test_both_say_no_more_than_the_last_three(self, cast: Cast, as_person: Sign) -> None:
        usual = [(1000 + 100 * (n % 3), 2000) for n in range(13)]
        run_months(cast.platform, [*usual, *[(5000, 500)] * 4, (1000, 2000)], TODAY)

        text = words(get(as_person("viewer")))

        assert "Jun, Jul and Aug 2026 were above the upper limit" in text
        assert "(the last 3 of 4)" in text

    def test_band_and_panels_share_an_axis(self, cast: Cast, as_person: Sign) -> None:
        run_months(cast.platform, [(1000, 2000)] * 3, TODAY)

        layout = specs(get(as_person("viewer")))["share"]["layout"]

        band = next(shape for shape in layout["shapes"] if shape["name"] == "band")
        assert (band["y0"], band["y1"]) == (20.0, 35.0)
        assert layout["xaxis"]["anchor"] == "y2"
        assert layout["yaxis2"]["domain"][1] < layout["yaxis"]["domain"][0]

    def test_triggers_are_sorted_and_add_up(self, cast: Cast, as_person: Sign) -> None:
        write_example(cast.platform)
        client = as_person("viewer")

        html = get(client, "?period=2026-q1")

        bars = trace(specs(html)["triggers"], "opportunistic")
        assert (bars["y"], bars["x"]) == (["Incident", "Market"], [64.0, 15.0])
        behind = words(client.get(bars["meta"]["links"][0]).content.decode())
        assert "64 pd brought by incident" in behind
        assert "Example E" not in behind

    @pytest.mark.parametrize("measure", list(Measure))
    @pytest.mark.parametrize("weight", list(Weight))
    def test_every_mark_equals_what_lies_behind_it(
        self, cast: Cast, as_person: Sign, measure: Measure, weight: Weight
    ) -> None:
        fill([cast.platform, cast.checkout, cast.group], 40, seed=11)
        client = as_person("group_lead")

        html = get(client, f"?measure={measure}&weight={weight}&by=half&kind=half", "engineering")

        scale = 1000 if weight is Weight.EFFORT else 1
        checked = 0
        for spec in specs(html).values():
            go.Figure(spec)
            for each in spec["data"]:
                if each["type"] != "bar":
                    continue
                values = each["x"] if each.get("orientation") == "h" else each["y"]
                for value, link in list(zip(values, each["meta"]["links"], strict=True))[-3:]:
                    page = client.get(link).content.decode()
                    foot = words(page.split("<tfoot>")[1]) if "<tfoot>" in page else "Total 0"
                    total = float(re.findall(r"Total ([\d,.]+)", foot)[0].replace(",", ""))
                    assert round(total * scale) == round(value * scale), link
                    checked += 1
        assert checked >= 6

    @pytest.mark.parametrize("kind", list(PeriodKind))
    def test_specs_are_valid_for_every_kind_of_period(
        self, cast: Cast, as_person: Sign, kind: PeriodKind
    ) -> None:
        fill([cast.platform], 30, seed=5)

        for spec in specs(get(as_person("viewer"), f"?kind={kind}&by={kind}")).values():
            go.Figure(spec)
