"""The fonts of a letter: which there are, and which of them a text needs, looked up in the files.

Every file has a family name of its own: two files under one name and WeasyPrint draws wrong signs,
while the text under them still reads right. Those of every letter come with the style sheet; the
others are large and are fetched after the first page answers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

KANA = re.compile("[\u3041-\u30ff\uff66-\uff9d]")
HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
BARE = re.compile(r"[!-~](?=\s*[!-~])", re.ASCII)
"""A sign of ASCII that has another one behind it, so that nothing is set on it."""

SHOWS_NOTHING = ("Cc", "Cf", "Zs", "Zl", "Zp")
"""Categories of signs for which no font is asked: spaces, line ends, joiners."""

SELECTORS = frozenset((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))


class Typeface(NamedTuple):
    """A family of one file, and of a bold one, which is a family of its own.

    Scripts other than Latin, Greek and Cyrillic have no bold file: they are as bold in a heading.
    """

    family: str
    regular: str
    bold: str = ""

    @property
    def files(self) -> Iterator[tuple[str, str]]:
        """Each family with its file."""
        yield self.family, self.regular
        if self.bold:
            yield self.bold_family, self.bold

    @property
    def bold_family(self) -> str:
        """The family in headings."""
        return self.family.replace("Letter", "Letter Strong") if self.bold else self.family


def _hyperlegible(script: str, weight: int) -> str:
    return f"atkinson-hyperlegible-{script}-{weight}-normal.woff2"


OF_EVERY_LETTER = (
    Typeface("Letter Latin", _hyperlegible("latin", 400), _hyperlegible("latin", 700)),
    Typeface("Letter Extended", _hyperlegible("latin-ext", 400), _hyperlegible("latin-ext", 700)),
)
WIDE = Typeface("Letter Noto", "NotoSans_400Regular.ttf", "NotoSans_700Bold.ttf")
"""Latin with every accent, Greek, Cyrillic and Devanagari."""

FETCHED_LATER = (
    WIDE,
    Typeface("Letter Arabic", "NotoSansArabic_400Regular.ttf"),
    Typeface("Letter Hebrew", "NotoSansHebrew_400Regular.ttf"),
    Typeface("Letter Thai", "NotoSansThai_400Regular.ttf"),
    Typeface("Letter Signs", "NotoSansMath_400Regular.ttf"),
    Typeface("Letter Symbols", "NotoSansSymbols_400Regular.ttf"),
    Typeface("Letter Symbols Two", "NotoSansSymbols2_400Regular.ttf"),
)
CHINESE = Typeface("Letter Chinese", "NotoSansSC_400Regular.ttf")
JAPANESE = Typeface("Letter Japanese", "NotoSansJP_400Regular.ttf")
KOREAN = Typeface("Letter Korean", "NotoSansKR_400Regular.ttf")

COMES_WITH_SETUP, COMES_LATER = ("static", "build", "fonts"), ("static", "fonts")


class Chosen(NamedTuple):
    """What a text is drawn in, in this order, and the signs that no font here has."""

    faces: tuple[Typeface, ...]
    lacking: tuple[str, ...]


def folder_of(face: Typeface) -> Path:
    """Where its files are, or will be."""
    parts = COMES_WITH_SETUP if face in OF_EVERY_LETTER else COMES_LATER
    return Path(settings.BASE_DIR, *parts)


def all_are_here() -> bool:
    """Whether the fonts that are fetched later are there."""
    return all(is_here(one) for one in (*FETCHED_LATER, CHINESE, JAPANESE, KOREAN))


def is_here(face: Typeface) -> bool:
    """Whether every file of it is there."""
    return all((folder_of(face) / name).is_file() for _, name in face.files)


def faces_for(text: str) -> Chosen:
    """The fonts that hold every sign of a text.

    A sign with its accents is taken from one font, and so is Latin: where a name has a letter that
    the usual font lacks, the whole text is drawn in the wide one.
    """
    order = tuple(one for one in _in_order(text) if is_here(one))
    used: dict[Typeface, bool] = {}
    lacking = []
    for signs in dict.fromkeys(_clusters(text)):
        face = _first_with(signs, order)
        if face is None:
            lacking.append(signs)
        elif face is not _first_with(signs[0], order) or (face is WIDE and _is_latin(signs[0])):
            used[face] = True
        else:
            used.setdefault(face, False)
    later = [one for one in order if one in used and one not in OF_EVERY_LETTER]
    first = [one for one in later if used[one]]
    rest = [one for one in later if not used[one]]
    return Chosen((*first, *OF_EVERY_LETTER, *rest), tuple(lacking))


def _in_order(text: str) -> tuple[Typeface, ...]:
    """The fonts as they are asked. Chinese signs look as in the language beside them."""
    if KANA.search(text):
        han = (JAPANESE, CHINESE, KOREAN)
    elif HANGUL.search(text):
        han = (KOREAN, CHINESE, JAPANESE)
    else:
        han = (CHINESE, JAPANESE, KOREAN)
    return (*OF_EVERY_LETTER, *FETCHED_LATER, *han)


def _clusters(text: str) -> Iterator[str]:
    """Each sign with the accents and vowel signs that are set on it.

    Most signs have the next one right behind them, and nothing is set on them: they are found at
    once, and the rest is looked at sign by sign.
    """
    yield from set(BARE.findall(text))
    cluster = ""
    for one in BARE.sub("", text):
        category = unicodedata.category(one)
        if category in SHOWS_NOTHING or ord(one) in SELECTORS:
            continue
        if cluster and category[0] != "M":
            yield cluster
            cluster = ""
        cluster += one
    if cluster:
        yield cluster


def _is_latin(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith("LATIN ")


def _first_with(signs: str, order: Iterable[Typeface]) -> Typeface | None:
    asked = {ord(one) for one in signs}
    return next((one for one in order if asked <= _signs_of(one)), None)


def _signs_of(face: Typeface) -> frozenset[int]:
    return _signs_in(folder_of(face) / face.regular)


@cache
def _signs_in(file: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont  # only a process that draws needs it

    with TTFont(file, lazy=True) as font:
        return frozenset(font.getBestCmap())


def style_of(faces: Iterable[Typeface]) -> str:
    """The rules by which a style sheet finds these fonts."""
    rule = '@font-face {{ font-family: "{family}"; src: url("letter:{file}") }}'
    return "\n".join(
        rule.format(family=family, file=file) for face in faces for family, file in face.files
    )


def with_families(style: str, faces: Iterable[Typeface]) -> str:
    """A style sheet in which `"Letter Strong"` and `"Letter"` are these fonts, and no others."""
    faces = tuple(faces)
    bold = ", ".join(f'"{one.bold_family}"' for one in faces)
    regular = ", ".join(f'"{one.family}"' for one in faces)
    return style.replace('"Letter Strong"', bold).replace('"Letter"', regular)
