"""The whole answer space, class by class: whether any answer set at all meets a formula.

"Not known" is a class of every question here, and so are forms known in part. Every class of
every question that a formula speaks of is tried; what a formula does not speak of cannot matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import HALVES, Effect, OptionId, Rule
from decisions.rules.logic.conditions import Condition, Missing
from decisions.rules.proof.expectations import Expectations
from decisions.rules.questionnaire.answer_values import Value
from decisions.rules.questionnaire.instruments import Scores
from decisions.rules.questionnaire.questionnaire import Question, Questionnaire
from decisions.rules.sensitivity.answer_classes import AnswerClasses
from decisions.rules.sensitivity.formulas import AnswerSet, Formula, Formulas
from decisions.rules.sensitivity.leading_rules import leaves_behind
from evidence.domain.entries import EvidenceBase


class Space:
    """Every answer set of an edition, as far as some conditions tell them apart."""

    def __init__(self, edition: Edition, conditions: Iterable[Condition]) -> None:
        self.edition = edition
        leaves = leaves_behind(edition.questionnaire, conditions)
        self.classes = AnswerClasses(edition.questionnaire, leaves, with_unknown=True)
        self.formulas = Formulas(self.classes)

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question of the edition, in order."""
        return self.edition.questionnaire.questions

    def about(self, rules: Iterable[Rule]) -> Space:
        """The same answer sets, as far as these rules tell them apart."""
        return Space(self.edition, [rule.when for rule in rules])

    def true(self, condition: Condition) -> Formula:
        """That a condition is true."""
        return self.formulas.true(condition)

    def not_true(self, condition: Condition) -> Formula:
        """That a condition is false or not known."""
        return self.formulas.negation(self.true(condition))

    def not_false(self, condition: Condition) -> Formula:
        """That a condition is true or not known."""
        return self.formulas.negation(self.formulas.false(condition))

    def any_true(self, rules: Iterable[Rule]) -> Formula:
        """That one of some rules is true."""
        return self.formulas.any([self.true(rule.when) for rule in rules])

    def find(self, *formulas: Formula) -> AnswerSet | None:
        """An answer set that meets all of these formulas, or None where there is none at all."""
        return self.formulas.find(self.formulas.all(formulas))

    def answers(self, found: AnswerSet) -> dict[str, JsonValue]:
        """An answer set as `manage.py decide` takes it; open answers are left out."""
        return answers_of(self.edition.questionnaire, self.classes, found)

    def known_classes(self, question_id: str) -> Iterator[tuple[int, Value]]:
        """The classes of a question whose answer is known, each with an example."""
        for n, one in enumerate(self.classes.of(question_id)):
            if one.example is not Missing.UNKNOWN:
                yield n, one.example


class WholeSpace(Space):
    """Every answer set of an edition, as far as anything tells them apart, and what is claimed."""

    def __init__(self, edition: Edition, evidence: EvidenceBase, expected: Expectations) -> None:
        super().__init__(edition, [*(rule.when for rule in edition.rules), *expected.conditions])
        self.evidence, self.expected = evidence, expected
        self._alone: dict[str, Space] = {}

    def alone(self, rule: Rule) -> Space:
        """The same answer sets, as far as this one rule tells them apart."""
        if rule.id not in self._alone:
            self._alone[rule.id] = self.about([rule])
        return self._alone[rule.id]

    def each_alone(self) -> Iterator[tuple[Rule, Space]]:
        """Each rule, with the answer sets as far as it alone tells them apart."""
        return ((rule, self.alone(rule)) for rule in self.edition.rules)

    def carried(self, option: OptionId, *effects: Effect) -> tuple[Rule, ...]:
        """The rules of these effects that an option carries: `both` those of its halves too."""
        bearers = {option, *HALVES} if option is OptionId.BOTH else {option}
        return tuple(
            rule
            for rule in self.edition.rules
            if rule.effect in effects and bearers & set(rule.options)
        )

    def bars(self, option: OptionId) -> tuple[Rule, ...]:
        """The rules that bar an option: `both` is barred by those of its halves too."""
        return tuple(rule for rule in self.carried(option, Effect.AGAINST) if rule.bars)

    @property
    def urgent(self) -> tuple[Rule, ...]:
        """The act-first rules."""
        return tuple(rule for rule in self.edition.rules if rule.effect is Effect.URGENT)


def answers_of(
    questionnaire: Questionnaire, classes: AnswerClasses, found: AnswerSet
) -> dict[str, JsonValue]:
    """An example of an answer set as `manage.py decide` takes it; open answers are left out."""
    examples = {name: classes.of(name)[place].example for name, place in found.items()}
    return {
        question.id: plain(examples[question.id])
        for question in questionnaire.questions
        if examples.get(question.id, Missing.UNKNOWN) is not Missing.UNKNOWN
    }


def plain(value: Value) -> JsonValue:
    """An answer as plain data. Raises ValueError for one that is not known."""
    match value:
        case Missing():
            raise ValueError("an answer that is not known has no plain form")
        case Scores() if value.items is not None:
            return {"items": list(value.items)}
        case Scores():
            item9 = value.entered_item9
            with_item9 = {} if item9 is None else {"item9": item9}
            return {"total": value.entered_total, **with_item9}
        case tuple():
            return list(value)
        case _:
            return value
