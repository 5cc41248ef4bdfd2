"""An EHR that misbehaves at each step: the page says so, nothing is believed, the case opens."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from decisions.cases.models import Case, SafetyTask
from decisions.cases.safety.tasks import close_safety_task
from decisions.fhir.names import LOINC
from decisions.fhir.received.models import ProposedAnswer
from decisions.smart import outbound
from decisions.smart.forms import IssuerForm
from decisions.smart.launching import CONTEXT, PENDING
from decisions.smart.models import EhrIssuer, EhrPatient
from decisions.smart.stops import WORDS, Reason
from kapnet.core.audit.models import Event
from kapnet.core.encryption.values import open_value
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of
from tests.decisions.smart.faulty_ehr import FaultyEhr, Said, faulty_ehr
from tests.decisions.smart.launches import asked, begin, launch_address, link, list_ehr
from tests.decisions.smart.test_id_tokens import DOCTOR, public, signed
from tests.kapnet.core.encryption.kept_rows import everything_stored

pytestmark = pytest.mark.django_db

CONFIGURATION = "/fhir/.well-known/smart-configuration"
TOKEN, MAREN = "a-secret-token-of-the-ehr", "maren-1"
PATIENT = {
    "resourceType": "Patient",
    "id": MAREN,
    "name": [{"use": "official", "given": ["Maren"], "family": "Testcase"}],
    "birthDate": "1984-03-14",
}
SLOW = Said({}, wait=1)


class Ehr:
    """The server, and what it says as long as nothing is wrong."""

    def __init__(self, server: FaultyEhr, client: Client, patch: pytest.MonkeyPatch) -> None:
        self.server, self.client, self._patch = server, client, patch
        self.iss = f"{server.address}/fhir"
        self.tell(CONFIGURATION, self.configuration())
        self.tell(f"/fhir/Patient/{MAREN}", PATIENT)

    def tell(self, path: str, said: object) -> None:
        """What is answered there from now on."""
        told = said if isinstance(said, Said) else Said(said)
        self.server.answers[path] = told
        # A busy machine may be slow by itself: nobody waits less but for what is slow on purpose.
        self._patch.setattr(outbound, "SECONDS", 0.4 if told.wait else 5)

    def configuration(self, **other: Any) -> dict[str, Any]:
        """As SMART wants it; None takes something away."""
        said = {
            "issuer": self.server.address,
            "authorization_endpoint": f"{self.server.address}/auth",
            "token_endpoint": f"{self.server.address}/token",
            "code_challenge_methods_supported": ["S256"],
            "capabilities": ["launch-ehr", "permission-v2"],
            **other,
        }
        return {name: value for name, value in said.items() if value is not None}

    def launch(self) -> Any:
        """The answer to a window that the EHR opens."""
        return self.client.get(launch_address(self.iss, "a-launch"))

    def come_back(self, *, claims: Any = None, said: Any = None, **token: Any) -> Any:
        """The answer to what the EHR sends back, after a token of this kind."""
        sent = asked(begin(self.client, self.iss))
        identity = {"iss": self.server.address, "nonce": sent["nonce"], **(claims or {})}
        answer = {
            "access_token": TOKEN,
            "token_type": "Bearer",
            "expires_in": 300,
            "scope": "patient/*.rs launch openid fhirUser",
            "patient": MAREN,
            "refresh_token": "never-kept",
            "id_token": signed(**identity),
            **token,
        }
        self.tell("/token", said or {k: one for k, one in answer.items() if one is not None})
        back = {"code": "a-code", "state": sent["state"]}
        return self.client.get(reverse("smart:callback"), back)


@pytest.fixture
def issuer(server: FaultyEhr, manager: User, therapist: User) -> EhrIssuer:
    """On the list; the therapist is linked."""
    found = list_ehr(manager, iss=f"{server.address}/fhir", keys=[public("p384"), public("rsa")])
    link(found, therapist, DOCTOR)
    return found


@pytest.fixture(scope="module")
def server() -> Iterator[FaultyEhr]:
    """One for all tests: each says again what is answered."""
    with faulty_ehr() as running:
        yield running


@pytest.fixture
def ehr(
    server: FaultyEhr,
    issuer: EhrIssuer,
    therapist: User,
    client_for: Callable[[User], Client],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Ehr:
    """The EHR and the therapist's browser."""
    settings.EHR_PRIVATE_HOSTS = ["127.0.0.1"]
    return Ehr(server, client_for(therapist), monkeypatch)


def stopped(response: Any, reason: Reason) -> str:
    """The page says this, and so does the audit log; gives the page."""
    assert response.status_code == WORDS[reason].status, response.content.decode()[:3000]
    event = Event.objects.latest("pk")
    assert event.action == "ehr.launch"
    assert event.reason.startswith(reason.value), event.reason
    for secret in (TOKEN, MAREN, "a-code", "Testcase", "a-launch"):
        assert secret not in event.reason
        assert secret not in response.content.decode()
    return str(response.content.decode())


Change = Callable[[Ehr], object]
AT_THE_LAUNCH: dict[str, tuple[Change, Reason]] = {
    "sends elsewhere": (
        lambda ehr: Said({}, status=302, headers={"Location": "/other"}),
        Reason.UNFIT,
    ),
    "its own fault": (lambda ehr: Said({}, status=500), Reason.NO_ANSWER),
    "slow": (lambda ehr: SLOW, Reason.NO_ANSWER),
    "not there": (lambda ehr: Said({}, status=404), Reason.UNFIT),
    "no JSON": (lambda ehr: Said(b"<html>", kind="text/html"), Reason.UNFIT),
    "very long": (lambda ehr: {"x": "y" * 70_000}, Reason.UNFIT),
    "no S256": (
        lambda ehr: ehr.configuration(code_challenge_methods_supported=["plain"]),
        Reason.UNFIT,
    ),
    "no PKCE": (
        lambda ehr: ehr.configuration(code_challenge_methods_supported=None),
        Reason.UNFIT,
    ),
    "authorization elsewhere": (
        lambda ehr: ehr.configuration(authorization_endpoint="https://other.example/auth"),
        Reason.UNFIT,
    ),
    "authorization by a script": (
        lambda ehr: ehr.configuration(authorization_endpoint="javascript:alert(1)"),
        Reason.UNFIT,
    ),
    "token elsewhere": (
        lambda ehr: ehr.configuration(token_endpoint="https://other.example/token"),
        Reason.UNFIT,
    ),
    "token on another port": (
        lambda ehr: ehr.configuration(token_endpoint="http://127.0.0.1:1/token"),
        Reason.UNFIT,
    ),
    "no token address": (lambda ehr: ehr.configuration(token_endpoint=None), Reason.UNFIT),
    "a token address of another kind": (
        lambda ehr: ehr.configuration(token_endpoint=["x"]),
        Reason.UNFIT,
    ),
    "nobody who signs": (lambda ehr: ehr.configuration(issuer=None), Reason.UNFIT),
}
AFTER: dict[str, tuple[dict[str, Any], Reason]] = {
    "token: its own fault": ({"said": Said({}, status=502)}, Reason.NO_ANSWER),
    "token: slow": ({"said": SLOW}, Reason.NO_ANSWER),
    "token: refused": ({"said": Said({"error": "invalid_grant"}, status=400)}, Reason.CODE),
    "token: sent elsewhere": (
        {"said": Said({}, status=307, headers={"Location": "/x"})},
        Reason.UNFIT,
    ),
    "no access": ({"access_token": None}, Reason.TOKEN),
    "an access of two lines": ({"access_token": "a\r\nX: y"}, Reason.TOKEN),
    "another kind of access": ({"token_type": "mac"}, Reason.TOKEN),
    "no identity": ({"id_token": None}, Reason.IDENTITY),
    "another nonce": ({"claims": {"nonce": "other"}}, Reason.IDENTITY),
    "another audience": ({"claims": {"aud": "other"}}, Reason.IDENTITY),
    "another issuer": ({"claims": {"iss": "https://other.example"}}, Reason.IDENTITY),
    "an identity that ended": ({"claims": {"exp": 1_700_000_000}}, Reason.IDENTITY),
    "an algorithm that is not listed": (
        {"claims": {"algorithm": "RS512", "key": "rsa"}},
        Reason.IDENTITY,
    ),
    "a key that is not listed": ({"claims": {"headers": {"kid": "other"}}}, Reason.IDENTITY),
    "nobody": ({"claims": {"fhirUser": None}}, Reason.IDENTITY),
    "another person": ({"claims": {"fhirUser": "other"}}, Reason.TWO_PERSONS),
    "no patient": ({"patient": None}, Reason.NO_PATIENT),
    "a patient that is a path": ({"patient": "../Practitioner/1"}, Reason.NO_PATIENT),
    "a patient of another kind": ({"patient": {"id": MAREN}}, Reason.NO_PATIENT),
    "a patient that is the folder above": ({"patient": ".."}, Reason.NO_PATIENT),
    "an empty patient": ({"patient": ""}, Reason.NO_PATIENT),
}


@for_each("name", AT_THE_LAUNCH, undone=True)
def test_ehr_is_not_believed_at_the_launch(name: str, ehr: Ehr) -> None:
    said, reason = AT_THE_LAUNCH[name]
    ehr.tell(CONFIGURATION, said(ehr))

    stopped(ehr.launch(), reason)
    assert PENDING not in ehr.client.session


@for_each("name", AFTER, undone=True)
def test_ehr_is_not_believed_when_it_sends_back(name: str, ehr: Ehr) -> None:
    change, reason = AFTER[name]

    stopped(ehr.come_back(**change), reason)
    assert not {PENDING, CONTEXT} & set(ehr.client.session.keys())


def test_ehr_that_is_not_listed_is_asked_nothing(ehr: Ehr) -> None:
    ehr.server.asked.clear()
    for iss in ("https://other.example/fhir", "http://ehr.example", f"{ehr.iss}/x", "x" * 9000):
        stopped(ehr.client.get(launch_address(iss, "a-launch")), Reason.UNKNOWN_EHR)
    for query in ({}, {"launch": "a-launch"}):
        stopped(ehr.client.get(reverse("smart:launch"), query), Reason.NO_LAUNCH)
    for launch in ("", "a%20b", "x" * 3000):
        stopped(ehr.client.get(launch_address(ehr.iss, launch)), Reason.NO_LAUNCH)

    assert ehr.server.asked == []


NO_ADDRESS = (
    *("http://ehr.example/fhir", "https://ehr.example/fhir?x=y", "https://me@ehr.example/fhir"),
    *("ehr.example", "https://", "https://ehr.example/#x", "javascript:alert(1)"),
)


@for_each("iss", NO_ADDRESS)
def test_address_without_https_cannot_be_listed(iss: str) -> None:
    form = IssuerForm({"name": "E", "iss": iss, "client_id": "c", "keys": "{}"})

    assert not form.is_valid()
    assert "iss" in form.errors


def test_first_time_the_ehr_is_not_there(ehr: Ehr) -> None:
    ehr.come_back()
    for said, reason in (
        (SLOW, Reason.NO_ANSWER),
        (Said({}, status=500), Reason.NO_ANSWER),
        (Said({}, status=401), Reason.UNFIT),
        (PATIENT | {"id": "other"}, Reason.OTHER_PATIENT),
    ):
        ehr.tell(f"/fhir/Patient/{MAREN}", said)
        stopped(ehr.client.get(reverse("smart:patient")), reason)
    # One that mixes patients up is not asked again.
    stopped(ehr.client.get(reverse("smart:patient")), Reason.STALE)


@pytest.fixture
def case(ehr: Ehr, therapist: User) -> Case:
    """The case that was chosen for the patient, before anything else was read."""
    ehr.come_back()
    ehr.client.post(reverse("smart:patient"), {"case": "new"})
    with clinic_of(therapist):
        return Case.objects.get()


def test_case_opens_while_the_ehr_is_away(ehr: Ehr, case: Case, therapist: User) -> None:
    address = reverse("smart:records", args=[case.pk])
    for said in (SLOW, Said({}, status=500)):
        ehr.tell(f"/fhir/Patient/{MAREN}", said)
        for page in (reverse("smart:patient"), address):
            shown = stopped(ehr.client.get(page), Reason.NO_ANSWER)
            assert f'href="{reverse("cases:case", args=[case.pk])}"' in shown
    assert ehr.client.get(reverse("cases:case", args=[case.pk])).status_code == 200
    with clinic_of(therapist):
        assert not ProposedAnswer.objects.exists()


def test_what_is_not_read_is_named_and_what_is_of_others_is_left(
    ehr: Ehr, case: Case, therapist: User
) -> None:
    def diagnosis(code: str, who: str) -> dict[str, Any]:
        return {
            "resource": {
                "resourceType": "Condition",
                "id": code,
                "subject": {"reference": f"Patient/{who}"},
                "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}]},
            }
        }

    bundle = {
        "resourceType": "Bundle",
        "link": [{"relation": "next", "url": "https://other.example/"}],
        "entry": [diagnosis("F33.1", MAREN), diagnosis("F31.9", "otto-2"), "odd", {"resource": 1}],
    }
    ehr.tell("/fhir/Condition", bundle)
    ehr.tell("/fhir/Observation", Said({}, status=500))
    ehr.tell("/fhir/AllergyIntolerance", {"resourceType": "Bundle", "entry": "odd"})
    ehr.server.asked.clear()

    page = ehr.client.get(reverse("smart:records", args=[case.pk]), follow=True)

    text = page.content.decode()
    assert "so not known" in text
    assert "Blood pressure and scores: it answered 500" in text
    assert "The EHR has more than was read: Diagnoses" in text
    with clinic_of(therapist):
        found = {one.value for one in ProposedAnswer.objects.filter(question="diagnosis")}
    assert found == {"mdd"}
    assert all(headers["Authorization"] == f"Bearer {TOKEN}" for _, headers in ehr.server.asked)
    assert {line.split()[0] for line, _ in ehr.server.asked} == {"GET"}


def of_maren(kind: str, **other: Any) -> dict[str, Any]:
    """A record of the patient, in a Bundle."""
    who = {"subject": {"reference": f"Patient/{MAREN}"}}
    resource = {"resourceType": kind, "id": "r1", **who, **other}
    return {"resourceType": "Bundle", "entry": [{"resource": resource}]}


ITEM9_ALONE = of_maren(
    "Observation",
    status="final",
    code={"coding": [{"system": LOINC, "code": "44260-8"}]},
    effectiveDateTime="2026-11-20",
    valueInteger=2,
)


def test_item_9_alone_is_heard_once_and_shown(ehr: Ehr, case: Case, therapist: User) -> None:
    ehr.tell("/fhir/Observation", ITEM9_ALONE)
    address = reverse("smart:records", args=[case.pk])

    page = ehr.client.get(address, follow=True).content.decode()

    assert "PHQ-9 item 9: 2, without a whole form" in page
    with clinic_of(therapist):
        task = SafetyTask.objects.get(case=case)
        assert (task.item9, task.item9_on) == (2, date(2026, 11, 20))
        close_safety_task(case=case, actor=therapist, assessment="A", agreed="B", item9=2)
    ehr.client.get(address)
    with clinic_of(therapist):
        assert not SafetyTask.objects.filter(case=case, closed_at=None).exists()
        Case.objects.filter(pk=case.pk).update(closed_at=case.created_at)
    page = ehr.client.get(address, follow=True).content.decode()
    assert "The case is closed: nothing was proposed" in page
    with clinic_of(therapist):
        assert SafetyTask.objects.get(case=case, closed_at=None).item9 == 2


def test_two_meanings_of_one_record_are_both_proposed(
    ehr: Ehr, case: Case, therapist: User
) -> None:
    quetiapine = {"text": "Quetiapine 50 mg"}
    of_one = of_maren("MedicationStatement", status="active", medicationCodeableConcept=quetiapine)
    ehr.tell("/fhir/MedicationStatement", of_one)

    for _ in range(2):
        ehr.client.get(reverse("smart:records", args=[case.pk]))

    with clinic_of(therapist):
        assert ProposedAnswer.objects.filter(question="medicines").count() == 2


def test_part_of_a_birth_date_that_differs_is_a_stop(ehr: Ehr, case: Case) -> None:
    address = reverse("smart:records", args=[case.pk])
    for birth in ("1990", "1984-04"):
        ehr.tell(f"/fhir/Patient/{MAREN}", PATIENT | {"birthDate": birth})
        for page in (reverse("smart:patient"), address):
            stopped(ehr.client.get(page), Reason.BORN)
    for same in ("1984", "1984-03", None):
        ehr.tell(f"/fhir/Patient/{MAREN}", PATIENT | {"birthDate": same})
        assert ehr.client.get(address)["Location"] == reverse("received:said", args=[case.pk])


def test_access_that_lasts_for_ever_does_not(ehr: Ehr) -> None:
    ehr.come_back(expires_in=10**400)
    assert open_value(ehr.client.session[CONTEXT])["ends"] <= time.time() + 3600
    stopped(ehr.come_back(expires_in=float("nan")), Reason.UNFIT)


def test_listed_ehr_with_links_stays_at_its_address(
    ehr: Ehr, issuer: EhrIssuer, manager: User
) -> None:
    """The same ids would mean other patients there."""
    said = {"name": "E", "client_id": "c", "keys": json.dumps({"keys": issuer.keys})}
    with clinic_of(manager):
        elsewhere = IssuerForm(said | {"iss": "https://ehr.example/fhir"}, instance=issuer)
        assert "linked by the address" in str(elsewhere.errors["iss"])
        kept = EhrIssuer.objects.get(pk=issuer.pk)
        assert not IssuerForm(said | {"iss": f"{kept.iss}/"}, instance=kept).errors


def test_patient_of_a_closed_case_gets_another_one(ehr: Ehr, case: Case, therapist: User) -> None:
    with clinic_of(therapist):
        Case.objects.filter(pk=case.pk).update(closed_at=case.created_at)

    page = ehr.client.get(reverse("smart:patient")).content.decode()
    assert f"Case {case.number:04d} was of this patient and is" in page
    ehr.client.post(reverse("smart:patient"), {"case": "new"})

    with clinic_of(therapist):
        assert EhrPatient.objects.get().case != case
    stopped(ehr.client.get(reverse("smart:records", args=[case.pk])), Reason.OTHER_CASE)


def test_no_token_and_no_patient_of_the_ehr_is_kept_or_logged(
    ehr: Ehr, case: Case, capfd: pytest.CaptureFixture[str]
) -> None:
    ehr.come_back()
    ehr.client.get(reverse("smart:records", args=[case.pk]), follow=True)

    stored, logged = everything_stored(), "".join(capfd.readouterr())
    for secret in (TOKEN, "never-kept", "a-code", MAREN):
        assert secret.encode() not in stored
        assert secret not in logged
    assert "a-launch" not in logged
