"""Responses for one call: sent with it, or of the clinic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404

from decisions.documents.letter.loading import load_words
from decisions.fhir.names import Resource
from decisions.fhir.questionnaires.forms import form_named
from decisions.fhir.received.addressing import (
    forms_by_item,
    identifier_of,
    keys_in,
    of_assessment,
    of_received,
    sent_answers,
)
from decisions.fhir.received.models import Received
from decisions.fhir.records.case_record import CaseRecord
from decisions.fhir.records.gate import Reader
from decisions.fhir.responses.reading import Response, ResponseRefused, read_response
from kapnet.core.clients.door import ApiRequest, note_about
from kapnet.core.web.fhir_answers import FhirRefused


def read_sent(resource: Mapping[str, Any]) -> Response:
    """A response for one call. Raises FhirRefused."""
    try:
        response = read_response(resource)
    except ResponseRefused as refused:
        raise FhirRefused(422, "", f"{'; '.join(refused.problems)}.") from None
    if response.status == "entered-in-error":
        raise FhirRefused(422, "", "status: a response that was entered in error is not taken.")
    return response


def voided() -> FhirRefused:
    """Somebody of the clinic voided a form: it counts for nothing."""
    return FhirRefused(410, "", "This form was voided: it counts for nothing.")


def stored(request: ApiRequest, response_id: str) -> Resource:
    """A response of the clinic by its id, for one call. Raises Http404, and FhirRefused 410."""
    keys = keys_in(response_id)
    form = forms_by_item().filter(pk__in=keys).first()
    if form is not None:
        note_about(request, "assessment", form.pk, form.case_id)
        if form.is_voided:
            raise voided()
        return of_assessment(form, identifier_of(form))
    sent = sent_answers().filter(pk__in=keys).first()
    if sent is None:
        raise Http404(response_id)
    note_about(request, "received", sent.pk, sent.case_id)
    return told(request, sent)


def told(request: ApiRequest, sent: Received) -> Resource:
    """What was sent, as this client may read it: its own as it is, another's by the rules on
    records of substance use."""
    client = request.api_client
    if sent.sender == client.reference:
        return of_received(sent)
    gate = CaseRecord(sent.case, Reader(client.name)).gate
    if not gate.is_closed:
        return of_received(sent)
    return of_received(sent, gate.questions | _on_substance_use(sent.form))


def _on_substance_use(form_id: str) -> frozenset[str]:
    """The questions of a form, whose edition may be another than that of the case."""
    form = form_named(form_id)
    return frozenset(load_words(form.edition.id).substance.questions) if form else frozenset()
