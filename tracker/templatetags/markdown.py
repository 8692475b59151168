"""The one way from Markdown that people typed to HTML that is safe to show."""

from collections.abc import Sequence
from typing import Any

import nh3
from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

register = template.Library()

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
    "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
SCHEMES = {"http", "https", "mailto"}
REL = "nofollow noopener noreferrer"


def _picture_as_link(
    renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    """Show a link in place of a picture, so that reading a page calls no other server."""
    token = tokens[index]
    address = str(token.attrs.get("src", ""))
    words = token.content or address
    return f'<a href="{escape(address)}">{escape(words)}</a>'


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.add_render_rule("image", _picture_as_link)
    return parser


_PARSER = _parser()
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href", "title"}, "ol": {"start"}},
    url_schemes=SCHEMES,
    link_rel=REL,
)


def _lower_headings(tokens: Sequence[Token]) -> None:
    """Put headings below the h2 above them, and leave out no level on the way down."""
    ranks = {rank: level for level, rank in enumerate(sorted(_ranks(tokens)), start=3)}
    level = 2
    for token in tokens:
        if token.type == "heading_open":
            level = min(level + 1, ranks[token.tag], 6)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{level}"


def _ranks(tokens: Sequence[Token]) -> set[str]:
    return {token.tag for token in tokens if token.type == "heading_open"}


def to_html(text: str) -> str:
    """Return Markdown as HTML with nothing in it that runs, loads or leaves its place.

    Raw HTML shows as text; headings go below those of the page; pictures become links.
    """
    tokens = _PARSER.parse(text)
    _lower_headings(tokens)
    return _CLEANER.clean(_PARSER.renderer.render(tokens, _PARSER.options, {}))


@register.filter
def markdown(text: str | None) -> SafeString:
    """Render Markdown; its only exit is the sanitiser."""
    return mark_safe(to_html(text or ""))
