"""QuestionnaireResponse for programs: sent, and read again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl

from django.db import IntegrityError
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from decisions.cases.case_columns import CaseClosedError
from decisions.cases.models import Case
from decisions.fhir.received.addressing import (
    day_of,
    keys_in,
    moment_of,
    of_received,
)
from decisions.fhir.received.hearing import hear_item9
from decisions.fhir.received.keeping import (
    AnotherPatientError,
    Kept,
    SaidOtherwiseError,
    Sender,
    Sent,
    keep_response,
)
from decisions.fhir.received.models import Received
from decisions.fhir.received.responses import stored, voided
from decisions.fhir.responses.reading import (
    Response,
    ResponseRefused,
    item9_said,
    read_response,
    subject_of,
)
from kapnet.core.clients.door import ApiRequest, api_view, note_about, read_json
from kapnet.core.clients.models import ApiClient
from kapnet.core.web.fhir_answers import FhirRefused, fhir_answer, outcome

CLOCKS_DIFFER = timedelta(minutes=5)
"""So far ahead of ours another clock may be."""
TOLD = "The safety task of this patient is open."
NOT_WANTED = "If-None-Exist takes one identifier: identifier=system|value"
VERSION = 'W/"1"'
"""Of every response: none is ever changed."""


def sender_of(client: ApiClient) -> Sender:
    """A client as the sender of a response."""
    return Sender(Received.Kind.CLIENT, client.reference, client.name)


def patient_named(text: str) -> Case | None:
    """The case of this id in the clinic of the client."""
    return Case.objects.select_related("clinic").filter(pk__in=keys_in(text)).first()


@api_view("system/QuestionnaireResponse.c", event="fhir.received")
def create(request: ApiRequest) -> HttpResponse:
    """Take a response: a form is kept, answers to an edition are proposed."""
    resource = read_json(request)
    case = patient_named(subject_of(resource))
    if case is not None:
        note_about(request, "case", case.pk, case.pk)
    try:
        wanted = _wanted(request.headers.get("If-None-Exist", ""))
        response = read_response(resource)
        problems = tuple(_problems(response, case, wanted))
    except ResponseRefused as refused:
        problems = refused.problems
    if problems or case is None or response.authored is None:
        status = 400 if problems == (NOT_WANTED,) else 422
        raise FhirRefused(status, "", _heard(f"{'; '.join(problems)}.", case, resource))
    if response.status != "completed":
        return _unfinished(response, case, resource)
    sent = Sent(case, response, sender_of(request.api_client), moment_of(response.authored))
    kept = _keep(sent, resource, is_conditional=wanted is not None)
    address = request.build_absolute_uri(reverse("fhir_questionnaireresponse_one", args=[kept.key]))
    status = 201 if kept.is_new else 200
    return fhir_answer(of_received(kept.received), status, ETag=VERSION, Location=address)


def _wanted(header: str) -> tuple[str, str] | None:
    """The identifier by which a client asks whether it sent a response before: system, value."""
    if not header:
        return None
    asked = parse_qsl(header.removeprefix("?"), keep_blank_values=True)
    if len(asked) != 1 or asked[0][0] != "identifier" or not asked[0][1]:
        raise ResponseRefused((NOT_WANTED,))
    system, _, value = asked[0][1].rpartition("|")
    return system, value


def _problems(
    response: Response, case: Case | None, wanted: tuple[str, str] | None
) -> Iterator[str]:
    """What is wrong beyond the response itself."""
    if case is None:
        named = "is no patient of this clinic" if response.subject else "names no patient"
        yield f"subject: {named}: it must be Patient/ and an id that this server gave"
    if not response.answers:
        yield "item: nothing is answered"
    if wanted is not None and wanted != response.identifier:
        yield "identifier: must be the one that If-None-Exist names"
    if response.authored is None:
        yield "authored: say when it was answered"
    else:
        yield from _problems_of_day(response.authored, case)


def _problems_of_day(authored: datetime | date, case: Case | None) -> Iterator[str]:
    latest = timezone.now() + CLOCKS_DIFFER
    day = day_of(authored)
    if day > timezone.localdate(latest) or (isinstance(authored, datetime) and authored > latest):
        yield "authored: lies in the future"
    if case is not None and case.date_of_birth and day < case.date_of_birth:
        yield "authored: lies before the birth of the patient"


def _heard(words: str, case: Case | None, resource: object) -> str:
    """The words of a refusal, and whether item 9 was heard all the same."""
    if case is None:
        return words
    is_positive = hear_item9(case, item9_said(resource), day=timezone.localdate())
    return f"{words} {TOLD}" if is_positive else words


def _unfinished(response: Response, case: Case, resource: object) -> HttpResponse:
    words = "Nothing of it was kept. Send it when its status is completed."
    said = _heard(f"The status is {response.status}. {words}", case, resource)
    if response.status != "in-progress" or not said.endswith(TOLD):
        raise FhirRefused(422, "", said)
    return fhir_answer(outcome("informational", said, severity="information"), 202)


def _keep_once(sent: Sent, *, is_conditional: bool) -> Kept:
    """Of the same sent twice at once, the second finds the first."""
    try:
        return keep_response(sent, is_conditional=is_conditional)
    except IntegrityError:
        return keep_response(sent, is_conditional=is_conditional)


def _keep(sent: Sent, resource: object, *, is_conditional: bool) -> Kept:
    try:
        kept = _keep_once(sent, is_conditional=is_conditional)
    except CaseClosedError:
        words = "This case is closed. Nothing was kept."
    except AnotherPatientError:
        words = "This identifier was used for another patient. Nothing was kept."
    except SaidOtherwiseError:
        words = "This identifier was used for other answers. Send these under one of their own."
    else:
        if kept.received.assessment is not None and kept.received.assessment.is_voided:
            raise voided()
        return kept
    raise FhirRefused(409, "", _heard(words, sent.case, resource))


@api_view("system/QuestionnaireResponse.r")
def read(request: ApiRequest, response_id: str) -> HttpResponse:
    """One response: a form of a patient, or answers that a program sent."""
    return fhir_answer(stored(request, response_id), ETag=VERSION)
