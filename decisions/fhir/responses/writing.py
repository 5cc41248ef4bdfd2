"""Answers of ours as a QuestionnaireResponse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from decisions.fhir.names import (
    ABSENT_EXTENSION,
    ABSENT_REASON,
    ASKED_UNKNOWN,
    LOINC,
    TEMP_UNKNOWN,
    Resource,
    code_system,
    coding,
)
from decisions.fhir.questionnaires.editions import (
    NONE_CODE,
    paper_total_link_id,
    section_link_id,
)
from decisions.fhir.questionnaires.forms import Form
from decisions.fhir.questionnaires.instruments import total_link_id
from decisions.rules.engine.answers_in_words import NONE_OF_THESE, NOT_KNOWN, say_left
from decisions.rules.questionnaire.answer_values import UNKNOWN_WORD, is_left
from decisions.rules.questionnaire.instruments import SAFETY_ITEM, Instrument
from decisions.rules.questionnaire.questionnaire import Question, QuestionType


@dataclass(frozen=True)
class Head:
    """What is above the answers. authored: as FHIR writes it. Empty where there is none."""

    status: str
    id: str = ""
    subject: str = ""
    authored: str = ""
    identifier: tuple[str, str] | None = None


def write_response(form: Form, answers: Mapping[str, object], head: Head) -> Resource:
    """A response with these plain answers, asked now or not, in the order of the form."""
    return {
        "resourceType": "QuestionnaireResponse",
        **_head(form, head),
        **_if_any("item", _items(form, answers)),
    }


def _head(form: Form, head: Head) -> Resource:
    subject = {"reference": f"Patient/{head.subject}"} if head.subject else None
    identifier = None
    if head.identifier is not None:
        system, value = head.identifier
        identifier = {**_if_any("system", system), "value": value}
    return {
        **_if_any("id", head.id),
        **_if_any("identifier", identifier),
        "questionnaire": f"{form.url}|{form.edition.id}",
        "status": head.status,
        **_if_any("subject", subject),
        **_if_any("authored", head.authored),
    }


def _if_any(name: str, value: Any) -> Resource:
    """R4 has no empty text, list or object."""
    return {name: value} if value else {}


def _items(form: Form, answers: Mapping[str, object]) -> list[Resource]:
    if form.instrument is not None:
        return _form_items(form, form.instrument, answers.get(form.instrument.id))
    groups = []
    for section in form.edition.questionnaire.sections:
        items = [
            {"linkId": one.id, "text": one.ask, **said}
            for one in section.questions
            if (said := _said(form, one, answers.get(one.id)))
        ]
        group = {"linkId": section_link_id(section.id), "text": section.title, "item": items}
        groups += [group] if items else []
    return groups


def _said(form: Form, question: Question, raw: object) -> Resource:
    """What was said to one question; empty where nothing was."""
    if raw is None:
        return {}
    if question.instrument is not None and raw == UNKNOWN_WORD:
        return {"extension": [{"url": ABSENT_EXTENSION, "valueCode": ASKED_UNKNOWN}]}
    if question.instrument is not None:
        return _if_any("item", _form_items(form, question.instrument, raw))
    return {"answer": _answers(form, question, raw)}


def _answers(form: Form, question: Question, raw: object) -> list[Resource]:
    if raw == UNKNOWN_WORD or is_left(raw):
        return [_absent(question, raw)]
    if question.type is QuestionType.INTEGER:
        return [{"valueInteger": raw}]
    system = code_system(form.edition.id, question.id)
    values = raw if isinstance(raw, list) else [raw]
    said = [coding(system, str(one), question.label_of(str(one))) for one in values]
    return [{"valueCoding": one} for one in said or [coding(system, NONE_CODE, NONE_OF_THESE)]]


def _absent(question: Question, raw: object) -> Resource:
    """Why there is no value. A number has no code for it, and says so by an extension."""
    code = TEMP_UNKNOWN if is_left(raw) else ASKED_UNKNOWN
    if question.type is QuestionType.INTEGER:
        return {"extension": [{"url": ABSENT_EXTENSION, "valueCode": code}]}
    words = say_left(question) if is_left(raw) else NOT_KNOWN
    return {"valueCoding": coding(ABSENT_REASON, code, words)}


def _form_items(form: Form, instrument: Instrument, raw: object) -> list[Resource]:
    """Items of an instrument, with their total where all are there; or the total from paper."""
    if not isinstance(raw, Mapping):
        return []
    is_alone = form.instrument is not None
    if raw.get("items") is None:
        return _paper_items(instrument, raw, is_alone=is_alone)
    points = list(raw["items"])
    items = [_scored(instrument, n, one) for n, one in enumerate(points, 1) if one is not None]
    if is_alone and None not in points:
        items.append(_total(total_link_id(instrument.id), sum(points)))
    return items


def _paper_items(
    instrument: Instrument, raw: Mapping[str, Any], *, is_alone: bool
) -> list[Resource]:
    """A form alone has no place for a total whose items are not known: it says item 9 at most."""
    item9 = raw.get("item9")
    items = [] if item9 is None else [_scored(instrument, SAFETY_ITEM, item9)]
    if not is_alone:
        items.append(_total(paper_total_link_id(instrument.id), raw["total"]))
    return items


def _scored(instrument: Instrument, n: int, points: int) -> Resource:
    item = instrument.items[n - 1]
    option = next(one for one in instrument.options if one.value == points)
    answer = {"valueCoding": coding(LOINC, option.loinc_answer or "", option.text)}
    return {"linkId": item.link_id, "text": item.text, "answer": [answer]}


def _total(link_id: str, total: int) -> Resource:
    return {"linkId": link_id, "answer": [{"valueInteger": total}]}
