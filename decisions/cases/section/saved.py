"""What one save changes on the page of a section."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import QueryDict

from decisions.cases.case_file import CaseFile
from decisions.cases.contradictions import Contradiction
from decisions.cases.page_frame import act_first
from decisions.cases.progress import Progress, progress_of
from decisions.cases.section.controls import Token
from decisions.cases.section.presenters import contradictions_about, present_question
from decisions.cases.section.question_view import QuestionView
from decisions.cases.section.saving import Kept, Posted
from decisions.cases.section.undoing import previous_of
from decisions.cases.section.why_asked import options_waiting
from decisions.cases.so_far import state_of
from decisions.rules.questionnaire.questionnaire import Section


@dataclass(frozen=True)
class SavedParts:
    """The parts of a section's page that are sent after a save; the rest stays as it is."""

    view: QuestionView
    whole_question: bool
    """The question itself is sent again: cleared, taken over, or in conflict."""
    new_day: bool
    """The day of assessment is another than the control shows."""
    asked_anew: tuple[QuestionView, ...]
    waits_anew: tuple[QuestionView, ...]
    progress: Progress
    number: int
    count: int
    contradictions: tuple[Contradiction, ...]
    panel_changed: bool
    act_first_changed: bool
    shows_item9: bool
    """Whether item 9 is on this page."""


def present_saved(
    before: CaseFile, posted: Posted, section: Section, question_id: str, post: QueryDict
) -> SavedParts:
    """The parts that a save of one question changes."""
    file = posted.file
    waited, waiting = options_waiting(before.outcome), options_waiting(file.outcome)
    kept = posted.kept.get(question_id)
    question = file.edition.questionnaire.question(question_id)
    view = present_question(file, question, kept, waiting.get(question_id, ()))
    view = replace(view, previous=previous_of(before, file, question))
    others = [one for one in section.questions if one.id != question_id]
    return SavedParts(
        view=_as_typed(view, posted),
        whole_question=_is_sent_whole(before, kept, question_id, post),
        new_day=_has_new_day(view, posted),
        asked_anew=tuple(
            present_question(file, one, waiting=waiting.get(one.id, ()))
            for one in others
            if file.answers.is_asked(one.id) != before.answers.is_asked(one.id)
        ),
        waits_anew=tuple(
            present_question(file, one, waiting=waiting.get(one.id, ()))
            for one in section.questions
            if waiting.get(one.id) != waited.get(one.id)
        ),
        progress=progress_of(section.questions, file.answers),
        number=file.edition.questionnaire.sections.index(section) + 1,
        count=len(file.edition.questionnaire.sections),
        contradictions=contradictions_about(file, section),
        panel_changed=state_of(before) != state_of(file),
        act_first_changed=act_first(before) != act_first(file),
        shows_item9=file.edition.questionnaire.safety_question in section.questions,
    )


def _is_sent_whole(before: CaseFile, kept: Kept | None, question_id: str, post: QueryDict) -> bool:
    """Also where an answer that the edition does not take stood beside the question."""
    was_cleared = bool({"clear", "take", "keep", "undo"} & post.keys())
    return was_cleared or bool(kept and kept.theirs) or question_id in before.set_aside


def _as_typed(view: QuestionView, posted: Posted) -> QuestionView:
    """The controls keep what was typed, so the token is that of what they hold."""
    filled = posted.filled.get(view.id)
    if filled is None:
        return view
    if _has_new_day(view, posted):
        filled = replace(filled, assessed_on=view.filled.assessed_on)
    return replace(view, token=Token(view.token.version, filled.digest))


def _has_new_day(view: QuestionView, posted: Posted) -> bool:
    filled = posted.filled.get(view.id)
    if filled is None or not filled.assessed_on:
        return False
    return filled.assessed_on != view.filled.assessed_on
