"""What a program sends: one JSON object that nobody can take for two things."""

from __future__ import annotations

import json
import math
from typing import Any, Final, NoReturn

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest

from kapnet.core.web.fhir_answers import FHIR_JSON, JSON, JSON_TYPES, FhirRefused

LONGEST_BODY: Final = 1_000_000
LONGEST_NUMBER: Final = 64
DEEPEST: Final = 100
"""Objects and lists within each other: whoever reads them goes down one by one."""


def read_json(request: HttpRequest) -> dict[str, Any]:
    """The object in the body. Raises FhirRefused: 415, 413, 400."""
    if request.content_type not in JSON_TYPES:
        raise FhirRefused(415, "", f"Send {FHIR_JSON} or {JSON}.")
    text = _text_of(request)
    try:
        found = json.loads(
            text,
            object_pairs_hook=_once_each,
            parse_constant=_no_number,
            parse_float=_finite,
        )
        _check_texts(found)
    except (ValueError, RecursionError) as wrong:
        said = str(wrong) if isinstance(wrong, OddJson) else "it cannot be read"
        raise FhirRefused(400, "", f"This is not JSON that can be used: {said}.") from None
    if not isinstance(found, dict):
        raise FhirRefused(400, "", "The body has to be one JSON object.")
    return found


def _text_of(request: HttpRequest) -> str:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > LONGEST_BODY:
        raise too_long()
    try:
        body = request.body
    except SuspiciousOperation:
        raise too_long() from None
    if len(body) > LONGEST_BODY:
        raise too_long()
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise FhirRefused(400, "", "The body is not UTF-8.") from None


def too_long() -> FhirRefused:
    """413."""
    return FhirRefused(413, "", "The body is longer than 1 MB.")


class OddJson(ValueError):
    """JSON that two readers could take for two things, or that no database keeps."""


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise OddJson("an object names a member twice")
    return found


def _no_number(name: str) -> NoReturn:
    raise OddJson(f"{name} is not a number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number) or len(text) > LONGEST_NUMBER:
        raise OddJson("a number is too large")
    return number


def _check_texts(found: object, depth: int = 0) -> None:
    """No database keeps a NUL or half of a character."""
    if depth > DEEPEST:
        raise OddJson("it is nested too deeply")
    match found:
        case str():
            if "\0" in found or any("\ud800" <= one <= "\udfff" for one in found):
                raise OddJson("a text has a character that cannot be kept")
        case list():
            for one in found:
                _check_texts(one, depth + 1)
        case dict():
            for name, one in found.items():
                _check_texts(name)
                _check_texts(one, depth + 1)
