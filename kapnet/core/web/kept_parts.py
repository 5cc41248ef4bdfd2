"""Parts of pages that say the same of every case: drawn once, and kept by what they say.

A part is a template that sees the values it is given and nothing else. So what is kept can hold no
token, no name and no answer, and another edition, release or day draws its own. Give it what
editions and evidence say, never what somebody typed.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import lru_cache
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

MOST = 4096
"""Parts that a process keeps: those of two editions, a few megabytes."""


def kept_part(template: str, **given: Hashable) -> SafeString:
    """The template drawn with these values alone."""
    return _drawn(template, tuple(given.items()))


@lru_cache(maxsize=MOST)
def _drawn(template: str, given: tuple[tuple[str, Hashable], ...]) -> SafeString:
    return render_to_string(template, dict(given))


_PLACE = "\x00"
"""Stands before and after the name of a text; no text of an edition holds it."""

Pieces = tuple[str, ...]
"""A drawn template cut at its places: what is drawn and the name of a text take turns."""


def place(name: str) -> SafeString:
    """Where a text that differs by case goes into a template. Its name is all that is kept of it.

    A template can show a place, and nothing else; what it asks, it would ask of every case at once.
    """
    return mark_safe(f"{_PLACE}{name}{_PLACE}")  # noqa: S308, a name in a program


def in_pieces(template: str, context: Mapping[str, object]) -> Pieces:
    """The template drawn with places in its context, to be kept as a part is."""
    return tuple(render_to_string(template, dict(context)).split(_PLACE))


def put_in(pieces: Pieces, texts: Mapping[str, str]) -> SafeString:
    """The pieces with the texts of one case in their places, escaped; a missing one is blank."""
    found = list(pieces)
    found[1::2] = [_escaped(texts.get(name, "")) for name in pieces[1::2]]
    return mark_safe("".join(found))  # noqa: S308, escaped here


def _escaped(text: str) -> str:
    """As Django escapes a text. Its own way takes longer than a page needs for the rest of it."""
    return text if not text or isinstance(text, SafeString) else escape(text)
