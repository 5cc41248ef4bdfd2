#!/usr/bin/env bash
# nameparser 2.6.0 takes the initials of an author for a degree when they spell one.
#
# Reference files write authors as surname and initials. "Okafor, JA" is read as first name JA, but
# "Okafor, MD", "Okafor, MA", "Okafor, DO", "Okafor, RN" and "Okafor, JR" have no first name at all:
# the initials become a suffix. Points between the letters, as in "J.R.", prevent it.
#
# Seen (first name, suffix):
#   Okafor, JA    JA    -
#   Okafor, MD    -     MD
#   Okafor, MA    -     MA
#   Okafor, JR    -     JR
#   Okafor, J.R.  J.R.  -
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq nameparser==2.6.0

cat >"$folder/look.py" <<'PY'
import sys

from nameparser import HumanName

EXPECTED = {
    "Okafor, JA": ("JA", ""),
    "Okafor, MD": ("", "MD"),
    "Okafor, MA": ("", "MA"),
    "Okafor, DO": ("", "DO"),
    "Okafor, RN": ("", "RN"),
    "Okafor, JR": ("", "JR"),
    "Okafor, J.R.": ("J.R.", ""),
}
seen = {text: (HumanName(text).first, HumanName(text).suffix) for text in EXPECTED}
for text, (first, suffix) in seen.items():
    print(f"{text:14}first: {first or '-':6}suffix: {suffix or '-'}")
sys.exit(seen != EXPECTED)
PY
"$folder/venv/bin/python" "$folder/look.py"
