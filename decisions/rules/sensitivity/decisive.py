"""Faithful reasons: which of an option's reasons decide, found by leaving each out in turn."""

from __future__ import annotations

from collections.abc import Mapping

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import WEIGHED, Effect, OptionId
from decisions.rules.engine.weighed_rules import Prepared
from decisions.rules.logic.truth import Truth
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.sensitivity.trials import Trials, changed_options
from evidence.domain.entries import EvidenceBase


def decisive_rules(
    edition: Edition, answers: Answers, evidence: EvidenceBase, *, trials: Trials | None = None
) -> Mapping[OptionId, frozenset[str]]:
    """Per option, those of its reasons that decide: "because"; every other reason is "also".

    A reason decides if the edition without its rule gives the option another verdict, another
    `leading`, or another bar. Where two reasons are each enough alone, neither decides.
    Reasons are the true stops, reviews, bars, and favour and against rules that weigh something.
    trials: of the same answers, where they are at hand.
    """
    trials = trials or Trials(edition, answers, evidence)
    decisive: dict[OptionId, set[str]] = {option: set() for option in OptionId}
    for place, (one, truth) in enumerate(zip(trials.rules, trials.truths, strict=True)):
        if truth is Truth.TRUE and _is_reason(one):
            for option in _options_changed(trials, place) & one.of:
                decisive[option].add(one.rule.id)
    return {option: frozenset(rules) for option, rules in decisive.items()}


def _is_reason(one: Prepared) -> bool:
    if one.rule.effect in WEIGHED:
        return one.rule.bars or bool(one.finding.weight)
    return one.rule.effect in {Effect.STOP, Effect.REVIEW}


def _options_changed(trials: Trials, place: int) -> frozenset[OptionId]:
    """The options whose verdict, bar or lead is another without the rule at this place."""
    left_out = trials.without_rule(place)
    before, after = trials.position, trials.position_with(left_out)
    if after.standing.leading != before.standing.leading:
        return frozenset(OptionId)
    freed = trials.barred_with(0) - trials.barred_with(left_out)
    return freed | changed_options(before, after)
