"""A font of a drawn PDF that gets more glyphs, each put together of some that it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any, NamedTuple

import pydyf
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import ROUND_XY_TO_GRID, Glyph, GlyphComponent

EM = 1000
"""In this many parts PDF divides the size of a font."""

NO_NAMES = 3.0
"""Format of a table of glyph names that has none (OpenType, post)."""

MOST_IN_A_LIST = 100
"""Entries of a list of codes with their texts (Adobe TN 5411)."""


class Part(NamedTuple):
    """A glyph within another one, and how far it is moved, in parts of the font's size."""

    glyph: int
    x: int
    y: int


class Typeset:
    """A font of the drawn pages: which text each of its codes has, and the glyphs to be added.

    widths: of every glyph that was drawn, in parts of the font's size.
    """

    def __init__(self, name: str, fonts: Sequence[Any]) -> None:
        self.name = name
        self.widths: dict[int, int] = {}
        for one in fonts:
            self.widths |= one.widths
        content = BytesIO(fonts[0].file_content)
        self._file = TTFont(content, recalcTimestamp=False, recalcBBoxes=False)
        self._had: int = self._file["maxp"].numGlyphs
        self._texts: dict[int, str] = {}
        self._added: dict[tuple[tuple[Part, ...], str, int], int] = {}

    def code_of(self, parts: tuple[Part, ...], text: str, width: int) -> int:
        """The code for a text that is drawn with these glyphs: that of the only one, or a new one.

        A glyph has one text: drawn for another one, it gets a second code. Without parts nothing is
        drawn.
        """
        if len(parts) == 1 and self._is_as_it_was(parts[0], width):
            glyph = parts[0].glyph
            if self._texts.setdefault(glyph, text) == text:
                return glyph
        code = self._added.setdefault((parts, text, width), self._had + len(self._added))
        self._texts[code], self.widths[code] = text, width
        return code

    def _is_as_it_was(self, part: Part, width: int) -> bool:
        return part == Part(part.glyph, 0, 0) and width == self.widths[part.glyph]

    def write(self, pdf: Any) -> None:
        """Put the added glyphs, the widths and the texts into the PDF."""
        file = self._file_with_added()
        for one in pdf.objects:
            is_font = isinstance(one, dict) and one.get("Type") == "/Font"
            if not is_font or not one["BaseFont"].startswith(f"/{self.name}+".encode()):
                continue
            if "ToUnicode" in one:
                texts = _object(pdf, one["ToUnicode"])
                texts.stream = [*_with_texts(texts.stream, self._texts)]
            else:
                one["W"] = pydyf.Array(_runs(self.widths))
                stream = _object(pdf, _object(pdf, one["FontDescriptor"])["FontFile2"])
                stream.stream, stream.extra["Length1"] = [file], len(file)

    def _file_with_added(self) -> bytes:
        """The file of the font, with the glyphs that are added."""
        glyphs, had = self._file["glyf"], self._file.getGlyphOrder()
        names = [f"added{place}" for place in range(len(self._added))]
        self._file.setGlyphOrder([*had, *names])
        glyphs.glyphOrder = [*had, *names]
        for name, (parts, _, width) in zip(names, self._added, strict=True):
            glyph = glyphs.glyphs[name] = self._put_together(parts, had)
            glyph.recalcBounds(glyphs)
            self._file["hmtx"].metrics[name] = (self._units(width), getattr(glyph, "xMin", 0))
            if parts:
                self._widen_limits(glyph, self._units(width))
        if "post" in self._file:
            self._file["post"].formatType = NO_NAMES
        whole = BytesIO()
        self._file.save(whole)
        return whole.getvalue()

    def _put_together(self, parts: Sequence[Part], names: Sequence[str]) -> Any:
        glyph = Glyph()
        if not parts:
            return glyph
        glyph.numberOfContours, glyph.components = -1, []
        for part in parts:
            component = GlyphComponent()
            component.glyphName, component.flags = names[part.glyph], ROUND_XY_TO_GRID
            component.x, component.y = self._units(part.x), self._units(part.y)
            glyph.components.append(component)
        return glyph

    def _widen_limits(self, glyph: Any, width: int) -> None:
        """Let the file's tables of limits hold this glyph, too; they hold those that it had.

        The font library would look at every glyph for them, which takes longer than all the rest.
        """
        head, heads, most = (self._file[table] for table in ("head", "hhea", "maxp"))
        points, contours, depth = glyph.getCompositeMaxpValues(self._file["glyf"])
        _at_most(head, xMin=glyph.xMin, yMin=glyph.yMin)
        _at_least(head, xMax=glyph.xMax, yMax=glyph.yMax)
        _at_most(heads, minLeftSideBearing=glyph.xMin, minRightSideBearing=width - glyph.xMax)
        _at_least(heads, advanceWidthMax=width, xMaxExtent=glyph.xMax)
        _at_least(
            most,
            maxCompositePoints=points,
            maxCompositeContours=contours,
            maxComponentElements=len(glyph.components),
            maxComponentDepth=depth,
        )

    def _units(self, share: int) -> int:
        """Parts of the font's size in units of its outlines."""
        units: int = self._file["head"].unitsPerEm
        return round(share * units / EM)


def _at_least(table: Any, **limits: int) -> None:
    for name, limit in limits.items():
        setattr(table, name, max(getattr(table, name), limit))


def _at_most(table: Any, **limits: int) -> None:
    for name, limit in limits.items():
        setattr(table, name, min(getattr(table, name), limit))


def _object(pdf: Any, reference: bytes) -> Any:
    number, _, _ = reference.partition(b" ")
    return pdf.objects[int(number)]


def _runs(widths: Mapping[int, int]) -> list[object]:
    """Each run of codes with its widths (ISO 32000-1, 9.7.4.3)."""
    runs: list[object] = []
    for code in sorted(widths):
        if code - 1 not in widths:
            run = pydyf.Array()
            runs += [code, run]
        run.append(widths[code])
    return runs


def _with_texts(stream: Sequence[bytes], texts: Mapping[int, str]) -> Iterable[bytes]:
    """A list of codes with these texts in place of those that it has."""
    first = next(place for place, one in enumerate(stream) if one.endswith(b" beginbfchar"))
    yield from stream[:first]
    every = sorted(texts.items())
    for place in range(0, len(every), MOST_IN_A_LIST):
        some = every[place : place + MOST_IN_A_LIST]
        yield f"{len(some)} beginbfchar".encode()
        for code, text in some:
            yield f"<{code:04x}> <{text.encode('utf-16-be').hex()}>".encode()
        yield b"endbfchar"
    yield from stream[stream.index(b"endcmap") :]
