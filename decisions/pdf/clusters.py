"""Gives each code of a drawn PDF the text that it shows, so that a name is copied as it is drawn.

Signs of many scripts are drawn together: a vowel before its consonant, one sign as two glyphs, an
accent on a letter. WeasyPrint gives the text of such a cluster to one of its glyphs and leaves the
others without, and a glyph keeps the text with which it was drawn first, wherever it is drawn
again. PDF/UA-1 and PDF/A-2a forbid the one, and by the other a name is copied as another name.

Here a cluster becomes one glyph, put together of those that it was drawn with, and its code has all
of its text: every reader of PDFs understands that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from struct import Struct
from typing import Any, NamedTuple

import pydyf

from decisions.pdf.glyphs import Part, Typeset

FONT = re.compile(rb"/(\w+) ([\d.]+) Tf")
RAISED = re.compile(rb"(?<![\d.])(-?[\d.]++) Ts")
CODES = re.compile(rb"<([0-9a-f]*)>")
CODES_OR_MOVE = re.compile(rb"<([0-9a-f]*)>|(-?[\d.]+(?:e-?\d+)?)")
HEX_DIGITS = 4
GLYPH = Struct(">H")
EM = 1000
"""In this many parts PDF divides the size of a font."""

LEFTWARD = ("R", "AL")
ACCENTS = ("Mn", "Me")


class Drawn(NamedTuple):
    """A glyph as it was drawn, and the text that WeasyPrint gives it there; often none."""

    glyph: int
    text: str


class Noted(dict[int, str]):
    """Text by glyph, as WeasyPrint keeps it, and besides every glyph in the order of drawing.

    WeasyPrint asks whether a glyph has its text already, and hears each time that it has none.
    """

    def __init__(self, drawn: list[Drawn]) -> None:
        super().__init__()
        self.drawn = drawn

    def __contains__(self, glyph: object) -> bool:
        return False

    def __setitem__(self, glyph: int, text: str) -> None:
        super().__setitem__(glyph, text)
        self.drawn.append(Drawn(glyph, text))


class NotedFonts(dict[int, Any]):
    """The fonts of a document, each of which notes what is drawn in it.

    drawn: by name of a font.
    """

    def __init__(self) -> None:
        super().__init__()
        self.drawn: dict[str, list[Drawn]] = {}

    def __setitem__(self, key: int, font: Any) -> None:
        font.to_unicode = Noted(self.drawn.setdefault(font.hash, []))
        super().__setitem__(key, font)


class Placed(NamedTuple):
    """A glyph on its line: how far from the start and how high, in parts of the font's size."""

    glyph: int
    text: str
    x: float
    y: float
    width: int


Fonts = Mapping[str, tuple[Typeset, Iterator[Drawn]]]
"""By name: a font that is set right, and what was drawn in it."""


def name_clusters(document: Any, pdf: Any) -> None:
    """Give every code of a drawn PDF the text that it shows.

    Raises ValueError where the pages hold other glyphs than were noted.
    """
    noted: NotedFonts = document.fonts
    fonts = {
        name: (Typeset(name, [one for one in noted.values() if one.hash == name]), iter(drawn))
        for name, drawn in noted.drawn.items()
        if not _is_right(drawn)
    }
    if not fonts:
        return
    for stream in pdf.objects:
        if isinstance(stream, pydyf.Stream) and any(map(_is_part_of_a_line, stream.stream)):
            stream.stream = [*_set_right(stream.stream, fonts)]
    for typeset, drawn in fonts.values():
        if next(drawn, None):
            raise ValueError("More glyphs were noted than are on the pages.")
        typeset.write(pdf)


def _is_right(drawn: Iterable[Drawn]) -> bool:
    """Whether each glyph was drawn for one text alone, and none is set on another one."""
    every = dict.fromkeys(drawn)
    is_once = len({one.glyph for one in every}) == len(every)
    return is_once and not any(one.text == "" or _is_accent(one.text) for one in every)


@lru_cache(4096)
def _is_accent(text: str) -> bool:
    return bool(text) and all(unicodedata.category(sign) in ACCENTS for sign in text)


def _set_right(instructions: Iterable[Any], fonts: Fonts) -> Iterator[Any]:
    """The instructions of a page, in which each cluster is one code."""
    font, size = "", 0.0
    for is_shown, run in groupby(instructions, _is_part_of_a_line):
        if is_shown and font in fonts:
            yield from _line([*run], *fonts[font], size)
            continue
        for one in run:
            if isinstance(one, bytes) and (found := FONT.fullmatch(one)):
                font, size = found[1].decode(), float(found[2])
            yield one


def _is_part_of_a_line(instruction: object) -> bool:
    return isinstance(instruction, bytes) and instruction.endswith((b" TJ", b" Ts"))


def _line(
    run: list[bytes], typeset: Typeset, drawn: Iterator[Drawn], size: float
) -> Iterator[bytes]:
    """A line of text, with the codes of its clusters; as it was where each glyph is one already."""
    noted = [*_noted(run, drawn)]
    is_flat = not any(one.endswith(b" Ts") for one in run)
    if is_flat and all(_is_plain(one.text) for one in noted) and typeset.keeps(noted):
        yield from run
        return
    placed, end = _placed(run, typeset, iter(noted), size)
    leftward = any(_is_leftward(one.text) for one in placed)
    clusters = [*_clusters(reversed(placed) if leftward else placed)]
    shown, pen = "", 0.0
    for cluster in reversed(clusters) if leftward else clusters:
        start = min((one.x for one in cluster if one.width), default=cluster[0].x)
        shown += f"{pen - start:.3f}"
        pen = start
        for code in _codes(cluster, typeset, start, leftward=leftward):
            shown += f"<{code:0{HEX_DIGITS}x}>"
            pen += typeset.widths[code]
    yield f"[{shown}{pen - end:.3f}] TJ".encode()


def _noted(run: Iterable[bytes], drawn: Iterator[Drawn]) -> Iterator[Drawn]:
    """What was noted of the glyphs of a line. Raises ValueError where it is something else."""
    codes = b"".join(code for one in run for code in CODES.findall(one))
    for (glyph,) in GLYPH.iter_unpack(bytes.fromhex(codes.decode())):
        noted = next(drawn, None)
        if noted is None or noted.glyph != glyph:
            raise ValueError(f"Glyph {glyph} is on the page, and {noted} was noted.")
        yield noted


@lru_cache(4096)
def _is_plain(text: str) -> bool:
    return text != "" and not _is_accent(text) and not _is_leftward(text)


@lru_cache(4096)
def _is_leftward(text: str) -> bool:
    return any(unicodedata.bidirectional(sign) in LEFTWARD for sign in text)


def _codes(
    cluster: list[Placed], typeset: Typeset, start: float, *, leftward: bool
) -> Iterator[int]:
    """The code of a cluster; from right to left one for each of its signs, the last of which draws.

    Readers do not agree which end a code begins with whose signs go from right to left.
    """
    text = "".join(one.text for one in cluster)
    width = round(max(one.x + one.width for one in cluster) - start)
    share = width // len(text) if leftward and len(text) > 1 else 0
    beside = text[:0:-1] if leftward else ""
    for sign in beside:
        yield typeset.code_of((), sign, share)
    before = share * len(beside)
    parts = (Part(one.glyph, round(one.x - start) - before, round(one.y)) for one in cluster)
    yield typeset.code_of(tuple(parts), text[:1] if beside else text, width - before)


def _placed(
    run: Iterable[bytes], typeset: Typeset, noted: Iterator[Drawn], size: float
) -> tuple[list[Placed], float]:
    """Each glyph of a line with its place, and where the line ends."""
    placed, x, y = [], 0.0, 0.0
    for one in run:
        if raised := RAISED.fullmatch(one):
            y = float(raised[1]) / size * EM
            continue
        for codes, move in CODES_OR_MOVE.findall(one):
            x -= float(move or 0)
            for _ in range(0, len(codes), HEX_DIGITS):
                glyph, text = next(noted)
                width = typeset.widths[glyph]
                placed.append(Placed(glyph, text, x, y, width))
                x += width
    return placed, x


def _clusters(placed: Iterable[Placed]) -> Iterator[list[Placed]]:
    """Glyphs that belong together, in the order of their text: those without a text with the next
    that has one, and an accent with what it is set on."""
    cluster: list[Placed] = []
    for some in _with_text(placed):
        text = "".join(one.text for one in some)
        is_set_on = _is_accent(text) and not any(one.width for one in some)
        if cluster and not is_set_on and text:
            yield cluster
            cluster = []
        cluster += some
    yield cluster


def _with_text(placed: Iterable[Placed]) -> Iterator[list[Placed]]:
    some: list[Placed] = []
    for one in placed:
        some.append(one)
        if one.text:
            yield some
            some = []
    if some:
        yield some
