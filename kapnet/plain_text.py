"""Text that shows what it says: no character that turns, hides or joins other text unseen."""

from __future__ import annotations

import unicodedata

INVISIBLE = frozenset({0xAD, 0x200B, 0x2060, 0xFEFF, 0x61C, *range(0x200E, 0x2010)}) | frozenset(
    (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
)
"""Characters that turn, hide or join text without being seen."""


def is_seen(one: str) -> bool:
    """Whether a character shows: no control character, no half of a pair, nothing invisible."""
    return ord(one) not in INVISIBLE and unicodedata.category(one) not in ("Cc", "Cs")


def hidden_in(text: str) -> tuple[str, ...]:
    """The hidden characters of a text, each once, as U+202E. Line breaks and tabs are none."""
    hidden = (one for one in text if one not in "\n\r\t" and not is_seen(one))
    return tuple(dict.fromkeys(f"U+{ord(one):04X}" for one in hidden))


def one_spelling(text: str) -> str:
    """The text with one kind of line break, and accents joined to their letters (NFC)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip()
