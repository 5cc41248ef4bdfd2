"""Answers that the edition of a case does not take, in the words in which they were given."""

from __future__ import annotations

from decisions.cases.case_file import CaseFile
from decisions.rules.engine.answers_in_words import say
from decisions.rules.loading import edition_ids, load_edition
from decisions.rules.question_names import question_names
from decisions.rules.questionnaire.answer_values import read_answer

Said = tuple[str, str]
"""The short name of a question, and its answer in words."""


def earlier_answer(file: CaseFile, question_id: str) -> str:
    """A stored answer that counts for nothing now; empty where the answer counts, or is none."""
    return _said(file, question_id)[1] if question_id in file.set_aside else ""


def answers_to_gone_questions(file: CaseFile) -> tuple[Said, ...]:
    """What was answered to questions that the edition of the case does not ask."""
    questionnaire = file.edition.questionnaire
    gone = sorted(name for name in file.set_aside if not questionnaire.has_question(name))
    return tuple(_said(file, name) for name in gone)


def _said(file: CaseFile, question_id: str) -> Said:
    """By the edition that asked; as it is stored where that is not here any more."""
    row = file.rows[question_id]
    if row.edition not in edition_ids():
        return question_id, str(row.value)
    question = load_edition(row.edition).questionnaire.question(question_id)
    words = say(question, read_answer(question, row.value))
    return question_names(row.edition)[question_id], words
