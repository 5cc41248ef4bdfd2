"""`$decide`: what the rules say of a response that is sent and not kept."""

from __future__ import annotations

import json

from django.http import HttpResponse

from decisions.cases.json_lines import write_outcome
from decisions.fhir.received.responses import read_sent
from decisions.fhir.responses.deciding import decided
from decisions.rules.engine.decide import decide
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.sensitivity.settled import robustness_of
from evidence.queries import current_evidence
from kapnet.core.clients.door import ApiRequest, api_view, read_json
from kapnet.core.web.fhir_answers import fhir_answer


@api_view("system/Questionnaire.r", event="fhir.decided", methods=("POST",))
def decide_response(request: ApiRequest) -> HttpResponse:
    """The same as `manage.py decide` says of these answers. Nothing is kept but the audit event."""
    response = read_sent(read_json(request))
    edition = response.form.edition
    answers = Answers.read(edition.questionnaire, response.answers)
    given = edition, answers, current_evidence()
    said = json.loads(write_outcome(None, decide(*given), robustness_of(*given)))
    del said["id"]
    return fhir_answer(decided(said))
