"""Open questions of a group at one press: left to who clears them, taken back, or not known."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from django.db import transaction

from decisions.cases.actions import AnswerConflictError, save_answer
from decisions.cases.case_file import CaseFile
from decisions.rules.questionnaire.answer_values import UNKNOWN_WORD
from decisions.rules.questionnaire.questionnaire import Question
from decisions.rules.sensitivity.short_path import asked_before_all, open_for
from kapnet.core.people.models import User


def left_to(file: CaseFile, who: str) -> tuple[Question, ...]:
    """The questions that were left to a clearer."""
    questions = (file.edition.questionnaire.question(name) for name in file.answers.left)
    found = {one.id: one for one in questions if one.cleared_by and one.cleared_by.id == who}
    return tuple(found[name] for name in file.edition.questionnaire.in_order(frozenset(found)))


def leave_open(*, file: CaseFile, who: str, actor: User) -> CaseFile:
    """Leave what is open to who clears it; what somebody answered meanwhile stays."""
    return _say(file, [(one, one.left_word) for one in open_for(file.answers, who)], actor)


def take_back(*, file: CaseFile, who: str, actor: User) -> CaseFile:
    """Open again what was left to somebody."""
    return _say(file, [(one, None) for one in left_to(file, who)], actor)


def not_known(*, file: CaseFile, questions: Iterable[Question], actor: User) -> CaseFile:
    """Say of what is open among these questions that it was asked and is not known."""
    said = [(one, UNKNOWN_WORD) for one in open_together(file, questions)]
    return _say(file, said, actor)


def open_together(file: CaseFile, questions: Iterable[Question]) -> list[Question]:
    """What is open and may be said to be not known at one press for many.

    What an act-first rule reads, and what must be known, is asked one by one.
    """
    alone = asked_before_all(file.edition)
    return [one for one in _open(file, questions) if one.unknown and one.id not in alone]


def _open(file: CaseFile, questions: Iterable[Question]) -> list[Question]:
    return [
        one
        for one in questions
        if file.answers.is_asked(one.id) and not file.answers.is_answered(one.id)
    ]


@transaction.atomic
def _say(file: CaseFile, said: Iterable[tuple[Question, str | None]], actor: User) -> CaseFile:
    """Each is an answer of its own, with its version and its event."""
    for question, raw in said:
        row = file.rows.get(question.id)
        with suppress(AnswerConflictError):
            saved = save_answer(
                file=file,
                question_id=question.id,
                raw=raw,
                version=row.version if row else 0,
                actor=actor,
            )
            file = replace(file, rows=saved.file.rows, open_task=saved.file.open_task)
    return file
