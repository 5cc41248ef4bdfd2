"""What a page was made from is freed with its answer, and does not wait for the collector."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.http import HttpRequest, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse
from pytest_django.fixtures import Settings

from kapnet.core.people.models import User
from kapnet.core.web.let_go import with_brief_requests
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of, make_case, section_url, token_in
from tests.decisions.letters.letter_factories import vignettes
from tests.decisions.letters.stored_letters import make_signed

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
PATIENT, SECTION = "Maren Testcase", "ketamine_safety"
LEFT = {"cases:section": 30, "cases:decision": 80, "cases:list": 100}
"""Objects that a page may leave to the garbage collector: a person and a membership refer to each
other, and so do a form and its fields. What a page shows is several hundred more."""


@login_not_required
def streamed(request: HttpRequest) -> StreamingHttpResponse:
    """Looks at its request before each part and after the last one."""

    def parts() -> Iterator[str]:
        yield f"{request.method} "
        yield request.path

    return StreamingHttpResponse(parts())


urlpatterns = [path("streamed/", streamed)]


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


def ask(client: Client, method: str, address: str, **data: str) -> str:
    """What is answered to this person, as a server asks: the test client keeps all that it sees."""
    headers = {"HX-Request": "true"} if data else {}
    asked = RequestFactory(headers=headers).generic(method, address, **_body(client, data))
    asked.environ["HTTP_COOKIE"] = client.cookies.output(header="", sep=";")
    written: list[bytes] = []
    with closing(_handler()(asked.environ, lambda *_: written.append)) as answer:
        return b"".join(answer).decode()


@cache
def _handler() -> WSGIHandler:
    return with_brief_requests(WSGIHandler())


def _body(client: Client, data: dict[str, str]) -> dict[str, Any]:
    client.cookies[settings.CSRF_COOKIE_NAME] = data["csrfmiddlewaretoken"] = "s" * 32
    return {"data": urlencode(data), "content_type": "application/x-www-form-urlencoded"}


def left_by(act: Callable[[], str]) -> tuple[str, int]:
    """What an act answers the second time, and how many objects it leaves to the collector."""
    act()
    with no_collection():
        answer = act()
        return answer, gc.collect()


@for_each("name", LEFT)
def test_page_leaves_little_to_the_garbage_collector(
    therapist: User, client_for: ClientFor, name: str
) -> None:
    case = make_case(therapist, name=PATIENT, **vignettes()["responder-relapsed"])
    where = {"cases:list": [], "cases:section": [case.pk, SECTION]}
    address, client = reverse(name, args=where.get(name, [case.pk])), client_for(therapist)

    page, left = left_by(lambda: ask(client, "GET", address))

    assert PATIENT in page
    assert left <= LEFT[name]


def test_saved_answer_leaves_little_to_the_garbage_collector(
    therapist: User, client_for: ClientFor
) -> None:
    case = make_case(therapist, name=PATIENT, **vignettes()["responder-relapsed"])
    client, values = client_for(therapist), iter(("121", "122"))
    address = section_url(case, SECTION)

    def save() -> str:
        token = token_in(ask(client, "GET", address), "bp_systolic")
        data = {"bp_systolic": next(values), "bp_systolic.token": token}
        return ask(client, "POST", address, question="bp_systolic", **data)

    answer, left = left_by(save)

    with clinic_of(therapist):
        assert case.answers.get(question="bp_systolic").value == 122
    assert "bp_systolic" in answer
    assert left <= 60


def test_letter_on_the_desk_leaves_its_forms_alone_to_the_garbage_collector(
    therapist: User, staff: User, client_for: ClientFor
) -> None:
    letter, client = make_signed(therapist), client_for(staff)

    page, left = left_by(lambda: ask(client, "GET", reverse("desk:letter", args=[letter.pk])))

    assert letter.number in page
    assert left <= 450


def test_request_is_whole_until_its_answer_is_sent(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__

    assert ask(Client(), "GET", "/streamed/") == "GET /streamed/"
