"""Verdicts over columns: what decide() says of each case, no more and no less."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from decisions.rules.engine.columns_reading import columns_of
from decisions.rules.engine.columns_verdicts import OPTIONS, VERDICTS, ManyOutcomes, decide_many
from decisions.rules.engine.decide import decide
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Outcome, Verdict
from decisions.rules.engine.rules import Effect, OptionId, Strength
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.answers import Answers
from evidence.domain.entries import Certainty, EvidenceBase, Kind, Verified
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.decisions.domain.cases import answers_of, read_vignettes
from tests.decisions.random_lines import random_answers

CASES = 500


def retractions() -> list[frozenset[str]]:
    """No source retracted, one, a few, most, and all of them."""
    rng = Random(20264)
    keys = sorted(source.key for source in load_dossier().sources)
    return [frozenset(rng.sample(keys, n)) for n in (0, 1, 10, len(keys) - 10, len(keys))]


def with_proven_both() -> Edition:
    """An edition as it is not: reasons for `both` rest on a source where they name one."""
    edition = load_edition()
    rules = [
        rule.model_copy(update={"basis": None, "strength": Strength.STRONG})
        if rule.effect is Effect.FAVOUR and rule.options == (OptionId.BOTH,) and rule.evidence
        else rule
        for rule in edition.rules
    ]
    fields = {name: getattr(edition, name) for name in Edition.model_fields}
    return Edition(**{**fields, "rules": tuple(rules)})


def with_certain_studies() -> EvidenceBase:
    """Evidence as it is not: every source a trial of high certainty."""
    found = load_dossier()
    certain = {"certainty": Certainty.HIGH, "kind": Kind.RCT, "verified": Verified.FULL_TEXT}
    sources = tuple(one.model_copy(update=certain) for one in found.sources)
    return EvidenceBase(release="certain", sources=sources, positions=found.positions)


def random_cases(seed: int) -> list[Answers]:
    rng = Random(seed)
    questionnaire = load_edition().questionnaire
    return [Answers.read(questionnaire, random_answers(rng)) for _ in range(CASES)]


def named(flags: NDArray[np.bool_]) -> tuple[OptionId, ...]:
    return tuple(option for option, flag in zip(OPTIONS, flags, strict=True) if flag)


def said_of(many: ManyOutcomes, n: int) -> dict[str, object]:
    """What the arrays say of one case."""
    return {
        "verdicts": [VERDICTS[code] for code in many.verdicts[n]],
        "barred": many.barred[n].tolist(),
        "leading": named(many.leading[n]),
        "close": named(many.close[n]),
        "by_preference": bool(many.by_preference[n]),
        "urgent": bool(many.urgent[n]),
    }


def said_by(outcome: Outcome) -> dict[str, object]:
    """What decide() says of it."""
    return {
        "verdicts": [outcome.options[option].verdict for option in OptionId],
        "barred": [outcome.options[option].barred for option in OptionId],
        "leading": outcome.leading,
        "close": outcome.close,
        "by_preference": outcome.by_preference,
        "urgent": bool(outcome.urgent),
    }


@pytest.mark.slow
@for_each("retracted", retractions(), ids=lambda keys: f"{len(keys)} retracted")
def test_decide_many_says_what_decide_says(retracted: frozenset[str]) -> None:
    edition, evidence = load_edition(), load_dossier().with_retracted(retracted)
    cases = random_cases(20265 + len(retracted))

    assert_said_alike(edition, cases, evidence)


def test_decide_many_where_both_is_favored() -> None:
    """No evidence of today favors both, so that only other rules and evidence reach this."""
    raw = [{**one["answers"], "preference": "both"} for one in read_vignettes()]

    many = assert_said_alike(
        with_proven_both(), [answers_of(one) for one in raw], with_certain_studies()
    )

    favoured = VERDICTS.index(Verdict.FAVOURED)
    assert (many.verdicts[:, OPTIONS.index(OptionId.BOTH)] == favoured).any()


def assert_said_alike(
    edition: Edition, cases: list[Answers], evidence: EvidenceBase
) -> ManyOutcomes:
    many = decide_many(edition, columns_of(edition.questionnaire, cases), evidence)
    for n, case in enumerate(cases):
        assert said_of(many, n) == said_by(decide(edition, case, evidence))
    return many


def test_decide_many_gives_the_truth_of_every_rule() -> None:
    edition, cases = load_edition(), random_cases(20266)

    many = decide_many(edition, columns_of(edition.questionnaire, cases), load_dossier())

    assert many.truths.shape == (CASES, len(edition.rules))
    for truths, case in zip(many.truths.tolist(), cases, strict=True):
        assert truths == [rule.when.evaluate(case.facts) for rule in edition.rules]


def test_decide_many_meets_every_verdict_and_standing() -> None:
    """The random cases above would prove little if they were all alike."""
    edition, cases = load_edition(), random_cases(20265)

    many = decide_many(edition, columns_of(edition.questionnaire, cases), load_dossier())

    assert set(many.verdicts[:, 0].tolist()) == set(range(len(VERDICTS)))
    assert set(many.verdicts[:, 1].tolist()) == set(range(len(VERDICTS)))
    assert many.leading[:, 0].any()
    assert many.leading[:, 1].any()
    for happens in (many.close, many.by_preference, many.urgent, many.barred):
        assert happens.any()
        assert not happens.all()


def test_decide_many_of_no_case() -> None:
    edition = load_edition()

    many = decide_many(edition, columns_of(edition.questionnaire, []), load_dossier())

    assert many.truths.shape == (0, len(edition.rules))
    assert many.verdicts.shape == (0, len(OPTIONS))
