"""`$extract` and `$populate`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpResponse

from decisions.cases.queries import cases_with_context, file_of
from decisions.fhir.names import Resource
from decisions.fhir.questionnaires.forms import Form, form_named
from decisions.fhir.received.addressing import keys_in
from decisions.fhir.received.response_views import stored
from decisions.fhir.responses.observations import Taken, extracted
from decisions.fhir.responses.reading import Response, ResponseRefused, read_response
from decisions.fhir.responses.writing import Head, write_response
from decisions.rules.edition_answers import counting
from decisions.rules.logic.values import sha256_of
from kapnet.core.clients.door import ApiRequest, api_view, note_about, read_json
from kapnet.core.web.fhir_answers import FhirRefused, fhir_answer

ContextReader = Callable[[Form, str, Mapping[str, Any]], Resource]
"""Of a questionnaire, the id of a patient (empty for none) and Parameters with context: what it
proposes, as a QuestionnaireResponse. It stores nothing."""
_context_readers: list[ContextReader] = []


def reads_context(reader: ContextReader) -> ContextReader:
    """Let this room fill in forms from resources of other systems."""
    _context_readers[:] = [reader]
    return reader


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


def read_sent(resource: Mapping[str, Any]) -> Response:
    """A response for one call. Raises FhirRefused."""
    try:
        response = read_response(resource)
    except ResponseRefused as refused:
        raise FhirRefused(422, "", f"{'; '.join(refused.problems)}.") from None
    if response.status == "entered-in-error":
        raise FhirRefused(422, "", "status: what was entered in error says nothing.")
    return response


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
        if not _context_readers:
            raise FhirRefused(501, "not-supported", "context is not read here.")
        return fhir_answer(_context_readers[0](form, patient, body))
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
    file = file_of(case)
    answers = counting(form.edition.id, file.raw_answers, asked_by=case.edition)
    return write_response(form, answers, Head("in-progress", subject=str(case.pk)))
