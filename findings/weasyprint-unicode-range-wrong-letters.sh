#!/usr/bin/env bash
# WeasyPrint 70.0 draws wrong letters when font files of one family share the work by unicode-range.
#
# Web fonts come as one file per script under one family name, told apart by unicode-range. Browsers
# take each letter from its file. WeasyPrint 70 embeds the first file alone and keeps the glyph
# numbers of the other one: the Cyrillic letter "А" is drawn as the digit "5". Text that is copied or
# searched is still right, so a test that reads the text of the PDF passes. A family name for each
# file, listed one after the other, draws the right letters.
#
# Seen, for "Ada Анна" with two files of Noto Sans 5.3.0:
#   one family    text "Ada Анна", 1 font embedded, А drawn as 5
#   two families  text "Ada Анна", 2 fonts embedded, А drawn as А
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq weasyprint==70.0 pydyf==0.13.0 'fonttools[woff]==4.68.0' pikepdf==10.18.0 pypdfium2==5.15.2
npm install --silent --no-audit --no-fund --prefix "$folder" @fontsource/noto-sans@5.3.0

cat >"$folder/draw.py" <<'PY'
import io
import sys
from pathlib import Path

import pikepdf
import pypdfium2
from fontTools.ttLib import TTFont
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

FILES = Path(sys.argv[1]) / "node_modules/@fontsource/noto-sans/files"
PARTS = {"latin": "U+0-FF", "cyrillic": "U+400-4FF"}
TEXT = "Ada Анна"


def path_of(part):
    return FILES / f"noto-sans-{part}-400-normal.woff2"


def draw(families):
    """The PDF of the text, with a font face for each part, of these families."""
    faces = "".join(
        f"@font-face {{ font-family: {family}; src: url({path_of(part).as_uri()}); unicode-range: {points} }}"
        for family, (part, points) in zip(families, PARTS.items(), strict=True)
    )
    page = f"<html lang=en><style>{faces} p {{ font-family: {', '.join(families)} }}</style><p>{TEXT}"
    return HTML(string=page).write_pdf(font_config=FontConfiguration())


def embedded(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fonts = document.pages[0].Resources.Font
        files = [
            fonts[name].DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
            for name in fonts.keys()
        ]
    return [TTFont(io.BytesIO(file)) for file in files]


def outline(font, glyph):
    return list(font["glyf"][glyph].getCoordinates(font["glyf"])[0])


SOURCES = {part: TTFont(path_of(part)) for part in PARTS}
LETTER = SOURCES["cyrillic"].getGlyphID(SOURCES["cyrillic"].getBestCmap()[ord("А")])


def drawn_as(pdf):
    """Which character of the sources has the outline that the embedded fonts draw for А."""
    for font in embedded(pdf):
        if LETTER >= font["maxp"].numGlyphs:
            continue
        seen = outline(font, font.getGlyphName(LETTER))
        for source in SOURCES.values():
            for point, glyph in source.getBestCmap().items():
                if seen and outline(source, glyph) == seen and chr(point) in "А5":
                    return chr(point)
    return None


results = []
for families in (["Letter", "Letter"], ["Letter", "Other"]):
    pdf = draw(families)
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().strip()
    results.append((text, len(embedded(pdf)), drawn_as(pdf)))
    print(len(set(families)), "family names:", *results[-1])
sys.exit(results != [(TEXT, 1, "5"), (TEXT, 2, "А")])
PY
"$folder/venv/bin/python" "$folder/draw.py" "$folder"
