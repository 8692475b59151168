"""Markdown that people typed, on its way to the page."""

import re
import time

import pytest

from tracker.templatetags.markdown import to_html

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=//evil.example></iframe>",
    "<style>*{display:none}</style>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    '![x](https://evil.example/x.png" onerror="alert(1))',
    '[x](https://a.example "t" onmouseover="alert(1)")',
    '<https://a.example/"onclick=alert(1)>',
    "[x]: javascript:alert(1)\n\n[x]",
    '```"><script>alert(1)</script>\nx\n```',
    "<a href=javascript:alert(1)>x</a>",
    "<form action=//evil.example><button>go</button></form>",
    "\x00<script>alert(1)</script>",
    'https://a.example/"onmouseover="alert(1)',
    "https://a.example/<script>alert(1)</script>",
]
TAG = re.compile(r"<([a-z][a-z0-9]*)([^>]*)>", re.IGNORECASE)
ALLOWED = {"href", "title", "rel", "start"}


class TestHostileText:
    @pytest.mark.parametrize("text", HOSTILE)
    def test_nothing_that_runs_loads_or_leaves_its_place_comes_through(self, text: str) -> None:
        html = to_html(text)
        for tag, attributes in TAG.findall(html):
            assert tag not in {"script", "img", "svg", "iframe", "style", "form", "button"}
            assert set(re.findall(r"([a-z]+)=", attributes.split('"')[0])) <= ALLOWED
        hrefs = re.findall(r'href="([^"]*)"', html)
        assert all(href.startswith(("http://", "https://", "mailto:", "/")) for href in hrefs)

    @pytest.mark.parametrize(
        "text",
        ["[" * 20000, "![[" * 6000, "*a " * 6000, "> " * 10000, "a|" * 9000 + "\n" + "-|" * 9000],
    )
    def test_no_text_takes_long(self, text: str) -> None:
        begun = time.perf_counter()
        to_html(text)
        assert time.perf_counter() - begun < 5


class TestOrdinaryText:
    def test_a_link_tells_search_engines_and_the_other_side_nothing(self) -> None:
        html = to_html("[x](https://a.example)")
        assert html == (
            '<p><a href="https://a.example" rel="nofollow noopener noreferrer">x</a></p>\n'
        )

    def test_a_picture_becomes_a_link_so_that_reading_calls_nobody(self) -> None:
        html = to_html("![Diagram](https://a.example/d.png)")
        assert "<img" not in html
        assert ">Diagram</a>" in html

    def test_headings_go_below_those_of_the_page(self) -> None:
        assert to_html("# One\n\n###### Six") == "<h3>One</h3>\n<h4>Six</h4>\n"

    def test_headings_leave_out_no_level(self) -> None:
        html = to_html("#### a\n## b\n### c\n#### d")
        assert re.findall(r"<h(\d)>", html) == ["3", "3", "4", "5"]

    def test_lists_tables_code_and_emphasis_are_kept(self) -> None:
        html = to_html("1. *a*\n\n`b`\n\n| c | d |\n|---|---|\n| ~~e~~ | **f** |")
        for piece in ("<ol>", "<em>a</em>", "<code>b</code>", "<th>c</th>", "<s>e</s>"):
            assert piece in html

    def test_an_address_typed_as_it_is_becomes_a_link_without_the_full_stop(self) -> None:
        html = to_html("See https://a.example/x?y=1&z=2. And `https://b.example`.")
        assert 'href="https://a.example/x?y=1&amp;z=2"' in html
        assert "</a>. And <code>https://b.example</code>." in html

    def test_an_address_inside_a_link_is_not_linked_twice(self) -> None:
        assert to_html("[https://a.example](https://b.example)").count("<a ") == 1

    def test_nothing_is_nothing(self) -> None:
        assert to_html("") == ""
