"""Two editions, or one edition under two bodies of evidence: every kind of case that differs.

A kind is an option, its verdict before and after, and the fewest changed rules that make the
difference. Of each kind the smallest case is given. Every case whose verdict differs is of a
kind that is given: the search ends only when the solver proves that no other is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from z3 import And, BoolRef, BoolVal, ModelRef, Not, Or

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Verdict
from decisions.rules.engine.rules import Effect, OptionId, Rule
from decisions.rules.logic.conditions import Leaf, leaves_in
from decisions.rules.proof.answer_space import AnswerSpace, Hidden
from decisions.rules.proof.cases import SolverCase
from decisions.rules.proof.claims import Counterexample
from decisions.rules.proof.kleene import Kleene
from decisions.rules.proof.search import Search, answers_in, holds
from decisions.rules.proof.verdicts import SolverVerdicts, SolverWeights
from decisions.rules.proof.weights import Weights, weights_of
from decisions.rules.questionnaire.questionnaire import Question
from evidence.domain.entries import EvidenceBase

NEVER = Kleene(BoolVal(False), BoolVal(True))
"""The truth of a rule that an edition does not have."""


def difference(
    before: Edition, evidence_before: EvidenceBase, after: Edition, evidence_after: EvidenceBase
) -> Iterator[Counterexample]:
    """The smallest case of every kind of difference, as answers to one edition and the other.

    A question that both editions ask has one answer in both: where they offer other choices, one
    that both offer. What only one of them asks may be answered there; a question of another type
    is left open in both.
    """
    pair = _Pair(before, evidence_before, after, evidence_after)
    for option in OptionId:
        for was, becomes in permutations(Verdict, 2):
            yield from _kinds(pair, option, was, becomes)


def _kinds(
    pair: _Pair, option: OptionId, was: Verdict, becomes: Verdict
) -> Iterator[Counterexample]:
    """One case for each smallest set of changed rules that turns one verdict into another."""
    found: list[frozenset[str]] = []
    while True:
        others = [Not(And([pair.changed[name] for name in sorted(rules)])) for rules in found]
        wanted = And(pair.differs(option, was, becomes), *others)
        model = pair.search.find_smallest(wanted, fewest=pair.changed.values())
        if model is None:
            return
        rules = [name for name, changed in pair.changed.items() if holds(model, changed)]
        found.append(frozenset(rules))
        yield pair.counterexample(model, f"{option}: {was} becomes {becomes}", tuple(rules))


class _Pair:
    """Two editions beside each other, over one answer space as far as they ask alike.

    changed: rule id -> that the rule does not do in this case what it did before. Notes change
    no verdict, so they are not among them.
    """

    def __init__(
        self,
        before: Edition,
        evidence_before: EvidenceBase,
        after: Edition,
        evidence_after: EvidenceBase,
    ) -> None:
        leaves = [*_leaves(before), *_leaves(after)]
        spaces = [
            AnswerSpace(one.questionnaire, leaves, name)
            for one, name in ((before, "before"), (after, "after"))
        ]
        alike, choices, unlike = _shared(before, after)
        self.search = Search(*spaces)
        for name in unlike:
            self.search.let(*(Not(space.known[name]) for space in spaces))
        for name in choices:
            self.search.let(*_same_choice(*(space.values[name] for space in spaces)))
        shared = [name for one in alike for name in (one.id, *(each.id for each in one.derives))]
        self._before = SolverCase(before, spaces[0])
        self._after = SolverCase(
            after,
            spaces[1],
            values={name: spaces[0].values[name] for name in shared if name in spaces[0].values},
            known={name: spaces[0].known[name] for name in (*shared, *choices)},
        )
        weights = weights_of(before, evidence_before), weights_of(after, evidence_after)
        self._was = SolverVerdicts(before, self._before, SolverWeights.fixed(weights[0]))
        self._becomes = SolverVerdicts(after, self._after, SolverWeights.fixed(weights[1]))
        self.changed = {
            name: changed
            for name in dict.fromkeys(rule.id for rule in (*before.rules, *after.rules))
            if (changed := self._changed(name, *weights)) is not None
        }

    def differs(self, option: OptionId, was: Verdict, becomes: Verdict) -> BoolRef:
        """That the verdict of an option was one and becomes another."""
        return And(self._was.verdicts[option][was], self._becomes.verdicts[option][becomes])

    def _changed(self, name: str, was: Weights, becomes: Weights) -> BoolRef | None:
        """That a rule has another truth than before, or the same with another consequence.

        None: it can have neither.
        """
        before, after = (_rule(one.edition, name) for one in (self._was, self._becomes))
        if all(rule is None or rule.effect is Effect.NOTE for rule in (before, after)):
            return None
        truth_before = self._before.rules.get(name, NEVER)
        truth_after = self._after.rules.get(name, NEVER)
        same_truth = truth_before == truth_after
        if same_truth and _consequence(before, was) == _consequence(after, becomes):
            return truth_after.is_unknown if self._waits_otherwise(after) else None
        if same_truth:
            return Not(truth_before.is_false)
        differs = Or(
            truth_before.is_true != truth_after.is_true,
            truth_before.is_false != truth_after.is_false,
        )
        if _consequence(before, was) == _consequence(after, becomes):
            if self._waits_otherwise(after):
                return Or(differs, truth_after.is_unknown)
            return differs
        return Or(differs, Not(truth_before.is_false))

    def _waits_otherwise(self, rule: Rule | None) -> bool:
        """Whether a bar does something else than before while it is UNKNOWN."""
        editions = (self._was.edition, self._becomes.edition)
        return rule is not None and rule.bars and len({e.open_is_never_no for e in editions}) > 1

    def counterexample(self, model: ModelRef, what: str, rules: tuple[str, ...]) -> Counterexample:
        """A case that was found, as answers to each of the editions."""
        return Counterexample(
            what=what,
            answers=answers_in(model, self._before),
            beside=answers_in(model, self._after),
            rules=rules,
        )


def _leaves(edition: Edition) -> Iterator[Leaf]:
    for rule in edition.rules:
        yield from leaves_in(rule.when)
    for question in edition.questionnaire.questions:
        yield from leaves_in(question.ask_when)


def _shared(before: Edition, after: Edition) -> tuple[list[Question], list[str], list[str]]:
    """What both ask: questions with the same answers; ids of those with other choices; others."""
    alike, choices, unlike = [], [], []
    for question in after.questionnaire.questions:
        if before.questionnaire.has_question(question.id):
            earlier = before.questionnaire.question(question.id)
            if _answers_to(earlier) == _answers_to(question):
                alike.append(question)
            elif earlier.type is question.type and question.choices:
                choices.append(question.id)
            else:
                unlike.append(question.id)
    return alike, choices, unlike


def _same_choice(before: Hidden, after: Hidden) -> Iterator[BoolRef]:
    """That the same is chosen on both sides, and nothing that only one of them offers."""
    for value in {**before.options, **after.options}:
        if value in before.options and value in after.options:
            yield before.options[value] == after.options[value]
        else:
            yield Not(({**before.options, **after.options})[value])


def _answers_to(question: Question) -> object:
    values = tuple(one.value for one in question.choices)
    return question.type, values, question.min, question.max, question.derives


def _rule(edition: Edition, name: str) -> Rule | None:
    return next((rule for rule in edition.rules if rule.id == name), None)


def _consequence(rule: Rule | None, weights: Weights) -> object:
    """What a rule does while it is true or UNKNOWN."""
    if rule is None:
        return None
    weight, proves = weights.weight.get(rule.id), rule.id in weights.proofs
    return rule.effect, frozenset(rule.options), rule.bars, weight, proves
