"""Files are sent without what only readers of the source need."""

import pytest

from roadmap.storage import lean


@pytest.mark.parametrize(
    ("name", "text", "sent"),
    [
        ("css/a.css", "/* One\n   two. */\na {\n  b: c; /* d */\n}\n", "a {\nb: c; /* d */\n}\n"),
        ("css/a.css", 'a {\n  b: url("x/*y*/z");\n}\n', 'a {\nb: url("x/*y*/z");\n}\n'),
        ("js/a.js", "// One.\nf();\n  /** Two. */\n  g('//x'); // y\n", "f();\n  g('//x'); // y\n"),
        ("vendor/a.js", "// Licence\nf();\n", "// Licence\nf();\n"),
        ("img/a.svg", "<!-- // -->\n", "<!-- // -->\n"),
    ],
)
def test_whole_lines_of_comments_of_ours_go(name: str, text: str, sent: str) -> None:
    assert lean(name, text) == sent
