"""How page one of a letter is set, by how many lines it takes: all of it should be on one page."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import NamedTuple

from decisions.documents.letter.blocks import Block, Letter

PAGE, NEARLY_FULL = 698, 672
"""Points: what fits between the margins of a sheet of US letter; A4 has a little more."""

HEADS = 36
"""Letters in a line of the heads."""

HEAD_LINE, GAP, SIGNED = 11.0, 3.4, 30.0
"""Points: a line of the heads, what is between parts, and the signature."""


class Setting(NamedTuple):
    """A class of letter.css, with the letters in a line and the points between lines of its parts.

    gap: the points between parts. Measured on drawn letters, a little short, so that a page is
    seldom fuller than it seems.
    """

    name: str
    text: tuple[int, float]
    request: tuple[int, float]
    emergency: tuple[int, float]
    gap: float


SETTINGS = (
    Setting("", (122, 12), (80, 15.5), (92, 13), GAP),
    Setting("letter-dense", (133, 10.9), (84, 14.5), (102, 12), 2.3),
)
FLOWS = "letter-flows"
"""The annex follows at once: where page one is too full to be sure that it holds all."""


def setting_of(letter: Letter) -> str:
    """The classes by which page one is set: the first setting in which it fits."""
    for setting in SETTINGS:
        height = sum(_heights(letter, setting))
        if height <= PAGE:
            return f"{setting.name} {FLOWS if height > NEARLY_FULL else ''}".strip()
    return f"{SETTINGS[-1].name} {FLOWS}"


def _heights(letter: Letter, setting: Setting) -> Iterator[float]:
    heads = (letter.sender, letter.recipient, letter.dated)
    yield HEAD_LINE * max(sum(_lines(text, HEADS) for text in head) for head in heads) + 2 * GAP
    yield _height([one.text for one in letter.emergency], setting.emergency)
    yield GAP * 5 if letter.emergency else 0
    yield _height([letter.request], setting.request) + GAP * 4
    yield _height([f"{letter.patient_name} {letter.patient_details}"], setting.text)
    for block in letter.blocks:
        yield _height(list(_texts(block)), setting.text) + setting.gap
    yield SIGNED


def _texts(block: Block) -> Iterator[str]:
    """Its paragraphs run on after the heading; each item has a line of its own."""
    yield " ".join((block.heading, *(one.text for one in block.paragraphs)))
    yield from (one.text for one in block.items)


def _height(texts: list[str], size: tuple[int, float]) -> float:
    letters, between = size
    return between * sum(_lines(text, letters) for text in texts)


def _lines(text: str, letters: int) -> int:
    return ceil(len(text) / letters)
