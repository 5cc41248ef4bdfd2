"""LForms, a renderer of questionnaires that is not ours, in Chromium: what it shows and sends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route

from tests.decisions.fhir.emitted import FOREIGN

DIST = FOREIGN / "node_modules" / "lforms" / "dist" / "lforms"
PLACE = "http://localhost:9"
"""Where its page is. Nothing is asked there: each request is answered here, from the package."""
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>LForms</title>
<link rel="stylesheet" href="/webcomponent/styles.css"></head><body><div id="form"></div>
<script src="/webcomponent/assets/lib/zone.min.js"></script>
<script src="/webcomponent/lhc-forms.js"></script>
<script src="/fhir/R4/lformsFHIR.min.js"></script></body></html>"""
TYPES = {".js": "text/javascript", ".css": "text/css", ".png": "image/png"}
WAIT_MS = 250
"""Until LForms has worked out what it shows."""

FILL = """async ([questionnaire, response, wait]) => {
  const read = LForms.Util.convertFHIRQuestionnaireToLForms(questionnaire, 'R4')
  const merged = response === null ? read
    : LForms.Util.mergeFHIRDataIntoLForms('QuestionnaireResponse', response, read, 'R4')
  await LForms.Util.addFormToPage(merged, 'form', { fhirVersion: 'R4' })
  await new Promise((done) => setTimeout(done, wait))
  const shown = [...document.querySelectorAll('#form .lhc-question, #form .lhc-item')]
  return {
    sent: LForms.Util.getFormFHIRData('QuestionnaireResponse', 'R4'),
    shown: shown.map((one) => one.id).filter(Boolean),
  }
}"""


class LForms:
    """The page, and what went wrong on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.elsewhere: list[str] = []
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.route("**/*", self._answer)
        page.goto(f"{PLACE}/")
        page.wait_for_function("!!(window.LForms?.Util && LForms.FHIR?.R4)")

    def _answer(self, route: Route) -> None:
        asked = urlsplit(route.request.url)
        if f"{asked.scheme}://{asked.netloc}" != PLACE:
            self.elsewhere.append(route.request.url)
            route.abort()
        elif asked.path == "/":
            route.fulfill(body=PAGE, content_type="text/html")
        elif (file := DIST / asked.path.lstrip("/")).is_file():
            route.fulfill(path=file, content_type=TYPES.get(file.suffix, "text/plain"))
        else:
            route.fulfill(status=404)

    def fill(
        self, questionnaire: dict[str, Any], response: dict[str, Any] | None, wait: int = WAIT_MS
    ) -> tuple[dict[str, Any], set[str]]:
        """What it sends when it was given a response, and the link ids that it shows."""
        said = self.page.evaluate(FILL, [questionnaire, response, wait])
        shown = {one.removeprefix("item-").rsplit("/", 2)[0] for one in said["shown"]}
        return said["sent"], shown


@contextmanager
def lforms(chromium: Browser) -> Iterator[LForms]:
    """LForms on a page of its own; it asks nobody else, and nothing breaks."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    try:
        found = LForms(context.new_page())
        yield found
        assert not found.elsewhere
        assert not found.errors
    finally:
        context.close()
