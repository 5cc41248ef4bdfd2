"""Answers of a case as Observations. What was not asked, or not answered yet, is none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from decisions.fhir.names import LOINC, Resource, coding
from decisions.fhir.observations import (
    PRESSURE_PANEL,
    PRESSURES,
    SURVEY,
    VITAL_SIGNS,
    pressure_part,
    question_code,
    values_of,
)
from decisions.fhir.parts import concept, reference, resource
from decisions.rules.questionnaire.questionnaire import Question

LONGEST: Final = 27
"""Characters of an id after that of the case: FHIR allows 64 for both."""


@dataclass(frozen=True)
class Answered:
    """One answer that counts and is asked. name: short name of the question. value: plain."""

    question: Question
    name: str
    value: object
    day: date
    saved_at: datetime
    version: int


def answer_id(case_id: object, *parts: str) -> str:
    """The id of what an answer says. Ids have no "_"; a long one is shortened to its hash."""
    said = ".".join(one for one in parts if one).replace("_", "-")
    if len(said) > LONGEST:
        said = hashlib.sha256(said.encode()).hexdigest()[:LONGEST]
    return f"{case_id}.{said}"


def answer_observations(
    case_id: object, edition: str, answers: Mapping[str, Answered]
) -> Iterator[Resource]:
    """One for each value, the two parts of a blood pressure in one. Forms are told elsewhere."""
    for name, one in answers.items():
        if name not in PRESSURES and not isinstance(one.value, Mapping):
            yield from _observations(case_id, edition, one)
    yield from _pressures(case_id, [answers[one] for one in PRESSURES if one in answers])


def _observations(case_id: object, edition: str, one: Answered) -> Iterator[Resource]:
    for value, said in values_of(edition, one.question, one.value):
        yield resource(
            "Observation",
            answer_id(case_id, one.question.id, value if isinstance(one.value, list) else ""),
            updated=one.saved_at,
            version=one.version,
            status="final",
            category=[SURVEY],
            code=question_code(edition, one.question),
            subject=reference("Patient", case_id),
            effectiveDateTime=one.day.isoformat(),
            **said,
        )


def _pressures(case_id: object, parts: list[Answered]) -> Iterator[Resource]:
    """Both parts in one where they are of one day; of two days, each alone."""
    if len({one.day for one in parts}) == 1:
        yield _pressure(case_id, "blood-pressure", parts)
        return
    for one in parts:
        yield _pressure(case_id, one.question.id, [one])


def _pressure(case_id: object, what: str, parts: list[Answered]) -> Resource:
    return resource(
        "Observation",
        answer_id(case_id, what),
        updated=max(one.saved_at for one in parts),
        status="final",
        category=[VITAL_SIGNS],
        code=concept("", coding(LOINC, PRESSURE_PANEL)),
        subject=reference("Patient", case_id),
        effectiveDateTime=parts[0].day.isoformat(),
        component=[pressure_part(one.question, one.value) for one in parts],
    )
