"""Words by which records say that a work was taken back, or is doubted, or is such a notice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum


class Sign(StrEnum):
    """What words say of a work."""

    TAKEN_BACK = "taken back"
    DOUBTED = "doubted"
    NOTICE = "notice"


_MARK = r"(?:retracted|withdrawn|removed)"
_THING = r"(?:\s{1,3}(?:article|paper|publication|chapter|review|study|trial))?"
MARK_BEFORE = re.compile(rf"\A\W{{0,9}}{_MARK}{_THING}\s{{0,3}}[:\]\)]", re.IGNORECASE)
MARK_BEHIND = re.compile(
    r"[(\[]\s{0,3}(?:article )?(?:retracted|withdrawn)\b[^()\[\]]{0,200}[)\]]\W{0,3}\Z",
    re.IGNORECASE,
)
"""Titles as publishers mark them: "RETRACTED ARTICLE: …", "[Withdrawn] …", "… (Retracted)"."""

TITLE_OF_NOTICE = re.compile(
    r"\W{0,9}(?:notice of (?:retraction|withdrawal|removal)\b"
    r"|statement of (?:retraction|withdrawal)\b"
    r"|(?:retraction|withdrawal|removal)\s{1,3}(?:notice|note|statement)\b"
    r"|retraction and republication\b"
    r"|(?:retraction|withdrawal|(?:temporary )?removal)(?:\s{1,3}(?:of|to|for))?\s{0,3}:"
    r"|retraction (?:of|for|to)\s{1,3}[\"'“‘«]"
    r"|retraction for [^:]{1,80}:)",
    re.IGNORECASE,
)
"""The notice itself: "Retraction: ", "Notice of Retraction", "Retraction note to: "."""

DOUBT = re.compile(r"\bexpressions?\s{1,3}of\s{1,3}concern\b", re.IGNORECASE)
WORDS_OF_NOTICE = re.compile(
    r"\b(?:retraction of(?: publication)?|expression of concern for)\s{0,3}(?::|\Z)"
    r"|\A\W{0,3}(?:retraction notice|notice of retraction|retraction)\W{0,3}\Z",
    re.IGNORECASE,
)
WORDS_TAKEN_BACK = re.compile(
    r"\bretracted (?:publication|article|paper)\b"
    r"|\b(?:retraction|retracted|withdrawn) in\s{0,3}:"
    r"|\b(?:article|paper|publication|review|study|trial) has been (?:retracted|withdrawn)\b"
    r"|\A\W{0,3}(?:retracted|withdrawn)\b\W{0,3}\Z",
    re.IGNORECASE,
)


def title_is_marked(title: str) -> bool:
    """Whether a title is marked as that of a work that was retracted, withdrawn or removed."""
    return bool(MARK_BEFORE.match(title) or MARK_BEHIND.search(title))


def without_mark(title: str) -> str:
    """The title of a marked work as it was before."""
    return MARK_BEHIND.sub("", MARK_BEFORE.sub("", title, count=1)) or title


def signs_of(title: str, words: Iterable[str]) -> set[Sign]:
    """What the title says, and the other words of a record: types, links, keywords, notes."""
    signs = {sign for one in words for sign in _signs_in_words(one[:2000])}
    if title_is_marked(title) or re.match(r"\W*retracted\b", title, re.IGNORECASE):
        signs.add(Sign.TAKEN_BACK)
    if TITLE_OF_NOTICE.match(title):
        signs.add(Sign.NOTICE)
    if DOUBT.search(title):
        signs.add(Sign.DOUBTED)
    return signs


def _signs_in_words(words: str) -> Iterable[Sign]:
    if WORDS_OF_NOTICE.search(words):
        yield Sign.NOTICE
    elif DOUBT.search(words):
        yield Sign.DOUBTED
    if WORDS_TAKEN_BACK.search(words):
        yield Sign.TAKEN_BACK
