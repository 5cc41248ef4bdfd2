"""Bulk Data 2 for a clinic's own programs: asked for, waited for, fetched, removed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import http_date

from decisions.exit.bulk.actions import OneRuns, begin_job, remove_jobs
from decisions.exit.bulk.asking import NDJSON, read_asked
from decisions.exit.bulk.models import BulkFile, BulkJob
from decisions.exit.everything import EXPORTED, NOT_WRITTEN
from kapnet.core.clients.addresses import called_address, whole
from kapnet.core.clients.door import ApiRequest, api_view, note_about
from kapnet.core.clients.scopes import EVERYTHING
from kapnet.core.web.fhir_answers import JSON_TYPES, FhirRefused, json_answer

LOOK_AGAIN = 5
"""Seconds after which a client may look again."""
GONE = "There is no such export, or it is no longer kept."
WITHIN = (NDJSON, *JSON_TYPES)


@api_view(EVERYTHING, event="fhir.export", methods=("GET",), gives=WITHIN)
def export(request: ApiRequest) -> HttpResponse:
    """Begin an export of everything that the clinic's patients' records hold."""
    asked = read_asked(
        dict(request.GET.lists()), prefer=request.headers.get("Prefer", ""), offered=EXPORTED
    )
    try:
        job = begin_job(
            client=request.api_client,
            asked=asked,
            request=whole(request, request.get_full_path())[:2000],
            scopes=sorted(request.api_scopes),
        )
    except OneRuns:
        raise FhirRefused(
            429, "", "An export of this client is being made.", retry_after=LOOK_AGAIN
        ) from None
    note_about(request, "bulk_export", job.pk)
    return HttpResponse(status=202, headers={"Content-Location": _address(request, job)})


@api_view(EVERYTHING, event="fhir.export", methods=("GET",), gives=WITHIN)
def state(request: ApiRequest, job: str) -> HttpResponse:
    """How far it is; when it is ready, where its files are."""
    found = _open(request, job)
    if found.state == BulkJob.State.RUNNING:
        said = f"{found.done} of {found.total} patients"
        return HttpResponse(status=202, headers={"X-Progress": said, "Retry-After": LOOK_AGAIN})
    if found.state == BulkJob.State.FAILED:
        raise FhirRefused(500, "", "The export could not be made. Ask for it again.")
    ends = (found.ready_at or timezone.now()) + timedelta(hours=settings.DESK_EXPORTS_KEPT_HOURS)
    return json_answer(_manifest(request, found), Expires=http_date(ends.timestamp()))


def _manifest(request: ApiRequest, job: BulkJob) -> dict[str, Any]:
    files = BulkFile.objects.filter(job=job, run=F("job__run")).defer("content")
    named: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for one in files:
        said = {"type": one.kind, "url": _address(request, job, one.name), "count": one.lines}
        named[one.kind == NOT_WRITTEN].append(said)
    return {
        "transactionTime": job.asked_at.isoformat(timespec="milliseconds"),
        "request": job.request,
        "requiresAccessToken": True,
        "output": named[False],
        "error": named[True],
    }


@api_view(EVERYTHING, event="fhir.export", methods=("DELETE",), gives=WITHIN)
def remove(request: ApiRequest, job: str) -> HttpResponse:
    """Stop it, or remove its files."""
    remove_jobs(BulkJob.objects.filter(pk=_open(request, job).pk))
    return HttpResponse(status=202)


@api_view(EVERYTHING, event="fhir.export", methods=("GET",), gives=WITHIN)
def file(request: ApiRequest, job: str, name: str) -> HttpResponse:
    """One file."""
    opened = _open(request, job)
    found = BulkFile.objects.filter(
        job=opened, run=F("job__run"), name=name, job__state=BulkJob.State.READY
    ).first()
    if found is None:
        raise FhirRefused(404, "", GONE)
    headers = {"Cache-Control": "no-store, private"}
    return HttpResponse(bytes(found.content), content_type=NDJSON, headers=headers)


def _open(request: ApiRequest, job: str) -> BulkJob:
    """An export of this client that is still kept. Raises FhirRefused."""
    try:
        own = BulkJob.objects.filter(client=request.api_client, pk=UUID(job))
    except ValueError:
        own = BulkJob.objects.none()
    old = timezone.now() - timedelta(hours=settings.DESK_EXPORTS_KEPT_HOURS)
    found: BulkJob | None = own.exclude(ready_at__lt=old).first()
    if found is None:
        raise FhirRefused(404, "", GONE)
    note_about(request, "bulk_export", found.pk)
    return found


def _address(request: ApiRequest, job: BulkJob, name: str = "") -> str:
    if name:
        return called_address(request, "exit:fhir_export_one_one.ndjson", job.pk, name)
    return called_address(request, "exit:fhir_export_one", job.pk)
