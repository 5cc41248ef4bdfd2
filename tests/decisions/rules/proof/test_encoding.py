"""What is proved is what is decided: the encoding of the solver against `decide`, case by case."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from decisions.rules.engine.certainty_limits import weigh
from decisions.rules.engine.decide import decide
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.engine.rules import WEIGHED, OptionId
from decisions.rules.loading import load_edition
from decisions.rules.logic.truth import Truth
from decisions.rules.proof.answer_space import AnswerSpace
from decisions.rules.proof.cases import SolverCase
from decisions.rules.proof.kleene import Kleene
from decisions.rules.proof.search import answers_in, holds
from decisions.rules.proof.verdicts import SolverVerdicts, SolverWeights
from decisions.rules.proof.weights import weights_of
from decisions.rules.proof.world import leaves_of
from decisions.rules.questionnaire.answers import Answers
from evidence.domain.entries import EvidenceBase
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.decisions.random_lines import random_answers
from tests.decisions.rules.proof.released import expectations
from tests.decisions.rules.proof.solver_cases import model_of

EDITION = load_edition()
SPACE = AnswerSpace(EDITION.questionnaire, leaves_of(EDITION, expectations()), "case")
CASE = SolverCase(EDITION, SPACE)
OPTIONS = tuple(OptionId)


def cases(seed: int, count: int) -> list[Answers]:
    rng = Random(seed)
    return [Answers.read(EDITION.questionnaire, random_answers(rng)) for _ in range(count)]


def verdicts_under(evidence: EvidenceBase) -> SolverVerdicts:
    return SolverVerdicts(EDITION, CASE, SolverWeights.fixed(weights_of(EDITION, evidence)))


def some_evidence(name: str) -> EvidenceBase:
    dossier = load_dossier()
    keys = sorted(source.key for source in dossier.sources)
    withdrawn = {
        "all of it": [],
        "half of it": Random(7).sample(keys, len(keys) // 2),
        "none of it": keys,
    }
    return dossier.with_retracted(frozenset(withdrawn[name]))


@pytest.mark.slow
@pytest.mark.parametrize("evidence", ["all of it", "half of it", "none of it"])
def test_encoding_random_cases_gives_what_decide_gives(evidence: str) -> None:
    under = some_evidence(evidence)
    verdicts = verdicts_under(under)

    for answers in cases(seed=len(evidence), count=150):
        model = model_of(SPACE, answers)

        assert as_encoded(verdicts, model) == as_decided(decide(EDITION, answers, under))


def as_encoded(verdicts: SolverVerdicts, model: Any) -> dict[str, Any]:
    by_option = {
        option: [v for v, given in verdicts.verdicts[option].items() if holds(model, given)]
        for option in OPTIONS
    }
    close = [option for option in OPTIONS if holds(model, verdicts.close[option])]
    urgent = holds(model, verdicts.urgent)
    return {
        "urgent": urgent,
        "leading": [option for option in OPTIONS if holds(model, verdicts.leads[option])],
        "close": close if len(close) > 1 and not urgent else [],
        "verdicts": by_option,
        "barred": [option for option in OPTIONS if holds(model, verdicts.barred[option])],
    }


def as_decided(outcome: Outcome) -> dict[str, Any]:
    return {
        "urgent": bool(outcome.urgent),
        "leading": list(outcome.leading),
        "close": list(outcome.close),
        "verdicts": {option: [one.verdict] for option, one in outcome.options.items()},
        "barred": [option for option, one in outcome.options.items() if one.barred],
    }


@pytest.mark.slow
def test_encoding_random_cases_gives_every_rule_its_truth() -> None:
    for answers in cases(seed=3, count=100):
        model = model_of(SPACE, answers)
        encoded = {name: truth_in(model, truth) for name, truth in CASE.rules.items()}

        assert encoded == {one.id: one.when.evaluate(answers.facts) for one in EDITION.rules}


def truth_in(model: Any, truth: Kleene) -> Truth:
    if holds(model, truth.is_true):
        return Truth.TRUE
    return Truth.FALSE if holds(model, truth.is_false) else Truth.UNKNOWN


@pytest.mark.slow
def test_answers_in_random_cases_read_back_as_a_case_that_the_rules_do_not_tell_apart() -> None:
    for answers in cases(seed=5, count=100):
        read_back = Answers.read(EDITION.questionnaire, answers_in(model_of(SPACE, answers), CASE))

        truths = [one.when.evaluate(answers.facts) for one in EDITION.rules]
        assert [one.when.evaluate(read_back.facts) for one in EDITION.rules] == truths


@for_each("key", [None, *(source.key for source in load_dossier().sources)])
def test_weights_each_source_withdrawn_are_those_of_the_engine(key: str | None) -> None:
    withdrawn = frozenset({key} if key else ())
    evidence = load_dossier().with_retracted(withdrawn)
    reasons = [rule for rule in EDITION.rules if rule.effect in WEIGHED]

    weights = weights_of(EDITION, load_dossier(), withdrawn)

    assert weights.weight == {rule.id: weigh(rule, evidence) for rule in reasons}
