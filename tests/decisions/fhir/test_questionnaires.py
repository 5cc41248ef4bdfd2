"""Editions, PHQ-9 and GAD-7 as Questionnaires of R4."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from decisions.fhir.questionnaires.conditions import (
    EXPRESSION,
    NotSaidInFhir,
    enabling,
    expression_of,
    flat_of,
)
from decisions.fhir.questionnaires.editions import edition_questionnaire
from decisions.fhir.questionnaires.forms import Form, form_ids, form_named, written_form
from decisions.fhir.responses.writing import Head, write_response
from decisions.rules.loading import edition_ids, load_edition
from decisions.rules.logic.conditions import parse_condition
from decisions.rules.questionnaire.answers import Answers
from tests.collecting import for_each
from tests.decisions.fhir.enabling import items_in, shown
from tests.decisions.random_lines import random_answers

BY_EXPRESSION = {"2026.1": {"home_support"}, "2026.2": {"home_support"}}


def resource(form_id: str) -> dict[str, Any]:
    written = written_form(form_id)
    assert written is not None
    return written.resource


@for_each("edition_id", edition_ids)
def test_each_condition_is_said_by_a_list_or_by_an_expression(edition_id: str) -> None:
    edition = load_edition(edition_id)
    conditions = {
        one.id: one.ask_when for one in edition.questionnaire.questions if one.ask_when is not None
    }

    by_expression = {name for name, one in conditions.items() if not flat_of(edition, one)}

    assert by_expression == BY_EXPRESSION.get(edition_id, set())
    for name, condition in conditions.items():
        expression = expression_of(edition, condition)
        assert expression.count("(") == expression.count(")"), name
        said = enabling(edition, edition.questionnaire.question(name))
        assert ("enableWhen" in said) is (name not in by_expression)


@for_each(
    "condition",
    [
        {"unanswered": "age_years"},
        {"not": {"unanswered": "age_years"}},
        {"at_least": {"phq9_total": 10}},
        {"is": {"medicines": []}},
        {"not": {"is": {"tms_now": "yes"}}},
        {"always": True},
        {"any": [{"is": {"diagnosis": "mdd"}}, {"is": {"comorbidities": ["ocd"]}}]},
    ],
    ids=str,
)
def test_an_edition_whose_condition_nobody_else_understands_is_refused(condition: Any) -> None:
    edition = load_edition()
    asked = edition.questionnaire.question("preference").model_copy(
        update={"ask_when": parse_condition(condition)}
    )

    with pytest.raises(NotSaidInFhir):
        enabling(edition, asked)


def test_a_form_of_somebody_else_shows_what_we_ask() -> None:
    form = form_named("edition-2026.2")
    assert form is not None
    questionnaire, rng, seen = edition_questionnaire(form.edition), Random(22), set()

    for _ in range(300):
        raw = {name: one for name, one in random_answers(rng).items() if one is not None}
        answers = Answers.read(form.edition.questionnaire, raw)
        on_form = shown(questionnaire, as_on_a_form(form, raw))
        for question in form.edition.questionnaire.questions:
            if question.id in BY_EXPRESSION["2026.2"]:
                continue
            assert (question.id in on_form) is answers.is_asked(question.id), question.id
            if question.ask_when is not None:
                seen.add((question.id, answers.is_asked(question.id)))

    assert len(seen) == 24


def as_on_a_form(form: Form, raw: dict[str, Any]) -> dict[str, Any]:
    """Who fills in a form there gives items: of a total from paper it knows item 9 alone."""
    return write_response(form, raw, Head("completed"))


@for_each("form_id", form_ids)
def test_a_questionnaire_keeps_the_rules_of_r4(form_id: str) -> None:
    questionnaire = resource(form_id)
    items = list(items_in(questionnaire))
    ids = [one["linkId"] for one in items]

    assert len(set(ids)) == len(ids)
    assert '""' not in json.dumps(questionnaire)
    for item in items:
        several = len(item.get("enableWhen", [])) > 1
        assert ("enableBehavior" in item) is several, item["linkId"]  # que-12
        assert {one["question"] for one in item.get("enableWhen", [])} <= set(ids)
        assert (item["type"] == "group") is ("item" in item)  # que-1
        assert ("answerOption" in item) is (item["type"] == "choice")
        has_expression = any(one["url"] == EXPRESSION for one in item.get("extension", []))
        assert not (has_expression and "enableWhen" in item)
    for code in _loinc_codes(questionnaire):
        if not code.startswith("LA"):  # answers have a check digit of another rule
            assert _has_its_check_digit(code), code


def _loinc_codes(value: Any) -> set[str]:
    if isinstance(value, list):
        return {code for one in value for code in _loinc_codes(one)}
    if not isinstance(value, dict):
        return set()
    own = (
        {value["code"]} if value.get("system") == "http://loinc.org" and "code" in value else set()
    )
    return own | {code for one in value.values() for code in _loinc_codes(one)}


def _has_its_check_digit(code: str) -> bool:
    """LOINC's check digit: the one of Luhn, over what stands before the hyphen."""
    number, _, digit = code.partition("-")
    doubled = sum(sum(divmod(2 * int(one), 10)) for one in number[::-2])
    total = doubled + sum(int(one) for one in number[-2::-2])
    return (10 - total % 10) % 10 == int(digit)


@for_each("instrument_id", ["phq9", "gad7"])
def test_an_instrument_is_in_its_own_words(instrument_id: str) -> None:
    form = form_named(instrument_id)
    assert form is not None
    assert form.instrument is not None
    *items, total = resource(instrument_id)["item"]

    assert [one["text"] for one in items] == [one.text for one in form.instrument.items]
    assert [one["linkId"] for one in items] == [one.link_id for one in form.instrument.items]
    for item in items:
        assert [
            (one["extension"][0]["valueDecimal"], one["valueCoding"]["display"])
            for one in item["answerOption"]
        ] == [(one.value, one.text) for one in form.instrument.options]
    assert total["readOnly"]
    assert "Not at all sure" not in json.dumps(items)


def test_what_a_choice_offers_besides_its_values() -> None:
    by_id = {one["linkId"]: one for one in items_in(resource("edition-2026.2"))}

    def offered(link_id: str) -> list[str]:
        return [one["valueCoding"]["code"] for one in by_id[link_id]["answerOption"]]

    assert offered("tms_now") == ["yes", "no", "asked-unknown"]
    assert offered("comorbidities")[-2:] == ["none-of-these", "asked-unknown"]
    assert offered("head_metal")[-2:] == ["asked-unknown", "temp-unknown"]
    exclusive = [one for one in by_id["comorbidities"]["answerOption"] if "extension" in one]
    assert [one["valueCoding"]["code"] for one in exclusive] == ["none-of-these", "asked-unknown"]
    assert "answerOption" not in by_id["age_years"]
    assert [one["valueInteger"] for one in by_id["age_years"]["extension"][:2]] == [0, 120]


def test_the_tag_is_of_the_edition_and_of_the_text() -> None:
    written = written_form("edition-2026.2")

    assert written is not None
    assert load_edition("2026.2").sha256 in written.tag
    assert written_form("edition-1999.1") is None
    assert written_form("phq2") is None
