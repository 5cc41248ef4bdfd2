"""Conditions that answers name. "Unknown" and "not answered yet" make none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final, Literal

from pydantic import TypeAdapter

from decisions.fhir.names import Resource, coding
from decisions.fhir.parts import concept, instant, known, reference, resource
from decisions.fhir.records.answers import Answered, answer_id
from decisions.rules.logic.values import Frozen
from evidence.strict_yaml import read_yaml

FILE: Final = Path(__file__).with_name("conditions.yaml")
ICD_10_CM: Final = "http://hl7.org/fhir/sid/icd-10-cm"
WRITTEN_CODE = re.compile(r"\s*([A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?)\s*(?:\(.*\))?\s*")
"""A code as it is typed, with or without the name of its system behind it."""
DIAGNOSIS, COURSES, ALLERGY = "diagnosis", "tms_courses", "ketamine_allergy"

Status = Literal["active", "inactive", "relapse", "remission", "returned", "not_said"]


class Named(Frozen):
    """The answers to one question that name a condition."""

    question: str
    says: Literal["label", "name", "both"]
    values: Mapping[str, Status]


@cache
def named_conditions() -> tuple[Named, ...]:
    """The list of the file."""
    return TypeAdapter(tuple[Named, ...]).validate_python(read_yaml(FILE))


def conditions(
    case_id: object,
    answers: Mapping[str, Answered],
    *,
    diagnosis_code: str = "",
    code_saved_at: datetime | None = None,
) -> Iterator[Resource]:
    """diagnosis_code: ICD-10-CM as somebody typed it for letters; what is no code is left out."""
    for named in named_conditions():
        one = answers.get(named.question)
        for value in _values(one) if one else ():
            if one and value in named.values:
                found = _condition(case_id, named, one, value, answers)
                if named.question == DIAGNOSIS and diagnosis_code:
                    _add_code(found, diagnosis_code)
                    _note_change(found, one.saved_at, code_saved_at)
                yield found


def _values(one: Answered) -> list[str]:
    listed = one.value if isinstance(one.value, list) else [one.value]
    return [str(value) for value in listed]


def _condition(
    case_id: object, named: Named, one: Answered, value: str, answers: Mapping[str, Answered]
) -> Resource:
    status: str = named.values[value]
    if status == "returned":
        status = "relapse" if _had_tms(answers.get(COURSES)) else "active"
    ticked = value if isinstance(one.value, list) else ""
    shown = {} if status == "not_said" else {"clinicalStatus": known("condition-clinical", status)}
    own_id = answer_id(case_id, named.question, ticked)
    return resource(
        "Condition",
        own_id,
        updated=one.saved_at,
        **shown,
        verificationStatus=known("condition-ver-status", "confirmed"),
        code=concept(_words(named, one, value)),
        subject=reference("Patient", case_id),
        recordedDate=one.day.isoformat(),
        evidence=[{"detail": [reference("Observation", own_id)]}],
    )


def _words(named: Named, one: Answered, value: str) -> str:
    if named.says == "name":
        return one.name
    label = one.question.label_of(value)
    return label if named.says == "label" else f"{one.name}: {label}"


def _had_tms(one: Answered | None) -> bool:
    return one is not None and isinstance(one.value, int) and one.value >= 1


def _add_code(found: Resource, written: str) -> None:
    if code := WRITTEN_CODE.fullmatch(written):
        found["code"]["coding"] = [coding(ICD_10_CM, code[1])]


def _note_change(found: Resource, answered: datetime, coded: datetime | None) -> None:
    if coded and coded > answered:
        found["meta"]["lastUpdated"] = instant(coded)


def said_allergies(case_id: object, answers: Mapping[str, Answered]) -> Iterator[Resource]:
    """An allergy that an answer names. "No" and "not known" make none."""
    one = answers.get(ALLERGY)
    if one is None or one.value != "yes":
        return
    yield resource(
        "AllergyIntolerance",
        answer_id(case_id, ALLERGY),
        updated=one.saved_at,
        clinicalStatus=known("allergyintolerance-clinical", "active"),
        code=concept(one.name),
        patient=reference("Patient", case_id),
        recordedDate=one.day.isoformat(),
    )
