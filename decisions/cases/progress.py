"""How far a case is: counts only what is asked and has to be answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from decisions.rules.questionnaire.answer_values import UNKNOWN
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.questionnaire.instruments import Scores
from decisions.rules.questionnaire.questionnaire import Question


class Stage(StrEnum):
    """How far a section is; the values are the states of the status component."""

    NOT_STARTED = "open"
    IN_PROGRESS = "half"
    COMPLETE = "full"


@dataclass(frozen=True)
class Progress:
    """Of the questions asked now: how many have to be answered, and which of them are."""

    asked: tuple[str, ...]
    answered: tuple[str, ...]
    not_known: tuple[str, ...]
    partial: tuple[tuple[str, int, int], ...]
    """Forms without a total: question, items answered, items."""

    @property
    def open(self) -> tuple[str, ...]:
        """The questions still to answer, in order."""
        done = set(self.answered)
        return tuple(name for name in self.asked if name not in done)

    @property
    def stage(self) -> Stage:
        """Complete when nothing that is asked is open."""
        if not self.open:
            return Stage.COMPLETE
        started = self.answered or self.partial
        return Stage.IN_PROGRESS if started else Stage.NOT_STARTED


def progress_of(questions: tuple[Question, ...], answers: Answers) -> Progress:
    """The progress through some questions. Optional ones and those not asked do not count."""
    asked = [one for one in questions if answers.is_asked(one.id) and not one.optional]
    answered = tuple(one.id for one in asked if answers.is_complete(one.id))
    return Progress(
        asked=tuple(one.id for one in asked),
        answered=answered,
        not_known=tuple(name for name in answered if answers.get(name) is UNKNOWN),
        partial=tuple(_partial(asked, answers)),
    )


def _partial(asked: list[Question], answers: Answers) -> list[tuple[str, int, int]]:
    found = []
    for one in asked:
        value = answers.get(one.id)
        if isinstance(value, Scores) and value.items and value.total is None:
            found.append((one.id, value.items_answered, len(value.items)))
    return found
