"""Answers as Observations: items and totals of forms by LOINC, the rest by our own codes.

What was not answered gives none. What was asked and is not known gives one without a value, which
says why.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from decisions.fhir.names import (
    ABSENT_REASON,
    ASKED_UNKNOWN,
    LOINC,
    OBSERVATION_CATEGORY,
    OURS,
    TEMP_UNKNOWN,
    UCUM,
    Resource,
    code_system,
    coding,
)
from decisions.fhir.questionnaires.editions import NONE_CODE
from decisions.fhir.questionnaires.forms import Form
from decisions.fhir.questionnaires.instruments import PANELS, TOTALS
from decisions.rules.engine.answers_in_words import NONE_OF_THESE, NOT_KNOWN, say_left
from decisions.rules.logic.values import sha256_of
from decisions.rules.questionnaire.answer_values import UNKNOWN_WORD, is_left
from decisions.rules.questionnaire.instruments import SAFETY_ITEM, Instrument
from decisions.rules.questionnaire.questionnaire import Question, QuestionType

PRESSURES: Final = {"bp_systolic": "8480-6", "bp_diastolic": "8462-4"}
PRESSURE_PANEL: Final = "85354-9"
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


def _observation(taken: Taken, category: str, code: Resource, said: Resource) -> Resource:
    subject = {"reference": f"Patient/{taken.subject}"} if taken.subject else None
    known = {
        "subject": subject,
        "effectiveDateTime": taken.authored,
        "derivedFrom": [taken.derived_from] if taken.derived_from else None,
    }
    return {
        "resourceType": "Observation",
        "status": STATUSES.get(taken.status, "final"),
        "category": [{"coding": [coding(OBSERVATION_CATEGORY, category)]}],
        "code": code,
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
        code = {"coding": [coding(LOINC, PANELS[instrument.id])], "text": instrument.short_name}
        said = _absent(question, raw)
        yield _address(taken, instrument.id), _observation(taken, "survey", code, said)
        return
    points = _points(instrument, raw)
    members = [
        (_address(taken, instrument.id, n), _item(taken, instrument, n, one))
        for n, one in points.items()
    ]
    total = raw.get("total")
    if raw.get("items") is not None and len(points) == len(instrument.items):
        total = sum(points.values())
    if total is not None:
        members.append((_address(taken, instrument.id, "total"), _total(taken, instrument, total)))
    yield from members
    if total is not None and points:
        yield _address(taken, instrument.id), _panel(taken, instrument, [one for one, _ in members])


def _points(instrument: Instrument, raw: Mapping[str, Any]) -> dict[int, int]:
    if raw.get("items") is not None:
        return {n: one for n, one in enumerate(raw["items"], 1) if one is not None}
    return {SAFETY_ITEM: raw["item9"]} if raw.get("item9") is not None else {}


def _item(taken: Taken, instrument: Instrument, n: int, points: int) -> Resource:
    item = instrument.items[n - 1]
    option = next(one for one in instrument.options if one.value == points)
    code = {"coding": [coding(LOINC, item.loinc or "")], "text": item.text}
    value = {
        "coding": [coding(LOINC, option.loinc_answer or "", option.text)],
        "text": option.text,
    }
    return _observation(taken, "survey", code, {"valueCodeableConcept": value})


def _total(taken: Taken, instrument: Instrument, total: int) -> Resource:
    code = {
        "coding": [coding(LOINC, TOTALS[instrument.id])],
        "text": f"{instrument.short_name} total",
    }
    score = {"value": total, "unit": "{score}", "system": UCUM, "code": "{score}"}
    return _observation(taken, "survey", code, {"valueQuantity": score})


def _panel(taken: Taken, instrument: Instrument, members: list[str]) -> Resource:
    code = {"coding": [coding(LOINC, PANELS[instrument.id])], "text": instrument.short_name}
    references = [{"reference": one} for one in members]
    return _observation(taken, "survey", code, {"hasMember": references})


# Every other answer


def _pressure(taken: Taken, said: Mapping[str, object]) -> Resource:
    components = [
        {"code": {"coding": [coding(LOINC, PRESSURES[name])]}, **_millimetres(taken, name, raw)}
        for name, raw in said.items()
    ]
    code = {"coding": [coding(LOINC, PRESSURE_PANEL)]}
    return _observation(taken, "vital-signs", code, {"component": components})


def _millimetres(taken: Taken, name: str, raw: object) -> Resource:
    if isinstance(raw, int):
        unit = "mm[Hg]"
        return {"valueQuantity": {"value": raw, "unit": unit, "system": UCUM, "code": unit}}
    return _absent(taken.form.edition.questionnaire.question(name), raw)


def _of_answer(taken: Taken, question: Question, raw: object) -> Iterator[tuple[str, Resource]]:
    """One for each value: an Observation has one."""
    edition_id = taken.form.edition.id
    code = {"coding": [coding(code_system(edition_id), question.id)], "text": question.ask}
    for said in _values(edition_id, question, raw):
        yield _address(taken, question.id, said), _observation(taken, "survey", code, said)


def _values(edition_id: str, question: Question, raw: object) -> Iterator[Resource]:
    if raw == UNKNOWN_WORD or is_left(raw):
        yield _absent(question, raw)
    elif question.type is QuestionType.INTEGER:
        yield {"valueInteger": raw}
    else:
        system = code_system(edition_id, question.id)
        values = raw if isinstance(raw, list) else [raw]
        labels = {str(one): question.label_of(str(one)) for one in values}
        for value, label in (labels or {NONE_CODE: NONE_OF_THESE}).items():
            concept = {"coding": [coding(system, value, label)], "text": label}
            yield {"valueCodeableConcept": concept}


def _absent(question: Question, raw: object) -> Resource:
    code, words = (TEMP_UNKNOWN, say_left(question)) if is_left(raw) else (ASKED_UNKNOWN, NOT_KNOWN)
    return {"dataAbsentReason": {"coding": [coding(ABSENT_REASON, code)], "text": words}}
