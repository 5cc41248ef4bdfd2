"""Reads and searches for programs: one patient's record, and the signed letters of a clinic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseNotModified, QueryDict
from django.utils.http import parse_etags

from decisions.cases.models import Case
from decisions.fhir.names import Resource
from decisions.fhir.records.asking import Asked, read_search
from decisions.fhir.records.case_record import CaseRecord
from decisions.fhir.records.finding import (
    EMPTY,
    OF_LETTERS,
    Page,
    case_of,
    letter_resource,
    page_of_case,
    page_of_letters,
    resource_in,
    uuid_in,
)
from decisions.fhir.records.serving import open_letter, reader_of, version_headers
from decisions.fhir.registry import ROOT
from kapnet.core.clients.door import ApiRequest, View, api_view, note_about
from kapnet.core.web.fhir_answers import FhirRefused, fhir_answer, outcome

FORM: Final = "application/x-www-form-urlencoded"
UPDATED: Final = {"_id": "token", "_lastUpdated": "date"}
SEARCHES: Final = {"patient": "reference", **UPDATED}
KEPT_BACK: Final = (
    "Records of alcohol and drug use, and texts that may tell of it, are left out: "
    "their source does not let them leave to this client (42 CFR Part 2)."
)


# One resource


def reading(kind: str) -> View:
    """A view of one resource of this type."""

    @api_view(f"system/{kind}.r")
    def read(request: ApiRequest, resource_id: str) -> HttpResponse:
        find = _letter_resource if kind in OF_LETTERS else _case_resource
        return answer_one(request, find(request, kind, resource_id))

    return read


def _case_resource(request: ApiRequest, kind: str, resource_id: str) -> Resource:
    """404 for what is not there, and for what is another clinic's."""
    note_about(request, kind, resource_id)
    case = case_of(kind, resource_id)
    if case is None:
        raise Http404
    note_about(request, kind, resource_id, case.pk)
    found = resource_in(CaseRecord(case, reader_of(request)), kind, resource_id)
    if found is None:
        raise Http404
    return found


def _letter_resource(request: ApiRequest, kind: str, resource_id: str) -> Resource:
    return letter_resource(kind, open_letter(request, resource_id), reader_of(request))


def answer_one(request: ApiRequest, found: Resource) -> HttpResponse:
    """The resource with its version; 304 where the client has it already."""
    headers = version_headers(found)
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if headers.get("ETag") and headers["ETag"] in known:
        answer = HttpResponseNotModified()
        answer["ETag"] = headers["ETag"]
        return answer
    return fhir_answer(found, **headers)


# Searches


def searching(kind: str) -> View:
    """A view that searches this type, by an address or by a form."""

    @api_view(f"system/{kind}.s", methods=("GET", "POST"))
    def search(request: ApiRequest) -> HttpResponse:
        asked = read_search(kind, search_names(kind), request.GET, *_posted(request))
        page = _letters(request, asked) if kind in OF_LETTERS else _record(request, asked)
        return fhir_answer(bundle(request, asked, page))

    return search


def search_names(kind: str) -> dict[str, str]:
    """Parameter -> its type, as the capability statement names them."""
    return UPDATED if kind == "Patient" else SEARCHES


def _posted(request: ApiRequest) -> Iterator[QueryDict]:
    if request.method == "POST":
        if request.content_type != FORM:
            raise FhirRefused(415, "", f"Send the search as {FORM}.")
        yield request.POST


def _letters(request: ApiRequest, asked: Asked) -> Page:
    case_id = uuid_in(asked.patient)
    page = page_of_letters(asked, reader_of(request))
    of = page.cases or {case_id if _is_ours(case_id) else None}
    note_about(request, "letter", "", next(iter(of)) if len(of) == 1 else None)
    return page


def _is_ours(case_id: UUID | None) -> bool:
    return case_id is not None and Case.objects.filter(pk=case_id).exists()


def _record(request: ApiRequest, asked: Asked) -> Page:
    """Of one patient: everybody's leave by bulk export alone, to which a therapist agrees."""
    named = asked.patient or next(iter(asked.ids), "")
    if not asked.patient and len(asked.ids) != 1:
        raise FhirRefused(400, "", f"Say whose: {_whose(asked.kind)}.")
    case = case_of("Patient" if asked.patient else asked.kind, named)
    note_about(request, asked.kind, named)
    if case is None or (asked.patient and str(case.pk) != asked.patient):
        return EMPTY
    note_about(request, asked.kind, "", case.pk)
    return page_of_case(CaseRecord(case, reader_of(request)), asked)


def _whose(kind: str) -> str:
    return "one _id" if kind == "Patient" else "patient, or one _id"


def bundle(request: ApiRequest, asked: Asked, page: Page) -> Resource:
    """The page as a searchset, with a link to the next one."""
    base = request.build_absolute_uri(f"/{ROOT}")
    address = f"{base}{asked.kind}?"
    links = [{"relation": "self", "url": address + asked.address(asked.after)}]
    if page.next_after:
        links.append({"relation": "next", "url": address + asked.address(page.next_after)})
    entries: list[Resource] = [
        {
            "fullUrl": f"{base}{asked.kind}/{one['id']}",
            "resource": one,
            "search": {"mode": "match"},
        }
        for one in page.resources
    ]
    if page.keeps_back:
        told = outcome("suppressed", KEPT_BACK, severity="information")
        entries.append({"resource": told, "search": {"mode": "outcome"}})
    found = {"resourceType": "Bundle", "type": "searchset", "total": page.total, "link": links}
    return {**found, "entry": entries} if entries else found
