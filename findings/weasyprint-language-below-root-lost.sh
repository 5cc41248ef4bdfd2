#!/usr/bin/env bash
# WeasyPrint 70.0 tells a tagged PDF only the language of the root element.
#
# With pdf_variant="pdf/ua-1" every element becomes a tag, and the root's lang becomes the language
# of the document. A lang on a paragraph or a span is dropped: its tag has no /Lang, and the marked
# content has none, so that nothing tells a screen reader to change its voice. The file still claims
# PDF/UA-1, and WeasyPrint gives no warning.
#
# Seen, for an English page with a Spanish paragraph and a French word:
#   document en; languages below it: none; claims pdfuaid:part 1
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq weasyprint==70.0 pydyf==0.13.0 pikepdf==10.18.0

cat >"$folder/draw.py" <<'PY'
import io
import sys

import pikepdf
from weasyprint import HTML

PAGE = """<html lang="en"><title>A page</title>
<p>Call your clinic.</p>
<p lang="es">Llame a su clínica.</p>
<p>They say <span lang="fr">bonjour</span>.</p>"""


def tags(node):
    """Every tag of this part of the structure tree."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from tags(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        yield from tags(node.get("/K", pikepdf.Array()))


with pikepdf.open(io.BytesIO(HTML(string=PAGE).write_pdf(pdf_variant="pdf/ua-1"))) as pdf:
    document = str(pdf.Root.Lang)
    every = list(tags(pdf.Root.StructTreeRoot.K))
    below = [str(tag.Lang) for tag in every if "/Lang" in tag]
    marked = b"/Lang" in pdf.pages[0].Contents.read_bytes()
    claim = pdf.open_metadata()["pdfuaid:part"]
print("document:", document)
print("tags:", *[str(tag.S) for tag in every])
print("languages below it:", *below or ["none"])
print("claims pdfuaid:part", claim)
paragraphs = sum(str(tag.S) == "/P" for tag in every)
sys.exit((document, paragraphs, below, marked, str(claim)) != ("en", 3, [], False, "1"))
PY
"$folder/venv/bin/python" "$folder/draw.py"
