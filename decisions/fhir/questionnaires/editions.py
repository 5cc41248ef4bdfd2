"""An edition as a Questionnaire: its sections, questions, values and when each is asked."""

from __future__ import annotations

from typing import Final

from decisions.fhir.names import (
    ABSENT_REASON,
    ASKED_UNKNOWN,
    LOINC,
    OURS,
    TEMP_UNKNOWN,
    Resource,
    code_system,
    coding,
)
from decisions.fhir.questionnaires.conditions import enabling
from decisions.fhir.questionnaires.instruments import PANELS, UNIT, instrument_items
from decisions.rules.engine.answers_in_words import NONE_OF_THESE, NOT_KNOWN, say_left
from decisions.rules.engine.edition import Edition
from decisions.rules.questionnaire.instruments import Instrument
from decisions.rules.questionnaire.questionnaire import Question, QuestionType

EXCLUSIVE: Final = "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive"
MIN_VALUE: Final = "http://hl7.org/fhir/StructureDefinition/minValue"
MAX_VALUE: Final = "http://hl7.org/fhir/StructureDefinition/maxValue"
NONE_CODE: Final = "none-of-these"
"""How a list of values is answered with nothing of it."""
_TYPES: Final = {
    QuestionType.INTEGER: "integer",
    QuestionType.CHOICE: "choice",
    QuestionType.CHOICES: "choice",
    QuestionType.YES_NO: "choice",
    QuestionType.INSTRUMENT: "group",
}


def edition_questionnaire(edition: Edition) -> Resource:
    """The questionnaire of an edition. Raises NotSaidInFhir for a condition without words."""
    return {
        "resourceType": "Questionnaire",
        "id": f"edition-{edition.id}",
        "url": edition_url(edition.id),
        "version": edition.id,
        "name": f"KapnetEdition{edition.id.replace('.', '_')}",
        "title": f"Kapnet, edition {edition.id}",
        "status": "active",
        "experimental": False,
        "subjectType": ["Patient"],
        "item": [
            {
                "linkId": section_link_id(section.id),
                "text": section.title,
                "type": "group",
                "item": [_item(edition, question) for question in section.questions],
            }
            for section in edition.questionnaire.sections
        ],
    }


def edition_url(edition_id: str) -> str:
    """The name of the questionnaire of an edition, without its version."""
    return f"{OURS}/Questionnaire/edition-{edition_id}"


def section_link_id(section_id: str) -> str:
    """The id of the group of a section."""
    return f"section.{section_id}"


def paper_total_link_id(question_id: str) -> str:
    """The id of the item that takes the total of a form on paper."""
    return f"{question_id}.paper-total"


def _item(edition: Edition, question: Question) -> Resource:
    when = enabling(edition, question)
    own = _of_its_type(edition, question)
    extensions = [*own.pop("extension", ()), *when.pop("extension", ())]
    return {
        "linkId": question.id,
        "code": own.pop("code", [coding(code_system(edition.id), question.id)]),
        "text": question.ask,
        "type": _TYPES[question.type],
        **({"extension": extensions} if extensions else {}),
        **when,
        **own,
    }


def _of_its_type(edition: Edition, question: Question) -> Resource:
    if question.instrument is not None:
        return _form(question.id, question.instrument)
    if question.type is QuestionType.INTEGER:
        return _bounds(question.min, question.max, question.unit)
    repeats = {"repeats": True} if question.type is QuestionType.CHOICES else {}
    return {**repeats, "answerOption": _options(edition, question)}


def _bounds(low: int | None, high: int | None, unit: str | None) -> Resource:
    named = [{"url": UNIT, "valueCoding": {"display": unit}}] if unit else []
    return {
        "extension": [
            {"url": MIN_VALUE, "valueInteger": low},
            {"url": MAX_VALUE, "valueInteger": high},
            *named,
        ]
    }


def _form(question_id: str, instrument: Instrument) -> Resource:
    """Item by item; or, of a form on paper, the total, beside item 9 where it is known."""
    paper = {
        "linkId": paper_total_link_id(question_id),
        "text": f"{instrument.short_name} total, where only that is known",
        "type": "integer",
        **_bounds(*instrument.range, None),
    }
    items = [*instrument_items(instrument), paper]
    return {"code": [coding(LOINC, PANELS[instrument.id])], "item": items}


def _options(edition: Edition, question: Question) -> list[Resource]:
    system = code_system(edition.id, question.id)
    options = [{"valueCoding": coding(system, one.value, one.label)} for one in question.choices]
    alone = []
    if question.type is QuestionType.CHOICES:
        alone.append(coding(system, NONE_CODE, NONE_OF_THESE))
    if question.unknown:
        alone.append(coding(ABSENT_REASON, ASKED_UNKNOWN, NOT_KNOWN))
    if question.cleared_by:
        alone.append(coding(ABSENT_REASON, TEMP_UNKNOWN, say_left(question)))
    is_list = question.type is QuestionType.CHOICES
    exclusive = {"extension": [{"url": EXCLUSIVE, "valueBoolean": True}]} if is_list else {}
    return [*options, *({**exclusive, "valueCoding": one} for one in alone)]
