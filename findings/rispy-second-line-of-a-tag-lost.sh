#!/usr/bin/env bash
# rispy 0.10.0 keeps the first line of a repeated tag and drops the others, unless the tag is a list.
#
# Authors, notes, keywords and addresses (UR) come as lists. Every other tag, though a reader may
# guess that its last line wins or that it becomes a list, keeps its first: the second paragraph of
# an abstract and the second DOI are gone, without a word, and a file that is read and written again
# is shorter. A line without a tag is added to the field above; only a repeated tag is lost.
#
# Seen, for two lines each of AB, DO, N1 and UR:
#   abstract  "First paragraph."
#   doi       "10.5555/first"
#   notes     both
#   urls      both
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq rispy==0.10.0

cat >"$folder/look.py" <<'PY'
import sys

import rispy

TEXT = """TY  - JOUR
TI  - An invented trial
AB  - First paragraph.
AB  - Second paragraph.
DO  - 10.5555/first
DO  - 10.5555/second
N1  - one
N1  - two
UR  - one
UR  - two
ER  - 
"""
(work,) = rispy.loads(TEXT)
for name in ("abstract", "doi", "notes", "urls"):
    print(name, work[name])
again = rispy.dumps([work])
print("written again:", "Second paragraph." in again, "10.5555/second" in again)
expected = {
    "type_of_reference": "JOUR",
    "title": "An invented trial",
    "abstract": "First paragraph.",
    "doi": "10.5555/first",
    "notes": ["one", "two"],
    "urls": ["one", "two"],
}
sys.exit(work != expected)
PY
"$folder/venv/bin/python" "$folder/look.py"
