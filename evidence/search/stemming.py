"""The stem of an English word: relapse, relapses and relapsing have one.

Source: Porter MF, An algorithm for suffix stripping, Program 1980;14(3):130-137, with the
departures that its author published with his own program.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

SHORTEST = 3
"""Letters of the shortest word that is changed."""
LONGEST = 64
"""Letters of the longest; what is longer is no English word."""

STEP_2: Mapping[str, str] = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize",
    "bli": "ble", "alli": "al", "entli": "ent", "eli": "e", "ousli": "ous",
    "ization": "ize", "ation": "ate", "ator": "ate", "alism": "al", "iveness": "ive",
    "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble",
    "logi": "log",
}  # fmt: skip
STEP_3: Mapping[str, str] = {
    "icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": "",
}  # fmt: skip
STEP_4: Mapping[str, str] = dict.fromkeys(
    ("al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion",
     "ou", "ism", "ate", "iti", "ous", "ive", "ize"), "",
)  # fmt: skip


@lru_cache(maxsize=50_000)
def stem_of(word: str) -> str:
    """The stem of a word in small letters without accents; other words come back as they are."""
    if not SHORTEST <= len(word) <= LONGEST or not (word.isascii() and word.isalpha()):
        return word
    for step in STEPS:
        word = step(word)
    return word


def _shape(word: str) -> str:
    """The word in vowels and consonants: "relapse" is "cvcvccv"."""
    shape = ""
    for letter in word:
        is_vowel = letter in "aeiou" or (letter == "y" and shape.endswith("c"))
        shape += "v" if is_vowel else "c"
    return shape


def _measure(word: str) -> int:
    """How many times vowels are followed by consonants."""
    return _shape(word).count("vc")


def _ends_double(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and _shape(word).endswith("c")


def _ends_short(word: str) -> bool:
    return _shape(word).endswith("cvc") and word[-1] not in "wxy"


def _plural(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _past(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) else word
    for ending in ("ed", "ing"):
        rest = word.removesuffix(ending)
        if word.endswith(ending) and "v" in _shape(rest):
            return _mended(rest)
    return word


def _mended(word: str) -> str:
    """hop from hopp, hope from hop, where "-ed" or "-ing" was taken off."""
    if word.endswith(("at", "bl", "iz")):
        return f"{word}e"
    if _ends_double(word) and word[-1] not in "lsz":
        return word[:-1]
    return f"{word}e" if _measure(word) == 1 and _ends_short(word) else word


def _last_y(word: str) -> str:
    return f"{word[:-1]}i" if word.endswith("y") and "v" in _shape(word[:-1]) else word


def _endings(endings: Mapping[str, str], more_than: int) -> Callable[[str], str]:
    """A step that puts another ending in the place of the longest one that fits."""
    longest_first = sorted(endings, key=len, reverse=True)

    def step(word: str) -> str:
        found = next((one for one in longest_first if word.endswith(one)), None)
        if found is None:
            return word
        rest = word.removesuffix(found)
        fits = _measure(rest) > more_than and (found != "ion" or rest.endswith(("s", "t")))
        return rest + endings[found] if fits else word

    return step


def _last_e(word: str) -> str:
    rest = word.removesuffix("e")
    if rest == word:
        return word
    return rest if _measure(rest) > 1 or (_measure(rest) == 1 and not _ends_short(rest)) else word


def _last_l(word: str) -> str:
    return word[:-1] if word.endswith("ll") and _measure(word) > 1 else word


STEPS: tuple[Callable[[str], str], ...] = (
    _plural,
    _past,
    _last_y,
    _endings(STEP_2, more_than=0),
    _endings(STEP_3, more_than=0),
    _endings(STEP_4, more_than=1),
    _last_e,
    _last_l,
)
