"""What a page was drawn of is freed with its answer, and not when the garbage collector comes."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.urls import reverse

from kapnet.core.people.models import User
from kapnet.core.web.let_go import with_brief_requests
from tests.collecting import for_each
from tests.decisions.case_factories import make_case
from tests.decisions.letters.letter_factories import vignettes

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
LEFT = 100
"""Objects that a request may leave to the garbage collector: a person and a membership refer to
each other, and so do a form and its fields. What a page shows is several hundred more."""


@pytest.fixture(autouse=True)
def connection_stays() -> Iterator[None]:
    """A handler ends a connection in a transaction after a request; the test client sees to it."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@contextmanager
def no_collection() -> Iterator[None]:
    """The garbage collector does not come by itself."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def ask(handler: WSGIHandler, client: Client, path: str) -> str:
    """The page at a path, as a server asks for it: the test client keeps all that it sees."""
    environ = {"PATH_INFO": path}
    setup_testing_defaults(environ)
    environ["HTTP_COOKIE"] = client.cookies.output(header="", sep=";")
    written: list[bytes] = []
    with closing(handler(environ, lambda *_: written.append)) as answer:
        return b"".join(answer).decode()


@for_each("name", ["cases:section", "cases:decision", "cases:list"])
def test_page_leaves_little_to_the_garbage_collector(
    therapist: User, client_for: ClientFor, name: str
) -> None:
    case = make_case(therapist, **vignettes()["responder-relapsed"])
    where = {"cases:list": [], "cases:section": [case.pk, "ketamine_safety"]}
    path = reverse(name, args=where.get(name, [case.pk]))
    handler, client = with_brief_requests(WSGIHandler()), client_for(therapist)
    ask(handler, client, path)

    with no_collection():
        page = ask(handler, client, path)
        left = gc.collect()

    assert "Maren Testcase" in page
    assert left <= LEFT
