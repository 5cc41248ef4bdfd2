"""The rules that bear on who leads, ready to be walked through for any case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import OptionId
from decisions.rules.engine.verdicts import PREFERENCE
from decisions.rules.engine.weighed_rules import prepare
from decisions.rules.logic.conditions import Condition, Is, Leaf, leaves_in
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.questionnaire.questionnaire import Questionnaire
from decisions.rules.sensitivity.answer_classes import AnswerClasses
from decisions.rules.sensitivity.diagram import Choice, Diagram, End, settle
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
        leaves = leaves_behind(questionnaire, (one.when for one in rules))
        classes = AnswerClasses(questionnaire, leaves, with_unknown=with_unknown)
        self._formulas = Formulas(classes)
        self._rules = [(self._formula(one), one.bearing) for one in rules]
        self._order = [questionnaire.question(name) for name in self._in_order(questionnaire)]

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

    def diagram(self, answers: Answers, end: Callable[[Bearing], End]) -> Diagram[End]:
        """What every completion of these answers ends in."""
        classes = self._formulas.classes
        choices = [Choice(one.id, classes.open_to(answers, one)) for one in self._order]
        known = [choice for choice in choices if len(choice.classes) == 1]
        filled = ((self._fill_in(formula, known), bearing) for formula, bearing in self._rules)
        so_far, undecided = settle(filled, NOTHING, {})
        still_open = [choice for choice in choices if len(choice.classes) > 1]
        if so_far == NOTHING_LEADS:
            undecided = {}
        return Diagram(self._formulas, still_open, undecided, so_far, end)

    @property
    def classes(self) -> AnswerClasses:
        """The answer classes that the rules tell apart."""
        return self._formulas.classes

    def _fill_in(self, formula: Formula, known: Iterable[Choice]) -> Formula:
        for question, (answer_class,) in known:
            formula = self._formulas.fill_in(formula, question, answer_class)
        return formula


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
