"""One case in the solver: which questions are asked, and what becomes of each rule.

Written from the header of questionnaire.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

from z3 import And, BoolRef, Not, Or

from decisions.rules.engine.edition import Edition
from decisions.rules.logic.conditions import All, Always, AnyOf, Atom, Condition, Unanswered
from decisions.rules.logic.conditions import Not as NotSo
from decisions.rules.proof.answer_space import AnswerSpace, Hidden
from decisions.rules.proof.kleene import ALWAYS, Kleene, all_of, any_of, certain, negate


class SolverCase:
    """A case whose answers the solver chooses.

    values, known: taken from the answer space where they are not given, so that two cases can
    share all answers but one. asked: question id -> whether it is asked.
    """

    def __init__(
        self,
        edition: Edition,
        space: AnswerSpace,
        *,
        values: Mapping[str, Hidden] | None = None,
        known: Mapping[str, BoolRef] | None = None,
    ) -> None:
        self.questionnaire = edition.questionnaire
        self.space = space
        self.values = {**space.values, **(values or {})}
        self.known = {**space.known, **(known or {})}
        self.asked: dict[str, Kleene] = {}
        self._truths: dict[Condition, Kleene] = {}
        for question in self.questionnaire.evaluation_order:
            when = question.ask_when
            self.asked[question.id] = ALWAYS if when is None else self.truth(when)
        self.rules = {rule.id: self.truth(rule.when) for rule in edition.rules}

    def truth(self, condition: Condition) -> Kleene:
        """Whether a condition is true, false or not known in this case."""
        if condition not in self._truths:
            self._truths[condition] = self._truth(condition)
        return self._truths[condition]

    def _truth(self, condition: Condition) -> Kleene:
        match condition:
            case Always():
                return ALWAYS
            case All():
                return all_of(self.truth(part) for part in condition.parts)
            case AnyOf():
                return any_of(self.truth(part) for part in condition.parts)
            case NotSo():
                return negate(self.truth(condition.part))
            case Unanswered():
                return self._unanswered(condition.question)
            case _:
                return self._atom(condition)

    def _answered(self, name: str) -> BoolRef:
        """That a question is definitely asked and its answer known."""
        return And(self.asked[self.questionnaire.owner_of(name).id].is_true, self.known[name])

    def _not_applicable(self, name: str) -> BoolRef:
        return self.asked[self.questionnaire.owner_of(name).id].is_false

    def _atom(self, atom: Atom) -> Kleene:
        """Not known without an answer; false where the question does not apply."""
        answered, meets = self._answered(atom.question), self.values[atom.question].meets(atom)
        return Kleene(
            is_true=And(answered, meets),
            is_false=Or(self._not_applicable(atom.question), And(answered, Not(meets))),
        )

    def _unanswered(self, name: str) -> Kleene:
        """False where the question does not apply, else whether there is no known answer."""
        return certain(And(Not(self._not_applicable(name)), Not(self._answered(name))))
