"""What views for programs share: who reads, one letter, and the version of what is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.http import http_date

from decisions.fhir.names import Resource
from decisions.fhir.records.case_record import referral_letters
from decisions.fhir.records.finding import uuid_in
from decisions.fhir.records.gate import Reader
from decisions.letters.models import Letter
from kapnet.core.clients.door import ApiRequest, note_about
from kapnet.core.clients.scopes import allows


def reader_of(request: ApiRequest) -> Reader:
    """Who reads, with what."""
    held = (request.api_scopes, request.api_client.scopes)
    sees = all(allows(one, "system/Decision.r") for one in held)
    return Reader(request.api_client.name, sees_reasoning=sees)


def open_letter(request: ApiRequest, letter_id: str) -> Letter:
    """A signed letter of the client's clinic, or 404."""
    note_about(request, "letter", letter_id)
    row = uuid_in(letter_id)
    letter = referral_letters().filter(pk=row).first() if row else None
    if letter is None or str(letter.pk) != letter_id:
        raise Http404
    note_about(request, "letter", letter.pk, letter.case_id)
    return letter


def version_headers(found: Resource) -> dict[str, Any]:
    """ETag where a version is stored, Last-Modified where a time is."""
    meta = found.get("meta", {})
    headers = {}
    if version := meta.get("versionId"):
        headers["ETag"] = f'W/"{version}"'
    if updated := meta.get("lastUpdated"):
        headers["Last_Modified"] = http_date(datetime.fromisoformat(updated).timestamp())
    return headers
