"""What a refusal says: each message tells its reader what to enter, or how to fix the file."""

from __future__ import annotations

from typing import Any

import pytest

from decisions.rules.engine.edition import problems_of
from decisions.rules.engine.rules import Effect, Rule
from decisions.rules.loading import load_edition
from decisions.rules.logic.conditions import Condition, ConditionError, parse_condition
from decisions.rules.questionnaire.answer_values import AnswerProblem, read_answer
from decisions.rules.questionnaire.answers import Answers, AnswersRefused
from decisions.rules.questionnaire.instruments import (
    Instrument,
    InstrumentError,
    band_of,
    score_items,
    score_total,
)
from decisions.rules.questionnaire.questionnaire import Question, Questionnaire
from evidence.loading import load_dossier
from tests.collecting import for_each

SHAPE = 'must be {"items": [...]} or {"total": n}'
FORM = "items must be a list of whole numbers, null for one not answered"


def questionnaire() -> Questionnaire:
    return load_edition().questionnaire


def instrument_of(question_id: str) -> Instrument:
    found = questionnaire().question(question_id).instrument
    assert found is not None
    return found


@for_each(
    ("question", "raw", "message"),
    [
        ("age_years", "unknown", "cannot be answered with unknown: leave it open instead"),
        ("age_years", 121, "must be a whole number from 0 to 120"),
        ("age_years", True, "must be a whole number from 0 to 120"),
        ("psychosis", "often", "must be one of none, past_unknown, past, current"),
        ("mania_now", "maybe", "must be one of yes, no"),
        (
            "threshold_factors",
            "severe_sleep_loss",
            "must be a list of none or some of severe_sleep_loss, high_risk_medicine",
        ),
        (
            "ketamine_access",
            ["iv", "pill"],
            "every value of the list must be one of iv, esketamine, im, oral_home, injection_home",
        ),
        ("ketamine_access", ["iv", "iv"], "holds a value twice: name each once"),
        ("phq9", {}, SHAPE),
        ("phq9", {"total": 5, "item10": 0}, f"{SHAPE}, and nothing besides but item9"),
        ("gad7", {"total": 5, "item9": 0}, f"{SHAPE}, and nothing besides"),
        (
            "phq9",
            {"total": 5, "item9": None},
            "item9 must be a whole number: leave it out where it is not known",
        ),
        ("phq9", {"items": 5}, FORM),
        ("phq9", {"items": [2.0] * 9}, FORM),
        ("phq9", {"total": "5"}, "total must be a whole number"),
        ("phq9", {"total": True}, "total must be a whole number"),
        ("phq9", {"total": 28}, "the total must be 0 to 27, not 28"),
        ("phq9", {"items": [4] + [0] * 8}, "item 1 must be 0 to 3, not 4"),
    ],
)
def test_answer_that_is_refused_says_what_to_enter(question: str, raw: Any, message: str) -> None:
    with pytest.raises(AnswerProblem) as refused:
        read_answer(questionnaire().question(question), raw)

    assert str(refused.value) == message


def test_refused_answers_name_every_problem() -> None:
    with pytest.raises(AnswersRefused) as refused:
        Answers.read(questionnaire(), {"age_years": -1, "hair": 3, "mania_now": 1})

    assert str(refused.value) == (
        "hair: there is no question of this id; age_years: must be a whole number from 0 to 120; "
        "mania_now: must be one of yes, no"
    )


def test_scores_that_are_refused_say_what_to_enter() -> None:
    phq9 = instrument_of("phq9")

    for call, message in (
        (
            lambda: score_items(phq9, (1,) * 8),
            "PHQ-9 has 9 items, not 8: give all 9, null for one not answered",
        ),
        (lambda: score_items(phq9, (0, 0, -1, *(0,) * 6)), "item 3 must be 0 to 3, not -1"),
        (lambda: score_total(phq9, -1), "the total must be 0 to 27, not -1"),
        (lambda: score_total(phq9, 9, 4), "item 9 must be 0 to 3, not 4"),
        (lambda: score_total(phq9, 25, 0), "a total of 25 cannot hold an item 9 of 0"),
        (lambda: band_of(phq9, 28), "28 is outside the range of PHQ-9"),
    ):
        with pytest.raises(InstrumentError) as refused:
            call()
        assert str(refused.value) == message


@for_each(
    ("raw", "message"),
    [
        ([], "a condition is one operator with its operand, not []"),
        ({"all": []}, "'all' takes a list of at least one condition"),
        ({"any": {}}, "'any' takes a list of at least one condition"),
        ({"always": 1}, "'always' takes true and nothing else"),
        ({"unanswered": 3}, "'unanswered' names a question, not 3"),
        ({"is": "heart"}, "'is' takes one question and its value, not 'heart'"),
        ({"is": {3: "x"}}, "'is' names a question, not 3"),
        ({"is": {"heart": True}}, "'is' on heart takes a value or a list, not True: quote yes/no"),
        ({"is": {"medicines": [1]}}, "'is' takes values in words, not 1: quote yes/no"),
        ({"in": {"heart": "x"}}, "'in' on heart takes a list of at least one value"),
        ({"in": {"heart": [True]}}, "'in' takes values in words, not True: quote yes/no"),
        ({"includes": {"medicines": 2}}, "'includes' takes values in words, not 2: quote yes/no"),
        ({"below": {"age_years": "x"}}, "'below' on age_years takes a whole number, not 'x'"),
        (
            {"maybe": 1},
            "unknown operator 'maybe': use one of all, always, any, at_least, below, in, includes, "
            "is, not, unanswered",
        ),
    ],
)
def test_condition_that_cannot_be_read_says_why(raw: Any, message: str) -> None:
    with pytest.raises(ConditionError) as refused:
        parse_condition(raw)

    assert str(refused.value) == message


def note(when: Condition, **fields: Any) -> Rule:
    return Rule(id="note-x", effect=Effect.NOTE, when=when, because="x", **fields)


@for_each(
    ("when", "message"),
    [
        (
            {"is": {"hair": "red"}},
            "there is no question hair. Use the id of a question or of a value it derives.",
        ),
        (
            {"is": {"phq9": "x"}},
            "'is' on phq9: it is an instrument. Use a value that it derives.",
        ),
        (
            {"is": {"age_years": "x"}},
            "'is' on age_years: it is a number. Use at_least, below, or is with a number.",
        ),
        (
            {"at_least": {"age_years": 121}},
            "'at_least' on age_years: 121 is outside 0 to 120. Use a number in the question's "
            "range.",
        ),
        (
            {"is": {"phq9_item9": 4}},
            "'is' on phq9_item9: 4 is outside 0 to 3. Use a number in the question's range.",
        ),
        (
            {"is": {"medicines": "opioid"}},
            "'is' on medicines: it is a choices question. Use includes, or is with a list.",
        ),
        (
            {"includes": {"heart": "stable"}},
            "'includes' on heart: it is a choice question. Use is, or in with a list.",
        ),
        (
            {"is": {"heart": ["stable"]}},
            "'is' on heart: it is a choice question. Use is, or in with a list.",
        ),
        (
            {"in": {"heart": ["weak", "bad"]}},
            "'in' on heart: it has no option bad, weak. Use one of its options; quote yes and no.",
        ),
    ],
)
def test_rule_that_does_not_fit_the_questionnaire_says_how_to_mend_it(
    when: Any, message: str
) -> None:
    found = problems_of(questionnaire(), (note(parse_condition(when)),), load_dossier())

    assert [str(one) for one in found] == [f"rules.yaml, rule note-x: {message}"]


@for_each("number", [0, 120])
@for_each("op", ["at_least", "below", "is"])
def test_numbers_at_the_ends_of_a_range_fit(op: str, number: int) -> None:
    rule = note(parse_condition({op: {"age_years": number}}))

    assert not problems_of(questionnaire(), (rule,), load_dossier())


def test_rule_twice_and_unknown_citation_say_how_to_mend_them() -> None:
    rule = note(parse_condition({"always": True}), evidence=("nobody-1900",))

    found = problems_of(questionnaire(), (rule, rule), load_dossier())

    cited = (
        "rules.yaml, rule note-x: it cites nobody-1900, which the evidence does not have. Fix the "
        "key, or add the source or position to the dossier."
    )
    twice = "rules.yaml, rule note-x: this id occurs twice. Rename one of the two."
    assert [str(one) for one in found] == [cited, twice, cited]


def test_circle_of_questions_says_how_to_mend_it() -> None:
    age, diagnosis = questionnaire().questions[:2]
    circular = _asking(
        (age, {"is": {"diagnosis": "mdd"}}), (diagnosis, {"at_least": {"age_years": 1}})
    )

    assert [str(one) for one in problems_of(circular, (), load_dossier())] == [
        "questionnaire.yaml, ask_when: ask_when goes round in a circle: age_years -> diagnosis -> "
        "age_years; remove one of them. A question can depend only on questions that do not depend "
        "on it."
    ]


def _asking(*asked: tuple[Question, Any]) -> Questionnaire:
    questions = tuple(
        question.model_copy(update={"ask_when": parse_condition(when)}) for question, when in asked
    )
    section = questionnaire().sections[0].model_copy(update={"questions": questions})
    return Questionnaire(edition="2026.1", sections=(section,))
