"""Answers of many cases, read for the rules: what many say alike is read once."""

from __future__ import annotations

from collections.abc import Mapping

from decisions.rules.questionnaire.answer_values import AnswerProblem, Value, read_answer
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.questionnaire.questionnaire import Questionnaire

_TEXT = frozenset({str})


class Readings:
    """Reads the answers of one case after the other to one questionnaire."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._questionnaire = questionnaire
        # Few: the options of each question, those that are chosen together, and the numbers within
        # its bounds.
        self._read: dict[tuple[str, object], Value] = {}

    def of(self, raw: Mapping[str, object]) -> Answers:
        """What `Answers.read` gives, as far as rules see it. Raises AnswersRefused as it does."""
        values: dict[str, Value] = {}
        known = self._read
        try:
            for name, one in raw.items():
                # No other type: a truth value is equal to a number, and is none.
                if type(one) is str or type(one) is int:
                    found = known.get((name, one))
                    if found is None:
                        found = known[name, one] = self._value(name, one)
                    values[name] = found
                elif type(one) is list and _TEXT.issuperset(map(type, one)):
                    chosen = tuple(one)
                    found = known.get((name, chosen))
                    if found is None:
                        found = known[name, chosen] = self._value(name, one)
                    values[name] = found
                elif one is not None:
                    values[name] = self._value(name, one)
        except (AnswerProblem, KeyError):
            return Answers.read(self._questionnaire, raw)
        return Answers(self._questionnaire, values)

    def _value(self, name: str, raw: object) -> Value:
        return read_answer(self._questionnaire.question(name), raw)
