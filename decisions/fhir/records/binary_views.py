"""The bytes of a signed letter for programs, by the rules under which a person gets them."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone

from decisions.cases.models import Case
from decisions.cases.queries import cases_with_context
from decisions.documents.letter.loading import load_words
from decisions.fhir.parts import resource
from decisions.fhir.records.case_record import CaseRecord
from decisions.fhir.records.referrals import PDF
from decisions.fhir.records.serving import open_letter, reader_of
from decisions.letters.downloads import CHANGED_BYTES, pdf_response, why_kept
from decisions.letters.models import Letter
from decisions.letters.queries import LETTER_TO_HAND_OUT
from kapnet.core.audit.queries import times_done_by_program
from kapnet.core.clients.door import ApiRequest, api_view
from kapnet.core.web.fhir_answers import JSON_TYPES, FhirRefused, fhir_answer
from kapnet.core.web.rate_limits import tell_too_many
from kapnet.core.web.rates import rates_of

LIMIT, EVENT = "letter.download", "letter.downloaded"
REVOKED: Final = "The patient has revoked the consent that this letter rests on."
PART_2: Final = (
    "This letter tells of alcohol or drug use, whose source does not let it leave to this client "
    "(42 CFR Part 2)."
)


@api_view("system/Binary.r", event=EVENT, gives=(PDF, *JSON_TYPES))
def binary(request: ApiRequest, resource_id: str) -> HttpResponse:
    """The stored bytes; as a Binary in JSON where the client asks for JSON."""
    letter = open_letter(request, resource_id)
    _refuse_too_many(request)
    whole = LETTER_TO_HAND_OUT.get(id=letter.pk)
    if why := why_kept(whole):
        if why == CHANGED_BYTES:
            raise FhirRefused(
                500, "", "The stored file is not the one that was signed. Tell the clinic."
            )
        raise FhirRefused(403, "", REVOKED)
    if _tells_too_much(request, whole):
        raise FhirRefused(403, "", PART_2)
    pdf = bytes(whole.pdf or b"")
    if wants_json(request):
        data = base64.b64encode(pdf).decode()
        return fhir_answer(
            resource("Binary", whole.pk, updated=whole.signed_at, contentType=PDF, data=data)
        )
    return pdf_response(pdf, f"{whole.number}.pdf")


def wants_json(request: ApiRequest) -> bool:
    """Whether the client asks for JSON by name; any type at all means the file itself."""
    if form := request.GET.get("_format"):
        return PDF not in form.lower()
    accepted = request.headers.get("Accept", "*/*").lower()
    return PDF not in accepted and any(one in accepted for one in JSON_TYPES)


def _refuse_too_many(request: ApiRequest) -> None:
    """As often as one person may, by the audit log."""
    rates, now = rates_of(LIMIT, settings.LIMITS), timezone.now()
    done = times_done_by_program(
        clinic=request.api_clinic,
        reference=request.api_client.reference,
        actions=(EVENT,),
        since=[now - timedelta(seconds=rate.seconds) for rate in rates],
    )
    for times, rate in zip(done, rates, strict=True):
        if times >= rate.amount:
            tell_too_many(LIMIT)
            words = "Too many letters within the time. Wait, then go on."
            raise FhirRefused(429, "", words, retry_after=int(rate.seconds))


def _tells_too_much(request: ApiRequest, letter: Letter) -> bool:
    """Whether it was written with what this client may not have. One that left it out says so."""
    case: Case = cases_with_context().get(pk=letter.case_id)
    gate = CaseRecord(case, reader_of(request)).gate
    if not gate.is_closed:
        return False
    left_out = load_words(letter.decision.edition).substance.left_out
    return left_out not in json.dumps(letter.content, ensure_ascii=False)
