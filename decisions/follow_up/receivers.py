"""What follow-up keeps of what happens in other rooms, in the same transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from decisions.cases.case_file import CaseFile
from decisions.cases.models import Answer
from decisions.cases.section.signals import answer_saved
from decisions.follow_up.assessments.actions import CORRECTED, keep_assessment, void_assessment
from decisions.follow_up.assessments.models import Assessment, Instrument
from decisions.follow_up.assessments.queries import same_form
from decisions.rules.questionnaire.answer_values import read_answer
from decisions.rules.questionnaire.instruments import Scores

Source = Assessment.Source


@receiver(answer_saved)
def keep_complete_form(file: CaseFile, before: Answer | None, row: Answer, **kwargs: Any) -> None:
    """A complete form is kept as a form. One that its author gives again that day takes its place.

    An answer that is taken back on the day on which it was given voids its form, too. One that was
    taken over from a form that is kept already adds none.
    """
    if row.question not in Instrument.values:
        return
    question = file.edition.questionnaire.question(row.question)
    scores = read_answer(question, row.value) if row.value is not None else None
    is_complete = isinstance(scores, Scores) and scores.total is not None
    kept = None
    if isinstance(scores, Scores) and is_complete:
        kept = same_form(row.case, row.question, scores, row.assessed_on)
    for one in _corrected(before, row):
        if kept is None or one.pk != kept.pk:
            void_assessment(assessment=one, actor=row.saved_by, because=CORRECTED)
    if kept is not None or question.instrument is None or not isinstance(scores, Scores):
        return
    if is_complete:
        keep_assessment(
            case=file.case,
            instrument=question.instrument,
            scores=scores,
            taken_on=row.assessed_on,
            source=Source.PAPER_TOTAL if scores.items is None else Source.CLINICIAN,
            actor=row.saved_by,
            authored_at=row.saved_at,
        )


def _corrected(before: Answer | None, row: Answer) -> list[Assessment]:
    """The forms of the same person that this answer corrects: of its day, or given today."""
    days = {row.assessed_on}
    if before is not None and _is_of_today(before, row):
        days.add(before.assessed_on)
    found = Assessment.objects.filter(
        case=row.case,
        instrument=row.question,
        taken_on__in=days,
        source__in=[Source.CLINICIAN, Source.PAPER_TOTAL],
        entered_by=row.saved_by,
        voided_at=None,
    )
    return list(found.select_related("case__clinic"))


def _is_of_today(before: Answer, row: Answer) -> bool:
    """Whether the same person gave both on one day."""
    days = {timezone.localdate(one.saved_at) for one in (before, row)}
    return before.saved_by_id == row.saved_by_id and len(days) == 1
