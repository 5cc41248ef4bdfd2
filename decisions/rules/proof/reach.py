"""The claims that say "some": what a case must be found for. Where there is none, they fail.

One function a claim, each to be read beside the sentence in `claims.CLAIMS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from z3 import And, BoolRef, Not, Or

from decisions.rules.engine.outcomes import Verdict
from decisions.rules.engine.rules import OptionId, Rule
from decisions.rules.logic.conditions import Always, ids_in
from decisions.rules.proof.claims import ClaimId
from decisions.rules.proof.kleene import Kleene
from decisions.rules.proof.world import World
from decisions.rules.questionnaire.questionnaire import QuestionType


@dataclass(frozen=True)
class Goal:
    """One thing that some case must show. otherwise: what is said where no case does."""

    otherwise: str
    when: BoolRef
    rules: tuple[str, ...] = ()


def no_dead_rule(world: World) -> Iterator[Goal]:
    """A case for each rule in which it is true."""
    for name, truth in world.case.rules.items():
        yield Goal(f"no answers make {name} true", truth.is_true, rules=(name,))


def no_constant_rule(world: World) -> Iterator[Goal]:
    """A case for each rule, but those that say `always`, in which it is not true."""
    for rule in world.edition.rules:
        if not isinstance(rule.when, Always):
            is_true = world.case.rules[rule.id].is_true
            yield Goal(f"all answers make {rule.id} true", Not(is_true), rules=(rule.id,))


def no_unused_question(world: World) -> Iterator[Goal]:
    """Two cases for each question that differ in its answer alone, and in a rule.

    The items of an instrument are asked for its score, which the letter reports.
    """
    before, after = world.case.rules, world.case_learned.rules
    for question in world.questions:
        if question.type is not QuestionType.INSTRUMENT:
            rules = _rules_within_reach(world, question.id)
            changed = Or([_differ(before[rule.id], after[rule.id]) for rule in rules])
            learned = And(world.learned[question.id], changed)
            yield Goal(f"no rule can change with the answer to {question.id}", learned)


def _rules_within_reach(world: World, question_id: str) -> list[Rule]:
    """The rules that speak of a question, or of one that is asked depending on it."""
    names = {question_id}
    for question in world.edition.questionnaire.evaluation_order:
        if names & ids_in(question.ask_when):
            names |= {question.id, *(one.id for one in question.derives)}
    return [rule for rule in world.edition.rules if names & ids_in(rule.when)]


def _differ(one: Kleene, other: Kleene) -> BoolRef:
    return Or(one.is_true != other.is_true, one.is_false != other.is_false)


def every_option_leads(world: World) -> Iterator[Goal]:
    """A case for each option in which it leads."""
    for option in OptionId:
        yield Goal(f"{option} leads in no case", world.verdicts.leads[option])


def every_verdict(world: World) -> Iterator[Goal]:
    """A case for each option and verdict, but those that are expected to be ruled out."""
    ruled_out = {(one.option, one.verdict) for one in world.expected.ruled_out}
    for option in OptionId:
        for verdict in Verdict:
            if (option, verdict) not in ruled_out:
                given = world.verdicts.verdicts[option][verdict]
                yield Goal(f"{option} is {verdict} in no case", given)


GOALS: Mapping[ClaimId, Callable[[World], Iterator[Goal]]] = {
    ClaimId.NO_DEAD_RULE: no_dead_rule,
    ClaimId.NO_CONSTANT_RULE: no_constant_rule,
    ClaimId.NO_UNUSED_QUESTION: no_unused_question,
    ClaimId.EVERY_OPTION_LEADS: every_option_leads,
    ClaimId.EVERY_VERDICT: every_verdict,
}
"""The claims that say "some": each holds when a case is found for every goal."""
