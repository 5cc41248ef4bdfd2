"""What this server offers, as a CapabilityStatement: open to every program."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from decisions.fhir.registry import statement
from kapnet.core.clients.addresses import FHIR_BASE, called_address, whole
from kapnet.core.clients.door import open_api_view
from kapnet.core.web.fhir_answers import fhir_answer

VERSION: Final = "2026.11"
"""Of this program."""


@open_api_view
def metadata(request: HttpRequest) -> HttpResponse:
    """Made of what has an address."""
    found = statement(
        version=VERSION,
        address=whole(request, FHIR_BASE),
        token_address=called_address(request, "oauth_token"),
    )
    return fhir_answer(found)
