"""Parts of pages that say the same of every case: drawn once, and kept by what they say.

A part is a template that sees the values it is given and nothing else. So what is kept can hold no
token, no name and no answer, and another edition, release or day draws its own. Give it what
editions and evidence say, never what somebody typed.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

MOST = 4096
"""Parts that a process keeps: those of two editions, a few megabytes."""


def kept_part(template: str, **given: Hashable) -> SafeString:
    """The template drawn with these values alone."""
    return _drawn(template, tuple(given.items()))


@lru_cache(maxsize=MOST)
def _drawn(template: str, given: tuple[tuple[str, Hashable], ...]) -> SafeString:
    return render_to_string(template, dict(given))
