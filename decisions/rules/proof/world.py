"""What the solver looks at: an edition under some evidence, as one case or as two beside.

A second case shares with the first every answer but those that a claim lets differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from z3 import And, AtMost, BitVecVal, Bool, BoolRef, BoolVal, If, Implies, Not, Or

from decisions.rules.engine.edition import Edition
from decisions.rules.logic.conditions import Leaf, leaves_in
from decisions.rules.proof.answer_space import AnswerSpace, Hidden
from decisions.rules.proof.cases import SolverCase
from decisions.rules.proof.expectations import Expectations, Hazard
from decisions.rules.proof.search import Search
from decisions.rules.proof.verdicts import SUM_BITS, SolverVerdicts, SolverWeights
from decisions.rules.proof.weights import Weights, weights_of
from decisions.rules.questionnaire.questionnaire import Question, QuestionType
from evidence.domain.entries import EvidenceBase


@dataclass(frozen=True)
class Choice:
    """One of several things of which the solver may choose one: its words, and its variable."""

    words: str
    chosen: BoolRef


class World:
    """An edition under some evidence and what is expected of it, ready to be searched."""

    def __init__(self, edition: Edition, evidence: EvidenceBase, expected: Expectations) -> None:
        self.edition, self.evidence, self.expected = edition, evidence, expected
        self.space = AnswerSpace(edition.questionnaire, leaves_of(edition, expected), "case")
        self.search = Search(self.space)
        self.case = SolverCase(edition, self.space)
        self.weights = weights_of(edition, evidence)
        self.verdicts = SolverVerdicts(edition, self.case, SolverWeights.fixed(self.weights))

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions of the edition, in order."""
        return self.edition.questionnaire.questions

    def _one_at_most(self, choices: list[BoolRef]) -> None:
        if choices:
            self.search.let(AtMost(*choices, 1))

    # ------------------------------------------------------------------ one more answer
    @cached_property
    def learned(self) -> Mapping[str, BoolRef]:
        """Question id -> that its answer is learned in the second case."""
        return {one.id: Bool(f"learn {one.id}") for one in self.questions}

    @cached_property
    def case_learned(self) -> SolverCase:
        """The case with the answer to one question learned: what was hidden is known.

        A form may be completed in part or in whole, and keeps what was known of it.
        """
        self._one_at_most([*self.learned.values()])
        known: dict[str, BoolRef] = {}
        for question in self.questions:
            learned, before = self.learned[question.id], self.case.known[question.id]
            known[question.id] = Or(before, learned)
            if question.derives:
                known |= {one.id: self._filled_in(one.id, learned) for one in question.derives}
            else:
                self.search.let(Implies(learned, Not(before)))
        return SolverCase(self.edition, self.space, known=known)

    def _filled_in(self, name: str, learned: BoolRef) -> BoolRef:
        return Or(self.case.known[name], And(learned, Bool(f"fill in {name}")))

    # ------------------------------------------------------------------ one hazard made worse
    @cached_property
    def worse(self) -> tuple[Choice, ...]:
        """Each step from one answer to the next more hazardous one. Longer ways are steps."""
        return tuple(step.choice for step in self._steps)

    @cached_property
    def _steps(self) -> tuple[_Step, ...]:
        steps = tuple(one for row in self.expected.hazards for one in self._steps_of(row))
        self._one_at_most([one.choice.chosen for one in steps])
        for one in steps:
            known = self.case.known[one.question]
            self.search.let(Implies(one.choice.chosen, And(known, one.needs)))
        return steps

    def _steps_of(self, row: Hazard) -> Iterator[_Step]:
        name, value = row.question, self.space.values[row.question]
        for less, more in pairwise(row.worse):
            yield _Step.make(name, less, more, needs=value.options[less])
        for added in row.worse_with:
            yield _Step.make(name, f"without {added}", added, needs=Not(value.options[added]))
        if row.higher_is_worse:
            for below, n in pairwise([value.low, *value.at_least]):
                needs = And(value.reaches(below), Not(value.reaches(n)))
                yield _Step.make(name, f"below {n}", str(n), needs=needs)

    @cached_property
    def verdicts_worse(self) -> SolverVerdicts:
        """The verdicts of the case with one hazard made worse by one step."""
        values = {}
        for name in {step.question for step in self._steps}:
            steps = [step for step in self._steps if step.question == name]
            question = self.edition.questionnaire.question(name)
            values[name] = _made_worse(question, self.space.values[name], steps)
        case = SolverCase(self.edition, self.space, values=values)
        return SolverVerdicts(self.edition, case, SolverWeights.fixed(self.weights))

    # ------------------------------------------------------------------ evidence withdrawn
    @cached_property
    def withdrawn(self) -> Mapping[str, Weights]:
        """Source key -> the weights without it, for each source that changes any.

        Of sources that change them in the same way the first stands for all.
        """
        found: dict[str, Weights] = {}
        for source in self.evidence.sources:
            without = weights_of(self.edition, self.evidence, frozenset({source.key}))
            if without != self.weights and without not in found.values():
                found[source.key] = without
        return found

    @cached_property
    def withdrawal(self) -> tuple[Choice, ...]:
        """Each of those sources, as a choice."""
        choices = tuple(Choice(key, Bool(f"withdraw {key}")) for key in self.withdrawn)
        self._one_at_most([one.chosen for one in choices])
        return choices

    @cached_property
    def verdicts_withdrawn(self) -> SolverVerdicts:
        """The verdicts of the case with one source withdrawn."""
        weight = {name: BitVecVal(number, SUM_BITS) for name, number in self.weights.weight.items()}
        proves = {name: BoolVal(name in self.weights.proofs) for name in weight}
        for one in self.withdrawal:
            without = self.withdrawn[one.words]
            for name, number in without.weight.items():
                if number != self.weights.weight[name]:
                    weight[name] = If(one.chosen, BitVecVal(number, SUM_BITS), weight[name])
            for name in self.weights.proofs - without.proofs:
                proves[name] = And(proves[name], Not(one.chosen))
        return SolverVerdicts(self.edition, self.case, SolverWeights(weight, proves))

    @cached_property
    def verdicts_without_evidence(self) -> SolverVerdicts:
        """The verdicts of the case with every source withdrawn."""
        everything = frozenset(source.key for source in self.evidence.sources)
        weights = weights_of(self.edition, self.evidence, everything)
        return SolverVerdicts(self.edition, self.case, SolverWeights.fixed(weights))


@dataclass(frozen=True)
class _Step:
    """One answer made worse: from what, to what, and what the first case needs for it."""

    question: str
    to: str
    needs: BoolRef
    choice: Choice

    @classmethod
    def make(cls, question: str, less: str, more: str, *, needs: BoolRef) -> _Step:
        words = f"{question} from {less} to {more}"
        return cls(question, more, needs, Choice(words, Bool(f"worse {words}")))


def _made_worse(question: Question, value: Hidden, steps: list[_Step]) -> Hidden:
    """A value after at most one of the steps."""
    to = {step.to: Or([s.choice.chosen for s in steps if s.to == step.to]) for step in steps}
    if question.type is QuestionType.INTEGER:
        reached = {n: Or(now, to.get(str(n), BoolVal(False))) for n, now in value.at_least.items()}
        return Hidden(low=value.low, high=value.high, at_least=reached)
    stays = Not(Or([s.choice.chosen for s in steps]))
    if question.type is QuestionType.CHOICES:
        stays = BoolVal(True)
    chosen = {
        name: Or(And(stays, now), to.get(name, BoolVal(False)))
        for name, now in value.options.items()
    }
    return Hidden(options=chosen)


def leaves_of(edition: Edition, expected: Expectations) -> list[Leaf]:
    """Every atom that tells answers apart."""
    asked = [one.ask_when for one in edition.questionnaire.questions]
    conditions = [*(rule.when for rule in edition.rules), *asked, *expected.conditions]
    return [leaf for one in conditions for leaf in leaves_in(one)]
