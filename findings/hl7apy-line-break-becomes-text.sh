#!/usr/bin/env bash
# hl7apy 1.3.5 turns the line break of an HL7 v2 text into the letters "\.br\" when it writes it back.
#
# \.br\ is the escape for a new line in a formatted text (FT). hl7apy knows the escapes of the
# delimiters (\T\, \S\, \F\, \R\, \E\) and of highlighting (\H\, \N\) and leaves those alone. In
# \.br\ and \X0D\ it takes the backslash for text and escapes it as \E\, so that a message that is
# read and written again, with nothing changed, shows the reader "\.br\" in place of a new line.
#
# Seen:
#   in   NTE|1||one\.br\two \T\ three
#   out  NTE|1||one\E\.br\E\two \T\ three
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq hl7apy==1.3.5

cat >"$folder/look.py" <<'PY'
import sys

from hl7apy.parser import parse_segment

EXPECTED = {
    r"NTE|1||one\.br\two \T\ three": r"NTE|1||one\E\.br\E\two \T\ three",
    r"OBX|1|FT|note||one\X0D\two||||||F": r"OBX|1|FT|note||one\E\X0D\E\two||||||F",
    r"OBX|1|FT|note||one \H\two\N\||||||F": r"OBX|1|FT|note||one \H\two\N\||||||F",
}
seen = {text: parse_segment(text, version="2.5").to_er7() for text in EXPECTED}
for text, again in seen.items():
    print("in ", text)
    print("out", again)
sys.exit(seen != EXPECTED)
PY
"$folder/venv/bin/python" "$folder/look.py"
