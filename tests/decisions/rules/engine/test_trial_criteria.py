"""Published exclusion criteria and contraindications, each answered as one patient who meets it.

The table is `trial_criteria.yaml` in `tests/vignettes/`: it quotes the dossier and names the
effect.
"""

from __future__ import annotations

from typing import Any

from decisions.rules.engine.outcomes import OptionOutcome, Outcome
from decisions.rules.engine.rules import OptionId
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.decisions.rules.cases import EVERY_EDITION, base_with, decide_raw, read_of_edition

CRITERIA: list[dict[str, Any]] = [
    {**criterion, "edition": edition}
    for edition in EVERY_EDITION
    for criterion in read_of_edition(edition, "trial_criteria.yaml")
]
FORBIDDING = {"stop", "review", "bar"}
NEVER_SHOWN_AS_FIT = {"stop": {"not_suitable"}, "review": {"not_suitable", "specialist_review"}}

each_criterion = for_each("criterion", CRITERIA, ids=lambda one: f"{one['edition']} {one['id']}")


def decided(criterion: dict[str, Any], answers: dict[str, Any]) -> Outcome:
    """The patient who meets no criterion, with these answers."""
    edition = criterion["edition"]
    return decide_raw(base_with(edition_id=edition, **answers), edition_id=edition)


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
    before, after = decided(criterion, {}), decided(criterion, answers)
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
    outcome = decided(criterion, criterion["answers"])
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
    ids = [(criterion["edition"], criterion["id"]) for criterion in CRITERIA]

    assert len(set(ids)) == len(ids)
