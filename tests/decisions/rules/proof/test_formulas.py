"""A formula filled in with the answers of a case says what the condition says of that case."""

from __future__ import annotations

from functools import cache
from itertools import chain, islice
from random import Random

import pytest

from decisions.rules.loading import load_edition
from decisions.rules.logic.conditions import Condition, leaves_in
from decisions.rules.logic.truth import Truth
from decisions.rules.questionnaire.answer_values import UNKNOWN
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.sensitivity.answer_classes import AnswerClasses
from decisions.rules.sensitivity.formulas import ALWAYS, NEVER, Formulas
from tests.decisions.random_lines import random_answers
from tests.oracles.second_engine.complete_cases import complete_cases

CASES = 60


@cache
def conditions() -> tuple[Condition, ...]:
    """Every condition of the edition."""
    edition = load_edition()
    asked = [one.ask_when for one in edition.questionnaire.questions if one.ask_when is not None]
    return (*(rule.when for rule in edition.rules), *asked)


@cache
def classes(*, with_unknown: bool) -> AnswerClasses:
    leaves = chain.from_iterable(leaves_in(one) for one in conditions())
    return AnswerClasses(load_edition().questionnaire, leaves, with_unknown=with_unknown)


def filled_in(formulas: Formulas, formula: int, answers: Answers) -> int:
    for question in sorted(formulas.questions(formula)):
        value = answers.get(question)
        place = formulas.classes.place_of(question, UNKNOWN if value is None else value)
        formula = formulas.fill_in(formula, question, place)
    return formula


def assert_alike(formulas: Formulas, answers: Answers) -> None:
    for condition in conditions():
        truth = condition.evaluate(answers.facts)
        for says, wanted in ((formulas.true, Truth.TRUE), (formulas.false, Truth.FALSE)):
            said = filled_in(formulas, says(condition), answers)
            assert said == (ALWAYS if truth is wanted else NEVER), (condition, answers.values)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_formulas_of_partial_cases_say_what_conditions_say(seed: int) -> None:
    rng, formulas = Random(seed), Formulas(classes(with_unknown=True))

    for _ in range(CASES // 3):
        assert_alike(formulas, Answers.read(load_edition().questionnaire, random_answers(rng)))


@pytest.mark.slow
def test_formulas_of_complete_cases_say_what_conditions_say() -> None:
    formulas = Formulas(classes(with_unknown=False))

    for raw in islice(complete_cases(3), CASES // 3):
        assert_alike(formulas, Answers.read(load_edition().questionnaire, raw))


def test_formula_and_its_negation_never_hold_together() -> None:
    formulas = Formulas(classes(with_unknown=True))

    for condition in conditions():
        formula = formulas.true(condition)
        assert formulas.negation(formulas.negation(formula)) == formula


def test_equal_formulas_are_the_same_number() -> None:
    formulas = Formulas(classes(with_unknown=False))
    first, second = (formulas.true(one) for one in conditions()[:2])

    assert formulas.all([first, second, ALWAYS]) == formulas.all([second, first])
    assert formulas.any([first, second, NEVER]) == formulas.any([second, first])
    assert formulas.all([first, NEVER]) == NEVER
    assert formulas.any([first, ALWAYS]) == ALWAYS
    assert (formulas.all([]), formulas.any([])) == (ALWAYS, NEVER)


def test_learning_an_answer_keeps_all_that_was_known() -> None:
    found = classes(with_unknown=True)

    for question in load_edition().questionnaire.questions:
        known = found.of(question.id)
        unknown = found.place_of(question.id, UNKNOWN)
        others = set(range(len(known))) - {unknown}
        assert unknown not in found.learned_from(question.id, unknown)
        if question.instrument is None:
            assert set(found.learned_from(question.id, unknown)) == others
            assert not any([*found.learned_from(question.id, one)] for one in sorted(others)[:3])


def test_learning_more_of_a_form_never_takes_back_what_it_said() -> None:
    found = classes(with_unknown=True)
    phq9 = found.of("phq9")

    for place, before in enumerate(phq9):
        for learned in found.learned_from("phq9", place):
            pairs = zip(before.signature, phq9[learned].signature, strict=True)
            taken_back = [(a, b) for a, b in pairs if b is Truth.UNKNOWN is not a]
            assert not taken_back
    total_only = found.place_of(
        "phq9", Answers.read(load_edition().questionnaire, {"phq9": {"total": 12}}).values["phq9"]
    )
    assert len([*found.learned_from("phq9", total_only)]) > 1
