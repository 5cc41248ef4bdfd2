"""What follow-up keeps of what happens in other rooms, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from decisions.cases.case_file import CaseFile
from decisions.cases.models import Answer
from decisions.follow_up.assessments.actions import CORRECTED, keep_assessment, void_assessment
from decisions.follow_up.assessments.models import Assessment, Instrument
from decisions.follow_up.assessments.queries import same_form, says
from decisions.rules.questionnaire.answer_values import read_answer
from decisions.rules.questionnaire.instruments import Scores
from decisions.rules.questionnaire.questionnaire import Question

Source = Assessment.Source


def keep_complete_form(file: CaseFile, before: Answer | None, row: Answer, **kwargs: Any) -> None:
    """A complete form is kept as a form. One that its author gives again that day takes its place.

    An answer that is taken back on the day on which it was given voids its form, too. One that was
    taken over from a form that is kept already adds none.
    """
    if row.question not in Instrument.values:
        return
    question = file.edition.questionnaire.question(row.question)
    scores, kept = _complete(question, row), None
    if scores is not None:
        kept = same_form(row.case, row.question, scores, row.assessed_on)
    for one in _corrected(question, before, row):
        if kept is None or one.pk != kept.pk:
            void_assessment(assessment=one, actor=row.saved_by, because=CORRECTED)
    if scores is None or kept is not None or question.instrument is None:
        return
    keep_assessment(
        case=file.case,
        instrument=question.instrument,
        scores=scores,
        taken_on=row.assessed_on,
        source=Source.PAPER_TOTAL if scores.items is None else Source.CLINICIAN,
        actor=row.saved_by,
        authored_at=row.saved_at,
    )


def _complete(question: Question, row: Answer) -> Scores | None:
    """The scores of an answer that is a complete form."""
    scores = read_answer(question, row.value) if row.value is not None else None
    return scores if isinstance(scores, Scores) and scores.total is not None else None


def _corrected(question: Question, before: Answer | None, row: Answer) -> Iterator[Assessment]:
    """The forms that the same person entered and that this answer corrects.

    A complete form corrects those of its day. Beyond that the form of the answer of today is
    corrected where it is taken back, undone or gets another day; other scores of a later day are
    another form, and both stay.
    """
    entered = Assessment.objects.filter(
        case=row.case,
        instrument=row.question,
        source__in=[Source.CLINICIAN, Source.PAPER_TOTAL],
        entered_by=row.saved_by,
        voided_at=None,
    ).select_related("case__clinic")
    is_complete = _complete(question, row) is not None
    if is_complete:
        yield from entered.filter(taken_on=row.assessed_on)
    if before is None or not _is_of_today(before, row):
        return
    if is_complete and (before.assessed_on == row.assessed_on or _stands_beside(before, row)):
        return
    scores = _complete(question, before)
    if scores is None:
        return
    for one in entered.filter(taken_on=before.assessed_on):
        if says(one, scores):
            yield one


def _stands_beside(before: Answer, row: Answer) -> bool:
    """Whether a later form was answered, and nothing of the one before was corrected."""
    return before.assessed_on < row.assessed_on and before.value != row.value


def _is_of_today(before: Answer, row: Answer) -> bool:
    """Whether the same person gave both on one day."""
    days = {timezone.localdate(one.saved_at) for one in (before, row)}
    return before.saved_by_id == row.saved_by_id and len(days) == 1
