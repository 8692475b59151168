"""The harness itself: what it counts must be right before its ratios mean anything."""

import pytest
from django.test import Client

from tests.bench.pages import _mentioned, admin_rows, form_fields
from tests.bench.rounds import WRK_DONE, WRK_FAILED, Burst, Ratio
from tests.bench.targets import TARGETS, Target


class TestTargets:
    def test_at_least_and_at_most_look_the_other_way(self) -> None:
        assert Target("share", 0.5, 0.6, "%", least=True).met(0.5)
        assert not Target("share", 0.5, 0.6, "%", least=True).met(0.49)
        assert Target("queries", 4, 3, "").met(4)
        assert not Target("queries", 4, 3, "").met(5)

    def test_every_stretch_goes_beyond_its_bound(self) -> None:
        for target in TARGETS.values():
            assert target.met(target.stretch), target.name

    def test_values_are_written_in_their_unit(self) -> None:
        assert TARGETS["list"].words(0.183) == "18.3 %"
        assert TARGETS["memory"].words(91.96) == "92.0 MB"
        assert TARGETS["row_of_admin"].words(0.125) == "0.12 x"


class TestRatio:
    def test_is_the_median_of_the_rounds_ratios_and_not_a_ratio_of_medians(self) -> None:
        def pair(bare: float, page: float) -> tuple[Burst, Burst]:
            return Burst(100, 1, bare), Burst(100, 1, page)

        found = Ratio.of([pair(0.1, 0.2), pair(0.4, 0.5), pair(0.2, 0.8)])
        assert found.of_bare == pytest.approx(0.5)
        assert found.cpu_ms == pytest.approx(5.0)

    def test_what_an_edit_costs_is_taken_off_the_page_after_it(self) -> None:
        assert Burst(100, 1, 0.8).without(3.0).cpu_ms == pytest.approx(5.0)

    def test_reads_what_wrk_says(self) -> None:
        text = "  1234 requests in 2.00s, 3.4MB read\n  Non-2xx or 3xx responses: 7\n"
        done, failed = WRK_DONE.search(text), WRK_FAILED.search(text)
        assert done is not None
        assert failed is not None
        assert (done[1], failed[1]) == ("1234", "7")


class TestPages:
    def test_a_forms_inputs_are_what_it_would_send(self) -> None:
        html = '<form><input name="version" value="3"><input name="title" value="A &amp; B"></form>'
        assert form_fields(html) == {"version": "3", "title": "A & B"}

    def test_style_sheets_and_modules_bring_further_files(self) -> None:
        css = 'a { src: url("../vendor/inter.woff2"); b: url("data:image/svg+xml,x") }'
        found = list(_mentioned("/static/css/tokens.1.css", css, ""))
        assert found == ["/static/vendor/inter.woff2"]
        module = 'import { css } from "./figures.js";'
        assert list(_mentioned("/static/js/a.js", module, "")) == ["/static/js/figures.js"]

    def test_a_later_import_and_a_fill_of_the_page_fetch_nothing(self) -> None:
        assert not list(_mentioned("/static/js/a.js", 'import("./later.js")', ""))
        assert not list(_mentioned("/static/css/a.css", 'rect { fill: url("#hatch") }', ""))

    @pytest.mark.parametrize(("page", "count"), [("Jos&eacute;", 1), ("José", 1), ("Jose", 0)])
    def test_a_font_is_fetched_where_a_page_shows_its_signs(self, page: str, count: int) -> None:
        css = '@font-face { src: url("more.woff2"); unicode-range: U+2019, U+C0-FF; }'
        assert len(list(_mentioned("/static/css/tokens.css", css, page))) == count

    def test_rows_of_the_admin_are_counted_by_their_boxes(self) -> None:
        assert admin_rows('<input name="_selected_action" value="1">' * 3) == 3


class TestYardsticks:
    @pytest.mark.parametrize("path", ["plain", "bare", "edit/platform", "edited/platform/overview"])
    def test_the_product_does_not_have_them(self, db: None, path: str) -> None:
        assert Client().get(f"/bench/{path}/").status_code == 404
