"""A program says what became of a referral: the status of a Task is a step at the desk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.http import HttpResponse

from decisions.desk.actions import SeenStale, StepRefused, take_step
from decisions.fhir.names import Resource
from decisions.fhir.records.finding import letter_resource
from decisions.fhir.records.referrals import STEPS
from decisions.fhir.records.serving import open_letter, reader_of, version_headers
from kapnet.core.clients.door import ApiRequest, api_view, read_json
from kapnet.core.web.fhir_answers import FhirRefused, fhir_answer

WRITTEN_ETAG = re.compile(r'(?:W/)?"(\d{1,9})"')
CHANGES: Final = frozenset(
    {"status", "statusReason", "businessStatus", "meta", "lastModified", "text"}
)
"""What a Task may have otherwise than the one here. All but status and its reason is ignored."""
LONGEST_REASON: Final = 1000
NEEDED: Final = "Say which version you saw: If-Match with the ETag of the Task."
STALE: Final = "The Task was changed since. Read it again; nothing of yours was noted."


@api_view("system/Task.u", event="fhir.task_changed")
def update(request: ApiRequest, resource_id: str) -> HttpResponse:
    """Take the step that the status means, by the rules of the desk."""
    letter = open_letter(request, resource_id)
    seen = _seen_version(request)
    current = letter_resource("Task", letter, reader_of(request))
    sent = read_json(request)
    step = _step(sent, current)
    if seen != letter.delivery.version:
        raise FhirRefused(412, "", STALE)
    try:
        with transaction.atomic():
            take_step(
                letter=letter,
                by=request.api_client,
                seen_version=seen,
                status=step,
                note=_reason(sent),
            )
    except SeenStale:
        raise FhirRefused(412, "", STALE) from None
    except StepRefused as refused:
        raise FhirRefused(409, "", str(refused)) from None
    found = letter_resource("Task", open_letter(request, resource_id), reader_of(request))
    return fhir_answer(found, **version_headers(found))


def _seen_version(request: ApiRequest) -> int:
    """Without it two programs would undo each other unseen."""
    written = request.headers.get("If-Match", "").strip()
    if not written:
        raise FhirRefused(428, "required", NEEDED)
    found = WRITTEN_ETAG.fullmatch(written)
    if found is None:
        raise FhirRefused(412, "", STALE)
    return int(found[1])


def _step(sent: Mapping[str, Any], current: Resource) -> str:
    """The step of the desk. Raises FhirRefused for what is no Task, or changes something else."""
    if sent.get("resourceType") != "Task":
        raise FhirRefused(400, "", "Send a Task.")
    if sent.get("id") != current["id"]:
        raise FhirRefused(400, "", "The id of the Task is not the one in the address.")
    others = [name for name in sent if name not in CHANGES and sent[name] != current.get(name)]
    if others:
        told = ", ".join(sorted(one[:40] for one in others))
        words = f"Only status and statusReason of a Task can be changed here, not {told}."
        raise FhirRefused(422, "", words)
    status = sent.get("status")
    if not isinstance(status, str) or status not in STEPS:
        raise FhirRefused(422, "", f"A program may set {', '.join(STEPS)}.")
    return STEPS[status]


def _reason(sent: Mapping[str, Any]) -> str:
    """The words of statusReason. Raises FhirRefused."""
    said = sent.get("statusReason", {})
    text = said.get("text", "") if isinstance(said, Mapping) else None
    if not isinstance(text, str) or len(text) > LONGEST_REASON:
        words = f"statusReason takes text of at most {LONGEST_REASON} characters."
        raise FhirRefused(422, "", words)
    return text.strip()
