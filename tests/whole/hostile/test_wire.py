"""What breaks before a page is asked, and what grows with requests."""

from __future__ import annotations

import gc
import logging
import tracemalloc
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.wsgi import get_wsgi_application

from kapnet.core.web.plain_requests import in_utf_8
from tests.collecting import for_each
from tests.whole.hostile.values import ODD, as_fields
from tests.whole.matrix.world import World

pytestmark = pytest.mark.django_db

ALLOWED_GROWTH = 1_000_000
"""Bytes, after what is kept once was kept: a second round of requests may hold on to no more."""


def status_of(content_type: str, query: str = "a=b", body: bytes = b"a=b") -> str:
    """The answer of the whole application to a posted body."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/accounts/login/",
        "QUERY_STRING": query,
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    setup_testing_defaults(environ)
    answered: list[str] = []

    def start(status: str, heads: object, problem: object = None) -> Any:
        answered.append(status)

    b"".join(in_utf_8(get_wsgi_application())(environ, start))
    return answered[0]


@for_each("charset", ["hex", "utf-16", "idna", "'rot13'", "nope", "utf-8-sig"])
@for_each("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_s56_other_encodings_are_refused(kind: str, charset: str) -> None:
    assert status_of(f"{kind}; boundary=cut; charset={charset}") == "400 Bad Request"


@pytest.mark.parametrize("charset", ["utf-8", '"UTF-8"', "utf8"])
def test_encoding_of_every_browser_is_taken(charset: str) -> None:
    heard: list[Any] = []
    environ = {"CONTENT_TYPE": f"application/x-www-form-urlencoded; charset={charset}"}

    def application(environ: Any, start: object) -> list[bytes]:
        heard.append(environ)
        return []

    in_utf_8(application)(environ, lambda *heads: lambda body: None)

    assert heard == [environ]


@pytest.mark.long
def test_s54_hostile_requests_leave_nothing_in_memory(world: World) -> None:
    client = world.clients["staff"]

    def one_round() -> None:
        for address in ("/profile/", "/letters/", "/evidence/"):
            for text in ODD:
                body = as_fields([("name", text), ("q", text), ("status", text)])
                client.post(address, body, "application/x-www-form-urlencoded")
        gc.collect()

    logging.disable()
    one_round()
    tracemalloc.start()
    one_round()
    before, _ = tracemalloc.get_traced_memory()
    one_round()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    logging.disable(logging.NOTSET)

    assert after - before < ALLOWED_GROWTH
