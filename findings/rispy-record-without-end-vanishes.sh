#!/usr/bin/env bash
# rispy 0.10.0 loses a record whose end (ER) is missing, and says nothing.
#
# Files are cut off by a download, and some programs leave ER out. The last record of a cut file is
# not in the result. In the middle the record swallows the next one: its title stays, the authors of
# both stand in it, and the other title is gone. Tags before TY, where some exports put database and
# title, are gone, too. No error, no warning, and the number of works looks right.
#
# Seen, as title and authors:
#   last record cut off   One [A]
#   no ER in between      One [A, B]
#   TI before TY          - [A]
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq rispy==0.10.0

cat >"$folder/look.py" <<'PY'
import sys
import warnings

import rispy

warnings.simplefilter("error")
ONE = "TY  - JOUR\nTI  - One\nAU  - A\n"
TWO = "TY  - JOUR\nTI  - Two\nAU  - B\n"
END = "ER  - \n"
EXPECTED = {
    "last record cut off": (ONE + END + TWO, [("One", ["A"])]),
    "no ER in between": (ONE + TWO + END, [("One", ["A", "B"])]),
    "TI before TY": ("TI  - One\nTY  - JOUR\nAU  - A\n" + END, [(None, ["A"])]),
}
failed = False
for case, (text, expected) in EXPECTED.items():
    seen = [(work.get("title"), work["authors"]) for work in rispy.loads(text)]
    print(f"{case:22}", *(f"{title or '-'} [{', '.join(names)}]" for title, names in seen))
    failed = failed or seen != expected
sys.exit(failed)
PY
"$folder/venv/bin/python" "$folder/look.py"
