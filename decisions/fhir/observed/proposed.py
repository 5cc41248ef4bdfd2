"""One answer that a record of another system proposes."""

from __future__ import annotations

from typing import NamedTuple

from decisions.rules.questionnaire.answer_values import AnswerProblem, read_answer
from decisions.rules.questionnaire.questionnaire import Question


class Proposed(NamedTuple):
    """A proposal; it answers nothing by itself.

    value: plain, as the question takes it. on: the day that the record is of, or a part of one;
    empty where it says none. sources: as Condition/12. says: in the record's own words. check: what
    to look at before. is_whole: False for one value of several, beside which there may be others.
    """

    question: str
    value: object
    on: str
    sources: tuple[str, ...]
    says: str
    check: str = ""
    is_whole: bool = True


def takes(question: Question, value: object) -> bool:
    """Whether a question takes this value as its answer."""
    try:
        read_answer(question, value)
    except AnswerProblem:
        return False
    return True
