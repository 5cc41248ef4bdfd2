"""The answers to one question of a response as a plain value of ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from decisions.fhir.names import (
    ABSENT_EXTENSION,
    ABSENT_REASON,
    ASKED_UNKNOWN,
    LOINC,
    TEMP_UNKNOWN,
    code_system,
)
from decisions.fhir.questionnaires.editions import NONE_CODE, paper_total_link_id
from decisions.fhir.questionnaires.forms import Form
from decisions.fhir.questionnaires.instruments import total_link_id
from decisions.fhir.responses.items import Answered
from decisions.rules.questionnaire.answer_values import UNKNOWN_WORD
from decisions.rules.questionnaire.instruments import SAFETY_ITEM, Instrument
from decisions.rules.questionnaire.questionnaire import Question, QuestionType

Answers = Sequence[dict[str, Any]]


class NotTaken(ValueError):
    """An answer that is not taken; the message says what to send, and quotes nothing."""


class Code(NamedTuple):
    """A code of a system. One that says why there is no value is of ABSENT_REASON."""

    system: str
    code: str


def read_one(edition_id: str, question: Question, answers: Answers) -> object:
    """The plain value of the answers to a question that is no instrument. Raises NotTaken."""
    values = [_value(one) for one in answers]
    if len(values) > 1 and question.type is not QuestionType.CHOICES:
        raise NotTaken("takes one answer, and has more than one")
    if any(isinstance(one, Code) and one.system == ABSENT_REASON for one in values):
        return _absent(question, values)
    if question.type is QuestionType.INTEGER:
        return _integer(values[0])
    codes = [_own_code(edition_id, question, one) for one in values]
    if question.type is not QuestionType.CHOICES:
        return codes[0]
    if NONE_CODE in codes and len(codes) > 1:
        raise NotTaken(f"{NONE_CODE} excludes every other answer")
    return [] if codes == [NONE_CODE] else codes


def _absent(question: Question, values: list[int | Code]) -> str:
    if len(values) > 1:
        raise NotTaken("“not known” excludes every other answer")
    if values == [Code(ABSENT_REASON, ASKED_UNKNOWN)] and question.unknown:
        return UNKNOWN_WORD
    if values == [Code(ABSENT_REASON, TEMP_UNKNOWN)] and question.left_word:
        return question.left_word
    raise NotTaken("this reason for no answer is not offered: leave the item out")


def _integer(value: int | Code) -> int:
    if isinstance(value, Code):
        raise NotTaken("takes a valueInteger")
    return value


def _own_code(edition_id: str, question: Question, value: int | Code) -> str:
    system = code_system(edition_id, question.id)
    is_offered = isinstance(value, Code) and value.system == system
    offered = {one.value for one in question.choices}
    if question.type is QuestionType.CHOICES:
        offered.add(NONE_CODE)
    if not isinstance(value, Code) or not is_offered or value.code not in offered:
        raise NotTaken("takes a valueCoding of those that its answerOption lists")
    return value.code


def _value(answer: dict[str, Any]) -> int | Code:
    """The one value of an answer. Raises NotTaken."""
    if "modifierExtension" in answer:
        raise NotTaken("modifierExtension is not known here: leave it out")
    names = [name for name in answer if name.startswith("value")]
    if not names:
        return _why_none(answer)
    value = answer[names[0]]
    if len(names) == 1 and names[0] == "valueInteger" and _is_integer(value):
        found: int = value
        return found
    if len(names) == 1 and names[0] == "valueCoding" and isinstance(value, dict):
        system, code = value.get("system"), value.get("code")
        if isinstance(system, str) and isinstance(code, str):
            return Code(system, code)
        raise NotTaken("a valueCoding needs system and code")
    raise NotTaken("each answer has one value: a valueInteger or a valueCoding")


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _why_none(answer: dict[str, Any]) -> Code:
    """Why an answer has no value: said on the answer, or on the value that is not there."""
    beside = answer.get("_valueInteger")
    places = (answer, beside if isinstance(beside, dict) else {})
    for place in places:
        extensions = place.get("extension")
        for one in extensions if isinstance(extensions, list) else []:
            if isinstance(one, dict) and one.get("url") == ABSENT_EXTENSION:
                return Code(ABSENT_REASON, str(one.get("valueCode")))
    raise NotTaken("an answer without a value: leave the item out")


# PHQ-9 and GAD-7


def read_form(
    form: Form, question: Question, instrument: Instrument, by_item: Answered
) -> dict[str, object] | str | None:
    """The scores of an instrument; None where nothing of it was answered. Raises NotTaken.

    A total that was computed has to be that of all items. One from paper stands alone, or beside
    item 9.
    """
    points = [_points(instrument, n, by_item) for n in range(1, len(instrument.items) + 1)]
    answered = {n for n, one in enumerate(points, 1) if one is not None}
    computed = _total(by_item.get(total_link_id(question.id)))
    paper = _total(by_item.get(paper_total_link_id(question.id)))
    if question.id in by_item:
        if answered or paper is not None:
            raise NotTaken("“not known” excludes every other answer")
        return _absent(question, [_value(one) for one in by_item[question.id]])
    if paper is not None:
        safety = {SAFETY_ITEM} if instrument.has_safety_item else set()
        if answered - safety:
            raise NotTaken("a total from paper goes without the items: send one or the other")
        item9 = {"item9": points[SAFETY_ITEM - 1]} if answered else {}
        return {"total": paper, **item9}
    if computed is not None and computed != _sum_of(points):
        raise NotTaken("the total is not that of the items, of which none may be missing")
    return {"items": points} if answered else None


def _sum_of(points: list[int | None]) -> int | None:
    known = [one for one in points if one is not None]
    return sum(known) if len(known) == len(points) else None


def _points(instrument: Instrument, n: int, by_item: Answered) -> int | None:
    answers = by_item.get(instrument.items[n - 1].link_id or "")
    if answers is None:
        return None
    if len(answers) > 1:
        raise NotTaken(f"item {n} takes one answer, and has more than one")
    value = _value(answers[0])
    points = {one.loinc_answer: one.value for one in instrument.options}
    if not isinstance(value, Code) or value.system != LOINC or value.code not in points:
        raise NotTaken(f"item {n} takes a valueCoding of those that its answerOption lists")
    return points[value.code]


def _total(answers: Answers | None) -> int | None:
    if answers is None:
        return None
    if len(answers) > 1:
        raise NotTaken("the total takes one answer, and has more than one")
    return _integer(_value(answers[0]))
