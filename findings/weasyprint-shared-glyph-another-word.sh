#!/usr/bin/env bash
# WeasyPrint 70.0 draws one word, and another one is copied from its PDF.
#
# It notes a text for each glyph when it is drawn first, and that text stays. Where signs are drawn
# together, all of their text goes to one glyph of them. In Devanagari the vowel of "हि" is drawn
# before its consonant: the vowel gets no text, the consonant gets both signs. Where the consonant is
# drawn alone later, it still says both. So "हम" (we) after "हिना" (a name) is copied as "हिम" (snow),
# while the page shows "हम". The empty entries make the file break PDF/UA-1, which it claims. The order
# of words decides: alone on its page "हम" is copied right.
#
# Seen, with Noto Sans Devanagari 5.3.0 and read by pdfminer.six 20251107:
#   drawn हिना हम   copied हिना हिम (after what pdfminer writes for a glyph without text)
#   drawn हम        copied हम
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq weasyprint==70.0 pydyf==0.13.0 pikepdf==10.18.0 pdfminer.six==20251107
npm install --silent --no-audit --no-fund --prefix "$folder" @fontsource/noto-sans-devanagari@5.3.0

cat >"$folder/draw.py" <<'PY'
import io
import re
import sys
from pathlib import Path

import pikepdf
from pdfminer.high_level import extract_text
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

FONT = Path(sys.argv[1]) / (
    "node_modules/@fontsource/noto-sans-devanagari/files/"
    "noto-sans-devanagari-devanagari-400-normal.woff2"
)


def drawn(words):
    style = f"@font-face {{ font-family: D; src: url({FONT.as_uri()}) }} p {{ font-family: D }}"
    page = f"<html lang=hi><title>x</title><style>{style}</style>" + "".join(f"<p>{w}" for w in words)
    return HTML(string=page).write_pdf(font_config=FontConfiguration(), pdf_variant="pdf/ua-1")


def texts_of(pdf):
    """The text of each glyph, as the PDF says it."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        (font,) = document.pages[0].Resources.Font.values()
        return [
            bytes.fromhex(text.decode()).decode("utf-16-be")
            for text in re.findall(rb"<[0-9a-f]{4}> <([0-9a-f]*)>", font.ToUnicode.read_bytes())
        ]


seen = []
for words in (["हिना", "हम"], ["हम"]):
    pdf = drawn(words)
    copied = re.sub(r"\(cid:\d+\)", "", extract_text(io.BytesIO(pdf))).split()
    seen.append((copied, "" in texts_of(pdf)))
    print("drawn:", *words, "copied:", *copied, "a glyph without text:", seen[-1][1])
sys.exit(seen != [(["हिना", "हिम"], True), (["हम"], False)])
PY
"$folder/venv/bin/python" "$folder/draw.py" "$folder"
