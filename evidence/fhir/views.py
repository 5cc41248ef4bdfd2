"""Reads and searches of the evidence by programs."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from evidence.fhir.capability import capability
from evidence.fhir.parts import Resource
from evidence.fhir.queries import whole_of, whole_of_newest
from evidence.fhir.registry import Served, served
from evidence.fhir.searching import found
from evidence.fhir.whole import Whole
from kapnet.core.clients.door import open_api_view
from kapnet.core.web.fhir_answers import FhirRefused, fhir_answer


@open_api_view
def metadata(request: HttpRequest) -> HttpResponse:
    """What is served."""
    return fhir_answer(capability(f"{_site(request)}/fhir/r5"))


@open_api_view
def bundle(request: HttpRequest, name: str) -> HttpResponse:
    """A whole release."""
    whole = whole_of(name, _site(request))
    if whole is None:
        raise FhirRefused(404, "", "There is no release of this name with its content.")
    return _answer(request, whole, lambda: whole.bundle)


@open_api_view
def read(request: HttpRequest, kind: str, resource_id: str) -> HttpResponse:
    """One resource of the newest release."""
    served, whole = _served(kind), whole_of_newest(_site(request))
    resource = whole.resources[served.kind].get(resource_id)
    if resource is None:
        raise FhirRefused(404, "", f"The newest release has no {served.kind} of this id.")
    return _answer(request, whole, lambda: resource)


@open_api_view
def search(request: HttpRequest, kind: str) -> HttpResponse:
    """What of the newest release fits."""
    served, whole = _served(kind), whole_of_newest(_site(request))
    return _answer(request, whole, lambda: found(whole, served, request.GET))


def _served(kind: str) -> Served:
    kinds = served()
    if kind not in kinds:
        raise FhirRefused(404, "not-supported", f"Served are {', '.join(kinds)}.")
    return kinds[kind]


def _site(request: HttpRequest) -> str:
    return settings.SITE_ADDRESS or request.build_absolute_uri("/").rstrip("/")


def _answer(request: HttpRequest, whole: Whole, make: Callable[[], Resource]) -> HttpResponse:
    """The resource, or that nothing has changed. A copy is kept and asked about each time."""
    if _has_it(request, whole.state):
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = fhir_answer(make())
    answer["ETag"], answer["Cache-Control"] = whole.etag, "public, no-cache"
    return answer


def _has_it(request: HttpRequest, state: str) -> bool:
    given = request.headers.get("If-None-Match", "")
    return given.strip() == "*" or any(
        one.strip().removeprefix("W/").strip('"') == state for one in given.split(",")
    )
