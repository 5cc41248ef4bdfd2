"""Published exclusion criteria and contraindications, each answered as one patient who meets it.

The table is `tests/vignettes/trial_criteria.yaml`: it quotes the dossier and names the effect.
"""

from __future__ import annotations

from typing import Any

import yaml

from decisions.domain.outcomes import OptionOutcome, Outcome
from decisions.domain.rules import OptionId
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.decisions.domain.cases import VIGNETTES, base_with, decide_raw

CRITERIA: list[dict[str, Any]] = yaml.safe_load((VIGNETTES / "trial_criteria.yaml").read_text())
FORBIDDING = {"stop", "review", "bar"}
NEVER_SHOWN_AS_FIT = {"stop": {"not_suitable"}, "review": {"not_suitable", "specialist_review"}}

each_criterion = for_each("criterion", CRITERIA, ids=lambda one: one["id"])


def rules_with_effect(outcome: Outcome, option: str, effect: str) -> set[str]:
    """The ids of the true rules that have this effect on an option, or on the case."""
    if effect == "urgent":
        return {finding.rule for finding in outcome.urgent}
    one: OptionOutcome = outcome.options[OptionId(option)]
    found = {
        "stop": one.stops,
        "review": one.reviews,
        "bar": one.bars,
        "against": one.against,
        "note": one.notes,
    }
    return {finding.rule for finding in found[effect]}


def rules_gained(criterion: dict[str, Any], answers: dict[str, Any], option: str) -> set[str]:
    """What these answers add to the effect, compared with the patient who meets no criterion."""
    before, after = decide_raw(base_with()), decide_raw(base_with(**answers))
    effect = criterion["effect"]
    return rules_with_effect(after, option, effect) - rules_with_effect(before, option, effect)


@each_criterion
def test_criterion_is_quoted_from_the_dossier(criterion: dict[str, Any]) -> None:
    source = load_dossier().source(criterion["source"])
    texts = [source.population, source.findings, source.limitations]
    texts += [result.value_text for result in source.results]

    assert any(criterion["says"] in text for text in texts if text)


@each_criterion
def test_criterion_met_has_its_effect(criterion: dict[str, Any]) -> None:
    assert rules_gained(criterion, criterion["answers"], criterion["option"])


@each_criterion
def test_criterion_not_met_has_no_effect(criterion: dict[str, Any]) -> None:
    assert not rules_gained(criterion, criterion["not"], criterion["option"])


@each_criterion
def test_option_that_a_criterion_forbids_is_never_shown_as_fit(criterion: dict[str, Any]) -> None:
    outcome = decide_raw(base_with(**criterion["answers"]))
    one = outcome.options[OptionId(criterion["option"])]

    if criterion["effect"] in NEVER_SHOWN_AS_FIT:
        assert one.verdict in NEVER_SHOWN_AS_FIT[criterion["effect"]]
    if criterion["effect"] in FORBIDDING | {"urgent"}:
        assert one.verdict != "favoured"


@each_criterion
def test_both_together_carry_what_forbids_a_half(criterion: dict[str, Any]) -> None:
    if criterion["effect"] in FORBIDDING:
        of_half = rules_gained(criterion, criterion["answers"], criterion["option"])

        assert of_half <= rules_gained(criterion, criterion["answers"], "both")


def test_every_criterion_has_its_own_id() -> None:
    ids = [criterion["id"] for criterion in CRITERIA]

    assert len(set(ids)) == len(ids)
