"""What does not fit in a case: rows, facts and plan beside answers, and a letter beside both."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from decisions.cases.case_file import CaseFile
from decisions.documents.contradictions.asking import OF_CODE, OF_DAYS, OF_ROWS, mismatches_in
from decisions.documents.contradictions.compared import Compared, Mismatch
from decisions.documents.letter.material import LetterMaterial
from decisions.documents.letter.treatment_history import History
from decisions.letters.models import Letter, LetterFacts
from decisions.letters.queries import facts_of
from decisions.plans.models import StoredPlan
from decisions.plans.queries import LaidOut, plan_of
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.answers import Answers
from decisions.treatment_history.medicine_lists import medicine_list
from decisions.treatment_history.models import HistoryRow, NothingOf
from decisions.treatment_history.queries import history_of


def has_rows_to_compare() -> Q:
    """Of cases in a query: whether facts, rows of the history or a plan are kept."""
    of_case = {"case": OuterRef("pk")}
    return (
        Exists(LetterFacts.objects.filter(**of_case))
        | Exists(HistoryRow.objects.filter(removed_at=None, **of_case))
        | Exists(NothingOf.objects.filter(**of_case))
        | Exists(StoredPlan.objects.filter(**of_case))
    )


def mismatches_of_case(file: CaseFile, among: Collection[str]) -> tuple[Mismatch, ...]:
    """The case as it is now. Only what answers to these questions are compared with is read."""
    asked = set(among)
    facts = facts_of(file.case) if asked & OF_CODE else None
    return mismatches_in(
        Compared(
            edition=file.edition,
            answers=file.answers,
            today=timezone.localdate(),
            history=history_of(file.case) if asked & OF_ROWS else History(),
            listed=medicine_list(file.edition.id),
            diagnosis_code=facts.diagnosis_code if facts else "",
            specifier=facts.specifier if facts else "",
            first_planned=_first_planned(plan_of(file.case), file) if asked & OF_DAYS else None,
        )
    )


def mismatches_of_letter(
    row: Letter, file: CaseFile, material: LetterMaterial, plan: StoredPlan | None
) -> tuple[Mismatch, ...]:
    """A letter: the answers that its decision rests on, and what it asks and by when."""
    edition = load_edition(row.decision.edition)
    return mismatches_in(
        Compared(
            edition=edition,
            answers=Answers.read(edition.questionnaire, material.decided.answers),
            today=material.issue.written_on,
            history=material.history,
            listed=medicine_list(edition.id),
            diagnosis_code=material.facts.diagnosis_code,
            specifier=material.facts.specifier,
            first_planned=_first_planned(plan, file),
            how_soon=row.request_how_soon,
            how_soon_in_words=row.get_request_how_soon_display(),
            reply_by=row.reply_by,
            is_final=True,
        )
    )


def _first_planned(stored: StoredPlan | None, file: CaseFile) -> date | None:
    if stored is None:
        return None
    visits = LaidOut(stored, file.edition.id, file.evidence).planned.visits
    return visits[0].day if visits else None
