"""Conditions over columns: the same truths as one case at a time."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.rules.engine.columns import MISSING_FACTS, Column, Columns
from decisions.rules.engine.columns_reading import columns_of
from decisions.rules.loading import load_edition
from decisions.rules.logic.conditions import (
    All,
    Always,
    AnyOf,
    AtLeast,
    Below,
    Condition,
    Fact,
    In,
    Includes,
    Is,
    Not,
    Unanswered,
)
from decisions.rules.logic.truth import Truth
from decisions.rules.questionnaire.answers import Answers
from tests.decisions.random_lines import random_answers

NAMES = st.sampled_from(["p", "q", "r"])
WORDS = st.sampled_from(["a", "b", "c"])
SETS = st.frozensets(WORDS)
NUMBERS = st.integers(-1, 4)

# Any fact with any atom: an atom on a fact of another kind is FALSE, in columns too.
FACTS: st.SearchStrategy[Fact] = st.one_of(st.sampled_from(MISSING_FACTS), NUMBERS, WORDS, SETS)
ATOMS: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Is, question=NAMES, value=st.one_of(NUMBERS, WORDS, SETS)),
    st.builds(In, question=NAMES, values=SETS),
    st.builds(Includes, question=NAMES, value=WORDS),
    st.builds(AtLeast, question=NAMES, number=NUMBERS),
    st.builds(Below, question=NAMES, number=NUMBERS),
    st.builds(Unanswered, question=NAMES),
    st.builds(Always),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda parts: st.one_of(
        st.builds(All, parts=st.lists(parts, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, parts=st.lists(parts, min_size=1, max_size=3).map(tuple)),
        st.builds(Not, part=parts),
    ),
    max_leaves=8,
)
CASES = st.lists(st.fixed_dictionaries(dict.fromkeys("pqr", FACTS)), max_size=12)


def columns_from(cases: Sequence[dict[str, Fact]]) -> Columns:
    return Columns(
        len(cases), {name: column_from([case[name] for case in cases]) for name in "pqr"}
    )


def column_from(facts: list[Fact]) -> Column:
    different = tuple(dict.fromkeys([*MISSING_FACTS, *facts]))
    return Column(different, np.array([different.index(fact) for fact in facts], dtype=np.intp))


@pytest.mark.slow
@given(condition=CONDITIONS, cases=CASES)
@settings(max_examples=300)
def test_evaluate_gives_the_truth_of_each_case_alone(
    condition: Condition, cases: list[dict[str, Fact]]
) -> None:
    expected = [condition.evaluate(case) for case in cases]

    truths = columns_from(cases).evaluate(condition)

    assert truths.tolist() == expected
    assert truths.dtype == np.int8


def test_evaluate_of_a_question_without_column() -> None:
    with pytest.raises(KeyError, match="elsewhere"):
        columns_from([]).evaluate(Is(question="elsewhere", value="a"))


def test_taken_keeps_the_order_of_the_places() -> None:
    columns = columns_from([{"p": n, "q": "a", "r": "b"} for n in range(4)])

    taken = columns.taken(np.array([3, 0], dtype=np.intp))

    assert taken.count == 2
    assert taken.evaluate(AtLeast(question="p", number=2)).tolist() == [Truth.TRUE, Truth.FALSE]


def test_as_asked_gives_the_facts_of_every_case() -> None:
    """Asked, not asked, and not known whether asked, with stale answers among them."""
    questionnaire = load_edition().questionnaire
    rng = Random(20261)
    cases = [Answers.read(questionnaire, random_answers(rng)) for _ in range(400)]

    seen = columns_of(questionnaire, cases).as_asked(questionnaire)

    for n, case in enumerate(cases):
        facts = {name: column.facts[column.places[n]] for name, column in seen.by_id.items()}
        assert facts == case.facts
