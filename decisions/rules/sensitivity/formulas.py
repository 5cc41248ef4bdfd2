"""Conditions as formulas over answer classes, simplified as answers are filled in.

A formula says of an answer set that a condition is true, or that it is false. It is built from
parts of the form "the answer to this question is of one of these classes", joined by "and" and
"or". Equal formulas are the same number, so that what is equal is recognized at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from decisions.rules.logic.conditions import All, Always, AnyOf, Atom, Condition, Not, Unanswered
from decisions.rules.logic.truth import Truth, negate
from decisions.rules.sensitivity.answer_classes import AnswerClasses

Formula = int
"""The number of a formula in its `Formulas`."""

NEVER: Formula = 0
ALWAYS: Formula = 1

AnswerSet = Mapping[str, int]
"""Question id -> the class of its answer; whatever is not named does not matter."""

_Node = tuple[str, str, int] | tuple[str, frozenset[Formula]]
_AND, _OR, _ANSWER = "and", "or", "answer"


class Formulas:
    """The formulas over some answer classes, each kept once.

    An atom is true when its question is asked and the answer meets it; false when the question
    is not asked, or is asked and the answer is known not to meet it; else it is not known.
    Where "not known" is no class every case is complete: each condition is true or false.
    """

    def __init__(self, classes: AnswerClasses) -> None:
        self.classes = classes
        self._nodes: list[_Node] = [(_OR, frozenset()), (_AND, frozenset())]
        self._questions: list[frozenset[str]] = [frozenset(), frozenset()]
        self._numbers: dict[_Node, Formula] = {node: n for n, node in enumerate(self._nodes)}
        self._filled_in: dict[tuple[Formula, str, int], Formula] = {}
        self._asked: dict[str, tuple[Formula, Formula]] = {}
        self._impossible: set[Formula] = {NEVER}
        ordered = classes.questionnaire.evaluation_order
        self._order = {question.id: place for place, question in enumerate(ordered)}

    def questions(self, formula: Formula) -> frozenset[str]:
        """The questions whose answer the formula still speaks of."""
        return self._questions[formula]

    def true(self, condition: Condition) -> Formula:
        """That a condition is true."""
        return self._that(condition, Truth.TRUE)

    def false(self, condition: Condition) -> Formula:
        """That a condition is definitely false."""
        return self._that(condition, Truth.FALSE)

    def _that(self, condition: Condition, truth: Truth) -> Formula:
        """That a condition is of this truth, TRUE or FALSE."""
        wanted = truth is Truth.TRUE
        match condition:
            case Always():
                return ALWAYS if wanted else NEVER
            case Not():
                return self._that(condition.part, negate(truth))
            case All() | AnyOf():
                parts = [self._that(part, truth) for part in condition.parts]
                return self.all(parts) if isinstance(condition, All) == wanted else self.any(parts)
            case Unanswered():
                unanswered = self._unanswered(condition)
                return unanswered if wanted else self.negation(unanswered)
            case _:
                return self._of_atom(condition, truth)

    def _of_atom(self, atom: Atom, truth: Truth) -> Formula:
        question = self.classes.questionnaire.owner_of(atom.question)
        asked, not_asked = self._asked_or_not(question.id)
        answer = self._answer(question.id, self.classes.mask(atom, truth))
        if truth is Truth.TRUE:
            return self.all([asked, answer])
        return self.any([not_asked, self.all([asked, answer]) if self._partial else answer])

    def _unanswered(self, condition: Unanswered) -> Formula:
        """That a question applies or may apply, and there is no known answer to go by."""
        if not self._partial:
            return NEVER
        question = self.classes.questionnaire.owner_of(condition.question)
        asked, not_asked = self._asked_or_not(question.id)
        open_answer = self._answer(question.id, self.classes.mask(condition, Truth.TRUE))
        return self.all([self.negation(not_asked), self.any([self.negation(asked), open_answer])])

    @property
    def _partial(self) -> bool:
        return self.classes.with_unknown

    def _asked_or_not(self, question_id: str) -> tuple[Formula, Formula]:
        if question_id not in self._asked:
            when = self.classes.questionnaire.question(question_id).ask_when or Always()
            self._asked[question_id] = (self.true(when), self.false(when))
        return self._asked[question_id]

    def all(self, parts: Iterable[Formula]) -> Formula:
        """That every part holds."""
        return self._join(_AND, parts)

    def any(self, parts: Iterable[Formula]) -> Formula:
        """That some part holds."""
        return self._join(_OR, parts)

    def negation(self, formula: Formula) -> Formula:
        """That a formula does not hold."""
        node = self._nodes[formula]
        if len(node) == 3:
            return self._answer(node[1], ~node[2])
        parts = [self.negation(part) for part in node[1]]
        return self.any(parts) if node[0] == _AND else self.all(parts)

    def _answer(self, question_id: str, mask: int) -> Formula:
        """That the answer to a question is of one of the classes of a mask."""
        everything = (1 << len(self.classes.of(question_id))) - 1
        mask &= everything
        if mask in (0, everything):
            return ALWAYS if mask else NEVER
        return self._number((_ANSWER, question_id, mask), frozenset({question_id}))

    def _join(self, how: str, parts: Iterable[Formula]) -> Formula:
        """All of the parts, or any of them, without what says nothing."""
        idle, decisive = (ALWAYS, NEVER) if how == _AND else (NEVER, ALWAYS)
        nodes, kept = self._nodes, set[Formula]()
        for part in parts:
            if part == decisive:
                return decisive
            node = nodes[part]
            if node[0] == how and len(node) == 2:  # what says nothing has no parts
                kept |= node[1]
            else:
                kept.add(part)
        if len(kept) < 2:
            return kept.pop() if kept else idle
        questions = frozenset().union(*[self._questions[part] for part in kept])
        return self._number((how, frozenset(kept)), questions)

    def _number(self, node: _Node, questions: frozenset[str]) -> Formula:
        if node not in self._numbers:
            self._numbers[node] = len(self._nodes)
            self._nodes.append(node)
            self._questions.append(questions)
        return self._numbers[node]

    def fill_in(self, formula: Formula, question_id: str, answer_class: int) -> Formula:
        """The formula once the answer to a question is known to be of this class."""
        if question_id not in self._questions[formula]:
            return formula
        key = (formula, question_id, answer_class)
        if key not in self._filled_in:
            self._filled_in[key] = self._fill_in(*key)
        return self._filled_in[key]

    def find(self, formula: Formula) -> AnswerSet | None:
        """An answer set that meets a formula, or None where there is none at all.

        Questions that decide whether others are asked come first.
        """
        if formula == ALWAYS:
            return {}
        if formula in self._impossible:
            return None
        question = min(self.questions(formula), key=self._order.__getitem__)
        for answer_class in range(len(self.classes.of(question))):
            rest = self.find(self.fill_in(formula, question, answer_class))
            if rest is not None:
                return {question: answer_class, **rest}
        self._impossible.add(formula)
        return None

    def _fill_in(self, formula: Formula, question_id: str, answer_class: int) -> Formula:
        node = self._nodes[formula]
        if len(node) == 3:
            return ALWAYS if node[2] >> answer_class & 1 else NEVER
        # One by one: the first that decides spares the others.
        parts = (self.fill_in(part, question_id, answer_class) for part in node[1])
        return self._join(node[0], parts)
