"""Answers as a reader sees them: the question, the words, and what is missing and why."""

from __future__ import annotations

from enum import StrEnum

from decisions.rules.engine.edition import Edition
from decisions.rules.logic.truth import Truth
from decisions.rules.logic.values import Frozen
from decisions.rules.questionnaire.answer_values import UNKNOWN, Value
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.questionnaire.instruments import Instrument, Scores, band_of
from decisions.rules.questionnaire.questionnaire import Question, QuestionType

NONE_OF_THESE = "None of these"
NOT_KNOWN = "Not known"
OPEN = "Open"
NOT_ASKED = "Not asked"


class AnswerState(StrEnum):
    """Whether a question is answered; "not known" and "open" are never the same."""

    ANSWERED = "answered"
    NOT_KNOWN = "not_known"
    OPEN = "open"
    NOT_ASKED = "not_asked"


class AnswerInWords(Frozen):
    """One question with its answer as printed. `words` is never empty."""

    question: str
    section: str
    ask: str
    words: str
    state: AnswerState


def describe_answers(edition: Edition, answers: Answers) -> tuple[AnswerInWords, ...]:
    """Every question of the edition with its answer in words, in the order of asking."""
    return tuple(
        describe_answer(edition, question, answers) for question in edition.questionnaire.questions
    )


def describe_answer(edition: Edition, question: Question, answers: Answers) -> AnswerInWords:
    """One question with its answer in words; a stored answer that is not asked stays silent."""
    state, words = _state_and_words(question, answers)
    return AnswerInWords(
        question=question.id,
        section=edition.questionnaire.section_of(question.id).id,
        ask=question.ask,
        words=words,
        state=state,
    )


def _state_and_words(question: Question, answers: Answers) -> tuple[AnswerState, str]:
    value = answers.get(question.id)
    if answers.asked[question.id] is Truth.FALSE:
        return AnswerState.NOT_ASKED, NOT_ASKED
    if value is None or answers.asked[question.id] is Truth.UNKNOWN:
        return AnswerState.OPEN, OPEN
    if value is UNKNOWN:
        return AnswerState.NOT_KNOWN, NOT_KNOWN
    complete = answers.is_complete(question.id)
    return AnswerState.ANSWERED if complete else AnswerState.OPEN, say(question, value)


def say(question: Question, value: Value) -> str:
    """A value in the words of its question."""
    if isinstance(value, Scores):
        return say_scores(question.instrument, value) if question.instrument else NOT_KNOWN
    if isinstance(value, tuple):
        return "; ".join(question.label_of(one) for one in value) or NONE_OF_THESE
    if value is UNKNOWN:
        return NOT_KNOWN
    if question.type is QuestionType.INTEGER:
        return f"{value} {_unit(question.unit, value)}" if question.unit else str(value)
    return question.label_of(str(value))


def _unit(unit: str, value: Value) -> str:
    """The unit of a number; editions name units in the plural where there is one."""
    return unit.removesuffix("s") if value == 1 else unit


def say_scores(instrument: Instrument, scores: Scores) -> str:
    """A form in words: its total with the band, or how many items there are and no total."""
    if scores.total is None:
        return f"{scores.items_answered} of {len(instrument.items)} items, no total"
    band = band_of(instrument, scores.total).label.lower()
    return f"{scores.total} of {instrument.range[1]}, {band}"
