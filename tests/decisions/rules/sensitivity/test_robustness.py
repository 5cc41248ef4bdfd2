"""Settled and depends_on: against every completion, and in cases worked out by hand."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from decisions.rules.loading import load_edition
from decisions.rules.sensitivity.settled import Robustness, robustness_of
from evidence.domain.entries import EvidenceBase
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.decisions.partial_cases import partial_case
from tests.decisions.random_lines import random_answers
from tests.decisions.rules.cases import answers_of, base_with, decide_raw
from tests.oracles.brute_force import NOTHING, Answers
from tests.oracles.brute_force_completions import Completed, TooManyError, complete
from tests.oracles.independent_conditions import rules
from tests.rounds import ROUNDS

ITEMS_1_TO_8_SCORE_1 = [1, 0, 0, 0, 0, 0, 0, 0]


def robustness(raw: Answers, evidence: EvidenceBase | None = None) -> Robustness:
    return robustness_of(load_edition(), answers_of(raw), evidence or load_dossier())


def without(question: str, **changes: Any) -> Answers:
    """The responder whose depression returned, with one question left open."""
    return {key: value for key, value in base_with(**changes).items() if key != question}


def assert_is_what_completions_give(answers: Answers, gone: frozenset[str] = NOTHING) -> Completed:
    expected = complete(answers, gone)
    evidence = load_dossier().with_retracted(gone) if gone else load_dossier()

    found = robustness(answers, evidence)

    assert (found.settled, found.settled_on, found.depends_on) == (
        expected.settled,
        expected.settled_on,
        expected.depends_on,
    ), answers
    return expected


@pytest.mark.slow
def test_cases_with_up_to_five_unknowns_are_what_all_completions_give() -> None:
    rng = Random(1)

    for _ in range(100 * ROUNDS):
        assert_is_what_completions_give(partial_case(rng))


@pytest.mark.slow
def test_hundreds_of_cases_are_what_all_completions_give() -> None:
    rng = Random(2)

    for _ in range(400 * ROUNDS):
        assert_is_what_completions_give(partial_case(rng))


@pytest.mark.slow
def test_cases_with_many_unknowns_are_what_all_completions_give() -> None:
    """As many as can be gone through: some with hundreds of thousands of completions."""
    rng, sizes = Random(6), []

    for _ in range(30 * ROUNDS):
        try:
            sizes.append(assert_is_what_completions_give(random_answers(rng)).completions)
        except TooManyError:
            continue

    assert max(sizes) > 10_000


@pytest.mark.slow
def test_cases_under_retracted_evidence_are_what_all_completions_give() -> None:
    rng = Random(7)
    cited = sorted({key for rule in rules() for key in rule.get("evidence", [])})

    for size in (1, 5, 30, len(cited)):
        gone = frozenset(rng.sample(cited, size))
        for _ in range(20):
            assert_is_what_completions_give(partial_case(rng), gone)


def test_complete_case_is_settled_on_what_leads() -> None:
    found = robustness(base_with())

    assert found == Robustness(settled=True, settled_on=("repeat_tms",), depends_on=())


@pytest.mark.slow
def test_case_without_answers_is_not_settled() -> None:
    found = robustness({})

    assert not found.settled
    assert found.settled_on == ()
    assert {"tms_courses", "phq9", "preference"} <= set(found.depends_on)


def test_urgent_rule_settles_a_case_of_which_nothing_else_is_known() -> None:
    found = robustness({"life_threatening": "yes"})

    assert found == Robustness(settled=True, settled_on=(), depends_on=())


def test_questions_that_no_rule_uses_are_never_depended_on() -> None:
    found = robustness({})

    assert not {"gad7", "age_years", "integration_therapy", "ect_history"} & set(found.depends_on)


def test_settled_on_can_differ_from_what_leads_now() -> None:
    """Whatever item 9 is, the total stays in the minimal range: then nothing leads."""
    raw = base_with(phq9={"items": [*ITEMS_1_TO_8_SCORE_1, None]}, item9_asked_again="yes")

    found = robustness(raw)

    assert decide_raw(raw).leading == ("repeat_tms",)
    assert found == Robustness(settled=True, settled_on=(), depends_on=())


@for_each(
    ("phq9", "depends_on"),
    [
        ({"items": [*ITEMS_1_TO_8_SCORE_1, 3]}, ()),
        ({"items": [1, 1, 1, 0, 0, 0, 0, 0, None]}, ("phq9",)),
        ({"items": [None, 0, 0, 0, 0, 0, 0, 0, 1]}, ()),
        ({"items": [None, None, 0, 0, 0, 0, 0, 0, 1]}, ("phq9",)),
        ({"items": [3, 3, 3, 3, 3, 3, 3, 3, None]}, ()),
        ("unknown", ("phq9",)),
    ],
)
def test_half_given_form_counts_for_what_it_can_still_score(
    phq9: Any, depends_on: tuple[str, ...]
) -> None:
    assert robustness(base_with(phq9=phq9, item9_asked_again="yes")).depends_on == depends_on


@pytest.mark.parametrize(
    ("total", "depends_on"),
    [(0, ()), (15, ("phq9", "item9_asked_again")), (27, ("item9_asked_again",))],
)
def test_total_alone_leaves_open_every_item_9_that_it_allows(
    total: int, depends_on: tuple[str, ...]
) -> None:
    assert robustness(base_with(phq9={"total": total})).depends_on == depends_on


def test_question_asked_only_in_some_completions_is_depended_on() -> None:
    found = robustness(without("tms_courses"))

    assert found.depends_on == ("tms_courses", "tms_last_response")


def test_stored_answer_counts_where_a_completion_asks_for_it() -> None:
    """The response to the last course is stored, though with one course it is not asked."""
    found = robustness(without("tms_courses", tms_last_response="response"))

    assert found.depends_on == ("tms_courses",)


def test_sums_that_no_single_answer_moves_far_enough_are_told_apart() -> None:
    """Only trials and a response together make TMS lead; without either nothing does."""
    raw = base_with(
        antidepressant_trials=None,
        tms_best_response=None,
        tms_benefit_months=1,
        speed_needed="days",
        ketamine_history="no_response",
        preference="both",
    )

    found = robustness(raw)

    assert found.depends_on == ("antidepressant_trials", "tms_best_response")
    assert not found.settled


@pytest.mark.parametrize("said", [None, "unknown"])
def test_open_and_not_known_mean_the_same(said: str | None) -> None:
    found = robustness(base_with(head_metal=said))

    assert found == Robustness(settled=False, settled_on=(), depends_on=("head_metal",))


def test_questions_stand_in_the_order_of_the_questionnaire() -> None:
    order = [question.id for question in load_edition().questionnaire.questions]

    depends_on = robustness({}).depends_on

    assert list(depends_on) == sorted(depends_on, key=order.index)
