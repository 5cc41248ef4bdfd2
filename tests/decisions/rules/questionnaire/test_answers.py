"""Answers: what each question takes and refuses, and what is asked when."""

from typing import Any

import pytest

from decisions.rules.loading import load_edition
from decisions.rules.logic.conditions import Missing
from decisions.rules.logic.truth import Truth
from decisions.rules.questionnaire.answer_values import UNKNOWN
from decisions.rules.questionnaire.answers import AnswersRefused
from tests.collecting import for_each
from tests.decisions.rules.cases import answers_of, base_with

QUESTIONS = load_edition().questionnaire.questions


@for_each("question", QUESTIONS, ids=lambda question: question.id)
def test_every_question_takes_its_own_values(question: Any) -> None:
    values: list[Any] = [option.value for option in question.choices]
    if question.type == "choices":
        values = [[], *[[value] for value in values], values]
    if question.type == "integer":
        values = [question.min, question.max]
    if question.type == "instrument":
        values = [
            {"total": question.instrument.range[1]},
            {"items": [0] * len(question.instrument.items)},
        ]

    for value in values:
        assert answers_of({question.id: value}).is_known(question.id)


@for_each("question", QUESTIONS, ids=lambda question: question.id)
def test_every_question_refuses_what_is_of_another_type(question: Any) -> None:
    strange: list[Any] = [
        True,
        4.5,
        42.0,
        "?",
        {},
        {"items": []},
        [[]],
        ["?"],
        -1,
        10**9,
        "Yes",
        "",
    ]
    if question.type == "instrument":
        strange += [[], {"total": "5"}, {"items": [0] * 9, "total": 0}, {"total": 5, "more": 1}]

    for value in strange:
        with pytest.raises(AnswersRefused) as refused:
            answers_of({question.id: value})
        assert [problem.question for problem in refused.value.problems] == [question.id]


@for_each("question", QUESTIONS, ids=lambda question: question.id)
def test_unknown_is_an_answer_where_the_question_says_so(question: Any) -> None:
    if not question.unknown:
        with pytest.raises(AnswersRefused):
            answers_of({question.id: "unknown"})
        return

    answers = answers_of({question.id: "unknown"})

    assert answers.get(question.id) is UNKNOWN
    assert answers.is_answered(question.id)
    assert not answers.is_known(question.id)


def test_null_is_no_answer() -> None:
    answers = answers_of({"age_years": None, "heart": None})

    assert not answers.is_answered("age_years")
    assert answers.get("heart") is None


def test_every_problem_is_named_and_not_just_the_first() -> None:
    with pytest.raises(AnswersRefused) as refused:
        answers_of({"nonsense": 1, "age_years": 121, "heart": "broken", "liver": "none"})

    assert [problem.question for problem in refused.value.problems] == [
        "nonsense",
        "age_years",
        "heart",
    ]


def test_choices_are_kept_in_the_order_of_the_options() -> None:
    answers = answers_of({"medicines": ["lithium", "opioid"]})

    assert answers.get("medicines") == ("opioid", "lithium")


def test_choices_twice_the_same_are_refused() -> None:
    with pytest.raises(AnswersRefused):
        answers_of({"medicines": ["lithium", "lithium"]})


@for_each(
    ("raw", "question", "asked"),
    [
        ({}, "age_years", Truth.TRUE),
        ({}, "tms_now", Truth.UNKNOWN),
        ({"tms_courses": 0}, "tms_now", Truth.FALSE),
        ({"tms_courses": 1}, "tms_now", Truth.TRUE),
        ({"tms_courses": 1}, "tms_last_response", Truth.FALSE),
        ({"tms_courses": 2}, "tms_last_response", Truth.TRUE),
        ({"tms_courses": 0}, "tms_benefit_months", Truth.FALSE),
        ({"tms_courses": 1}, "tms_benefit_months", Truth.UNKNOWN),
        ({"tms_courses": 1, "tms_best_response": "none"}, "tms_benefit_months", Truth.FALSE),
        ({"tms_courses": 1, "tms_best_response": "partial"}, "tms_benefit_months", Truth.TRUE),
        ({"tms_best_response": "partial"}, "tms_benefit_months", Truth.UNKNOWN),
        ({"phq9": {"total": 9, "item9": 1}}, "item9_asked_again", Truth.UNKNOWN),
        (
            {"phq9": {"total": 9, "item9": 1}, "suicide_risk": "none"},
            "item9_asked_again",
            Truth.TRUE,
        ),
        (
            {"phq9": {"total": 9, "item9": 0}, "suicide_risk": "none"},
            "item9_asked_again",
            Truth.FALSE,
        ),
        ({"phq9": {"total": 9}, "suicide_risk": "none"}, "item9_asked_again", Truth.UNKNOWN),
        ({"phq9": {"total": 9}, "suicide_risk": "passive"}, "item9_asked_again", Truth.FALSE),
        ({"ketamine_access": []}, "escort", Truth.FALSE),
        ({"ketamine_access": ["iv"]}, "escort", Truth.TRUE),
        ({"ketamine_access": ["oral_home"]}, "escort", Truth.FALSE),
        ({"ketamine_access": ["oral_home"]}, "home_support", Truth.TRUE),
        ({"ketamine_access": ["oral_home", "iv"]}, "home_support", Truth.FALSE),
        ({"ketamine_access": "unknown"}, "home_support", Truth.UNKNOWN),
    ],
)
def test_asked(raw: dict[str, Any], question: str, asked: Truth) -> None:
    assert answers_of(raw).asked[question] is asked


def test_stored_answer_to_a_question_not_asked_is_not_applicable() -> None:
    answers = answers_of({"tms_courses": 0, "tms_seizure": "yes"})

    assert answers.get("tms_seizure") == "yes"
    assert answers.facts["tms_seizure"] is Missing.NOT_APPLICABLE


def test_partial_form_keeps_item9_and_has_no_total() -> None:
    facts = answers_of({"phq9": {"items": [None, 1, 1, 1, 1, 1, 1, 1, 2]}}).facts

    assert facts["phq9_total"] is Missing.UNKNOWN
    assert facts["phq9_item9"] == 2


@for_each(
    ("raw", "rule", "waits_for"),
    [
        ({}, "ketamine-stop-blood-pressure", ("bp_systolic", "bp_diastolic")),
        ({"bp_systolic": 120}, "ketamine-stop-blood-pressure", ("bp_diastolic",)),
        ({"bp_systolic": 190}, "ketamine-stop-blood-pressure", ()),
        ({}, "tms-stop-seizure-now", ("tms_courses", "tms_now", "tms_seizure")),
        ({"tms_now": "yes", "tms_seizure": "yes"}, "tms-stop-seizure-now", ("tms_courses",)),
        ({"tms_courses": 1, "tms_now": "yes"}, "tms-stop-seizure-now", ("tms_seizure",)),
        ({"tms_courses": 1, "tms_now": "no"}, "tms-stop-seizure-now", ()),
        ({"tms_courses": 0}, "tms-stop-seizure-now", ()),
        ({}, "ketamine-review-home-support", ("ketamine_access", "home_support")),
        ({"ketamine_access": ["oral_home"]}, "ketamine-review-home-support", ("home_support",)),
        (
            {"seizures": "none", "brain_condition": "no", "tms_courses": 2},
            "tms-review-seizure",
            ("tms_seizure",),
        ),
    ],
)
def test_waits_for(raw: dict[str, Any], rule: str, waits_for: tuple[str, ...]) -> None:
    condition = load_edition().rule(rule).when

    assert answers_of(raw).waits_for(condition) == waits_for


def test_complete_case_waits_for_nothing() -> None:
    answers = answers_of(base_with())

    assert not any(answers.waits_for(rule.when) for rule in load_edition().rules)
