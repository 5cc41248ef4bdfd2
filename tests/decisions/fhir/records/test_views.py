"""Reads and searches of a whole case by a program, and what another clinic's program gets."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from decisions.consents.actions import record_consent, revoke_consent
from decisions.desk.models import Delivery, DeliveryStep
from decisions.fhir.records.everything import KINDS
from decisions.fhir.records.finding import OF_LETTERS
from decisions.fhir.registry import offers
from decisions.letters.models import Letter
from kapnet.core.audit.models import Event, Outcome
from kapnet.core.clients.models import ApiClient
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of, make_case
from tests.decisions.desk.desk_factories import step
from tests.decisions.fhir.full_case import NEVER, FullCase, consent_of, make_full_case
from tests.decisions.letters.stored_letters import make_decision, make_draft, say_source, sign
from tests.kapnet.core.clients.client_factories import make_api_client, program

pytestmark = pytest.mark.django_db
R4 = "/fhir/r4/"
Emitted = Callable[..., list[dict[str, Any]]]
HARBOR = "Harbor TMS Center"
UNKNOWN = "6f1c7f0e-9c1c-4f0e-8b0e-0123456789ab"


def get(client: Client, address: str, status: int = 200, **headers: str) -> dict[str, Any]:
    answer = client.get(address if address.startswith("/") else R4 + address, headers=headers)
    assert answer.status_code == status, (address, answer.status_code, answer.content[:400])
    found: dict[str, Any] = json.loads(answer.content) if answer.content else {}
    return found


def resources(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    return [one["resource"] for one in bundle.get("entry", []) if one["search"]["mode"] == "match"]


def next_address(bundle: dict[str, Any]) -> str:
    link = next((one["url"] for one in bundle["link"] if one["relation"] == "next"), "")
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}" if link else ""


def pages(client: Client, address: str) -> Iterator[dict[str, Any]]:
    while address:
        bundle = get(client, address)
        yield bundle
        address = next_address(bundle)


def code_of(found: dict[str, Any]) -> str:
    return str(found["issue"][0]["code"])


@pytest.fixture
def full(therapist: User) -> FullCase:
    return make_full_case(therapist)


@pytest.fixture
def ours(full: FullCase) -> ApiClient:
    return make_api_client(full.therapist.membership.clinic)


def test_every_listed_interaction_of_a_record(
    full: FullCase, ours: ApiClient, staff: User, other_therapist: User, emitted: Emitted
) -> None:
    """One case, since its letters are dear."""
    client, case_id = program(ours), full.case.pk
    outsider = program(make_api_client(other_therapist.membership.clinic))
    tried: set[tuple[str, str]] = set()

    for kind in KINDS:
        whose = f"_id={case_id}" if kind == "Patient" else f"patient=Patient/{case_id}"
        bundles = list(pages(client, f"{kind}?{whose}"))
        found = [one for bundle in bundles for one in resources(bundle)]
        emitted([bundles[-1], *found])
        assert found, kind
        assert {bundle["total"] for bundle in bundles} == {len(found)}
        assert found == sorted(found, key=lambda one: one["id"])
        posted = client.post(
            f"{R4}{kind}/_search", whose, content_type="application/x-www-form-urlencoded"
        )
        assert resources(posted.json()) == resources(bundles[0])
        few = f"{kind}?{whose}&_count={len(found) // 2 + 1}"
        one_each = [one for page in pages(client, few) for one in resources(page)]
        assert one_each == found, "pages neither repeat nor leave out"
        tried.add((kind, "search-type"))
        one = found[-1]
        assert get(client, f"{kind}/{one['id']}") == one
        assert resources(get(client, f"{kind}?_id={one['id']}")) == [one]
        assert get(client, f"{kind}?{whose}&_lastUpdated=gt2100")["total"] == 0
        assert get(client, f"{kind}?{whose}&_lastUpdated=ge2026")["total"] == len(found)
        assert code_of(get(outsider, f"{kind}/{one['id']}", 404)) == "not-found"
        refused = Event.objects.filter(action="fhir.read", outcome=Outcome.REFUSED).first()
        assert refused is not None
        assert refused.object_id == one["id"]
        assert refused.clinic == other_therapist.membership.clinic
        assert get(outsider, f"{kind}?_id={one['id']}")["total"] == 0
        tried.add((kind, "read"))
        assert "entry" not in get(outsider, f"{kind}?{whose}"), kind
        assert NEVER not in json.dumps(found, ensure_ascii=False)
    _letters_of_the_clinic(full, client, outsider)
    emitted([_bytes_of_a_letter(full, client, outsider)])
    tried.add(("Binary", "read"))
    _steps_of_a_task(full, client, outsider, ours, staff, emitted)
    tried.add(("Task", "update"))

    own = {*KINDS, "Binary"}
    listed = {(one.resource, one.does) for one in offers() if one.resource in own and one.does}
    assert tried == listed


def _letters_of_the_clinic(full: FullCase, client: Client, outsider: Client) -> None:
    """What the letters of a clinic ask for may be asked without a patient."""
    both = {str(full.letter.pk), str(full.replaced.pk)}
    for kind in OF_LETTERS:
        assert {one["id"] for one in resources(get(client, kind))} == both
        get(client, f"{kind}?_id={full.letter.pk}")
        assert Event.objects.order_by("-pk")[0].case_id == full.case.pk
        assert get(outsider, kind)["total"] == 0


def _bytes_of_a_letter(full: FullCase, client: Client, outsider: Client) -> dict[str, Any]:
    address = f"{R4}Binary/{full.letter.pk}"
    with clinic_of(full.therapist):
        signed = bytes(Letter.objects.get(pk=full.letter.pk).pdf or b"")
    answer = client.get(address)
    assert (answer.content, answer["Content-Type"]) == (signed, "application/pdf")
    as_json = get(client, f"Binary/{full.letter.pk}", accept="application/fhir+json")
    assert base64.b64decode(as_json["data"]) == signed
    assert get(client, f"Binary/{full.letter.pk}?_format=json") == as_json
    assert outsider.get(address).status_code == 404
    with override_settings(LIMITS={"letter.download": "2/m/user"}):
        refused = client.get(address)
        assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    say_source(full.case, full.therapist, "part2_program")
    withheld = get(client, f"Binary/{full.letter.pk}", 403)
    assert "42 CFR Part 2" in withheld["issue"][0]["diagnostics"]
    told = get(client, f"Condition?patient={full.case.pk}")["entry"][-1]
    assert (told["search"]["mode"], code_of(told["resource"])) == ("outcome", "suppressed")
    assert "entry" not in get(client, f"CarePlan?patient={full.case.pk}&_count=0")
    say_source(full.case, full.therapist, "self_report")
    return as_json


def _steps_of_a_task(
    full: FullCase,
    client: Client,
    outsider: Client,
    ours: ApiClient,
    staff: User,
    emitted: Emitted,
) -> None:
    """By the rules of the desk, and only over the version that was seen."""
    step(full.letter, full.therapist, "sent", how="fax")
    address = f"{R4}Task/{full.letter.pk}"
    answer = client.get(address)
    task, seen = answer.json(), answer["ETag"]
    assert task["status"] == "requested"
    assert client.get(address, headers={"If-None-Match": seen}).status_code == 304

    def put(
        wanted: int, *, match: str | None = seen, by: Client = client, **changes: Any
    ) -> dict[str, Any]:
        headers = {} if match is None else {"If-Match": match}
        body = {name: one for name, one in {**task, **changes}.items() if one is not None}
        sent = by.put(address, body, content_type="application/fhir+json", headers=headers)
        assert sent.status_code == wanted, (changes, sent.content)
        return dict(sent.json())

    assert put(428, match=None, status="received")["issue"][0]["code"] == "required"
    for match in ('W/"99"', "*", "no tag"):
        assert code_of(put(412, match=match, status="received")) == "conflict"
    assert code_of(put(409, status="in-progress")) == "conflict"
    for status in ("draft", "cancelled", "failed", "ready", "requested", "", 7, None, ["accepted"]):
        assert code_of(put(422, status=status)) == "processing"
    put(422, status="received", priority="stat")
    put(422, status="received", owner={"display": "Somebody else"})
    put(422, status="received", statusReason={"text": ["no text"]})
    put(400, status="received", id=UNKNOWN)
    put(400, status="received", resourceType="Patient")
    put(404, status="received", by=outsider)
    put(403, status="received", by=program(ours, scopes=["system/Task.rs"]))
    with clinic_of(full.therapist):
        assert Delivery.objects.get(pk=full.letter.pk).status == "sent", "nothing was noted"

    declined = put(200, status="rejected", statusReason={"text": "No room before spring"})

    emitted([declined])
    assert declined["status"] == "rejected"
    assert declined["statusReason"] == {"text": "No room before spring"}
    assert declined["meta"]["versionId"] != task["meta"]["versionId"]
    put(412, status="received")
    with clinic_of(full.therapist):
        noted = DeliveryStep.objects.get(delivery=full.letter.pk, to_status="declined")
        assert (noted.by, noted.program) == (None, "Record system")
    person = Client()
    person.force_login(staff)
    page = person.get(reverse("desk:letter", args=[full.letter.pk])).content.decode()
    assert "Noted by Record system, a program" in page
    event = Event.objects.get(action="letter.declined")
    assert (event.actor, event.reference) == (None, ours.reference)


@for_each(
    ("search", "status"),
    [
        ("Condition", 400),
        ("Patient", 400),
        ("Patient?_id=x,y", 400),
        (f"Condition?patient=Group/{UNKNOWN}", 200),
        (f"Condition?patient=http://other.example/fhir/Patient/{UNKNOWN}", 200),
        ("Condition?patient=x&name=y", 400),
        ("Condition?patient:Patient=x", 400),
        ("Condition?patient=x&patient=y", 400),
        ("Condition?patient=", 400),
        ("Condition?patient=x&_sort=date", 400),
        (f"Task?_id={'x,' * 100}x", 400),
        ("Task?_id=,", 400),
        ("Task?_id=%00&patient=%00", 200),
        ("Task?page=%00", 400),
        ("Condition?patient=x&_count=-1", 400),
        ("Condition?patient=x&_count=many", 400),
        ("Condition?patient=x&_count=٣", 400),
        ("Condition?patient=x&page=made-up", 400),
        ("Condition?patient=x&_lastUpdated=yesterday", 400),
        ("Condition?patient=x&_lastUpdated=2026-13", 400),
        ("Condition?patient=x&_lastUpdated=ne2026", 400),
        ("Condition?patient=x&_lastUpdated=2026-01-01T10:00:00", 400),
        ("Condition?patient=x&_format=xml", 406),
        ("Condition?patient=x", 200),
        ("Condition?patient=x&_count=0", 200),
        (f"Condition?patient={UNKNOWN}", 200),
        ("Condition?patient=x&_lastUpdated=ge2026-01-01T10:00:00.000Z&_lastUpdated=lt2027-01", 200),
        ("Condition?patient=x&_lastUpdated=2026-01-01T10:00:00+02:00", 200),
        ("Task?patient=x", 200),
        (f"Task?_id=x,{UNKNOWN}", 200),
        ("Patient/x", 404),
        (f"Patient/{UNKNOWN}", 404),
        (f"Observation/{UNKNOWN}.age-years", 404),
        ("Task/x", 404),
        ("Binary/x", 404),
        ("Binary", 404),
        ("Nothing", 404),
    ],
    ids=lambda one: str(one),
)
def test_odd_searches_and_reads_are_refused_in_words(
    client_of: Client, search: str, status: int
) -> None:
    found = get(client_of, search, status)

    if status == 200:
        assert found["total"] == 0
    else:
        assert found["resourceType"] == "OperationOutcome"
        assert found["issue"][0]["diagnostics"]


@pytest.fixture
def client_of(therapist: User) -> Client:
    return program(make_api_client(therapist.membership.clinic))


def test_page_of_another_search_is_refused(therapist: User, client_of: Client) -> None:
    first, second = (make_case(therapist, age_years=40, preference="none") for _ in range(2))
    bundle = get(client_of, f"Observation?patient={first.pk}&_count=1")

    other = next_address(bundle).replace(str(first.pk), str(second.pk))

    assert code_of(get(client_of, other, 400)) == "invalid"


def test_scope_of_each_type_is_asked(therapist: User) -> None:
    client = make_api_client(therapist.membership.clinic)
    task_only = program(client, scopes=["system/Task.rs"])
    refused = []

    for kind in KINDS:
        statuses = {
            task_only.get(f"{R4}{address}").status_code
            for address in (f"{kind}?_id=x", f"{kind}/x")
        }
        if statuses == {403}:
            refused.append(kind)

    assert refused == [kind for kind in KINDS if kind != "Task"]


def test_statement_is_open_and_names_what_answers(emitted: Emitted) -> None:
    answer = Client().get(f"{R4}metadata")

    [statement] = emitted([answer.json()])

    listed = {one["type"]: one for one in statement["rest"][0]["resource"]}
    assert {*KINDS, "Binary"} <= listed.keys()
    assert [one["code"] for one in listed["Binary"]["interaction"]] == ["read"]
    assert [one["code"] for one in listed["Task"]["interaction"]] == [
        *("search-type", "read", "update")
    ]
    assert listed["Task"]["versioning"] == "versioned-update"
    names = {one["name"] for one in listed["Condition"]["searchParam"]}
    assert names == {"patient", "_id", "_lastUpdated"}


def test_statement_names_the_address_that_assertions_have_to_name() -> None:
    with override_settings(SITE_ADDRESS="https://kapnet.example", ALLOWED_HOSTS=["inside"]):
        statement = Client(headers={"Host": "inside"}).get(f"{R4}metadata").json()

    security = statement["rest"][0]["security"]["extension"][0]["extension"]
    assert security == [{"url": "token", "valueUri": "https://kapnet.example/oauth/token"}]
    assert statement["implementation"]["url"] == "https://kapnet.example/fhir/r4"


def test_revoked_consent_closes_its_letter(therapist: User) -> None:
    decision = make_decision(therapist)
    with clinic_of(therapist):
        paper = record_consent(
            case=decision.case, actor=therapist, values=consent_of("authorization", HARBOR)
        )
    shared = {"shared_for_treatment": False, "authorization": paper}
    letter = sign(make_draft(therapist, decision, **shared), therapist)
    client = program(make_api_client(therapist.membership.clinic))
    assert get(client, f"ServiceRequest/{letter.pk}")["status"] == "active"
    assert client.get(f"{R4}Binary/{letter.pk}").status_code == 200

    with clinic_of(therapist):
        revoke_consent(consent=paper, actor=therapist, because="asked for")

    assert get(client, f"ServiceRequest/{letter.pk}")["status"] == "revoked"
    assert get(client, f"DocumentReference/{letter.pk}")["status"] == "superseded"
    assert code_of(get(client, f"Binary/{letter.pk}", 403)) == "forbidden"
    assert get(client, f"Consent/{paper.pk}")["status"] == "inactive"
    since = f"ServiceRequest?_lastUpdated=lt{letter.signed_at:%Y-%m-%dT%H:%M:%SZ}"
    assert get(client, since)["total"] == 0
