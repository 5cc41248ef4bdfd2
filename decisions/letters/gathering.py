"""What a letter reads besides its own row and the case: all of it here, before it has words."""

from __future__ import annotations

from typing import NamedTuple

from decisions.cases.case_file import CaseFile
from decisions.cases.models import SafetyTask
from decisions.cases.queries import closed_tasks_of
from decisions.cases.told import statements_of
from decisions.consents.models import SubstanceSource
from decisions.consents.queries import source_of
from decisions.documents.contradictions.compared import Mismatch
from decisions.documents.letter.treatment_history import History
from decisions.letters.models import LetterFacts
from decisions.letters.queries import facts_of
from decisions.patient.models import PatientNeeds
from decisions.patient.queries import needs_of
from decisions.plans.models import StoredPlan
from decisions.plans.queries import plan_of
from decisions.treatment_history.queries import history_of
from evidence.domain.entries import EvidenceBase


class Gathered(NamedTuple):
    """source: of the answers on substance use. closed_task: the safety task that was closed last.
    statements: what others said of the patient and does not fit. evidence: that of today."""

    facts: LetterFacts | None
    needs: PatientNeeds | None
    source: SubstanceSource | None
    plan: StoredPlan | None
    history: History
    closed_task: SafetyTask | None
    statements: tuple[Mismatch, ...]
    evidence: EvidenceBase


def gather(file: CaseFile) -> Gathered:
    """For the letters of a case as it stands."""
    case = file.case
    return Gathered(
        facts=facts_of(case),
        needs=needs_of(case),
        source=source_of(case),
        plan=plan_of(case),
        history=history_of(case),
        closed_task=closed_tasks_of(case).first(),
        statements=statements_of(file),
        evidence=file.evidence,
    )
