"""What Observations are made of, wherever they come from: a stored case or a response just sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from decisions.fhir.names import (
    ASKED_UNKNOWN,
    LOINC,
    OBSERVATION_CATEGORY,
    TEMP_UNKNOWN,
    UCUM,
    Resource,
    code_system,
    coding,
)
from decisions.fhir.parts import absent, concept, instant, reference, resource
from decisions.fhir.questionnaires.editions import NONE_CODE
from decisions.fhir.questionnaires.instruments import PANELS, TOTALS
from decisions.rules.engine.answers_in_words import NONE_OF_THESE, NOT_KNOWN, say_left
from decisions.rules.questionnaire.answer_values import UNKNOWN_WORD, is_left
from decisions.rules.questionnaire.instruments import SAFETY_ITEM, Instrument
from decisions.rules.questionnaire.questionnaire import Question, QuestionType

SURVEY: Final = {"coding": [coding(OBSERVATION_CATEGORY, "survey")]}
VITAL_SIGNS: Final = {"coding": [coding(OBSERVATION_CATEGORY, "vital-signs")]}
PRESSURES: Final = {"bp_systolic": "8480-6", "bp_diastolic": "8462-4"}
"""Question -> LOINC code of the part of a blood pressure."""
PRESSURE_PANEL: Final = "85354-9"
MMHG: Final = "mm[Hg]"


# Answers


def question_code(edition_id: str, question: Question) -> Resource:
    """What an answer is about."""
    return concept(question.ask, coding(code_system(edition_id), question.id))


def values_of(edition_id: str, question: Question, raw: object) -> Iterator[tuple[str, Resource]]:
    """Each value of a plain answer, or why there is none. An Observation has one value."""
    if raw == UNKNOWN_WORD or is_left(raw):
        yield "", why_absent(question, raw)
    elif question.type is QuestionType.INTEGER:
        yield "", {"valueInteger": raw}
    else:
        system = code_system(edition_id, question.id)
        values = raw if isinstance(raw, list) else [raw]
        labels = {str(one): question.label_of(str(one)) for one in values}
        for value, label in (labels or {NONE_CODE: NONE_OF_THESE}).items():
            yield value, {"valueCodeableConcept": concept(label, coding(system, value, label))}


def why_absent(question: Question, raw: object) -> Resource:
    """Asked and not known, or left to somebody who finds out."""
    code, words = (TEMP_UNKNOWN, say_left(question)) if is_left(raw) else (ASKED_UNKNOWN, NOT_KNOWN)
    return {"dataAbsentReason": absent(code, words)}


def pressure_part(question: Question, raw: object) -> Resource:
    """One component of a blood pressure."""
    code = concept("", coding(LOINC, PRESSURES[question.id]))
    if isinstance(raw, int):
        quantity = {"value": raw, "unit": MMHG, "system": UCUM, "code": MMHG}
        return {"code": code, "valueQuantity": quantity}
    return {"code": code, **why_absent(question, raw)}


# PHQ-9 and GAD-7


def points_of(instrument: Instrument, raw: Mapping[str, Any]) -> dict[int, int]:
    """Number of an item -> its points, of a plain answer. A total from paper may have item 9."""
    if raw.get("items") is not None:
        return {n: one for n, one in enumerate(raw["items"], 1) if one is not None}
    has_item9 = instrument.has_safety_item and raw.get("item9") is not None
    return {SAFETY_ITEM: raw["item9"]} if has_item9 else {}


def total_of(instrument: Instrument, raw: Mapping[str, Any]) -> int | None:
    """The total, where all items are there or it was copied from paper."""
    if raw.get("items") is None:
        return raw.get("total")
    points = points_of(instrument, raw)
    return sum(points.values()) if len(points) == len(instrument.items) else None


def scored_item(instrument: Instrument, n: int, points: int) -> Resource:
    """Code and value of an item."""
    item = instrument.items[n - 1]
    option = next(one for one in instrument.options if one.value == points)
    answer = coding(LOINC, option.loinc_answer or "", option.text)
    return {
        "code": concept(item.text, coding(LOINC, item.loinc or "")),
        "valueCodeableConcept": concept(option.text, answer),
    }


def scored_total(instrument: Instrument, total: int) -> Resource:
    """Code and value of a total."""
    score = {"value": total, "unit": "{score}", "system": UCUM, "code": "{score}"}
    code = coding(LOINC, TOTALS[instrument.id])
    return {"code": concept(f"{instrument.short_name} total", code), "valueQuantity": score}


def panel_code(instrument: Instrument) -> Resource:
    """The form as a whole."""
    return concept(instrument.short_name, coding(LOINC, PANELS[instrument.id]))


@dataclass(frozen=True)
class FilledIn:
    """One form that is kept.

    id: with the LOINC code after it, the id of each Observation. raw: plain, as an answer.
    response: id of the QuestionnaireResponse that says the same; empty: there is none.
    """

    id: str
    instrument: Instrument
    raw: Mapping[str, Any]
    authored: datetime
    updated: datetime
    patient: str
    response: str = ""
    is_voided: bool = False


def form_observations(form: FilledIn) -> Iterator[Resource]:
    """The items that were answered, and the total where it is known, with what holds them all."""
    instrument = form.instrument
    points, total = points_of(instrument, form.raw), total_of(instrument, form.raw)
    members = [_of(form, scored_item(instrument, n, one)) for n, one in points.items()]
    if total is not None:
        members.append(_of(form, scored_total(instrument, total)))
    yield from members
    if total is not None and points:
        named = [reference("Observation", one["id"]) for one in members]
        yield _of(form, {"code": panel_code(instrument), "hasMember": named})


def _of(form: FilledIn, said: Resource) -> Resource:
    code = said["code"]["coding"][0]["code"]
    response = form.response
    return resource(
        "Observation",
        f"{form.id}.{code}",
        updated=form.updated,
        status="entered-in-error" if form.is_voided else "final",
        category=[SURVEY],
        subject=reference("Patient", form.patient),
        effectiveDateTime=instant(form.authored),
        derivedFrom=[reference("QuestionnaireResponse", response)] if response else [],
        **said,
    )
