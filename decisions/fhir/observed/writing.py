"""Proposals as a QuestionnaireResponse: each answer with its source, its day and its words.

Where records differ there is no answer, so that no program takes the first one: the item says what
each of them says, and somebody has to answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from decisions.fhir.names import OURS, Resource
from decisions.fhir.observed.proposed import Proposed
from decisions.fhir.observed.proposing import conflicting
from decisions.fhir.questionnaires.forms import Form
from decisions.fhir.responses.writing import Head, write_response
from decisions.rules.engine.answers_in_words import say_plain
from decisions.rules.questionnaire.questionnaire import Question

SOURCE: Final = f"{OURS}/StructureDefinition/source"
SAID_ON: Final = f"{OURS}/StructureDefinition/said-on"
SAID: Final = f"{OURS}/StructureDefinition/said"
CHECK: Final = f"{OURS}/StructureDefinition/check"
DIFFERS: Final = f"{OURS}/StructureDefinition/records-differ"
"""One of several answers that records give; its `answer` is in words."""


def write_proposals(form: Form, proposals: Sequence[Proposed], *, subject: str) -> Resource:
    """A response in progress with what is proposed, in the order of the form. It answers nothing.

    subject: the id of the patient here; empty where none was named.
    """
    asked = {one.id: one for one in form.questions}
    mine = [one for one in proposals if one.question in asked]
    by_question: dict[str, list[Proposed]] = defaultdict(list)
    for one in mine:
        by_question[one.question].append(one)
    answers = {name: _answer(asked[name], those) for name, those in by_question.items()}
    written = write_response(form, answers, Head("in-progress", subject=subject))
    differing = conflicting(mine)
    if form.instrument is not None:
        return _of_one_form(written, by_question.get(form.instrument.id, []), bool(differing))
    for group in written.get("item", []):
        for item in group["item"]:
            name = item["linkId"]
            said = by_question[name]
            _tell(item, said) if name not in differing else _differ(item, asked[name], said)
    return written


def _answer(question: Question, those: Sequence[Proposed]) -> object:
    """The whole answer of the newest; of one with several values, all that were found."""
    first = those[0]
    if first.is_whole:
        return first.value
    found = {value for one in those for value in _values(one)}
    return [one.value for one in question.options if one.value in found]


def _values(one: Proposed) -> list[str]:
    return [str(value) for value in one.value] if isinstance(one.value, list) else []


def _of_one_form(written: Resource, those: Sequence[Proposed], differs: bool) -> Resource:
    """A form by itself says above its items where they are from."""
    if differs:
        written = {name: part for name, part in written.items() if name != "item"}
    told = [part for one in those for part in _extensions(one)]
    return {**written, **({"extension": told} if told else {})}


def _tell(item: dict[str, Any], those: Sequence[Proposed]) -> None:
    """Each answer says where it is from; a form says it above its items."""
    if "answer" not in item:
        item["extension"] = _extensions(those[0])
        return
    for answer in item["answer"]:
        code = answer.get("valueCoding", {}).get("code")
        of_value = [one for one in those if one.is_whole or code in _values(one)]
        answer["extension"] = _extensions(of_value[0])


def _differ(item: dict[str, Any], question: Question, those: Sequence[Proposed]) -> None:
    for name in ("answer", "item"):
        item.pop(name, None)
    item["extension"] = [
        {
            "url": DIFFERS,
            "extension": [
                {"url": "answer", "valueString": say_plain(question, one.value)},
                *_extensions(one),
            ],
        }
        for one in those
    ]


def _extensions(one: Proposed) -> list[Mapping[str, Any]]:
    """Where a proposal is from, of when, in which words, and what to check."""
    told: list[Mapping[str, Any]] = [
        {"url": SOURCE, "valueReference": {"reference": source}} for source in one.sources
    ]
    if one.on:
        told.append({"url": SAID_ON, "valueDateTime": one.on})
    told.append({"url": SAID, "valueString": one.says})
    if one.check:
        told.append({"url": CHECK, "valueString": one.check})
    return told
