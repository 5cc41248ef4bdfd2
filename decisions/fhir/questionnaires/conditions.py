"""When a question is asked, in two ways that forms of others understand.

R4's `enableWhen` is a flat list under one word, `all` or `any`. What it cannot say becomes an
expression of FHIRPath, as the Structured Data Capture guide has it. A condition that neither can
say refuses the edition.

To our rules a condition on an answer that is missing or not known is unknown, and its question is
not asked. Here such a condition is simply not met: the question is hidden, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal

from decisions.fhir.names import ASKED_UNKNOWN, LOINC, TEMP_UNKNOWN, Resource, code_system, coding
from decisions.rules.engine.edition import Edition
from decisions.rules.logic.conditions import (
    All,
    AnyOf,
    AtLeast,
    Below,
    Condition,
    In,
    Includes,
    Is,
    Not,
)
from decisions.rules.questionnaire.instruments import Item, ResponseOption
from decisions.rules.questionnaire.questionnaire import Question, QuestionType

Behavior = Literal["all", "any"]
Flat = dict[Behavior, list[Resource]]
"""The same condition as a list under each word that can say it; empty where none can."""

EXPRESSION: Final = (
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"
)


class NotSaidInFhir(ValueError):
    """A condition that neither a flat list nor an expression can say."""


def enabling(edition: Edition, question: Question) -> Resource:
    """The fields of an item that say when it is asked. Raises NotSaidInFhir."""
    if question.ask_when is None:
        return {}
    flat = flat_of(edition, question.ask_when)
    if flat:
        behavior: Behavior = "all" if "all" in flat else "any"
        rows = flat[behavior]
        # Where there are several, que-12 of R4 demands the word, and no longer checks it.
        word = {"enableBehavior": behavior} if len(rows) > 1 else {}
        return {"enableWhen": rows, **word}
    said = {"language": "text/fhirpath", "expression": expression_of(edition, question.ask_when)}
    return {"extension": [{"url": EXPRESSION, "valueExpression": said}]}


# As a flat list


def flat_of(edition: Edition, condition: Condition) -> Flat:
    """The ways in which flat lists say a condition; none where they cannot."""
    match condition:
        case All():
            return _joined(edition, condition.parts, "all")
        case AnyOf():
            return _joined(edition, condition.parts, "any")
        case AtLeast() | Below() | Is() | In() | Includes():
            return _flat_atom(edition, condition)
        case _:
            return {}


def _joined(edition: Edition, parts: tuple[Condition, ...], behavior: Behavior) -> Flat:
    lists = [flat_of(edition, part).get(behavior) for part in parts]
    if any(one is None for one in lists):
        return {}
    return _alone([row for one in lists for row in one or ()], behavior)


def _alone(rows: list[Resource], behavior: Behavior) -> Flat:
    """One row alone means the same under both words."""
    return {"all": rows, "any": rows} if len(rows) == 1 else {behavior: rows}


def _flat_atom(edition: Edition, atom: AtLeast | Below | Is | In | Includes) -> Flat:
    item = _item_behind(edition, atom.question)
    if item is not None and isinstance(atom, AtLeast | Below):
        return _flat_of_item(*item, atom)
    if not edition.questionnaire.has_question(atom.question):
        return {}
    question = edition.questionnaire.question(atom.question)
    match atom:
        case AtLeast():
            return _alone([_row(question, ">=", answerInteger=atom.number)], "all")
        case Below():
            return _alone([_row(question, "<", answerInteger=atom.number)], "all")
        case Is(value=int()):
            return _alone([_row(question, "=", answerInteger=atom.value)], "all")
        case Is() | Includes() if isinstance(atom.value, str):
            return _alone([_is_value(edition, question, atom.value)], "all")
        case In():
            return _alone([_is_value(edition, question, one) for one in sorted(atom.values)], "any")
        case _:
            return {}


def _row(question: Question, operator: str, **answer: object) -> Resource:
    return {"question": question.id, "operator": operator, **answer}


def _is_value(edition: Edition, question: Question, value: str) -> Resource:
    return _row(question, "=", answerCoding=coding(code_system(edition.id, question.id), value))


def _item_behind(edition: Edition, name: str) -> tuple[Item, tuple[ResponseOption, ...]] | None:
    """The item of an instrument that a derived value is, with its options; None for another."""
    if name not in edition.questionnaire.derived:
        return None
    question, derived = edition.questionnaire.derived[name]
    if derived.item is None or question.instrument is None:
        return None
    return question.instrument.items[derived.item - 1], question.instrument.options


def _flat_of_item(item: Item, options: tuple[ResponseOption, ...], atom: AtLeast | Below) -> Flat:
    """The points of an item, by the codes of its answers: those that do, or none of the others."""
    does = {one.loinc_answer: atom.holds(one.value) for one in options}

    def rows(operator: str, holds: bool) -> list[Resource]:
        return [
            {"question": item.link_id, "operator": operator, "answerCoding": coding(LOINC, code)}
            for code, is_so in does.items()
            if code and is_so is holds
        ]

    answered = {"question": item.link_id, "operator": "exists", "answerBoolean": True}
    return {"all": [answered, *rows("!=", False)], "any": rows("=", True)}


# As an expression


def expression_of(edition: Edition, condition: Condition) -> str:
    """The condition in FHIRPath, over a whole response. Raises NotSaidInFhir."""
    match condition:
        case All():
            return _both(edition, condition.parts, " and ")
        case AnyOf():
            return _both(edition, condition.parts, " or ")
        case Not():
            return _negated(edition, condition.part)
        case AtLeast() | Below() | Is() | In() | Includes():
            return _atom(edition, condition)
        case _:
            raise NotSaidInFhir(f"{condition.op} has no words in FHIR")


def _both(edition: Edition, parts: tuple[Condition, ...], word: str) -> str:
    return f"({word.join(expression_of(edition, part) for part in parts)})"


def _negated(edition: Edition, condition: Condition) -> str:
    """Of a condition that is not met: what is known, and is otherwise."""
    match condition:
        case All():
            return _both(edition, tuple(Not(part=one) for one in condition.parts), " or ")
        case AnyOf():
            return _both(edition, tuple(Not(part=one) for one in condition.parts), " and ")
        case Not():
            return expression_of(edition, condition.part)
        case AtLeast() | Below() | Is() | In() | Includes():
            return (
                f"({_is_known(edition, condition.question)} and {_atom(edition, condition)}.not())"
            )
        case _:
            raise NotSaidInFhir(f"not {condition.op} has no words in FHIR")


def _is_known(edition: Edition, name: str) -> str:
    """That a question which is always asked is answered, and not with "not known".

    Of one that is not asked the rules say that it is not so: a response cannot tell that from one
    that was not answered.
    """
    question = _question(edition, name)
    if question.ask_when is not None:
        raise NotSaidInFhir(f"not of {name}, which is not always asked, has no words in FHIR")
    unknown = f"'{ASKED_UNKNOWN}'|'{TEMP_UNKNOWN}'"
    value = _value_of(name)
    if question.type is QuestionType.INTEGER:
        return f"{value}.exists()"
    return f"({value}.exists() and {value}.where(code in ({unknown})).empty())"


def _question(edition: Edition, name: str) -> Question:
    if not edition.questionnaire.has_question(name):
        raise NotSaidInFhir(f"{name} is computed, and has no words in FHIR")
    return edition.questionnaire.question(name)


def _value_of(link_id: str) -> str:
    return f"%resource.repeat(item).where(linkId='{link_id}').answer.value"


def _atom(edition: Edition, atom: AtLeast | Below | Is | In | Includes) -> str:
    item = _item_behind(edition, atom.question)
    if item is not None and isinstance(atom, AtLeast | Below):
        return _codes(item[0].link_id or "", _codes_that_do(item[1], atom))
    question = _question(edition, atom.question)
    value = _value_of(question.id)
    match atom:
        case AtLeast():
            return f"({value} >= {atom.number})"
        case Below():
            return f"({value} < {atom.number})"
        case Is(value=int()):
            return f"({value} = {atom.value})"
        case Is() | Includes() if isinstance(atom.value, str):
            return _codes(question.id, [atom.value])
        case In():
            return _codes(question.id, sorted(atom.values))
        case _:
            raise NotSaidInFhir(f"{atom.op} of a list on {atom.question} has no words in FHIR")


def _codes_that_do(options: tuple[ResponseOption, ...], atom: AtLeast | Below) -> Iterator[str]:
    return (one.loinc_answer for one in options if one.loinc_answer and atom.holds(one.value))


def _codes(link_id: str, codes: Any) -> str:
    return f"{_value_of(link_id)}.where({_any_of(codes)}).exists()"


def _any_of(codes: Any) -> str:
    return " or ".join(f"code='{one}'" for one in codes)
