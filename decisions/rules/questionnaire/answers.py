"""Answers: what was said to each question of a case, and what the rules see of it.

"Not answered yet" (the question is not here) and "asked, not known" (UNKNOWN) stay
distinct to the last line of the letter. To the rules they mean the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from decisions.rules.logic.conditions import Condition, Fact, Facts, Missing, still_open
from decisions.rules.logic.truth import Truth
from decisions.rules.logic.values import Frozen
from decisions.rules.questionnaire.answer_values import (
    UNKNOWN,
    AnswerProblem,
    Value,
    facts_of,
    read_answer,
)
from decisions.rules.questionnaire.instruments import Scores
from decisions.rules.questionnaire.questionnaire import Question, Questionnaire


class Problem(Frozen):
    """What was wrong with the answer to one question, or (None) with the whole."""

    question: str | None
    problem: str


class AnswersRefused(ValueError):
    """Answers of which at least one is wrong; `problems` names each."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{one.question}: {one.problem}" for one in problems))
        self.problems = problems


class Answers:
    """The answers of one case to one questionnaire. Immutable.

    Holds what was stored, whether or not it is asked now; `facts` is what the rules see.
    """

    def __init__(self, questionnaire: Questionnaire, values: Mapping[str, Value]) -> None:
        self.questionnaire = questionnaire
        self._values = dict(values)

    @classmethod
    def read(cls, questionnaire: Questionnaire, raw: Mapping[str, object]) -> Answers:
        """Answers from plain data: question id -> value; null is the same as no answer.

        Raises AnswersRefused, which names every wrong answer and not just the first.
        """
        problems = [
            Problem(question=name, problem="there is no question of this id")
            for name in raw
            if not questionnaire.has_question(name)
        ]
        values: dict[str, Value] = {}
        for question in questionnaire.questions:
            if raw.get(question.id) is None:
                continue
            try:
                values[question.id] = read_answer(question, raw[question.id])
            except AnswerProblem as error:
                problems.append(Problem(question=question.id, problem=str(error)))
        if problems:
            raise AnswersRefused(tuple(problems))
        return cls(questionnaire, values)

    @property
    def values(self) -> Mapping[str, Value]:
        """What was stored, by question id."""
        return self._values

    def get(self, question_id: str) -> Value | None:
        """The stored answer, UNKNOWN where it was answered so, None where there is none."""
        return self._values.get(question_id)

    def is_answered(self, question_id: str) -> bool:
        """Whether anything was answered, "not known" included."""
        return question_id in self._values

    def is_known(self, question_id: str) -> bool:
        """Whether a value was answered. A form of which no item is answered says nothing."""
        value = self._values.get(question_id, UNKNOWN)
        return value.says_something if isinstance(value, Scores) else value is not UNKNOWN

    def is_complete(self, question_id: str) -> bool:
        """Whether the question is done: answered, or said to be not known; a form with a total."""
        value = self._values.get(question_id)
        return value.total is not None if isinstance(value, Scores) else value is not None

    @cached_property
    def _evaluated(self) -> tuple[dict[str, Fact], dict[str, Truth]]:
        facts: dict[str, Fact] = {}
        asked: dict[str, Truth] = {}
        given = self._values
        for name, question, first in self.questionnaire.asked_alike:
            if name == first:
                asked[name] = _is_asked(question, facts)
            truth = asked[name] = asked[first]
            if truth is Truth.TRUE and name in given:
                value = given[name]
                if type(value) in _AS_THEY_ARE:
                    facts[name] = value  # type: ignore[assignment]
                else:
                    facts.update(facts_of(question, value))
            else:
                missing = _MISSING[truth]
                for fact in question.fact_names:
                    facts[fact] = missing
        return facts, asked

    def _add_facts(self, question: Question, asked: Truth, facts: dict[str, Fact]) -> None:
        facts.update(facts_of(question, _seen(self._values.get(question.id, UNKNOWN), asked)))

    def facts_with(
        self, values: Mapping[str, Value], touched: Iterable[Question]
    ) -> dict[str, Fact]:
        """The facts as they would be with other answers to some questions.

        touched: these questions and every question whose `ask_when` speaks of one of them,
        directly or in turn, in evaluation order.
        """
        facts = dict(self.facts)
        for question in touched:
            value = values.get(question.id, self._values.get(question.id, UNKNOWN))
            facts.update(facts_of(question, _seen(value, _is_asked(question, facts))))
        return facts

    @property
    def facts(self) -> Mapping[str, Fact]:
        """What conditions see: every question and derived value, with what is missing and why."""
        return self._evaluated[0]

    @property
    def asked(self) -> Mapping[str, Truth]:
        """Question id -> whether it is asked: UNKNOWN while its `ask_when` is."""
        return self._evaluated[1]

    def is_asked(self, question_id: str) -> bool:
        """Whether the question is definitely asked now."""
        return self.asked[question_id] is Truth.TRUE

    def waits_for(self, condition: Condition) -> tuple[str, ...]:
        """The unanswered questions that can still make a condition true or false, in order.

        Where it is not known whether a question is asked, the questions that decide this come
        first; the question itself follows only if its answer would matter once it is asked.
        """
        now = still_open(condition, self.facts, self._deciding)
        once_asked = still_open(condition, self._facts_once_asked, self._itself)
        return self.questionnaire.in_order(now | once_asked)

    def _itself(self, name: str) -> frozenset[str]:
        return frozenset({self.questionnaire.owner_of(name).id})

    def _deciding(self, name: str) -> frozenset[str]:
        """The question behind an unknown fact, or those that decide whether it is asked."""
        question = self.questionnaire.owner_of(name)
        if question.ask_when is None or self.asked[question.id] is Truth.TRUE:
            return self._itself(name)
        return still_open(question.ask_when, self.facts, self._deciding)

    @cached_property
    def _facts_once_asked(self) -> dict[str, Fact]:
        """The facts as they would be if every question that may be asked were asked."""
        facts = dict(self.facts)
        for question in self.questionnaire.questions:
            if self.asked[question.id] is Truth.UNKNOWN:
                self._add_facts(question, Truth.TRUE, facts)
        return facts


_AS_THEY_ARE = frozenset({int, str})
"""The types of answers that conditions see as they were given."""


def _is_asked(question: Question, facts: Facts) -> Truth:
    return Truth.TRUE if question.ask_when is None else question.ask_when.evaluate(facts)


def _seen(value: Value, asked: Truth) -> Value:
    """What the rules see of an answer: nothing of one to a question that is not asked."""
    return value if asked is Truth.TRUE else _MISSING[asked]


_MISSING: Mapping[Truth, Missing] = {
    Truth.TRUE: UNKNOWN,
    Truth.FALSE: Missing.NOT_APPLICABLE,
    Truth.UNKNOWN: UNKNOWN,
}
"""Whether a question is asked -> what the rules see where they see no answer."""
