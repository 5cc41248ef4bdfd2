"""The rules that bear on who leads, ready to be walked through."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import OptionId
from decisions.rules.engine.verdicts import PREFERENCE
from decisions.rules.engine.weighed_rules import prepare
from decisions.rules.logic.conditions import Condition, Is, Leaf, leaves_in
from decisions.rules.questionnaire.questionnaire import Questionnaire
from decisions.rules.sensitivity.answer_classes import AnswerClasses
from decisions.rules.sensitivity.diagram import Diagram, End, Walk, settle
from decisions.rules.sensitivity.formulas import Formula, Formulas
from decisions.rules.sensitivity.leading_state import (
    NOTHING,
    NOTHING_LEADS,
    Bearing,
    bearing_of,
    blocking,
    preferring,
)
from evidence.domain.entries import EvidenceBase


def rules_for_leading(edition: Edition, evidence: EvidenceBase) -> Iterator[Weighing]:
    """The conditions on which it depends who leads, each with what it comes to while true."""
    for one in prepare(edition, evidence):
        yield Weighing(one.rule.when, bearing_of(one))
        if one.rule.bars:
            for option in one.held_while_open & one.of:
                yield Weighing(one.rule.when, blocking(option), not_false=True)
    for option in OptionId:
        yield Weighing(Is(question=PREFERENCE, value=option.value), preferring(option))


class Weighing(NamedTuple):
    """A condition, and what it comes to while it is true (or while it is `not_false`)."""

    when: Condition
    bearing: Bearing
    not_false: bool = False


class LeadingRules:
    """Some rules as formulas, and the order in which to walk their questions.

    with_unknown: whether the answer sets walked through include those with open answers.
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        rules: Iterable[Weighing],
        *,
        with_unknown: bool = False,
    ) -> None:
        rules = [one for one in rules if one.bearing != NOTHING]
        self._formulas = Formulas(classes_of(questionnaire, rules, with_unknown=with_unknown))
        self._rules = [(self._formula(one), one.bearing) for one in rules]
        self.order = self._in_order(questionnaire)

    def _formula(self, one: Weighing) -> Formula:
        if one.not_false:
            return self._formulas.negation(self._formulas.false(one.when))
        return self._formulas.true(one.when)

    def _in_order(self, questionnaire: Questionnaire) -> list[str]:
        """The questions in the order of the walk. Any order is exact; this one is quick.

        First those that meet no other in a rule and can only block; then those that meet
        others; last those that meet no other and weigh something.
        """
        meeting, weighing = set[str](), set[str]()
        for formula, bearing in self._rules:
            questions = self._formulas.questions(formula)
            if len(questions) > 1:
                meeting |= questions
            if bearing._replace(blocked=0) != NOTHING:
                weighing |= questions
        used = frozenset().union(*(self._formulas.questions(one) for one, _ in self._rules))
        return sorted(
            questionnaire.in_order(used),
            key=lambda name: 1 if name in meeting else 2 if name in weighing else 0,
        )

    def diagram(self, end: Callable[[Bearing], End]) -> Diagram[End]:
        """What every answer set ends in."""
        return Diagram(self.walk(), end)

    def walk(self) -> Walk:
        """Every answer set, to be walked through."""
        so_far, undecided = settle(self._rules, NOTHING, {})
        if so_far == NOTHING_LEADS:
            undecided = {}
        return Walk(self._formulas, self.order, undecided, so_far)

    @property
    def classes(self) -> AnswerClasses:
        """The answer classes that the rules tell apart."""
        return self._formulas.classes


def classes_of(
    questionnaire: Questionnaire, rules: Iterable[Weighing], *, with_unknown: bool = False
) -> AnswerClasses:
    """The answer classes that rules tell apart as far as they bear on who leads."""
    conditions = (one.when for one in rules if one.bearing != NOTHING)
    leaves = leaves_behind(questionnaire, conditions)
    return AnswerClasses(questionnaire, leaves, with_unknown=with_unknown)


def leaves_behind(questionnaire: Questionnaire, conditions: Iterable[Condition]) -> list[Leaf]:
    """The atoms of conditions, and of every `ask_when` that decides whether they count."""
    found: list[Leaf] = []
    to_look_at, seen = list(conditions), set[str]()
    while to_look_at:
        for leaf in leaves_in(to_look_at.pop()):
            found.append(leaf)
            question = questionnaire.owner_of(leaf.question)
            if question.id not in seen and question.ask_when is not None:
                to_look_at.append(question.ask_when)
            seen.add(question.id)
    return found
