"""Texts inside GitHub-flavored Markdown, which allows HTML: whatever is put in stays text."""

from __future__ import annotations

import re

SPECIAL = re.compile(r"[\\`*_{}\[\]()#+\-.!|~<>&:@=\"']")
BREAKS = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
HTML = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def plain(text: str) -> str:
    """On one line, with everything escaped that Markdown or HTML could read."""
    line = BREAKS.sub(" ", text).strip()
    return SPECIAL.sub(lambda one: HTML.get(one[0], "\\" + one[0]), line)
