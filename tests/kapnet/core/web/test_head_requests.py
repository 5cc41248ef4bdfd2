"""HEAD, below Django's test client, which takes bodies off by itself."""

from __future__ import annotations

from io import BytesIO

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from kapnet.core.web.head_requests import HeadAsGetMiddleware
from tests.collecting import for_each

ANSWERS = {
    "page": lambda: HttpResponse(b"words", headers={"Content-Length": "5"}),
    "stream": lambda: StreamingHttpResponse(iter([b"words"])),
    "file": lambda: FileResponse(BytesIO(b"words")),
}


@for_each("kind", list(ANSWERS))
def test_head_is_handed_on_as_get_and_answered_without_a_body(kind: str) -> None:
    methods = []

    def view(request: HttpRequest) -> HttpResponseBase:
        methods.append(request.method)
        return ANSWERS[kind]()

    head = HeadAsGetMiddleware(view)(RequestFactory().head("/"))
    body = b"".join(head)
    whole = b"".join(HeadAsGetMiddleware(view)(RequestFactory().get("/")))

    assert methods == ["GET", "GET"]
    assert (body, whole) == (b"", b"words")
    assert getattr(head, "file_to_stream", None) is None
    assert head.get("Content-Length") == ANSWERS[kind]().get("Content-Length")
