"""Text that shows what it says: no character that turns, hides or joins other text unseen.

Every form refuses such text and says what was found and where; nothing is taken out silently. A
letter leaves out what was stored before forms refused it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import takewhile

UNSEEN_KINDS = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"))
"""Unicode's categories of control and format signs, of code points without a sign, of line ends."""

BLANK = frozenset(
    (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x2800, 0x3164, 0xFFA0)
) | frozenset((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
"""Letters and marks by their category that show nothing: fillers, empty Braille, selectors."""

JOINERS = ("\u200c", "\u200d")
JOINING = (range(0x0600, 0x1100), range(0x1780, 0x18B0))
"""The scripts of which a joiner changes the letters: Arabic, those of India and their kin."""

VARIANTS = frozenset(map(chr, range(0xE0100, 0xE01F0)))
"""They choose between forms of a Chinese character, as names in Japan need it."""

IDEOGRAPHS = (range(0x3400, 0xA000), range(0x20000, 0x32000))


def is_seen(one: str) -> bool:
    """Whether a character by itself shows."""
    return ord(one) not in BLANK and unicodedata.category(one) not in UNSEEN_KINDS


def hidden_in(text: str) -> tuple[str, ...]:
    """The hidden characters of a text, each once, as U+202E. Line breaks and tabs are none."""
    hidden = (one for one, shows in _each(text) if one not in "\n\r\t" and not shows)
    return tuple(dict.fromkeys(f"U+{ord(one):04X}" for one in hidden))


def text_before_hidden(text: str) -> str:
    """What is before the first hidden character; all where there is none."""
    seen = takewhile(lambda each: each[1] or each[0] in "\n\r\t", _each(text))
    return "".join(one for one, _ in seen)


def without_hidden(text: str) -> str:
    """The text without its hidden characters. Every kind of line end is a line break."""
    lines = text.replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(one for one, shows in _each(lines) if one == "\n" or shows)


def _each(text: str) -> Iterator[tuple[str, bool]]:
    """Each character, and whether it shows, or changes how its neighbors show."""
    for place, one in enumerate(text):
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        yield one, is_seen(one) or _shapes(before, one, after)


def _shapes(before: str, one: str, after: str) -> bool:
    if one in JOINERS:
        return _joins(before) and _joins(after)
    return one in VARIANTS and _is_among(before, IDEOGRAPHS)


def _joins(one: str) -> bool:
    return _is_among(one, JOINING) and unicodedata.category(one)[0] in "LM"


def _is_among(one: str, ranges: tuple[range, ...]) -> bool:
    return one != "" and any(ord(one) in some for some in ranges)


def has_letter(text: str) -> bool:
    """Whether there is a letter or a digit that can be seen."""
    return any(is_seen(one) and unicodedata.category(one)[0] in "LN" for one in text)


def one_spelling(text: str) -> str:
    """The text with one kind of line break, and accents joined to their letters (NFC)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip()


PLAIN_LETTERS = str.maketrans(
    {
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        "ı": "i",
        "ĸ": "k",
        "ŀ": "l",
    }
)
"""Letters with no accent that could be taken off, as people type them on another keyboard."""


def without_accents(text: str) -> str:
    """The text in one case, without the accents of its letters."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(one for one in plain if not unicodedata.combining(one))


def plain_letters(text: str) -> str:
    """The text as somebody types it who has none of its letters: Łukasz as lukasz."""
    return without_accents(text).translate(PLAIN_LETTERS)
