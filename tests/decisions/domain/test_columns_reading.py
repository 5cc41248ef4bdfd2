"""From plain cases to columns: what is refused, and that nothing else is lost."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from decisions.rules.engine.columns import Columns
from decisions.rules.engine.columns_reading import columns_of, columns_of_plain
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.answers import Answers, AnswersRefused, Problem
from tests.decisions.random_lines import random_answers, spoil

QUESTIONNAIRE = load_edition().questionnaire


def facts_in(columns: Columns) -> list[dict[str, object]]:
    """What each case stored, by the id of a question or derived value."""
    return [
        {name: column.facts[column.places[n]] for name, column in columns.by_id.items()}
        for n in range(columns.count)
    ]


def problems_alone(plain: dict[str, Any]) -> tuple[Problem, ...]:
    try:
        Answers.read(QUESTIONNAIRE, plain)
    except AnswersRefused as refused:
        return refused.problems
    return ()


def test_plain_cases_give_the_columns_of_their_answers() -> None:
    rng = Random(20262)
    plain = [random_answers(rng) for _ in range(300)]
    answers = [Answers.read(QUESTIONNAIRE, one) for one in plain]

    found = columns_of_plain(QUESTIONNAIRE, plain)

    assert not found.refused
    assert found.kept.tolist() == list(range(300))
    assert facts_in(found.columns) == facts_in(columns_of(QUESTIONNAIRE, answers))


def test_plain_cases_are_refused_as_each_alone_is() -> None:
    rng = Random(20263)
    plain = [random_answers(rng) for _ in range(300)]
    for one in plain[::2]:
        spoil(rng, one)
    problems = {n: problems_alone(one) for n, one in enumerate(plain)}
    sound = [n for n, found in problems.items() if not found]

    found = columns_of_plain(QUESTIONNAIRE, plain)

    assert found.refused == {n: found for n, found in problems.items() if found}
    assert len(found.refused) > 100
    assert found.kept.tolist() == sound
    kept = [Answers.read(QUESTIONNAIRE, plain[n]) for n in sound]
    assert facts_in(found.columns) == facts_in(columns_of(QUESTIONNAIRE, kept))


def test_plain_answers_that_python_holds_equal_are_told_apart() -> None:
    plain: list[dict[str, Any]] = [{"tms_courses": one} for one in (1, True, 1.0, "1", [1])]

    found = columns_of_plain(QUESTIONNAIRE, plain)

    assert found.kept.tolist() == [0]
    assert list(found.refused) == [1, 2, 3, 4]


def test_no_answer_and_not_known_are_the_same_to_the_rules() -> None:
    found = columns_of_plain(QUESTIONNAIRE, [{}, {"heart": None}, {"heart": "unknown"}])

    assert np.unique(found.columns.by_id["heart"].places).size == 1


def test_no_cases_give_empty_columns() -> None:
    columns = columns_of_plain(QUESTIONNAIRE, []).columns

    assert columns.count == 0
    assert all(column.places.size == 0 for column in columns.by_id.values())
