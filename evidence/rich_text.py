"""Curators' texts as Markdown: paragraphs, emphasis, lists and links, and nothing that acts.

What a curator typed is kept as typed. Pages show `render`; letters, hashes, exports and mail
keep words only: `plain`. HTML in a text is text, so that "p < 0.05" stays what it says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {"p", "em", "strong", "ul", "ol", "li", "br", "a"}
ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
SCHEMES = {"https", "http", "mailto"}
LINKS_ARE = "external noreferrer nofollow"

_RULES = ["emphasis", "link", "list", "newline", "escape"]
"""No images, headings (a page has its own), code, tables, quotes or HTML."""

LONGEST = 20_000
"""Characters of the longest text whose marks are read: those of a megabyte take seconds."""

_markdown = MarkdownIt("zero", {"html": False, "linkify": False}).enable(_RULES)


@lru_cache(maxsize=4096)
def render(text: str | None) -> str:
    """The HTML of a text, safe to put into a page as it is; empty where there is no text.

    Kept in the process: the same findings are on page after page.
    """
    if not text:
        return ""
    if len(text) > LONGEST:
        return f"<p>{escape(text)}</p>"
    html = _markdown.render(text)
    return nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=LINKS_ARE
    ).strip()


def plain(text: str | None) -> str:
    """The words of a text without marks: paragraphs and list items a line each, links by name."""
    if not text or len(text) > LONGEST:
        return text or ""
    return "\n".join(_lines(_markdown.parse(text)))


def _lines(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield "".join(_words(token.children or ()))


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            yield " "
        else:
            yield token.content
