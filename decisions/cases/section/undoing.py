"""The answer that a save took the place of, carried by the page so that it can come back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from decisions.cases.case_file import CaseFile
from decisions.rules.engine.answers_in_words import say_plain
from decisions.rules.questionnaire.answer_values import AnswerProblem
from decisions.rules.questionnaire.questionnaire import Question


@dataclass(frozen=True)
class Previous:
    """An answer in plain data with its day. words: as it is said beside the button."""

    value: object
    day: date | None
    words: str

    @property
    def text(self) -> str:
        """What the page sends back."""
        day = self.day.isoformat() if self.day else None
        return json.dumps({"value": self.value, "day": day})


def previous_of(before: CaseFile, after: CaseFile, question: Question) -> Previous | None:
    """The answer before a save; None where there was none, or it is the same."""
    value = before.raw_answers.get(question.id)
    if value is None or value == after.raw_answers.get(question.id):
        return None
    return Previous(value, before.assessed_on(question.id), say_plain(question, value))


def read_previous(text: str) -> tuple[object, date | None]:
    """The answer and day that a page sends back. Raises AnswerProblem for anything else."""
    try:
        sent = json.loads(text)
        return sent["value"], date.fromisoformat(sent["day"]) if sent["day"] else None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise AnswerProblem("The answer before cannot be read: give it again") from error
