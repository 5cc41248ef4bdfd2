"""Conditions as formulas over answer classes, simplified as answers are filled in.

A formula says, of a completed case, whether a condition is true. It is built from parts of the
form "the answer to this question is of one of these classes", joined by "and" and "or".
Equal formulas are the same number, so that what is equal is recognized at once.
"""

from __future__ import annotations

from decisions.domain.answer_classes import AnswerClasses
from decisions.domain.conditions import All, Always, AnyOf, Atom, Condition, Not, Unanswered

Formula = int
"""The number of a formula in its `Formulas`."""

NEVER: Formula = 0
ALWAYS: Formula = 1

_Node = tuple[str, str, int] | tuple[str, frozenset[Formula]]
_AND, _OR, _ANSWER = "and", "or", "answer"


class Formulas:
    """The formulas over some answer classes, each kept once.

    In a completed case every question that is asked has a known answer: an atom on a question
    is true when the question is asked and the answer is of one of its classes, else false, and
    `unanswered` is true of nothing.
    """

    def __init__(self, classes: AnswerClasses) -> None:
        self.classes = classes
        self._nodes: list[_Node] = [(_OR, frozenset()), (_AND, frozenset())]
        self._questions: list[frozenset[str]] = [frozenset(), frozenset()]
        self._numbers: dict[_Node, Formula] = {node: n for n, node in enumerate(self._nodes)}
        self._filled_in: dict[tuple[Formula, str, int], Formula] = {}
        self._asked: dict[str, tuple[Formula, Formula]] = {}

    def questions(self, formula: Formula) -> frozenset[str]:
        """The questions whose answer the formula still speaks of."""
        return self._questions[formula]

    def of(self, condition: Condition) -> Formula:
        """That a condition is true."""
        return self._of(condition, wanted=True)

    def _of(self, condition: Condition, *, wanted: bool) -> Formula:
        """That a condition is true, or if not wanted, that it is false."""
        match condition:
            case Always():
                return ALWAYS if wanted else NEVER
            case Unanswered():
                return NEVER if wanted else ALWAYS
            case Not():
                return self._of(condition.part, wanted=not wanted)
            case All() | AnyOf():
                parts = [self._of(part, wanted=wanted) for part in condition.parts]
                return self._join(_AND if isinstance(condition, All) == wanted else _OR, parts)
            case _:
                return self._of_atom(condition, wanted=wanted)

    def _of_atom(self, atom: Atom, *, wanted: bool) -> Formula:
        question = self.classes.questionnaire.owner_of(atom.question)
        asked, not_asked = self._asked_or_not(question.id)
        holds = self.classes.mask(atom)
        if wanted:
            return self._join(_AND, [asked, self._answer(question.id, holds)])
        return self._join(_OR, [not_asked, self._answer(question.id, ~holds)])

    def _asked_or_not(self, question_id: str) -> tuple[Formula, Formula]:
        if question_id not in self._asked:
            when = self.classes.questionnaire.question(question_id).ask_when or Always()
            self._asked[question_id] = (self.of(when), self._of(when, wanted=False))
        return self._asked[question_id]

    def _answer(self, question_id: str, mask: int) -> Formula:
        """That the answer to a question is of one of the classes of a mask."""
        everything = (1 << len(self.classes.of(question_id))) - 1
        mask &= everything
        if mask in (0, everything):
            return ALWAYS if mask else NEVER
        return self._number((_ANSWER, question_id, mask), frozenset({question_id}))

    def _join(self, how: str, parts: list[Formula]) -> Formula:
        """All of the parts, or any of them, without what says nothing."""
        idle, decisive = (ALWAYS, NEVER) if how == _AND else (NEVER, ALWAYS)
        kept: set[Formula] = set()
        for part in parts:
            node = self._nodes[part]
            kept |= node[1] if len(node) == 2 and node[0] == how else {part}
        if decisive in kept:
            return decisive
        kept.discard(idle)
        if len(kept) == 1:
            return kept.pop()
        questions = frozenset().union(*(self._questions[part] for part in kept))
        return self._number((how, frozenset(kept)), questions) if kept else idle

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

    def _fill_in(self, formula: Formula, question_id: str, answer_class: int) -> Formula:
        node = self._nodes[formula]
        if len(node) == 3:
            return ALWAYS if node[2] >> answer_class & 1 else NEVER
        parts = [self.fill_in(part, question_id, answer_class) for part in node[1]]
        return self._join(node[0], parts)
