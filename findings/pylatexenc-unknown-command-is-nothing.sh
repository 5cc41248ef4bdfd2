#!/usr/bin/env bash
# pylatexenc 2.11 turns a command that it does not know into nothing, and \textless is one of those.
#
# LatexNodes2Text is what bibtexparser 2 decodes fields with. Its table has \textbackslash and
# \textdegree but neither \textless nor \textgreater, which reference managers write for the < and >
# of old DOIs: the DOI comes out shorter, looks whole, and leads nowhere. A p value loses its sign.
#
# Seen:
#   16{\textless}1661::AID{\textgreater}3.0   161661::AID3.0
#   p {\textless} 0.05                        p  0.05
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq pylatexenc==2.11

cat >"$folder/look.py" <<'PY'
import logging
import sys

from pylatexenc.latex2text import LatexNodes2Text

logging.disable(logging.CRITICAL)
EXPECTED = {
    r"16{\textless}1661::AID{\textgreater}3.0": "161661::AID3.0",
    r"p {\textless} 0.05": "p  0.05",
}
seen = {text: LatexNodes2Text().latex_to_text(text) for text in EXPECTED}
for text, words in seen.items():
    print(f"{text:42}{words}")
sys.exit(seen != EXPECTED)
PY
"$folder/venv/bin/python" "$folder/look.py"
