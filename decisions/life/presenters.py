"""What the pages around the life of a case show."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from decisions.cases.case_file import CaseFile
from decisions.cases.edition.new_episode import copied_answers
from decisions.cases.models import Case
from decisions.life.models import LifeStep
from decisions.life.queries import copies_of, is_to_be_seen, steps_of
from decisions.patient.actions import may_correct
from decisions.rules.engine.answers_in_words import say
from decisions.rules.loading import CURRENT_EDITION, load_edition
from decisions.rules.question_names import question_names
from decisions.rules.questionnaire.answer_values import read_answer
from decisions.treatment_history.actions import TAKEN_OVER
from decisions.treatment_history.models import Kind
from decisions.treatment_history.queries import rows_of
from kapnet.core.people.models import User
from kapnet.core.web.days import say_day


@dataclass(frozen=True)
class CopiedAnswer:
    """One answer that a new episode begins with, and the day on which it was given."""

    name: str
    words: str
    day: str


def present_copied(file: CaseFile) -> tuple[CopiedAnswer, ...]:
    """What a copy of this case would begin with."""
    questionnaire = load_edition(CURRENT_EDITION).questionnaire
    names = question_names(CURRENT_EDITION)
    found = []
    for row in copied_answers(file, edition_id=CURRENT_EDITION):
        question = questionnaire.question(row.question)
        words = say(question, read_answer(question, row.value))
        found.append(CopiedAnswer(names[row.question], words, say_day(row.assessed_on)))
    return tuple(found)


@dataclass(frozen=True)
class TakenOver:
    """How many rows of one kind a new episode takes over."""

    label: str
    count: int


def present_taken_over(case: Case) -> tuple[TakenOver, ...]:
    """What of the treatment history of this case a copy of it would begin with."""
    counts = Counter(row.kind for row in rows_of(case))
    return tuple(
        TakenOver(str(Kind(kind).label), counts[kind]) for kind in TAKEN_OVER if counts[kind]
    )


@dataclass(frozen=True)
class LifeOfCase:
    """What happened to a case as a whole, and what the person who looks may do."""

    steps: tuple[LifeStep, ...]
    copied_from: Case | None
    copies: tuple[Case, ...]
    may_change: bool
    is_to_be_seen: bool


def present_life(case: Case, person: User) -> LifeOfCase:
    """For the page of the case."""
    return LifeOfCase(
        steps=tuple(steps_of(case)),
        copied_from=case.copied_from,
        copies=tuple(copies_of(case)),
        may_change=may_correct(case, person),
        is_to_be_seen=is_to_be_seen(case, person),
    )
