#!/usr/bin/env bash
# lforms 40.1.3 sends the answer of a question that SDC's enableWhenExpression hides.
#
# FHIR R4 says that a response has no answer to a question that is not enabled. Of a response that
# was loaded, LForms leaves out the answer to a question that `enableWhen` disables. One that
# `enableWhenExpression` disables is hidden on the page as well, and its answer is sent.
#
# Seen, for a = 0, b = 5 and c = 5, where b and c are asked only if a = 1:
#   shown: a
#   sent:  a c
#
# It draws forms in a browser: CHROMIUM names one that is installed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq playwright==1.65.2
(cd "$folder" && npm pack --silent lforms@40.1.3 >/dev/null && tar -xzf lforms-40.1.3.tgz)

cat >"$folder/ask.py" <<'PY'
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

DIST = Path(sys.argv[1]) / "package" / "dist" / "lforms"
PLACE = "http://localhost:9"
PAGE = """<!doctype html><meta charset="utf-8"><div id="form"></div>
<script src="/webcomponent/assets/lib/zone.min.js"></script>
<script src="/webcomponent/lhc-forms.js"></script>
<script src="/fhir/R4/lformsFHIR.min.js"></script>"""
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"
EXPRESSION = "%resource.item.where(linkId = 'a').answer.value = 1"
FORM = {
    "resourceType": "Questionnaire",
    "status": "active",
    "item": [
        {"linkId": "a", "text": "A", "type": "integer"},
        {
            "linkId": "b",
            "text": "B",
            "type": "integer",
            "enableWhen": [{"question": "a", "operator": "=", "answerInteger": 1}],
        },
        {
            "linkId": "c",
            "text": "C",
            "type": "integer",
            "extension": [
                {
                    "url": SDC,
                    "valueExpression": {"language": "text/fhirpath", "expression": EXPRESSION},
                }
            ],
        },
    ],
}
SAID = {
    "resourceType": "QuestionnaireResponse",
    "status": "completed",
    "item": [
        {"linkId": name, "answer": [{"valueInteger": value}]}
        for name, value in (("a", 0), ("b", 5), ("c", 5))
    ],
}
FILL = """async ([form, said]) => {
  const read = LForms.Util.convertFHIRQuestionnaireToLForms(form, 'R4')
  const merged = LForms.Util.mergeFHIRDataIntoLForms('QuestionnaireResponse', said, read, 'R4')
  await LForms.Util.addFormToPage(merged, 'form', { fhirVersion: 'R4' })
  await new Promise((done) => setTimeout(done, 2000))
  const sent = LForms.Util.getFormFHIRData('QuestionnaireResponse', 'R4')
  const shown = ['a', 'b', 'c'].filter((name) => document.querySelector(`[id^="item-${name}/"]`))
  return [shown, sent.item.map((one) => one.linkId)]
}"""


def answer(route):
    path = urlsplit(route.request.url).path
    file = DIST / path.lstrip("/")
    if path == "/":
        route.fulfill(body=PAGE, content_type="text/html")
    elif file.is_file():
        route.fulfill(path=file, content_type="text/javascript")
    else:
        route.fulfill(status=404)


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[2], args=["--no-sandbox"])
    page = browser.new_page()
    page.route("**/*", answer)
    page.goto(PLACE)
    page.wait_for_function("!!(window.LForms?.Util && LForms.FHIR?.R4)", timeout=120_000)
    for name, found in zip(("shown:", "sent: "), page.evaluate(FILL, [FORM, SAID])):
        print(name, *found)
    browser.close()
PY
seen=$("$folder/venv/bin/python" "$folder/ask.py" "$folder" "${CHROMIUM:-/usr/bin/chromium}")
echo "$seen"
[ "$seen" = "shown: a
sent:  a c" ]
