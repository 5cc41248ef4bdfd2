"""A section as its page shows it: every question with its controls, prepared for the template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from decisions.cases.case_file import CaseFile
from decisions.cases.contradictions import Contradiction, contradictions_in
from decisions.cases.earlier_words import earlier_answer
from decisions.cases.path.leaving import open_together
from decisions.cases.progress import Progress, progress_of
from decisions.cases.section.controls import Token, filled_by_answer
from decisions.cases.section.question_view import QuestionView
from decisions.cases.section.saving import Kept
from decisions.cases.section.shown import Conflict
from decisions.cases.section.undoing import Previous
from decisions.cases.section.why_asked import options_waiting
from decisions.rules.engine.answers_in_words import OPEN, say_plain
from decisions.rules.engine.rules import OptionId
from decisions.rules.questionnaire.answer_values import AnswerProblem
from decisions.rules.questionnaire.questionnaire import Question, Section
from kapnet.core.web.days import say_moment

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class SectionPage:
    """One section as its page shows it."""

    section: Section
    number: int
    count: int
    questions: tuple[QuestionView, ...]
    progress: Progress
    contradictions: tuple[Contradiction, ...]
    next_section: Section | None
    open_together: int
    """How many open questions may be said to be not known at one press."""

    @property
    def problems(self) -> tuple[QuestionView, ...]:
        """The questions whose answer could not be saved as typed."""
        return tuple(view for view in self.questions if view.problem)

    @property
    def conflicts(self) -> tuple[QuestionView, ...]:
        """The questions that somebody else answered meanwhile."""
        return tuple(view for view in self.questions if view.conflict)


def present_section(
    file: CaseFile,
    section: Section,
    kept: Mapping[str, Kept] = NOTHING,
    replaced: Mapping[str, Previous] = NOTHING,
) -> SectionPage:
    """The page of a section.

    kept: what could not be saved. replaced: the answers that the last post took the place of.
    """
    sections = file.edition.questionnaire.sections
    place = sections.index(section)
    waiting = options_waiting(file.outcome)
    return SectionPage(
        section=section,
        number=place + 1,
        count=len(sections),
        questions=tuple(
            present_question(
                file,
                one,
                kept.get(one.id),
                waiting.get(one.id, ()),
                previous=replaced.get(one.id),
            )
            for one in section.questions
        ),
        progress=progress_of(section.questions, file.answers),
        contradictions=contradictions_about(file, section),
        next_section=sections[place + 1] if place + 1 < len(sections) else None,
        open_together=len(open_together(file, section.questions)),
    )


def contradictions_about(file: CaseFile, section: Section) -> tuple[Contradiction, ...]:
    """The doubts about answers of this section."""
    return contradictions_in(file, {question.id for question in section.questions})


def present_question(
    file: CaseFile,
    question: Question,
    kept: Kept | None = None,
    waiting: tuple[OptionId, ...] = (),
    previous: Previous | None = None,
) -> QuestionView:
    """One question with what is stored, or with what was typed and could not be saved.

    previous: what the last save took the place of.
    """
    row = file.rows.get(question.id)
    counts = row is not None and question.id not in file.set_aside
    raw, day = (row.value, row.assessed_on) if row and counts else (None, None)
    filled = filled_by_answer(question, raw, day)
    if kept is None:
        token = Token(row.version if row else 0, filled.digest)
        return QuestionView(question, file, filled, token, row, waiting, previous=previous)
    return QuestionView(
        question=question,
        file=file,
        filled=kept.filled,
        token=kept.token,
        row=row,
        waiting=waiting,
        problem=kept.problem,
        conflict=_conflict(file, question, kept),
        asks_for_item9=kept.is_saved,
    )


def _conflict(file: CaseFile, question: Question, kept: Kept) -> Conflict | None:
    if kept.theirs is None:
        return None
    return Conflict(
        mine=_words(question, kept.raw),
        theirs=_words(question, kept.theirs.value) or earlier_answer(file, question.id),
        who=kept.theirs.saved_by,
        when=say_moment(kept.theirs.saved_at),
        version=kept.theirs.version,
    )


def _words(question: Question, raw: object) -> str:
    """A plain answer in words, whether or not it is asked; empty where the question refuses it."""
    try:
        return OPEN if raw is None else say_plain(question, raw)
    except AnswerProblem:
        return ""
