"""Within a clinic's scope each query reads that clinic's partition alone: it could be a shard."""

from __future__ import annotations

from collections.abc import Iterator
from http.cookies import SimpleCookie
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from decisions.cases import told
from decisions.cases.models import Answer, Case
from decisions.exit.bulk.models import BulkJob
from decisions.letters.models import Letter
from decisions.life import deleting
from kapnet.core.people.models import Clinic, Role, User
from tests.around import around_all
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of, post_section, save_by_htmx
from tests.decisions.cases.decision.test_decision_views import record
from tests.decisions.consents.test_consent_views import POSTED
from tests.decisions.form_links.form_link_factories import (
    items,
    make,
    opened,
    patients_case,
    send_card,
)
from tests.decisions.letters.stored_letters import fingerprint_of, make_decision, make_draft
from tests.decisions.life.test_keeping import AT_ONCE, close_long_ago
from tests.factories import PASSWORD, make_clinic, make_member
from tests.kapnet.core.clients.client_factories import make_api_client, program
from tests.kapnet.core.encryption.kept_rows import fill_everything
from tests.whole.matrix.routes import Route
from tests.whole.matrix.test_matrix import PAGES, place_of
from tests.whole.matrix.world import World, make_world
from tests.whole.partitions.spy import Spy
from tests.worker import worked

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no partitions"),
]
PATIENT = "Maren Shardpatient"
CONFIRMED = {"texts_read": "on", "recipient_by_hand": "on", "recipient_for_treatment": "on"}


@pytest.fixture(scope="module")
def clinics(spy: Spy) -> list[Clinic]:
    """Two, whose rows lie in different partitions."""
    first = make_clinic()
    while spy.place_of(str((second := make_clinic()).pk)) == spy.place_of(str(first.pk)):
        pass
    return [first, second]


@pytest.fixture
def judged(spy: Spy) -> Iterator[Spy]:
    """Of one test by itself."""
    spy.faults.clear()
    spy.seen = 0
    yield spy
    assert not spy.faults, spy.said()


# The spy


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM decisions_case",
        "SELECT 1 FROM decisions_case c JOIN decisions_answer a ON a.case_id = c.id"
        " WHERE c.clinic_id = %(own)s",
        "UPDATE decisions_answer SET value = value WHERE id = 7",
        "SELECT 1 FROM decisions_case WHERE clinic_id = %(other)s",
        "SELECT 1 FROM decisions_case WHERE clinic_id = (SELECT %(own)s::uuid)",
    ],
)
def test_query_that_leaves_the_clinic_is_seen(spy: Spy, clinics: list[Clinic], sql: str) -> None:
    spy.faults.clear()
    own, other = (one.pk for one in clinics)

    with scope(clinic=clinics[0]), connection.cursor() as cursor:
        cursor.execute(sql, {"own": own, "other": other})

    assert len(spy.faults) == 1
    spy.faults.clear()


def test_row_that_django_deletes_by_its_id_is_seen(spy: Spy, clinics: list[Clinic]) -> None:
    program = make_api_client(clinics[0])
    spy.faults.clear()

    with scope(clinic=clinics[0]):
        BulkJob.objects.create(clinic=clinics[0], client=program, kinds=[], scopes=[]).delete()

    assert [one.split()[0] for one in spy.faults] == ["DELETE"]
    spy.faults.clear()


# The flow


def test_main_flow(
    judged: Spy, clinics: list[Clinic], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(told, "_hold_tellers", [])
    monkeypatch.setattr(deleting, "DELETED_AFTER", AT_ONCE)
    for apart, clinic in enumerate(clinics):
        settings.CLINIC_SAID_APART = bool(apart)
        people = {role: make_member(clinic=clinic, role=role, password=PASSWORD) for role in Role}
        therapist, staff = people[Role.THERAPIST], people[Role.STAFF]
        clinician, desk = signed_in(therapist), signed_in(staff)
        case = opened_case(clinician, therapist)
        letter = signed_letter(clinician, therapist)
        at_the_desk(desk, letter)
        lists_and_searches(clinician, case)
        by_a_patients_link(clinician, therapist)
        read_by_a_program(clinic, letter)
        if not apart:
            case = fill_everything(therapist, staff).case
            shown(clinician, "cases:case", case.pk)
        worked()
        deleted(case, clinician, signed_in(people[Role.MANAGER]), therapist)
    assert judged.seen > 1000


def signed_in(person: User) -> Client:
    client = Client()
    form = {"login": person.email, "password": PASSWORD}
    assert client.post(reverse("account_login"), form).status_code == 302
    return client


def opened_case(clinician: Client, therapist: User) -> Case:
    """A case by its own pages, with answers, a consent, a decision and the steps between."""
    born = {"birth_year": "1984", "birth_month": "3", "birth_day": "14"}
    made = clinician.post(reverse("cases:new"), {"patient_name": PATIENT, "reference": "", **born})
    assert made.status_code == 302
    with clinic_of(therapist):
        case = Case.objects.get()
    shown(clinician, "cases:case", case.pk)
    shown(clinician, "cases:path", case.pk)
    assert save_by_htmx(clinician, case, "scope", "diagnosis", value="mdd").status_code == 200
    assert post_section(clinician, case, "tms_history", tms_courses="1").status_code < 400
    with clinic_of(therapist):
        assert Answer.objects.filter(case=case).exists()
    shown(clinician, "cases:decision", case.pk)
    assert clinician.post(reverse("consents:consents", args=[case.pk]), POSTED).status_code == 302
    shown(clinician, "consents:consents", case.pk)
    return case


def signed_letter(clinician: Client, therapist: User) -> Letter:
    """A decision recorded, and its letter drawn and signed, by pages."""
    case = make_decision(therapist, name=PATIENT).case
    assert record(clinician, case, reasoning="Looked at again.").status_code == 302
    with clinic_of(therapist):
        decision = case.decisions.get(number=2)
    shown(clinician, "cases:decision_record", case.pk, 2)
    letter = make_draft(therapist, decision)
    shown(clinician, "letters:letter", case.pk, letter.pk)
    shown(clinician, "letters:draft_pdf", case.pk, letter.pk)
    signing = {"fingerprint": fingerprint_of(letter, therapist), "password": PASSWORD, **CONFIRMED}
    clinician.post(reverse("letters:sign", args=[case.pk, letter.pk]), signing)
    with clinic_of(therapist):
        signed = Letter.objects.get(pk=letter.pk)
    assert signed.is_signed
    return signed


def at_the_desk(desk: Client, letter: Letter) -> None:
    """Found by name and number, read, sent and exported."""
    for words in (PATIENT.split()[1], letter.number):
        found = desk.post(reverse("desk:queue"), {"q": words}, follow=True)
        assert letter.pk in found.context["page"]
    shown(desk, "letters:detail", letter.pk)
    shown(desk, "letters:pdf", letter.pk)
    shown(desk, "desk:letter", letter.pk)
    step = {"seen_version": "1", "status": "sent", "how": "fax", "proof": "1"}
    desk.post(reverse("desk:letter", args=[letter.pk]), step)
    desk.post(reverse("desk:exports"), {"letters": [str(letter.pk)], "kind": "zip"})
    worked()
    shown(desk, "desk:exports")


def lists_and_searches(clinician: Client, case: Case) -> None:
    """The work list of the clinic, and a case by its name and number."""
    shown(clinician, "cases:list")
    assert clinician.get(reverse("cases:list"), {"whose": "clinic"}).status_code == 200
    for words in (PATIENT.split()[1], str(case.number)):
        found = clinician.post(reverse("cases:list"), {"q": words}, follow=True)
        assert found.status_code == 200
    shown(clinician, "reminders:due")


def by_a_patients_link(clinician: Client, therapist: User) -> None:
    """A patient's forms, sent and read."""
    case = patients_case(therapist)
    patient = opened(make(case, therapist).secret)
    shown(patient, "patient_forms:form")
    send_card(patient, "phq9", **items(2, 2, 2, 2, 2, 2, 2, 2, 1))
    send_card(patient, "safety", head_metal=0)
    assert patient.post(reverse("patient_forms:send")).status_code in (302, 303)
    shown(clinician, "form_links:links", case.pk)
    shown(clinician, "cases:safety", case.pk)


def read_by_a_program(clinic: Clinic, letter: Letter) -> None:
    """The records of a case as FHIR."""
    caller = program(make_api_client(clinic))
    for address in (
        f"/fhir/r4/Patient/{letter.case_id}",
        f"/fhir/r4/DocumentReference?patient={letter.case_id}",
        f"/fhir/r4/GuidanceResponse?patient={letter.case_id}",
        f"/fhir/r4/QuestionnaireResponse?patient={letter.case_id}",
    ):
        assert caller.get(address).status_code == 200, address


def deleted(case: Case, clinician: Client, manager: Client, therapist: User) -> None:
    """Agreed to by two people. The nightly job itself is of all clinics."""
    close_long_ago(case, therapist)
    shown(manager, "life:past_keeping")
    clinician.post(reverse("life:ask_deletion", args=[case.pk]))
    manager.post(reverse("life:settle_deletion", args=[case.pk]))
    call_command("delete_cases", stdout=StringIO())
    with clinic_of(therapist):
        assert not Case.objects.filter(pk=case.pk).exists()


def shown(client: Client, name: str, *places: object) -> None:
    response: Any = client.get(reverse(name, args=places))
    assert response.status_code == 200, (name, response.status_code)
    if response.streaming:
        b"".join(response.streaming_content)


# All the rest


@pytest.fixture(scope="module")
def world(spy: Spy) -> World:
    """One of everything."""
    return make_world()


@for_each("route", PAGES, ids=lambda one: one.name)
def test_every_address(spy: Spy, world: World, route: Route) -> None:
    """Read and sent to by everybody of a clinic, from inside and from outside."""
    spy.faults.clear()
    address = place_of(route, world.own(route))
    for client in (*(world.clients[one] for one in Role.values), *world.outsiders.values()):
        for method in ("get", "post"):
            asked(client, method, address)
    assert not spy.faults, spy.said()


def asked(client: Client, method: str, address: str) -> None:
    kept = client.cookies.output(header="", sep=";")
    with around_all():
        response = getattr(client, method)(address)
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(kept)
    assert response.status_code < 500
