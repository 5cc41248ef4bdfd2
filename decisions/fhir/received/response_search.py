"""Searching responses of one patient, or by the identifier that their sender gave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Final

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse

from decisions.fhir.names import Resource
from decisions.fhir.questionnaires.forms import form_named
from decisions.fhir.received.addressing import (
    forms_by_item,
    identifier_of,
    keys_in,
    of_assessment,
    sent_answers,
)
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
    return fhir_answer(
        bundle_of(request, asked, rows, address=_address, write=partial(_write, request))
    )


def _rows(request: ApiRequest, asked: Search) -> Iterator[Row]:
    """What may be told. A form whose total alone is known is an Observation and no response."""
    if not any(asked.one(name) for name in ("patient", "subject", "_id", "identifier")):
        raise FhirRefused(400, "", "Name a patient, an identifier or an _id.")
    forms = forms_by_item()
    sent = sent_answers()
    for name in ("patient", "subject"):
        if text := asked.one(name):
            keys = keys_in(text.rpartition("Patient/")[2])
            if keys:
                note_about(request, "case", keys[0], keys[0])
            forms, sent = forms.filter(case__in=keys), sent.filter(case__in=keys)
    if text := asked.one("_id"):
        keys = keys_in(text)
        forms, sent = forms.filter(pk__in=keys), sent.filter(pk__in=keys)
    if text := asked.one("questionnaire"):
        form_id = _form_id(text)
        forms, sent = forms.filter(instrument=form_id), sent.filter(form=form_id)
    yield from _identified(forms, asked.one("identifier"))
    yield from _identified(sent, asked.one("identifier"))


def _form_id(text: str) -> str:
    """The id of a questionnaire that is named by its address; empty for none of ours."""
    url = text.partition("|")[0]
    form = form_named(url.rpartition("/")[2])
    return form.id if form is not None and url == form.url else ""


def _identified(rows: QuerySet[Row], identifier: str) -> Iterator[Row]:
    """Those with this identifier, with or without its system. What is encrypted is read here."""
    if not identifier:
        yield from rows
        return
    system, bar, value = identifier.rpartition("|")
    name = "received__identifier_sha256" if rows.model is Assessment else "identifier_sha256"
    for one in rows.exclude(**{name: ""}).exclude(**{f"{name}__isnull": True}):
        given = _identifier(one)
        if given is not None and given[1] == value and (not bar or given[0] == system):
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
