"""What vignettes and proofs say against a mutant: the same checks as are made of the original."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from decisions.rules.engine.decide import decide
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.engine.rules import OptionId
from decisions.rules.loading import CURRENT_EDITION, EDITIONS
from decisions.rules.logic.truth import Truth
from decisions.rules.proof.expectations import ExpectationsRefused, load_expectations
from decisions.rules.proof.proving import prove
from decisions.rules.questionnaire.answers import Answers
from tests.decisions.rules.cases import (
    base_with,
    read_of_edition,
    read_vignettes,
    true_rules,
)
from tests.decisions.rules.ledger import ledger_of, summary_of
from tests.decisions.rules.proof.mutants import Mutant


def _read(name: str) -> Any:
    return read_of_edition(CURRENT_EDITION, name)


def of_vignettes(mutant: Mutant) -> Iterator[str]:
    """Every objection of the vignettes, whichever file they stand in."""
    with mutant.engine():
        yield from of_patients(mutant)
        yield from of_criteria(mutant)
        yield from of_firings(mutant)


def of_proofs(mutant: Mutant) -> Iterator[str]:
    """Claims that no longer hold. Expectations that no longer fit the edition object, too."""
    try:
        expected = load_expectations(EDITIONS / CURRENT_EDITION, mutant.edition, mutant.evidence)
    except ExpectationsRefused as refused:
        yield str(refused)
        return
    with mutant.engine():
        sheet = prove(mutant.edition, mutant.evidence, expected)
    for proved in sheet.proved:
        if any(not result.holds for result in proved.results):
            yield proved.claim.id


def of_patients(mutant: Mutant) -> Iterator[str]:
    """Patients whose outcome, reasons or questions are not the expected ones."""
    for one in (*read_vignettes(), *_read("hard_cases.yaml")):
        if summary_of(_decide(mutant, one["answers"])) != one["expect"]:
            yield one["id"]
    for one in _read("thresholds.yaml"):
        if _seen(mutant, one) != (one["expect"], one["ledger"], one["not_asked"]):
            yield one["id"]


def of_criteria(mutant: Mutant) -> Iterator[str]:
    """Published criteria that lost their effect, or have it where they are not met."""
    for one in _read("trial_criteria.yaml"):
        met, unmet = (_effects(mutant, one, one[answers]) for answers in ("answers", "not"))
        if not met or unmet:
            yield one["id"]


def of_firings(mutant: Mutant) -> Iterator[str]:
    """Rules that are silent where they have to be true, or true where they have to be silent."""
    for rule_id, one in _read("rule_firings.yaml").items():
        true = true_rules(_decide(mutant, base_with(**one["fires"])))
        if rule_id not in true or true[rule_id] != set(one.get("of", true[rule_id])):
            yield f"{rule_id} fires"
        if one["silent"] is not None and rule_id in true_rules(
            _decide(mutant, base_with(**one["silent"]))
        ):
            yield f"{rule_id} stays silent"


def _seen(mutant: Mutant, one: dict[str, Any]) -> tuple[object, ...]:
    evidence = mutant.evidence
    if one.get("retracted") == "all":
        evidence = evidence.with_retracted(frozenset(source.key for source in evidence.sources))
    answers = Answers.read(mutant.edition.questionnaire, one["answers"])
    outcome = decide(mutant.edition, answers, evidence)
    not_asked = [name for name, truth in answers.asked.items() if truth is not Truth.TRUE]
    return summary_of(outcome), ledger_of(outcome), not_asked


def _decide(mutant: Mutant, raw: dict[str, Any]) -> Outcome:
    questionnaire = mutant.edition.questionnaire
    return decide(mutant.edition, Answers.read(questionnaire, raw), mutant.evidence)


def _effects(mutant: Mutant, criterion: dict[str, Any], answers: dict[str, Any]) -> set[str]:
    before, after = (
        _with_effect(_decide(mutant, base_with(**changes)), criterion) for changes in ({}, answers)
    )
    return after - before


def _with_effect(outcome: Outcome, criterion: dict[str, Any]) -> set[str]:
    if criterion["effect"] == "urgent":
        return {finding.rule for finding in outcome.urgent}
    one = outcome.options[OptionId(criterion["option"])]
    found = {
        "stop": one.stops,
        "review": one.reviews,
        "bar": one.bars,
        "against": one.against,
        "note": one.notes,
    }
    return {finding.rule for finding in found[criterion["effect"]]}
