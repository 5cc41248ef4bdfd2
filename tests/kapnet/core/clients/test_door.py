"""The token endpoint and the door: who comes in, for what, and what the audit log says of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from django.utils import timezone
from django_scopes import scope, scopes_disabled

import kapnet.urls
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.audit.models import Event, Outcome
from kapnet.core.background.pruning import prune
from kapnet.core.clients import refusals
from kapnet.core.clients.actions import replace_keys
from kapnet.core.clients.door import (
    ApiRequest,
    api_view,
    by_method,
    note_about,
    open_api_view,
    read_json,
)
from kapnet.core.clients.models import AccessToken, ApiClient, UsedAssertion
from kapnet.core.clients.public_keys import read_public_keys
from kapnet.core.clients.tokens import ScopeRefused, issue
from kapnet.core.directory.models import Colleague
from kapnet.core.people.models import Clinic, User
from kapnet.core.web.fhir_answers import FHIR_JSON, FhirRefused, fhir_answer
from kapnet.core.web.guidance import GuidanceUnavailable
from tests.kapnet.core.clients.client_factories import (
    ask_for_token,
    claims,
    ec_key,
    jwk_of,
    make_api_client,
    program,
    rsa_key,
    signed,
)
from tests.kapnet.core.directory.directory_factories import make_site

pytestmark = pytest.mark.django_db

PROBLEMS: dict[str, Exception] = {
    "refused": FhirRefused(422, "", "This cannot be kept."),
    "gone": FhirRefused(410, "", "It was voided."),
    "missing": Http404("a secret name"),
    "denied": PermissionDenied("a secret name"),
    "rules": GuidanceUnavailable("a secret name"),
    "database": OperationalError("a secret name"),
    "fault": ValueError("a secret name"),
}
STATUS = {
    "refused": 422,
    "gone": 410,
    "missing": 404,
    "denied": 403,
    "rules": 503,
    "database": 503,
    "fault": 500,
}


@api_view("system/Patient.r")
def names(request: ApiRequest) -> HttpResponse:
    found = sorted(Colleague.objects.values_list("name", flat=True))
    note_about(request, "directory", "all")
    user = str(request.user.is_authenticated)
    return fhir_answer({"resourceType": "Basic", "names": found, "user": user}, ETag='W/"1"')


@api_view("system/Patient.r")
def one(request: ApiRequest, key: str) -> HttpResponse:
    get_or_404(
        request, Colleague.objects.all(), action="fhir.read", object_type="directory", pk=key
    )
    return fhir_answer({"resourceType": "Basic"})


@api_view("system/Task.u", event="fhir.written")
def written(request: ApiRequest) -> HttpResponse:
    return fhir_answer(read_json(request), 201)


@api_view("system/Patient.r")
def fails(request: ApiRequest, name: str) -> HttpResponse:
    raise PROBLEMS[name]


@open_api_view
def open_to_all(request: HttpRequest) -> HttpResponse:
    return fhir_answer({"resourceType": "CapabilityStatement"})


urlpatterns = [
    path("", include("kapnet.urls")),
    path("fhir/test/names", by_method(GET=names, PUT=written), name="t_names"),
    path("fhir/test/one/<str:key>", one, name="t_one"),
    path("fhir/test/fails/<str:name>", fails, name="t_fails"),
    path("fhir/test/open", open_to_all, name="t_open"),
]
handler404 = kapnet.urls.handler404
here = override_settings(ROOT_URLCONF=__name__)
NAMES, ONE, OPEN = "/fhir/test/names", "/fhir/test/one/", "/fhir/test/open"


@pytest.fixture
def api_client(clinic: Clinic, manager: User) -> ApiClient:
    return make_api_client(clinic)


def issue_of(answer: Any) -> tuple[int, str, str]:
    assert answer["Content-Type"] == FHIR_JSON
    said = json.loads(answer.content)
    assert said["resourceType"] == "OperationOutcome"
    (issue,) = said["issue"]
    assert issue["severity"] == "error"
    return answer.status_code, issue["code"], issue["diagnostics"]


def newest() -> Event:
    return Event.objects.order_by("-pk")[0]


def put(client: Client, body: object, **more: Any) -> Any:
    sent = body if isinstance(body, bytes | str) else json.dumps(body)
    return client.put(NAMES, sent, **{"content_type": FHIR_JSON, **more})


@here
@pytest.mark.both_databases
def test_client_from_assertion_to_answer(api_client: ApiClient, staff: User) -> None:
    make_site(staff, name="Dr. Ours")
    assertion = signed(claims(api_client))

    answer = ask_for_token(assertion, "system/Patient.rs system/Task.u")
    held = answer.json()
    read = Client(headers={"Authorization": f"Bearer {held['access_token']}"}).get(NAMES)
    again = ask_for_token(assertion)

    assert answer.status_code == 200
    assert answer["Cache-Control"].find("no-store") >= 0
    assert (held["token_type"], held["expires_in"]) == ("bearer", 300)
    assert held["scope"] == "system/Patient.rs system/Task.u"
    assert (read.status_code, read["Content-Type"], read["ETag"]) == (200, FHIR_JSON, 'W/"1"')
    assert read.json()["names"] == ["Dr. Ours"]
    assert again.status_code == 401
    assert again.json()["error"] == "invalid_client"
    assert "used before" in again.json()["error_description"]
    events = Event.objects.filter(action__in=("client.token", "client.proof", "fhir.read"))
    assert [(one.action, one.outcome) for one in events.order_by("pk")] == [
        ("client.token", Outcome.DONE),
        ("fhir.read", Outcome.DONE),
        ("client.proof", Outcome.REFUSED),
    ]
    assert {one.clinic for one in events} == {api_client.clinic}
    seen = events.get(action="fhir.read")
    assert (seen.actor, seen.reference) == (None, api_client.pk.hex)
    assert (seen.object_type, seen.object_id) == ("directory", "all")
    assert seen.reason.startswith("system/Patient.r 200 request ")
    with scopes_disabled():
        api_client.refresh_from_db()
        (kept,) = AccessToken.objects.all()
    assert api_client.last_used_at is not None
    assert held["access_token"] not in (kept.sha256, str(kept.__dict__))


def test_token_is_refused_as_oauth_says(api_client: ApiClient, clinic: Clinic) -> None:
    stopped = make_api_client(clinic, is_active=False)
    hooks = make_api_client(clinic, kind=ApiClient.Kind.CDS)
    nobody = ApiClient(clinic=clinic)
    right = signed(claims(api_client))
    asked = {
        "rs": ask_for_token(signed(claims(api_client), rsa_key(), "RS384", kid="b")),
        "stopped": ask_for_token(signed(claims(stopped))),
        "unknown": ask_for_token(signed(claims(nobody))),
        "of hooks": ask_for_token(signed(claims(hooks))),
        "for elsewhere": ask_for_token(signed(claims(api_client, "https://other.example/token"))),
        "none": ask_for_token("abc"),
        "grant": ask_for_token(right, grant_type="authorization_code"),
        "type": ask_for_token(right, client_assertion_type="urn:other"),
        "twice": ask_for_token(right, scope="system/Patient.rs&scope=system/Patient.rs"),
        "more": ask_for_token(signed(claims(api_client)), "system/Patient.rs system/Patient.u"),
        "export": ask_for_token(signed(claims(api_client)), "system/*.rs"),
        "no scope": ask_for_token(signed(claims(api_client)), ""),
        "odd scope": ask_for_token(signed(claims(api_client)), "launch openid"),
        "get": Client().get("/oauth/token"),
        "json": Client().post("/oauth/token", {}, content_type="application/json"),
    }

    assert {name: (one.status_code, one.json().get("error")) for name, one in asked.items()} == {
        "rs": (200, None),
        **dict.fromkeys(
            ("stopped", "unknown", "of hooks", "for elsewhere", "none"), (401, "invalid_client")
        ),
        "grant": (400, "unsupported_grant_type"),
        **dict.fromkeys(("type", "twice", "json"), (400, "invalid_request")),
        **dict.fromkeys(("more", "export", "no scope", "odd scope"), (400, "invalid_scope")),
        "get": (405, "invalid_request"),
    }


@here
def test_door_refuses(api_client: ApiClient, clinic: Clinic, therapist: User) -> None:
    client = program(api_client)
    held = program(api_client, scopes=["system/Task.rus"])
    signed_in = Client()
    signed_in.force_login(therapist)

    assert issue_of(Client().get(NAMES))[:2] == (401, "login")
    assert Client().get(NAMES)["WWW-Authenticate"] == "Bearer"
    assert issue_of(signed_in.get(NAMES))[:2] == (401, "login")
    assert issue_of(Client(headers={"Authorization": "Bearer abc"}).get(NAMES))[:2] == (
        401,
        "login",
    )
    assert issue_of(Client(headers={"Authorization": "Basic abc"}).get(NAMES))[0] == 401
    assert issue_of(held.get(NAMES))[:2] == (403, "forbidden")
    assert newest().outcome == Outcome.REFUSED
    assert newest().reference == api_client.pk.hex
    assert issue_of(client.post(NAMES))[:2] == (405, "not-supported")
    assert client.post(NAMES)["Allow"] == "GET, PUT"
    assert issue_of(client.get(NAMES, headers={"Accept": "application/fhir+xml"}))[:2] == (
        406,
        "not-supported",
    )
    assert issue_of(client.get(NAMES, {"_format": "xml"}))[0] == 406
    for fine in ("json", "application/fhir+json", "application/fhir json"):
        assert client.get(NAMES, {"_format": fine}).status_code == 200
    for fine in (
        "text/html, */*;q=0.1",
        "application/fhir+json;fhirVersion=4.0",
        "application/fhir+json; charset=utf-8, application/fhir+xml;q=0.5",
        "",
    ):
        assert client.get(NAMES, headers={"Accept": fine}).status_code == 200
    assert client.get(NAMES, headers={"Accept": "application/json;q=0"}).status_code == 406
    assert client.head(NAMES).status_code == 200
    for odd in (";", "a", "*/*;q=x", "/", "\x00", "é" * 999):
        assert client.get(NAMES, headers={"Accept": odd}).status_code in (200, 406)
    for odd in ("Bearer", "Bearer  ", "Bearer é\x00", "bearer a b c", "Bearer " + "x" * 9_000):
        assert issue_of(Client(headers={"Authorization": odd}).get(NAMES))[0] == 401


@here
def test_body_is_read_or_refused(api_client: ApiClient) -> None:
    client = program(api_client)
    bad = {
        "no object": b"[]",
        "no json": b"{",
        "not utf-8": b'{"a": "\xff"}',
        "twice": b'{"a": 1, "a": 2}',
        "nan": b'{"a": NaN}',
        "endless": b'{"a": 1e999}',
        "nul": b'{"a": "\\u0000"}',
        "half": b'{"a": "\\ud800"}',
        "half in a name": b'{"\\udc00": 1}',
        "deep": b"[" * 100_000,
        "as deep as can be read": b'{"a": ' * 300 + b"1" + b"}" * 300,
        "long number": b'{"a": ' + b"9" * 5000 + b"}",
    }

    assert put(client, {"a": [1, "é", None]}).json() == {"a": [1, "é", None]}
    assert newest().action == "fhir.written"
    assert {name: issue_of(put(client, body))[:2] for name, body in bad.items()} == dict.fromkeys(
        bad, (400, "invalid")
    )
    assert issue_of(put(client, {}, content_type="application/fhir+xml"))[:2] == (
        415,
        "not-supported",
    )
    assert issue_of(put(client, {}, content_type="text/plain"))[0] == 415
    assert issue_of(put(client, {"a": "x" * 1_000_000}))[:2] == (413, "too-long")
    assert issue_of(put(client, {"a": "x" * 13_000_000}))[:2] == (413, "too-long")


@here
def test_every_problem_is_an_outcome_without_what_was_raised(api_client: ApiClient) -> None:
    client = program(api_client)
    client.raise_request_exception = False

    answers = {name: issue_of(client.get(f"/fhir/test/fails/{name}")) for name in PROBLEMS}

    assert {name: status for name, (status, _, _) in answers.items()} == STATUS
    assert not any("secret" in said for _, _, said in answers.values())
    assert client.get("/fhir/test/fails/database")["Retry-After"] == "30"
    events = Event.objects.filter(action="fhir.read").order_by("pk")
    assert len(events) == len(PROBLEMS) + 1
    assert {one.outcome for one in events} == {Outcome.REFUSED, Outcome.FAILED}
    assert issue_of(client.get("/fhir/test/nothing"))[:2] == (404, "not-found")


@here
def test_s02_client_of_another_clinic_sees_nothing(
    api_client: ApiClient, clinic: Clinic, staff: User, other_therapist: User
) -> None:
    site = make_site(staff, name="Dr. Ours")
    there = make_api_client(other_therapist.membership.clinic)
    outsider = program(there)
    outsider.force_login(staff)

    assert outsider.get(NAMES).json() == {"names": [], "resourceType": "Basic", "user": "False"}
    assert issue_of(outsider.get(f"{ONE}{site.colleague_id}"))[:2] == (404, "not-found")
    refused = newest()
    assert (refused.clinic, refused.outcome) == (there.clinic, Outcome.REFUSED)
    assert (refused.object_id, refused.reference) == (str(site.colleague_id), there.pk.hex)
    before = Event.objects.count()
    assert issue_of(outsider.get(f"{ONE}nobody"))[0] == 404
    assert Event.objects.count() == before + 1
    assert program(api_client).get(f"{ONE}{site.colleague_id}").status_code == 200


@here
def test_token_ends_with_its_time_its_client_and_its_rights(api_client: ApiClient) -> None:
    client = program(api_client)
    assert client.get(NAMES).status_code == 200

    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert issue_of(client.get(NAMES))[0] == 401
    with scope(clinic=api_client.clinic):
        ApiClient.objects.update(scopes=["system/Task.rus"])
    assert issue_of(client.get(NAMES))[0] == 403
    with scope(clinic=api_client.clinic):
        ApiClient.objects.update(is_active=False)
    assert issue_of(client.get(NAMES))[0] == 401


def test_token_is_not_given_for_keys_replaced_meanwhile(
    api_client: ApiClient, manager: User
) -> None:
    others = read_public_keys(json.dumps(jwk_of(ec_key("new"), "new")))

    with scope(clinic=api_client.clinic):
        checked = ApiClient.objects.select_related("clinic").get(pk=api_client.pk)
        replace_keys(client=api_client, actor=manager, keys=others, keys_address="")

        with pytest.raises(ScopeRefused):
            issue(checked, ["system/Patient.rs"])

        assert not AccessToken.objects.exists()


@here
def test_calls_are_limited(api_client: ApiClient, monkeypatch: pytest.MonkeyPatch) -> None:
    few = {"api.open": "3/m/ip", "api.nobody": "1/m/ip"}
    monkeypatch.setattr(refusals, "CALLS", few)
    monkeypatch.setattr(refusals, "CALLS_A_MINUTE", 2)
    client, other = program(api_client), program(make_api_client(api_client.clinic))

    now = timezone.now().replace(second=1)
    with time_machine.travel(now, tick=False):
        answers = [client.get(NAMES) for _ in range(3)]
    with time_machine.travel(now + timedelta(seconds=60), tick=False):
        later = client.get(NAMES)
    opened = [Client().get(OPEN) for _ in range(4)]

    assert [one.status_code for one in answers] == [200, 200, 429]
    assert issue_of(answers[2])[1] == "throttled"
    assert answers[2]["Retry-After"] == "60"
    assert later.status_code == 200
    assert other.get(NAMES).status_code == 200
    assert [one.status_code for one in opened] == [200, 200, 200, 429]
    assert [Client(headers={"Authorization": "Bearer x"}).get(NAMES).status_code for _ in "12"] == [
        401,
        429,
    ]
    assert ask_for_token("abc").status_code == 429


@here
def test_open_view_leaves_no_event_and_takes_get_alone() -> None:
    before = Event.objects.count()

    assert Client().get(OPEN).json() == {"resourceType": "CapabilityStatement"}
    assert issue_of(Client().post(OPEN))[:2] == (405, "not-supported")
    assert Event.objects.count() == before


def test_what_has_ended_is_removed(api_client: ApiClient) -> None:
    assert ask_for_token(signed(claims(api_client))).status_code == 200

    prune()
    with scopes_disabled():
        kept = AccessToken.objects.count(), UsedAssertion.objects.count()
        with time_machine.travel(timezone.now() + timedelta(minutes=11)):
            prune()
        left = AccessToken.objects.count(), UsedAssertion.objects.count()

    assert (kept, left) == ((1, 1), (0, 0))
