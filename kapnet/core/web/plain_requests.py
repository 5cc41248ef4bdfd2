"""Requests in an encoding that no browser sends, or with a NUL in a key, end at the door."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from kapnet.core.web.error_pages import bad_request, page_not_found

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

NAMED_CHARSET = re.compile(r"""charset\s*=\s*["']?([^"';\s]*)""", re.IGNORECASE)
UTF_8 = ("", "utf-8", "utf8")
ODD_CHARSET = "kapnet.odd_charset"


class PlainRequestsMiddleware:
    """400 for a body in another encoding than UTF-8, 404 for a key that no row can have."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if ODD_CHARSET in request.META:
            return bad_request(request)
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        places: tuple[object, ...],
        named: dict[str, object],
    ) -> HttpResponse | None:
        """PostgreSQL takes no text with a NUL."""
        keys = (*places, *named.values())
        return page_not_found(request) if any("\0" in str(one) for one in keys) else None


def in_utf_8(application: WSGIApplication) -> WSGIApplication:
    """The application, which never hears of another encoding but that there was one.

    Django reads an address in the encoding that the body names, before any middleware; one such as
    "hex", which Python knows and which is none of texts, would break it there.
    """

    def hear(environ, start_response):  # type: ignore[no-untyped-def]
        named = NAMED_CHARSET.search(environ.get("CONTENT_TYPE", ""))
        if named and named[1].lower() not in UTF_8:
            kept = environ["CONTENT_TYPE"].partition(";")[0]
            environ = {**environ, "CONTENT_TYPE": kept, ODD_CHARSET: named[1]}
        return application(environ, start_response)

    return hear
