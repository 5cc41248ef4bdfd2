"""Requests that say they carry more than any page takes are refused before they are read."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kapnet.core.web.error_pages import request_too_large


class BodyLimitMiddleware:
    """413 for a body longer than MAX_BODY_BYTES; nothing of it is taken into memory or to disk."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _length_of(request) > settings.MAX_BODY_BYTES:
            return request_too_large(request)
        return self.get_response(request)


def _length_of(request: HttpRequest) -> int:
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(length) if length.isascii() and length.isdigit() else 0
