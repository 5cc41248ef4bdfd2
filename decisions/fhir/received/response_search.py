"""Searching responses of one patient, or by the identifier that their sender gave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse

from decisions.cases.models import Case
from decisions.fhir.names import Resource
from decisions.fhir.questionnaires.forms import form_named
from decisions.fhir.received.addressing import (
    forms_by_item,
    identifier_of,
    keys_in,
    of_assessment,
    sent_answers,
)
from decisions.fhir.received.keeping import digest_of
from decisions.fhir.received.models import Received
from decisions.fhir.received.responses import told
from decisions.fhir.received.searching import Search, bundle_of, search_of
from decisions.follow_up.assessments.models import Assessment
from kapnet.core.clients.door import ApiRequest, api_view, note_about
from kapnet.core.web.fhir_answers import FhirRefused, fhir_answer

PARAMETERS: Final = {
    "_id": "token",
    "identifier": "token",
    "patient": "reference",
    "questionnaire": "reference",
    "subject": "reference",
}
Row = Assessment | Received


@api_view("system/QuestionnaireResponse.s")
def search(request: ApiRequest) -> HttpResponse:
    """Responses, the latest first."""
    return _found(request)


@api_view("system/QuestionnaireResponse.s", methods=("POST",))
def search_by_post(request: ApiRequest) -> HttpResponse:
    """The same with parameters that stay out of the address."""
    request.GET = request.POST
    return _found(request)


def _found(request: ApiRequest) -> HttpResponse:
    asked = search_of(request, PARAMETERS)
    rows = sorted(_rows(request, asked), key=_latest_first, reverse=True)
    _note_whose(request, asked, rows)
    return fhir_answer(
        bundle_of(request, asked, rows, address=_address, write=partial(_write, request))
    )


def _rows(request: ApiRequest, asked: Search) -> Iterator[Row]:
    """What may be told. A form whose total alone is known is an Observation and no response."""
    named = any(asked.one(name) for name in ("patient", "subject", "_id"))
    if not named and "|" not in asked.one("identifier"):
        raise FhirRefused(400, "", "Name a patient, an _id, or an identifier as system|value.")
    forms = forms_by_item()
    sent = sent_answers()
    for name in ("patient", "subject"):
        if text := asked.one(name):
            keys = _patient_in(text)
            forms, sent = forms.filter(case__in=keys), sent.filter(case__in=keys)
    if text := asked.one("_id"):
        keys = keys_in(text)
        forms, sent = forms.filter(pk__in=keys), sent.filter(pk__in=keys)
    if text := asked.one("questionnaire"):
        form_id = _form_id(text)
        forms, sent = forms.filter(instrument=form_id), sent.filter(form=form_id)
    sender = request.api_client.reference
    yield from _identified(forms, asked.one("identifier"), sender)
    yield from _identified(sent, asked.one("identifier"), sender)


def _patient_in(text: str) -> list[UUID]:
    return keys_in(text.rpartition("Patient/")[2])


def _note_whose(request: ApiRequest, asked: Search, rows: Sequence[Row]) -> None:
    """For the event: the patient who was found or named, where that is one of this clinic."""
    named = asked.one("patient") or asked.one("subject")
    found = {one.case_id for one in rows} or set(
        Case.objects.filter(pk__in=_patient_in(named)).values_list("pk", flat=True)
    )
    if len(found) == 1:
        (case_id,) = found
        note_about(request, "case", case_id, case_id)


def _form_id(text: str) -> str:
    """The id of a questionnaire that is named by its address; empty for none of ours."""
    url = text.partition("|")[0]
    form = form_named(url.rpartition("/")[2])
    return form.id if form is not None and url == form.url else ""


def _identified(rows: QuerySet[Row], identifier: str, sender: str) -> Iterator[Row]:
    """Those to which this sender gave this identifier; without its system, read one by one."""
    system, bar, value = identifier.rpartition("|")
    name = "received__identifier_sha256" if rows.model is Assessment else "identifier_sha256"
    if bar:
        rows = rows.filter(**{name: digest_of(sender, system, value)})
    for one in rows:
        given = _identifier(one)
        if not identifier or bar or (given is not None and given[1] == value):
            yield one


def _identifier(row: Row) -> tuple[str, str] | None:
    if isinstance(row, Assessment):
        return identifier_of(row)
    return tuple(row.identifier) if row.identifier else None


def _latest_first(row: Row) -> tuple[datetime, str]:
    at = row.authored_at if isinstance(row, Assessment) else row.received_at
    return at, str(row.pk)


def _write(request: ApiRequest, row: Row) -> Resource:
    if isinstance(row, Assessment):
        return of_assessment(row, identifier_of(row))
    return told(request, row)


def _address(resource: Resource) -> str:
    return reverse("fhir_questionnaireresponse_one", args=[resource["id"]])
