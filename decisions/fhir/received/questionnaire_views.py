"""Questionnaires for every program: they hold nothing of a patient."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response

from decisions.fhir.questionnaires.forms import form_ids, written_form
from decisions.fhir.received.searching import bundle_of, search_of
from kapnet.core.clients.door import open_api_view
from kapnet.core.web.fhir_answers import fhir_answer

PARAMETERS = {"_id": "token", "url": "uri", "version": "token"}


@open_api_view
def questionnaire(request: HttpRequest, form_id: str) -> HttpResponse:
    """One questionnaire; 304 to who has it already."""
    written = written_form(form_id)
    if written is None:
        raise Http404(form_id)
    answer = fhir_answer(written.resource, ETag=written.tag)
    return get_conditional_response(request, etag=written.tag, response=answer) or answer


@open_api_view
def questionnaires(request: HttpRequest) -> HttpResponse:
    """The questionnaires that there are, by their name and version."""
    search = search_of(request, PARAMETERS)
    found = [written.resource for one in form_ids() if (written := written_form(one))]
    for name, field in (("_id", "id"), ("url", "url"), ("version", "version")):
        if wanted := search.one(name):
            found = [one for one in found if one[field] == wanted]
    return fhir_answer(bundle_of(request, search, found, address=_address))


def _address(resource: dict[str, str]) -> str:
    return reverse("fhir_questionnaire_one", args=[resource["id"]])
