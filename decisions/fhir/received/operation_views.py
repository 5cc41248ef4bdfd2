"""`$extract` and `$populate`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse

from decisions.cases.queries import cases_with_context
from decisions.fhir.names import Resource
from decisions.fhir.questionnaires.forms import Form, form_named
from decisions.fhir.received.addressing import keys_in
from decisions.fhir.received.contexts import context_readers
from decisions.fhir.received.responses import read_sent, stored
from decisions.fhir.records.case_record import CaseRecord
from decisions.fhir.records.gate import Reader
from decisions.fhir.responses.observations import Taken, extracted
from decisions.fhir.responses.reading import Response
from decisions.fhir.responses.writing import Head, write_response
from decisions.rules.edition_answers import counting
from decisions.rules.logic.values import sha256_of
from kapnet.core.clients.door import ApiRequest, api_view, note_about, read_json
from kapnet.core.web.fhir_answers import FhirRefused, fhir_answer

# $extract


@api_view("system/QuestionnaireResponse.r", methods=("POST",))
def extract(request: ApiRequest) -> HttpResponse:
    """The Observations of a response that is sent and not kept."""
    resource = read_json(request)
    return fhir_answer(_extracted(read_sent(resource), resource))


@api_view("system/QuestionnaireResponse.r", methods=("GET", "POST"))
def extract_stored(request: ApiRequest, response_id: str) -> HttpResponse:
    """The Observations of a response that is kept."""
    resource = stored(request, response_id)
    return fhir_answer(_extracted(read_sent(resource), resource))


def _extracted(response: Response, resource: Mapping[str, Any]) -> Resource:
    taken = Taken(
        form=response.form,
        status=response.status,
        key=response.id or sha256_of(resource),
        subject=response.subject,
        authored=str(resource.get("authored", "")),
        derived_from=_named(response),
    )
    return extracted(taken, response.answers)


def _named(response: Response) -> Resource:
    """How a response is referred to: by its id, its identifier, or in words."""
    kind = "QuestionnaireResponse"
    if response.id:
        return {"reference": f"{kind}/{response.id}"}
    if response.identifier is not None:
        system, value = response.identifier
        return {
            "type": kind,
            "identifier": {**({"system": system} if system else {}), "value": value},
        }
    return {"type": kind, "display": "The response that was sent"}


# $populate


@api_view("system/QuestionnaireResponse.r", methods=("POST",))
def populate(request: ApiRequest, form_id: str) -> HttpResponse:
    """A form filled in with what a case has, or with what resources of others say."""
    form = form_named(form_id)
    if form is None:
        raise Http404(form_id)
    body = read_json(request)
    given = _parameters(body)
    patient = _subject(given)
    if any(one.get("name") == "context" for one in given):
        if not context_readers:
            raise FhirRefused(501, "not-supported", "context is not read here.")
        return fhir_answer(context_readers[0](form, patient, body))
    if not patient:
        raise FhirRefused(422, "", "subject: name a patient of this clinic.")
    return fhir_answer(_with_answers(request, form, patient))


def _parameters(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    given = body.get("parameter", [])
    is_list = isinstance(given, list) and all(isinstance(one, dict) for one in given)
    if body.get("resourceType") != "Parameters" or not is_list:
        raise FhirRefused(400, "", "Send Parameters with a subject, a context, or both.")
    return list(given)


def _subject(given: list[dict[str, Any]]) -> str:
    """The id of the patient; empty where none is named."""
    found = [one.get("valueReference") for one in given if one.get("name") == "subject"]
    if not found:
        return ""
    reference = found[0].get("reference") if isinstance(found[0], dict) else None
    kind, _, patient = str(reference).rpartition("/")
    if len(found) > 1 or kind.rpartition("/")[2] != "Patient":
        raise FhirRefused(422, "", "subject: must be one Patient, as Patient/ and its id.")
    return patient


def _with_answers(request: ApiRequest, form: Form, patient: str) -> Resource:
    case = cases_with_context().filter(pk__in=keys_in(patient)).first()
    if case is None:
        raise FhirRefused(422, "", "subject: is no patient of this clinic.")
    note_about(request, "case", case.pk, case.pk)
    record = CaseRecord(case, Reader(request.api_client.name))
    asked = {name: one.value for name, one in record.answers.items()}
    answers = counting(form.edition.id, asked, asked_by=case.edition)
    return write_response(form, answers, Head("in-progress", subject=str(case.pk)))
