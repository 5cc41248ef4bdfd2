"""A whole case as resources of R4: each line of the table, and what has no line."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext

from decisions.cases.queries import cases_with_context
from decisions.consents.actions import record_consent, revoke_consent
from decisions.fhir.records.case_record import STATED, CaseRecord
from decisions.fhir.records.everything import KINDS, resources_of
from decisions.fhir.records.gate import OWNER, Reader
from decisions.letters.models import Letter
from kapnet.core.encryption.fields import EncryptedCharField, EncryptedTextField
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of, make_case
from tests.decisions.fhir.full_case import NEVER, READER, FullCase, consent_of, make_full_case
from tests.decisions.letters.stored_letters import REASONING, say_source

pytestmark = pytest.mark.django_db
Resources = list[dict[str, Any]]
LEAVES = frozenset(
    (
        *("Case.patient_name", "Course.given_as", "Course.note", "LetterFacts.diagnosis_code"),
        *(f"LetterFacts.{one}" for one in STATED.values()),
    )
)
"""Encrypted texts that the table has a line for."""
QUERIES = 20
"""For a case with two letters, whose bytes are opened one after the other."""


def of_type(resources: Resources, kind: str) -> Resources:
    return [one for one in resources if one["resourceType"] == kind]


def text(resources: Resources) -> str:
    return json.dumps(resources, ensure_ascii=False)


def test_a_whole_case(therapist: User, emitted: Callable[..., Resources]) -> None:
    """One case, since its letters are dear: every line of the table, then who gets what."""
    full = make_full_case(therapist, substance_use="active")

    with clinic_of(therapist):
        record = full.record()
        with CaptureQueriesContext(connection) as asked:
            every = emitted(resources_of(record))
        assert len(asked) <= QUERIES, [one["sql"][:90] for one in asked]
        _has_each_line(every, full)
        _no_other_text_leaves(full)
        _has_totals_of_complete_forms_alone(every)
        _refers_to_what_is_there(every)
        _reasoning_needs_a_right(full)
        _substance_use_leaves_as_letters_let_it(full, emitted)


def _has_each_line(every: Resources, full: FullCase) -> None:
    case_id = str(full.case.pk)
    pdf = bytes(Letter.objects.get(pk=full.letter.pk).pdf or b"")
    assert set(KINDS) == {one["resourceType"] for one in every}
    assert NEVER not in text(every)
    assert REASONING not in text(every)
    ids = Counter((one["resourceType"], one["id"]) for one in every)
    assert max(ids.values()) == 1
    [patient] = of_type(every, "Patient")
    assert patient["name"] == [{"text": "Maren Testcase"}]
    assert patient["birthDate"] == "1984-03-14"
    named = {one["id"].removeprefix(f"{case_id}."): one for one in of_type(every, "Condition")}
    assert named.keys() == {
        *("diagnosis", "comorbidities.ptsd", "comorbidities.ocd", "substance-use")
    }
    assert named["diagnosis"]["code"]["coding"][0]["code"] == "F33.1"
    assert named["diagnosis"]["clinicalStatus"]["coding"][0]["code"] == "relapse"
    observed = {one["id"].removeprefix(f"{case_id}."): one for one in of_type(every, "Observation")}
    systolic, diastolic = observed["blood-pressure"]["component"]
    assert systolic["valueQuantity"]["value"] == 132
    assert diastolic["dataAbsentReason"]["coding"][0]["code"] == "asked-unknown"
    assert observed["pregnancy"]["dataAbsentReason"]["coding"][0]["code"] == "asked-unknown"
    assert observed["psychosis"]["valueCodeableConcept"]["coding"][0]["code"] == "none"
    assert observed["history-allergies"]["valueString"].startswith("None known, said on 2026-")
    assert "history-medicines" not in observed, "rows say it"
    taken = {
        one["medicationCodeableConcept"]["text"]: one
        for one in of_type(every, "MedicationStatement")
    }
    assert {name: one["status"] for name, one in taken.items()} == {
        "Lamotrigine": "active",
        "Sertraline": "stopped",
        "Venlafaxine": "unknown",
    }
    assert taken["Sertraline"]["effectivePeriod"] == {"start": "2024", "end": "2024-11"}
    assert [one["code"]["text"] for one in of_type(every, "AllergyIntolerance")] == [
        "Reaction to ketamine"
    ]
    requests = {one["id"]: one for one in of_type(every, "ServiceRequest")}
    assert requests[str(full.replaced.pk)]["status"] == "revoked"
    assert requests[str(full.letter.pk)]["status"] == "active"
    documents = {one["id"]: one for one in of_type(every, "DocumentReference")}
    assert documents[str(full.replaced.pk)]["status"] == "superseded"
    newest = documents[str(full.letter.pk)]
    before = {"reference": f"DocumentReference/{full.replaced.pk}"}
    assert newest["relatesTo"] == [{"code": "replaces", "target": before}]
    attachment = newest["content"][0]["attachment"]
    assert base64.b64decode(attachment["hash"]) == hashlib.sha1(pdf).digest()  # noqa: S324
    assert attachment["extension"][0]["valueString"] == hashlib.sha256(pdf).hexdigest()
    assert attachment["size"] == len(pdf)


def _no_other_text_leaves(full: FullCase) -> None:
    """Whatever is encrypted and has no line in the table is read as the sentinel."""
    hidden: set[str] = set()

    def hide(sender: type[Model], instance: Model, **kwargs: Any) -> None:
        for field in sender._meta.concrete_fields:
            name = f"{sender.__name__}.{field.name}"
            is_text = isinstance(field, EncryptedCharField | EncryptedTextField)
            if is_text and name not in LEAVES and field.attname in instance.__dict__:
                instance.__dict__[field.attname] = NEVER
                hidden.add(name)

    post_init.connect(hide, weak=False)
    try:
        every = list(resources_of(full.record()))
    finally:
        post_init.disconnect(hide)

    assert NEVER not in text(every)
    assert {"Decision.reasoning", "LetterFacts.goals", "LetterFacts.told"} <= hidden
    assert {"Consent.scope", "Letter.reasoning", "Letter.questions"} <= hidden


def _has_totals_of_complete_forms_alone(every: Resources) -> None:
    observed = of_type(every, "Observation")
    codes = Counter(
        coding["code"]
        for one in observed
        for coding in one["code"].get("coding", [])
        if coding["system"] == "http://loinc.org"
    )
    assert codes["44261-6"] == codes["44249-1"] >= 1
    assert (codes["70274-6"], codes["69725-0"], codes["69737-5"]) == (1, 1, 0)
    totals = [one["valueQuantity"]["value"] for one in observed if one["id"].endswith(".44261-6")]
    assert 16 in totals


def _refers_to_what_is_there(every: Resources) -> None:
    there = {f"{one['resourceType']}/{one['id']}" for one in every}
    there |= {f"Binary/{one['id']}" for one in of_type(every, "DocumentReference")}
    named = {
        one for one in _references(every) if not one.startswith(("#", "QuestionnaireResponse/"))
    }
    assert named <= there


def _references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["reference"]} if isinstance(value.get("reference"), str) else set()
        return own.union(*(_references(one) for one in value.values()))
    if isinstance(value, list):
        return set().union(*(_references(one) for one in value))
    return set()


def _substance_use_leaves_as_letters_let_it(
    full: FullCase, emitted: Callable[..., Resources]
) -> None:
    case, therapist, told = full.case, full.therapist, "An active disorder"

    def read(*reader: Reader) -> str:
        return text(emitted(resources_of(full.record(*reader))))

    assert told in read(), "the patient told it"
    say_source(case, therapist, "unknown")
    hidden = read()
    reviewed = '"name": "reviews", "valueString": "ketamine-review-substance"'
    for one in (told, "42 CFR Part 2", reviewed):
        assert one not in hidden, one
    assert told in read(OWNER)
    consent = record_consent(case=case, actor=therapist, values=consent_of("part2", READER.name))
    assert told in read()
    revoke_consent(consent=consent, actor=therapist, because="asked for")
    assert told not in read()


def _reasoning_needs_a_right(full: FullCase) -> None:
    decisions = list(resources_of(full.record(OWNER), ["GuidanceResponse"]))
    assert decisions[0]["note"] == [{"text": REASONING}]


def test_nothing_answered_names_nothing(therapist: User, emitted: Callable[..., Resources]) -> None:
    case = make_case(therapist)
    with clinic_of(therapist):
        record = CaseRecord(cases_with_context().get(pk=case.pk), READER)
        every = emitted(resources_of(record))

    assert [one["resourceType"] for one in every] == ["Patient"]
    assert "birthDate" not in every[0]
