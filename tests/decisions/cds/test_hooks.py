"""CDS Hooks over HTTP (I-01 to I-07): who may call, what is answered, and what is kept."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled
from joserfc import jwk
from joserfc import jwt as joserfc_jwt
from structlog.testing import capture_logs

from decisions.cds import views
from decisions.cds.keeping import remove_old
from decisions.cds.models import CardFeedback, ShownCard
from decisions.smart.models import EhrIssuer
from kapnet.core.audit.models import Event, Outcome
from kapnet.core.clients.models import ApiClient
from kapnet.core.people.models import Clinic, User
from tests.decisions.case_factories import clinic_of
from tests.decisions.cds.calls import PATIENT, Resource, bundle, medicine, order_call, view_call
from tests.decisions.cds.schemas import CARDS, DISCOVERY, OUTCOME, assert_fits
from tests.kapnet.core.clients.client_factories import (
    ISSUER,
    claims,
    ec_key,
    jwk_of,
    make_api_client,
    program,
    rsa_key,
    signed,
)

pytestmark = pytest.mark.django_db

BASE = "http://testserver/cds-services"
RELAPSE, ORDER = f"{BASE}/tms-relapse", f"{BASE}/tms-ketamine-order"


@pytest.fixture
def ehr(clinic: Clinic) -> ApiClient:
    return make_api_client(clinic, kind=ApiClient.Kind.CDS, scopes=[])


def send(address: str, body: object, token: str) -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    return Client().post(
        address, json.dumps(body), content_type="application/json", headers=headers
    )


def call(ehr: ApiClient, address: str, body: object, **changed: Any) -> Any:
    return send(address, body, signed(claims(ehr, address, **changed)))


def refused(answer: Any) -> tuple[int, str]:
    assert_fits(OUTCOME, answer.json())
    return answer.status_code, answer.json()["issue"][0]["code"]


def feedback_on(card: str, moment: str = "2026-11-29T10:00:00Z", **more: Any) -> Resource:
    return {"card": card, "outcome": "overridden", "outcomeTimestamp": moment, **more}


def newest() -> Event:
    return Event.objects.order_by("-pk")[0]


def test_i01_discovery_lists_what_works() -> None:
    answer = Client().get("/cds-services")

    assert_fits(DISCOVERY, answer.json())
    services = answer.json()["services"]
    assert [(one["id"], one["hook"]) for one in services] == [
        ("tms-relapse", "patient-view"),
        ("tms-ketamine-order", "order-sign"),
        ("tms-ketamine-order-select", "order-select"),
    ]
    assert all("version" in one for one in services)
    assert "null" not in answer.content.decode()
    assert refused(Client().post("/cds-services/nothing")) == (404, "not-found")
    assert refused(Client().get("/cds-services/tms-relapse")) == (405, "not-supported")


def test_i02_i05_call_is_answered_with_cards_and_one_event(ehr: ApiClient) -> None:
    shown = call(ehr, RELAPSE, view_call())
    nothing = call(ehr, RELAPSE, view_call(procedures=None))
    orders = call(ehr, ORDER, order_call(medicine(), bp=None))
    chosen = call(ehr, f"{ORDER}-select", order_call(medicine(), hook="order-select"))

    for answer, number in ((shown, 1), (nothing, 0), (orders, 2), (chosen, 1)):
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/json"
        assert_fits(CARDS, answer.json())
        assert len(answer.json()["cards"]) == number
    (card,) = shown.json()["cards"]
    assert card["links"] == [
        {"label": "Compare the options", "type": "absolute", "url": "http://testserver/cases/"}
    ]
    assert [one["indicator"] for one in orders.json()["cards"]] == ["info", "warning"]
    events = Event.objects.filter(action="cds.asked")
    assert {(one.reference, one.actor, one.outcome) for one in events} == {
        (ehr.pk.hex, None, Outcome.DONE)
    }
    assert events.count() == 4
    assert not any(PATIENT in str(one.__dict__) for one in events)
    with scopes_disabled():
        assert ShownCard.objects.count() == 4
        assert not any(PATIENT in str(one.__dict__) for one in ShownCard.objects.all())
        ehr.refresh_from_db()
    assert ehr.last_used_at is not None


def test_audit_log_names_the_program_that_called(
    ehr: ApiClient, manager: Any, client_for: Callable[[Any], Client]
) -> None:
    call(ehr, RELAPSE, view_call())

    page = client_for(manager).get("/clinic/audit/").content.decode()

    assert f"the program {ehr.name}" in page
    assert "A record system asked for advice" in page


def test_link_is_a_launch_where_the_clinic_lists_the_ehr(ehr: ApiClient, manager: User) -> None:
    with clinic_of(manager):
        EhrIssuer.objects.create(
            clinic=ehr.clinic,
            name="Test EHR",
            iss="https://ehr.example/fhir",
            client_id="kapnet",
            saved_at=timezone.now(),
            saved_by=manager,
        )

    (card,) = call(ehr, RELAPSE, view_call()).json()["cards"]
    (elsewhere,) = call(
        ehr, RELAPSE, {**view_call(), "fhirServer": "https://other.example"}
    ).json()["cards"]

    assert card["links"][0]["url"] == "http://testserver/smart/launch"
    assert card["links"][0]["type"] == "smart"
    assert elsewhere["links"][0]["type"] == "absolute"


def test_i03_i04_call_is_refused_and_written_down(ehr: ApiClient) -> None:
    other = view_call()
    other["prefetch"]["patient"]["id"] = "somebody"
    missing = view_call()
    del missing["prefetch"]["conditions"]

    assert refused(call(ehr, RELAPSE, other)) == (400, "invalid")
    assert (newest().action, newest().outcome) == ("cds.asked", Outcome.REFUSED)
    assert refused(call(ehr, RELAPSE, missing)) == (412, "conflict")
    assert refused(call(ehr, RELAPSE, [])) == (400, "invalid")
    assert refused(call(ehr, RELAPSE, {**view_call(), "hook": "order-sign"})) == (400, "invalid")
    with scopes_disabled():
        assert not ShownCard.objects.exists()


def test_i02_too_slow_is_no_card_and_a_line_of_the_log(
    ehr: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "SECONDS", -1)

    with capture_logs() as lines:
        answer = call(ehr, RELAPSE, view_call())

    assert answer.json() == {"cards": []}
    assert {"event": "cds_slow", "service": "tms-relapse"}.items() <= lines[0].items()
    with scopes_disabled():
        assert not ShownCard.objects.exists()


def by_joserfc(said: dict[str, Any], algorithm: str) -> str:
    own, kid = (ec_key(), "a") if algorithm == "ES384" else (rsa_key(), "b")
    kind = jwk.ECKey if algorithm == "ES384" else jwk.RSAKey
    key = kind.import_key(jwk_of(own, kid, private=True))
    return joserfc_jwt.encode({"alg": algorithm, "kid": kid}, said, key, algorithms=[algorithm])


def test_i07_table_of_tokens_and_no_call_to_anybody(
    ehr: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tokens of another library count, and every fault is 401, without a connection."""
    called: list[object] = []
    monkeypatch.setattr(socket, "create_connection", lambda *given, **named: called.append(given))
    now = int(timezone.now().timestamp())
    used = signed(claims(ehr, RELAPSE))
    table: dict[str, tuple[Callable[[], str], int]] = {
        "ES384": (lambda: used, 200),
        "the same again": (lambda: used, 401),
        "ES384 of joserfc": (lambda: by_joserfc(claims(ehr, RELAPSE), "ES384"), 200),
        "RS384 of joserfc": (lambda: by_joserfc(claims(ehr, RELAPSE), "RS384"), 200),
        "no sub": (lambda: signed(claims(ehr, RELAPSE, sub=None)), 200),
        "its own tenant": (lambda: signed(claims(ehr, RELAPSE, tenant=str(ehr.pk))), 200),
        "for another service": (lambda: signed(claims(ehr, ORDER)), 401),
        "for discovery": (lambda: signed(claims(ehr, BASE)), 401),
        "for its feedback": (lambda: signed(claims(ehr, f"{RELAPSE}/feedback")), 401),
        "ended": (lambda: signed(claims(ehr, RELAPSE, iat=now - 400, exp=now - 100)), 401),
        "iat ahead": (lambda: signed(claims(ehr, RELAPSE, iat=now + 90, exp=now + 100)), 401),
        "no iat": (lambda: signed(claims(ehr, RELAPSE, iat=None)), 401),
        "no jti": (lambda: signed(claims(ehr, RELAPSE, jti=None)), 401),
        "unknown iss": (lambda: signed(claims(ehr, RELAPSE, iss="https://evil.example")), 401),
        "its id for its iss": (lambda: signed(claims(ehr, RELAPSE, iss=str(ehr.pk))), 401),
        "unknown kid": (lambda: signed(claims(ehr, RELAPSE), kid="z"), 401),
        "another key": (lambda: signed(claims(ehr, RELAPSE), ec_key("other")), 401),
        "HS256": (lambda: signed(claims(ehr, RELAPSE), "x" * 64, "HS256"), 401),
        "jku": (lambda: signed(claims(ehr, RELAPSE), jku="http://127.0.0.1:1/jwks"), 401),
        "a day": (lambda: signed(claims(ehr, RELAPSE, exp=now + 86_400)), 401),
        "a NUL in its iss": (lambda: signed(claims(ehr, RELAPSE, iss="a\0b")), 401),
        "half a character": (lambda: signed(claims(ehr, RELAPSE, iss="\ud800")), 401),
        "no token": (lambda: "abc", 401),
    }

    answers = {name: send(RELAPSE, view_call(), make()) for name, (make, _) in table.items()}

    assert {name: one.status_code for name, one in answers.items()} == {
        name: status for name, (_, status) in table.items()
    }
    for one in answers.values():
        if one.status_code == 401:
            assert refused(one) == (401, "login")
    assert called == []
    backend = make_api_client(ehr.clinic)
    assert send(RELAPSE, view_call(), signed(claims(backend, RELAPSE))).status_code == 401
    assert program(backend).post(RELAPSE).status_code == 401
    with scopes_disabled():
        ApiClient.objects.filter(pk=ehr.pk).update(is_active=False)
    assert refused(call(ehr, RELAPSE, view_call())) == (401, "login")


def test_jku_of_the_sandbox_counts_once_it_is_written_down(clinic: Clinic) -> None:
    address = "https://sandbox.example/.well-known/jwks.json"
    ehr = make_api_client(clinic, kind=ApiClient.Kind.CDS, scopes=[], keys_address=address)

    assert send(RELAPSE, view_call(), signed(claims(ehr, RELAPSE), jku=address)).status_code == 200


def test_two_clinics_of_one_record_system_are_told_apart(
    ehr: ApiClient, other_therapist: Any
) -> None:
    """By the claim `tenant`; without it the first clinic counts, so that nobody takes its place."""
    second = make_api_client(other_therapist.membership.clinic, kind=ApiClient.Kind.CDS, scopes=[])

    call(ehr, RELAPSE, view_call())
    assert newest().clinic == ehr.clinic
    call(ehr, RELAPSE, view_call(), tenant=str(second.pk))
    assert newest().clinic == second.clinic
    once = signed(claims(ehr, RELAPSE))
    again = [send(RELAPSE, view_call(), once).status_code for _ in range(2)]
    assert again == [200, 401], "what the first clinic has used is no use at the second"
    own = make_api_client(
        second.clinic,
        kind=ApiClient.Kind.CDS,
        scopes=[],
        issuer=f"{ISSUER}/2",
    )
    assert call(own, RELAPSE, view_call()).status_code == 200
    assert newest().clinic == own.clinic


def test_i06_feedback_is_kept_once(ehr: ApiClient, other_therapist: Any) -> None:
    (card,) = call(ehr, RELAPSE, view_call()).json()["cards"]
    address = f"{RELAPSE}/feedback"
    reason = {"reason": {"code": "known"}, "userComment": "quillfeather"}
    said = {"feedback": [feedback_on(card["uuid"], overrideReason=reason)]}

    assert [call(ehr, address, said).status_code for _ in range(2)] == [200, 200]
    other = {"reason": {"code": "of-theirs", "system": "urn:x", "display": "Mine"}}
    later = feedback_on(card["uuid"], "2026-11-29T11:00:00+01:00", overrideReason=other)
    plain = feedback_on(card["uuid"], "2026-11-29T12:00:00Z")
    assert call(ehr, address, {"feedback": [later, plain]}).status_code == 200
    with scopes_disabled():
        kept = list(CardFeedback.objects.order_by("outcome_at"))
    assert [one.reason for one in kept] == ["known", ""], "11:00+01:00 is 10:00Z"
    assert "quillfeather" not in str([one.__dict__ for one in kept])
    there = make_api_client(
        other_therapist.membership.clinic,
        kind=ApiClient.Kind.CDS,
        scopes=[],
        issuer="https://other.example",
    )
    assert refused(call(there, address, said)) == (404, "not-found")
    assert refused(call(ehr, f"{ORDER}/feedback", said)) == (404, "not-found")
    unknown = feedback_on("6f1c7f0e-9c1c-4f0e-8b0e-0123456789ab", "2026-11-29T13:00:00Z")
    both = {"feedback": [feedback_on(card["uuid"], "2026-11-29T14:00:00Z"), unknown]}
    assert refused(call(ehr, address, both)) == (404, "not-found")
    assert (newest().action, newest().outcome) == ("cds.feedback", Outcome.REFUSED)
    with scopes_disabled():
        assert CardFeedback.objects.count() == len(kept)


def test_i06_odd_feedback_is_refused(ehr: ApiClient) -> None:
    (card,) = call(ehr, RELAPSE, view_call()).json()["cards"]
    one, address = card["uuid"], f"{RELAPSE}/feedback"
    right = feedback_on(one)
    odd: dict[str, object] = {
        "nothing": {},
        "no list": {"feedback": right},
        "an empty list": {"feedback": []},
        "too many": {"feedback": [right] * 101},
        "no object": {"feedback": ["x"]},
        "no outcome": {"feedback": [{**right, "outcome": None}]},
        "an outcome of a list": {"feedback": [{**right, "outcome": ["overridden"]}]},
        "accepted": {
            "feedback": [{**right, "outcome": "accepted", "acceptedSuggestions": [{"id": "x"}]}]
        },
        "accepted, without what": {"feedback": [{**right, "outcome": "accepted"}]},
        "overridden and accepted": {"feedback": [{**right, "acceptedSuggestions": []}]},
        "no card": {"feedback": [{**right, "card": None}]},
        "a card that is no uuid": {"feedback": [{**right, "card": "x"}]},
        "no time": {"feedback": [{**right, "outcomeTimestamp": None}]},
        "a day": {"feedback": [feedback_on(one, "2026-11-29")]},
        "no zone": {"feedback": [feedback_on(one, "2026-11-29T10:00:00")]},
        "no time there is": {"feedback": [feedback_on(one, "2026-02-31T10:00:00Z")]},
        "the year 1": {"feedback": [feedback_on(one, "0001-01-01T00:00:00+14:00")]},
        "the last hour of all": {"feedback": [feedback_on(one, "9999-12-31T23:59:59-14:00")]},
        "a reason of a text": {"feedback": [{**right, "overrideReason": "x"}]},
        "no code": {"feedback": [{**right, "overrideReason": {"reason": {}}}]},
        "a comment of a list": {"feedback": [{**right, "overrideReason": {"userComment": []}}]},
    }

    answers = {name: refused(call(ehr, address, body)) for name, body in odd.items()}

    assert answers == dict.fromkeys(odd, (400, "invalid"))
    with scopes_disabled():
        assert not CardFeedback.objects.exists()


def test_cards_are_removed_after_their_time(ehr: ApiClient) -> None:
    (card,) = call(ehr, RELAPSE, view_call()).json()["cards"]
    call(ehr, f"{RELAPSE}/feedback", {"feedback": [feedback_on(card["uuid"])]})

    with time_machine.travel(timezone.now() + timedelta(days=89)):
        remove_old()
    with scopes_disabled():
        assert ShownCard.objects.count() == 1
        with time_machine.travel(timezone.now() + timedelta(days=91)):
            remove_old()
        assert ShownCard.objects.count() + CardFeedback.objects.count() == 0


def test_large_call_is_refused(ehr: ApiClient) -> None:
    long = view_call(conditions=bundle({"resourceType": "Condition", "x": "y" * 1_000_000}))

    assert refused(call(ehr, RELAPSE, long)) == (413, "too-long")
