"""Answers for programs: FHIR resources, and what went wrong as an OperationOutcome."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

FHIR_JSON: Final = "application/fhir+json"
JSON: Final = "application/json"
JSON_TYPES: Final = (FHIR_JSON, JSON, "text/json")
FOR_PROGRAMS: Final = ("/fhir/", "/cds-services", "/oauth/")
"""What no person opens: an error there is an OperationOutcome and no page."""

CODES: Final[Mapping[int, str]] = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    409: "conflict",
    410: "deleted",
    412: "conflict",
    413: "too-long",
    415: "not-supported",
    422: "processing",
    429: "throttled",
    500: "exception",
    503: "transient",
}
"""status -> code of the issue, where a refusal names no other."""


class FhirRefused(Exception):
    """What a program asked for is refused. The words say why, and hold no answer of a patient.

    code: an issue type of FHIR; empty: the usual one of the status. retry_after: seconds. headers:
    more of the answer, such as Allow.
    """

    def __init__(
        self,
        status: int,
        code: str,
        diagnostics: str,
        *,
        retry_after: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(diagnostics)
        self.status = status
        self.code = code or CODES[status]
        self.diagnostics = diagnostics
        self.retry_after = retry_after
        self.headers = dict(headers or {})

    def answer(self) -> HttpResponse:
        """The same as an answer to the program."""
        answer = fhir_answer(outcome(self.code, self.diagnostics), self.status)
        if self.retry_after is not None:
            answer["Retry-After"] = str(self.retry_after)
        for name, value in self.headers.items():
            answer[name] = value
        return answer


def fhir_answer(
    resource: Mapping[str, Any], status: int = HTTPStatus.OK, **headers: str
) -> HttpResponse:
    """A resource, always in the same bytes. headers: as ETag=, Last_Modified=."""
    return json_answer(resource, status, content_type=FHIR_JSON, **headers)


def json_answer(
    body: Mapping[str, Any],
    status: int = HTTPStatus.OK,
    *,
    content_type: str = JSON,
    **headers: str,
) -> HttpResponse:
    """JSON with sorted keys."""
    answer = HttpResponse(json_bytes(body), status=status, content_type=content_type)
    for name, value in headers.items():
        answer[name.replace("_", "-")] = value
    return answer


def json_bytes(body: Mapping[str, Any]) -> bytes:
    """The bytes of an answer."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def outcome(code: str, diagnostics: str, *, severity: str = "error") -> dict[str, Any]:
    """An OperationOutcome with one issue."""
    issue = {"severity": severity, "code": code, "diagnostics": diagnostics}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def is_for_programs(request: HttpRequest) -> bool:
    """Whether whoever asks is a program, by the address alone."""
    return request.path_info.startswith(FOR_PROGRAMS)
