"""The one way from Markdown that people typed to HTML that is safe to show."""

import re
from collections.abc import Sequence
from typing import Any

import nh3
from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

register = template.Library()

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
    "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
SCHEMES = {"http", "https", "mailto"}
ADDRESS = re.compile(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]}])")
REL = "nofollow noopener noreferrer"


def _picture_as_link(
    renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    """Show a link in place of a picture, so that reading a page calls no other server."""
    token = tokens[index]
    address = str(token.attrs.get("src", ""))
    words = token.content or address
    return f'<a href="{escape(address)}">{escape(words)}</a>'


def _link_addresses(state: StateCore) -> None:
    """Make a link of an address that was typed as it is, outside of links and code."""
    for block in state.tokens:
        inside, children = 0, []
        for token in block.children or []:
            inside += token.nesting if token.type in ("link_open", "link_close") else 0
            plain = token.type != "text" or inside
            children += [token] if plain else _split_addresses(token.content)
        if block.children is not None:
            block.children = children


def _split_addresses(text: str) -> list[Token]:
    tokens = []
    for index, piece in enumerate(ADDRESS.split(text)):
        word = Token("text", "", 0, content=piece)
        if index % 2:
            opening = Token("link_open", "a", 1, attrs={"href": piece})
            tokens += [opening, word, Token("link_close", "a", -1)]
        elif piece:
            tokens.append(word)
    return tokens


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.add_render_rule("image", _picture_as_link)
    parser.core.ruler.push("addresses", _link_addresses)
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
