"""What records of another system propose, and all that proposes nothing."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from decisions.fhir.observed.codes import observed_codes
from decisions.fhir.observed.proposing import conflicting
from decisions.rules.loading import CURRENT_EDITION
from tests.collecting import for_each
from tests.decisions.fhir.foreign_records import (
    ICD,
    LOINC,
    UCUM,
    allergy,
    condition,
    items,
    mmhg,
    observation,
    observe,
    ordered,
    patient,
    points,
    pressure,
    proposed,
    response,
    status,
    taking,
)

EIGHTEEN = [2] * 9
ANOTHER = {"reference": "Patient/another"}
TO_COME = "2026-12-24"
BP_137_85 = [("bp_systolic", 137), ("bp_diastolic", 85)]
PHQ9_18 = [("phq9", {"items": EIGHTEEN})]
KETAMINE = [("ketamine_allergy", "yes")]
LORAZEPAM = [("medicines", ["benzodiazepine"])]

PROPOSING: dict[str, tuple[list[dict[str, Any]], list[tuple[str, Any]]]] = {
    "age by a date of birth": ([patient()], [("age_years", 42)]),
    "birthday is tomorrow": ([patient(birthDate="1984-11-30")], [("age_years", 41)]),
    "birthday is today": ([patient(birthDate="1984-11-29")], [("age_years", 42)]),
    "single episode": ([condition("F32.1")], [("diagnosis", "mdd")]),
    "unspecified": ([condition("F32.A")], [("diagnosis", "mdd")]),
    "recurrent": ([condition("F33.2")], [("diagnosis", "mdd")]),
    "in remission, as the record has it": (
        [condition("F33.42", clinicalStatus=status("remission"))],
        [("diagnosis", "mdd")],
    ),
    "bipolar": ([condition("F31.32")], [("diagnosis", "bipolar")]),
    "without its dot": ([condition("F332")], [("diagnosis", "mdd")]),
    "both diagnoses": (
        [condition("F33.1"), condition("F31.9", id="c2", recordedDate="2021")],
        [("diagnosis", "mdd"), ("diagnosis", "bipolar")],
    ),
    "pressure as a panel": ([pressure(137, 85)], BP_137_85),
    "pressure in two": (
        [
            observation("8480-6", valueQuantity=mmhg(137)),
            observation("8462-4", valueQuantity=mmhg(85)),
        ],
        BP_137_85,
    ),
    "pressure, unit in words": (
        [pressure({"value": 137, "unit": "mmHg"}, {"value": 85.0, "unit": "mm Hg"})],
        BP_137_85,
    ),
    "pressure thirty days ago": ([pressure(137, 85, effectiveDateTime="2026-10-30")], BP_137_85),
    "the newest of three readings": (
        [
            pressure(180, 110, effectiveDateTime="2026-11-20"),
            pressure(137, 85),
            pressure(120, 70, effectiveDateTime="2026-11-27T23:30:00-05:00"),
        ],
        BP_137_85,
    ),
    "the newest that can be": (
        [pressure(137, 85, effectiveDateTime="2026-11-20"), pressure(850, 80)],
        BP_137_85,
    ),
    "one number of the newest, not the other of an older one": (
        [pressure(137, None), pressure(150, 95, effectiveDateTime="2026-11-20")],
        [("bp_systolic", 137)],
    ),
    "phq9 by its items": (items("phq9", EIGHTEEN), PHQ9_18),
    "phq9 in the course of a day": (
        [
            {**one, "effectiveDateTime": f"2026-11-28T09:0{at}:00-05:00"}
            for at, one in enumerate(items("phq9", EIGHTEEN))
        ],
        PHQ9_18,
    ),
    "phq9 as numbers": (
        [
            {**one, "valueCodeableConcept": None, "valueQuantity": {"value": 2, "code": "{score}"}}
            for one in items("phq9", EIGHTEEN)
        ],
        PHQ9_18,
    ),
    "phq9 as a response": ([response("phq9", EIGHTEEN)], PHQ9_18),
    "a response in groups": (
        [
            response(
                "phq9",
                EIGHTEEN,
                item=[{"linkId": "all", "item": response("phq9", EIGHTEEN)["item"]}],
            )
        ],
        PHQ9_18,
    ),
    "its total beside it": (
        [response("phq9", EIGHTEEN), observation("44261-6", valueInteger=18)],
        PHQ9_18,
    ),
    "another total beside it": (
        [response("phq9", EIGHTEEN), observation("44261-6", valueInteger=11)],
        [*PHQ9_18, ("phq9", {"total": 11})],
    ),
    "a total alone": (
        [observation("44261-6", valueQuantity={"value": 14, "code": "{score}"})],
        [("phq9", {"total": 14})],
    ),
    "gad7": (items("gad7", [1] * 7), [("gad7", {"items": [1] * 7})]),
    "gad7, its total alone": ([observation("70274-6", valueInteger=9)], [("gad7", {"total": 9})]),
    "a newer total": (
        [
            response("phq9", EIGHTEEN, authored="2026-11-01"),
            observation("44261-6", valueInteger=9),
        ],
        [("phq9", {"total": 9})],
    ),
    "ketamine": ([allergy()], KETAMINE),
    "esketamine in a longer text": ([allergy("Spravato (esketamine) nasal spray")], KETAMINE),
    "ketamine as the substance of a reaction": (
        [
            allergy(
                "Anesthetics", reaction=[{"substance": {"coding": [{"display": "KETAMINE HCl"}]}}]
            )
        ],
        KETAMINE,
    ),
    "a medicine": ([taking()], LORAZEPAM),
    "a medicine that was ordered": ([ordered()], LORAZEPAM),
    "two values of one medicine": (
        [taking("Quetiapine 50 mg")],
        [("medicines", ["antipsychotic"]), ("medicines", ["other_sedative"])],
    ),
    "a medicine within": (
        [
            taking(
                medicationCodeableConcept=None,
                medicationReference={"reference": "#m"},
                contained=[{"resourceType": "Medication", "id": "m", "code": {"text": "Lithium"}}],
            )
        ],
        [("medicines", ["lithium"])],
    ),
    "a medicine that came along": (
        [
            taking(
                medicationCodeableConcept=None, medicationReference={"reference": "Medication/m"}
            ),
            {"resourceType": "Medication", "id": "m", "code": {"text": "Lithium carbonate"}},
        ],
        [("medicines", ["lithium"])],
    ),
}

NOT_PROPOSING: dict[str, list[dict[str, Any]]] = {
    "nothing": [],
    "no date of birth": [patient(birthDate=None)],
    "a year of birth": [patient(birthDate="1984")],
    "a month of birth": [patient(birthDate="1984-03")],
    "a day that there is not": [patient(birthDate="1984-02-30")],
    "born tomorrow": [patient(birthDate="2026-11-30")],
    "too old": [patient(birthDate="1900-01-01")],
    "somebody else": [patient(id="another")],
    "a record out of use": [patient(active=False)],
    "somebody who has died": [patient(deceasedBoolean=True)],
    "died on a day": [patient(deceasedDateTime="2026-01-01")],
    "psychotic, single": [condition("F32.3")],
    "psychotic, recurrent": [condition("F33.3")],
    "psychotic, without its dot": [condition("F323")],
    "premenstrual": [condition("F32.81")],
    "another diagnosis": [condition("F41.1")],
    "a code of another system": [
        condition(code={"coding": [{"system": "http://snomed.info/sct", "code": "F33.1"}]})
    ],
    "diagnosis without a system": [condition(code={"coding": [{"code": "F33.1"}]})],
    "in words alone": [condition(code={"text": "F33.1 Major depressive disorder"})],
    "refuted": [condition(verificationStatus=status("refuted"))],
    "entered in error": [condition(verificationStatus=status("entered-in-error"))],
    "one of several that are thought of": [condition(verificationStatus=status("differential"))],
    "resolved": [condition(clinicalStatus=status("resolved"))],
    "over": [condition(abatementDateTime="2024")],
    "over, in words": [condition(abatementString="after the first course")],
    "recorded in days to come": [condition(recordedDate=TO_COME)],
    "beginning next year": [condition(onsetDateTime="2027")],
    "of another patient": [condition(subject=ANOTHER)],
    "of nobody": [condition(subject=None)],
    "of a patient of another server": [
        condition(subject={"reference": "https://other.example/fhir/Patient/maren"})
    ],
    "named by an identifier alone": [condition(subject={"identifier": {"value": "maren"}})],
    "changed by a part unknown to us": [condition(modifierExtension=[{"url": "x"}])],
    "by rules unknown to us": [condition(implicitRules="http://example.org/rules")],
    "pressure in kPa": [
        pressure({"value": 18, "unit": "kPa", "system": UCUM, "code": "kPa"}, {"value": 11})
    ],
    "kPa that look like mmHg": [
        pressure(
            {"value": 137, "unit": "mmHg", "system": UCUM, "code": "kPa"},
            {"value": 85, "unit": "mmHg", "system": UCUM, "code": "kPa"},
        )
    ],
    "without a unit": [pressure({"value": 137}, {"value": 85})],
    "pressure upside down": [pressure(85, 137)],
    "pressure as it cannot be": [pressure(850, 80)],
    "pressure below nothing": [pressure(-137, -85)],
    "parts of one": [pressure(137.5, 85.5)],
    "more than": [pressure(mmhg(137, comparator=">"), mmhg(85, comparator=">"))],
    "a truth for a number": [pressure(mmhg(True), mmhg(True))],
    "pressure thirty-one days ago": [pressure(137, 85, effectiveDateTime="2026-10-29")],
    "pressure of a month": [pressure(137, 85, effectiveDateTime="2026-11")],
    "pressure tomorrow": [pressure(137, 85, effectiveDateTime="2026-11-30")],
    "pressure in an hour": [pressure(137, 85, effectiveDateTime="2026-11-29T16:00:00Z")],
    "pressure at no time": [pressure(137, 85, effectiveDateTime=None)],
    "preliminary": [pressure(137, 85, status="preliminary")],
    "cancelled": [pressure(137, 85, status="cancelled")],
    "an observation in error": [pressure(137, 85, status="entered-in-error")],
    "pressure of somebody else": [pressure(137, 85, subject=ANOTHER)],
    "absent for a reason": [pressure(137, 85, dataAbsentReason={"text": "not done"})],
    "phq9, an item missing": items("phq9", EIGHTEEN)[:-1],
    "phq9 of two days": [
        *items("phq9", EIGHTEEN)[:5],
        *items("phq9", EIGHTEEN, effectiveDateTime="2026-11-27")[5:],
    ],
    "phq9, seven points": [
        *items("phq9", EIGHTEEN)[:-1],
        observation("44260-8", valueInteger=7),
    ],
    "phq9, an item answered twice": [
        *items("phq9", EIGHTEEN),
        observation("44260-8", valueCodeableConcept=points(0)),
    ],
    "phq9, an item of another patient": [
        *items("phq9", EIGHTEEN)[:-1],
        observation("44260-8", valueInteger=2, subject=ANOTHER),
    ],
    "a response in progress": [response("phq9", EIGHTEEN, status="in-progress")],
    "a response in error": [response("phq9", EIGHTEEN, status="entered-in-error")],
    "a response with two answers": [
        response(
            "phq9",
            EIGHTEEN,
            item=[
                {**one, "answer": [*one["answer"], {"valueInteger": 0}]}
                for one in response("phq9", EIGHTEEN)["item"]
            ],
        )
    ],
    "a response with an item twice": [
        response("phq9", EIGHTEEN, item=response("phq9", EIGHTEEN)["item"] * 2)
    ],
    "a response of tomorrow": [response("phq9", EIGHTEEN, authored="2026-11-30")],
    "a total above all": [observation("44261-6", valueInteger=28)],
    "half a point": [observation("44261-6", valueQuantity={"value": 13.5})],
    "a total in words": [observation("44261-6", valueString="14")],
    "no allergy to it": [allergy("No known allergy to ketamine")],
    "denied": [allergy("Patient denies ketamine allergy")],
    "another substance": [allergy("Ketorolac")],
    "a longer word": [allergy("Norketamine")],
    "an allergy refuted": [allergy(verificationStatus=status("refuted"))],
    "an allergy in error": [allergy(verificationStatus=status("entered-in-error"))],
    "an allergy resolved": [allergy(clinicalStatus=status("resolved"))],
    "an allergy of somebody else": [allergy(patient=ANOTHER)],
    "an allergy to come": [allergy(recordedDate="2027-01")],
    "stopped": [taking(status="stopped")],
    "taken in error": [taking(status="entered-in-error")],
    "not taken": [taking(status="not-taken")],
    "intended": [taking(status="intended")],
    "over since last week": [
        taking(effectiveDateTime=None, effectivePeriod={"start": "2026-01", "end": "2026-11-21"})
    ],
    "from next week on": [taking(effectiveDateTime="2026-12-06")],
    "a medicine of somebody else": [taking(subject=ANOTHER)],
    "a plan": [ordered(intent="plan")],
    "not to be given": [ordered(doNotPerform=True)],
    "no class proposes it": [taking("Melatonin 3 mg")],
    "no name of ours": [taking("Loraz")],
    "by a reference that is not there": [
        taking(medicationCodeableConcept=None, medicationReference={"reference": "Medication/x"})
    ],
}

SHAPES: list[Any] = [None, True, 0, -1, 1.5, "", "F33.1", [], {}, [[]], [None], [{}], {"coding": 3}]
"""What some field has in place of what belongs there."""


@for_each("name", PROPOSING)
def test_record_proposes(name: str) -> None:
    given, wanted = PROPOSING[name]

    assert proposed(*given) == wanted


@for_each("name", NOT_PROPOSING)
def test_record_proposes_nothing(name: str) -> None:
    assert proposed(*NOT_PROPOSING[name]) == []


@for_each("name", PROPOSING)
def test_no_record_proposes_no(name: str) -> None:
    assert not [one for one in proposed(*PROPOSING[name][0]) if one[1] in ("no", "none", [])]


def test_proposal_has_source_day_and_words() -> None:
    named = {"coding": [{"system": ICD, "code": "F33.1", "display": "MDD, recurrent\n\x07"}]}
    (one,) = observe(condition(code=named, clinicalStatus=status("recurrence")))

    assert one.sources == ("Condition/c1",)
    assert one.on == "2026-10-02"
    assert one.says == "F33.1 MDD, recurrent (recurrence)"
    assert one.check.startswith("Check that it is")


def test_form_names_every_source_and_its_day_at_the_clinic() -> None:
    late = items("phq9", EIGHTEEN, effectiveDateTime="2026-11-29T03:00:00Z")
    (one,) = observe(*late)

    assert one.on == "2026-11-28"
    assert one.says == "PHQ-9 18, item 9: 2"
    assert len(one.sources) == 9


def test_conflict_is_shown_with_both_days() -> None:
    found = observe(
        condition("F33.1"),
        condition("F31.9", id="c2", recordedDate="2021"),
        taking("Quetiapine"),
        pressure(137, 85),
    )

    assert conflicting(found) == {"diagnosis"}
    assert [one.on for one in found if one.question == "diagnosis"] == ["2026-10-02", "2021"]


def test_same_diagnosis_is_proposed_once_by_its_newest_record() -> None:
    (one,) = observe(condition(recordedDate="2019-02-01", id="old"), condition("F33.2"))

    assert one.sources == ("Condition/c1",)


def test_only_what_the_edition_names_is_proposed() -> None:
    codes = observed_codes(CURRENT_EDITION)
    every = [one for given, _ in PROPOSING.values() for one in given]

    assert codes is not None
    assert codes.questions == {
        *("age_years", "diagnosis", "bp_systolic", "bp_diastolic"),
        *("phq9", "gad7", "ketamine_allergy", "medicines"),
    }
    assert {question for question, _ in proposed(*every)} == codes.questions


def test_edition_without_codes_has_none() -> None:
    assert observed_codes("2026.1") is None


def test_odd_shapes_raise_nothing() -> None:
    every = [one for given, _ in PROPOSING.values() for one in given]
    some = random.Random(22)
    for _ in range(600):
        odd = json.loads(json.dumps(some.choice(every)))
        _spoil(odd, some)
        proposed(odd)


def _spoil(value: Any, some: random.Random) -> None:
    """Replace one part, anywhere."""
    places = list(value) if isinstance(value, dict) else list(range(len(value)))
    if not places:
        return
    place = some.choice(places)
    if isinstance(value[place], dict | list) and value[place] and some.random() < 0.7:
        _spoil(value[place], some)
    else:
        value[place] = some.choice(SHAPES)


@pytest.mark.parametrize("code", ["8480-6", "44261-6"])
def test_code_of_another_system_says_nothing(code: str) -> None:
    one = observation(code, valueInteger=14, valueQuantity=mmhg(137))
    one["code"]["coding"][0]["system"] = LOINC + "/"

    assert proposed(one) == []
