#!/usr/bin/env bash
# fhirpathpy 2.2.4 and fhirpath.js 5.2.2 disagree about the sum of no answers: 0, or no value.
#
# A score is often written as the sum of the answers. For a form without any answer, fhirpathpy's
# sum() gives 0, which reads as the lowest score; fhirpath.js gives the empty collection, which
# reads as "no score". With answers, fhirpathpy raises TypeError once it knows the FHIR model, since
# it adds its own nodes. aggregate() gives the same in both engines.
#
# Seen:
#                                         fhirpathpy  fhirpath.js
#   sum(), answers 2 and 1                TypeError   [3]
#   sum(), no answers                     [0]         []
#   aggregate($this + $total, 0), 2 and 1 [3]         [3]
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq fhirpathpy==2.2.4
npm install --silent --no-audit --no-fund --prefix "$folder" fhirpath@5.2.2

cat >"$folder/form.json" <<'JSON'
{
  "resourceType": "QuestionnaireResponse",
  "status": "completed",
  "item": [
    {"linkId": "one", "answer": [{"valueInteger": 2}]},
    {"linkId": "two", "answer": [{"valueInteger": 1}]},
    {"linkId": "three"}
  ]
}
JSON
cat >"$folder/questions" <<'TEXT'
item.answer.value.sum()
item.where(linkId = 'three').answer.value.sum()
item.answer.value.aggregate($this + $total, 0)
TEXT
cat >"$folder/ask.py" <<'PY'
import json
import sys

from fhirpathpy import evaluate
from fhirpathpy.models import models

form = json.load(open(sys.argv[1]))
for question in open(sys.argv[2]).read().splitlines():
    try:
        print("fhirpathpy", evaluate(form, question, {}, models["r4"]))
    except TypeError:
        print("fhirpathpy TypeError")
PY
cat >"$folder/ask.mjs" <<'JS'
import { readFileSync } from "node:fs";
import fhirpath from "fhirpath";
import r4 from "fhirpath/fhir-context/r4/index.js";

const form = JSON.parse(readFileSync(process.argv[2], "utf8"));
for (const question of readFileSync(process.argv[3], "utf8").trim().split("\n")) {
  console.log("fhirpath.js", JSON.stringify(fhirpath.evaluate(form, question, {}, r4)));
}
JS
seen=$("$folder/venv/bin/python" "$folder/ask.py" "$folder/form.json" "$folder/questions"
    node "$folder/ask.mjs" "$folder/form.json" "$folder/questions")
echo "$seen"
[ "$seen" = "fhirpathpy TypeError
fhirpathpy [0]
fhirpathpy [3]
fhirpath.js [3]
fhirpath.js []
fhirpath.js [3]" ]
