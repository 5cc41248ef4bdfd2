"""Parts of pages that say the same of every case: drawn once, and kept by what they say.

A part is a template that sees the values it is given and nothing else. So what is kept can hold no
token, no name and no answer, and another edition, release or day draws its own. Give it what
editions and evidence say, never what somebody typed.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

MOST = 4096
"""Parts that a process keeps: those of two editions, a few megabytes."""


def kept_part(template: str, **given: Hashable) -> SafeString:
    """The template drawn with these values alone."""
    return _drawn(template, tuple(given.items()))


@lru_cache(maxsize=MOST)
def _drawn(template: str, given: tuple[tuple[str, Hashable], ...]) -> SafeString:
    return render_to_string(template, dict(given))


def part_with(
    template: str, name: str, *, same: Mapping[str, Hashable], differs: Mapping[str, str]
) -> SafeString:
    """A part with places for texts that differ by case: put in each time, and not kept.

    name: how the template calls all of it together, as in {{ view.id }}. It can show a text that
    differs, and ask whether it is empty; what it asks else, it would ask of every case at once.
    """
    filled = tuple((key, bool(text)) for key, text in differs.items())
    pieces = _pieces(template, name, tuple(same.items()), filled)
    texts = {key: conditional_escape(text) for key, text in differs.items()}
    return mark_safe("".join(texts[one] if is_place else one for is_place, one in pieces))  # noqa: S308, escaped here


_PLACE = "\x00"
"""Stands before and after the name of a text; no text of an edition holds it."""


@lru_cache(maxsize=MOST)
def _pieces(
    template: str,
    name: str,
    same: tuple[tuple[str, Hashable], ...],
    filled: tuple[tuple[str, bool], ...],
) -> tuple[tuple[bool, str], ...]:
    places = {key: mark_safe(f"{_PLACE}{key}{_PLACE}" * is_filled) for key, is_filled in filled}  # noqa: S308
    drawn = render_to_string(template, {name: {**dict(same), **places}})
    return tuple((bool(n % 2), one) for n, one in enumerate(drawn.split(_PLACE)))
