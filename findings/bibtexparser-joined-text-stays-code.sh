#!/usr/bin/env bash
# bibtexparser 2.1.0 does not join texts: the value of "A " # "B" is the source code of it.
#
# BibTeX joins texts and abbreviations with #, as in date = "5 " # mar. Version 2 replaces an
# abbreviation that stands alone, but hands over a joined value as it is written, quotes and # and
# all, without an error or a failed block. pybtex 0.26.1 joins them.
#
# Seen for title = "One " # "two" and note = "see " # where:
#   bibtexparser  "One " # "two"  and  "see " # where
#   pybtex        One two         and  see page 3
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq bibtexparser==2.1.0 pybtex==0.26.1

cat >"$folder/look.py" <<'PY'
import sys

import bibtexparser
from pybtex.database import parse_string

TEXT = """@string{where = "page 3"}
@article{invented, title = "One " # "two", note = "see " # where, pages = where}
"""
library = bibtexparser.parse_string(TEXT)
(entry,) = library.entries
other = parse_string(TEXT, "bibtex").entries["invented"].fields
seen = [[entry[name], other[name]] for name in ("title", "note", "pages")]
for pair in seen:
    print("bibtexparser:", pair[0], "| pybtex:", pair[1])
print("failed blocks:", len(library.failed_blocks))
expected = [['"One " # "two"', "One two"], ['"see " # where', "see page 3"], ["page 3", "page 3"]]
sys.exit(seen != expected or bool(library.failed_blocks))
PY
"$folder/venv/bin/python" "$folder/look.py"
