"""Answers as Observations: items and totals of forms by LOINC, the rest by our own codes.

What was not answered gives none. What was asked and is not known gives one without a value, which
says why.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from decisions.fhir.names import LOINC, OURS, Resource, coding
from decisions.fhir.observations import (
    PRESSURE_PANEL,
    PRESSURES,
    SURVEY,
    VITAL_SIGNS,
    panel_code,
    points_of,
    pressure_part,
    question_code,
    scored_item,
    scored_total,
    total_of,
    values_of,
    why_absent,
)
from decisions.fhir.questionnaires.forms import Form
from decisions.rules.logic.values import sha256_of
from decisions.rules.questionnaire.instruments import Instrument
from decisions.rules.questionnaire.questionnaire import Question

STATUSES: Final = {"in-progress": "preliminary", "amended": "amended"}
"""Status of a response -> of what is taken from it; everything else is final."""


@dataclass(frozen=True)
class Taken:
    """What Observations of one response share. Empty where the response does not say it.

    key: from which their addresses within a Bundle are made.
    """

    form: Form
    status: str
    key: str
    subject: str = ""
    authored: str = ""
    derived_from: Resource = field(default_factory=dict)


def extracted(taken: Taken, answers: Mapping[str, object]) -> Resource:
    """The Observations of a response as a transaction, each under an address of its own."""
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {
                "fullUrl": address,
                "resource": resource,
                "request": {"method": "POST", "url": "Observation"},
            }
            for address, resource in _all(taken, answers)
        ],
    }


def _all(taken: Taken, answers: Mapping[str, object]) -> Iterator[tuple[str, Resource]]:
    pressures = {name: raw for name in PRESSURES if (raw := answers.get(name)) is not None}
    if pressures:
        yield _address(taken, PRESSURE_PANEL), _pressure(taken, pressures)
    for question in taken.form.questions:
        raw = answers.get(question.id)
        if raw is None or question.id in PRESSURES:
            continue
        if question.instrument is not None:
            yield from _of_instrument(taken, question.instrument, raw)
        else:
            yield from _of_answer(taken, question, raw)


def _address(taken: Taken, *parts: object) -> str:
    """The same for the same response, so that the same gives the same bytes."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{OURS}/{sha256_of([taken.key, *parts])}").urn


def _observation(taken: Taken, category: Resource, said: Resource) -> Resource:
    subject = {"reference": f"Patient/{taken.subject}"} if taken.subject else None
    known = {
        "subject": subject,
        "effectiveDateTime": taken.authored,
        "derivedFrom": [taken.derived_from] if taken.derived_from else None,
    }
    return {
        "resourceType": "Observation",
        "status": STATUSES.get(taken.status, "final"),
        "category": [category],
        **{name: one for name, one in known.items() if one},
        **said,
    }


# PHQ-9 and GAD-7


def _of_instrument(
    taken: Taken, instrument: Instrument, raw: object
) -> Iterator[tuple[str, Resource]]:
    """One for each item, and, where the total is known, one for it and one that holds them all."""
    if not isinstance(raw, Mapping):
        question = taken.form.edition.questionnaire.question(instrument.id)
        said = {"code": panel_code(instrument), **why_absent(question, raw)}
        yield _address(taken, instrument.id), _observation(taken, SURVEY, said)
        return
    points, total = points_of(instrument, raw), total_of(instrument, raw)
    members = [
        (
            _address(taken, instrument.id, n),
            _observation(taken, SURVEY, scored_item(instrument, n, one)),
        )
        for n, one in points.items()
    ]
    if total is not None:
        scored = _observation(taken, SURVEY, scored_total(instrument, total))
        members.append((_address(taken, instrument.id, "total"), scored))
    yield from members
    if total is not None and points:
        held = [{"reference": one} for one, _ in members]
        said = {"code": panel_code(instrument), "hasMember": held}
        yield _address(taken, instrument.id), _observation(taken, SURVEY, said)


# Every other answer


def _pressure(taken: Taken, said: Mapping[str, object]) -> Resource:
    questionnaire = taken.form.edition.questionnaire
    components = [pressure_part(questionnaire.question(name), raw) for name, raw in said.items()]
    code = {"coding": [coding(LOINC, PRESSURE_PANEL)]}
    return _observation(taken, VITAL_SIGNS, {"code": code, "component": components})


def _of_answer(taken: Taken, question: Question, raw: object) -> Iterator[tuple[str, Resource]]:
    """One for each value: an Observation has one."""
    edition_id = taken.form.edition.id
    for _, value in values_of(edition_id, question, raw):
        said = {"code": question_code(edition_id, question), **value}
        yield _address(taken, question.id, value), _observation(taken, SURVEY, said)
