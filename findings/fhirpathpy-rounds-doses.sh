#!/usr/bin/env bash
# fhirpathpy 2.2.4 says that 1500 mg equals 2 g, and that 1500 mg does not equal 1.5 g.
#
# FHIRPath compares quantities of one kind after turning them into one unit (UCUM). fhirpathpy turns
# the left one into the unit of the right one and rounds it to a whole number first, so that the
# order of the two sides decides. For micrograms it has no factor and answers false, not "cannot
# say". fhirpath.js 5.2.2 is right in all five.
#
# Seen (fhirpathpy, fhirpath.js):
#   1500 'mg' = 1.5 'g'   False  true
#   1500 'mg' = 2 'g'     True   false
#   0.084 'g' = 84 'mg'   True   true
#   84 'mg' = 0.084 'g'   False  true
#   1 'mg' = 1000 'ug'    False  true
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq fhirpathpy==2.2.4
npm install --silent --no-audit --no-fund --prefix "$folder" fhirpath@5.2.2

cat >"$folder/questions" <<'TEXT'
1500 'mg' = 1.5 'g'
1500 'mg' = 2 'g'
0.084 'g' = 84 'mg'
84 'mg' = 0.084 'g'
1 'mg' = 1000 'ug'
TEXT
cat >"$folder/ask.py" <<'PY'
import sys

from fhirpathpy import evaluate

for question in open(sys.argv[1]).read().splitlines():
    print("fhirpathpy", question, evaluate({}, question))
PY
cat >"$folder/ask.mjs" <<'JS'
import { readFileSync } from "node:fs";
import fhirpath from "fhirpath";

for (const question of readFileSync(process.argv[2], "utf8").trim().split("\n")) {
  console.log("fhirpath.js", question, JSON.stringify(fhirpath.evaluate({}, question)));
}
JS
seen=$("$folder/venv/bin/python" "$folder/ask.py" "$folder/questions"; node "$folder/ask.mjs" "$folder/questions")
echo "$seen"
[ "$seen" = "fhirpathpy 1500 'mg' = 1.5 'g' [False]
fhirpathpy 1500 'mg' = 2 'g' [True]
fhirpathpy 0.084 'g' = 84 'mg' [True]
fhirpathpy 84 'mg' = 0.084 'g' [False]
fhirpathpy 1 'mg' = 1000 'ug' [False]
fhirpath.js 1500 'mg' = 1.5 'g' [true]
fhirpath.js 1500 'mg' = 2 'g' [false]
fhirpath.js 0.084 'g' = 84 'mg' [true]
fhirpath.js 84 'mg' = 0.084 'g' [true]
fhirpath.js 1 'mg' = 1000 'ug' [true]" ]
