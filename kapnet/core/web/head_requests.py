"""HEAD is answered as GET is, without the body: this is how monitors ask."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase


class HeadAsGetMiddleware:
    """Hands a HEAD on as a GET, for every address at once; no view has to know.

    What a reading leaves in the audit log, a HEAD leaves as well: its headers tell something of
    it. The headers are those of the GET, Content-Length included. gunicorn would send the body, so
    it is taken off here. A session stays as it was, since nobody saw what a GET takes out of it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "HEAD":
            return self.get_response(request)
        request.method = "GET"
        request.is_without_body = True  # type: ignore[attr-defined]
        response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = iter(())
        elif isinstance(response, HttpResponse):
            response.content = b""
        return response
