"""A case that has something in every table, with words that may never leave in every such place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from decisions.cases.models import Case, Decision
from decisions.cases.queries import cases_with_context
from decisions.consents.actions import record_consent
from decisions.consents.models import Consent
from decisions.documents.letter.treatment_history import KINDS
from decisions.documents.plan.schedule import PlanAsked
from decisions.fhir.records.case_record import CaseRecord
from decisions.fhir.records.gate import Reader
from decisions.follow_up.assessments.actions import record_assessment
from decisions.follow_up.assessments.models import Assessment
from decisions.follow_up.courses.actions import add_course
from decisions.letters.actions import save_draft, start_correction
from decisions.letters.models import Letter
from decisions.plans.actions import save_plan
from decisions.rules.questionnaire.instruments import Scores
from decisions.treatment_history.actions import add_row
from decisions.treatment_history.models import NothingOf
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of
from tests.decisions.letters.stored_letters import make_decision, make_draft, sign, write_facts

NEVER = "Silbermond"
"""Is in every field that may never leave."""
READER = Reader("Hill Record System")
ROWS: dict[str, list[dict[str, Any]]] = {
    "tms_courses": [
        {
            "started": "2025-03",
            "ended": "2025-05-02",
            "device": "figure-of-eight",
            "sessions": 36,
            "scale": "phq9",
            "score_before": 19,
            "score_after": 3,
        }
    ],
    "trials": [
        {
            "drug": "Sertraline",
            "highest_dose": "200 mg",
            "weeks": 8,
            "started": "2024",
            "ended": "2024-11",
            "result": "none",
            "why_stopped": "no relief",
        },
        {"drug": "Venlafaxine"},
    ],
    "others": [{"kind": "ect", "number": 6, "ended": "2023", "result": "partial"}],
    "medicines": [
        {"name": "Lamotrigine", "dose": "200 mg", "frequency": "once a day", "since": "2024-05"}
    ],
    "scores": [{"scale": "phq9", "score": 21, "taken": "2025-03", "moment": "baseline"}],
}


@dataclass(frozen=True)
class FullCase:
    """The case, its decision, and the letter that was replaced by the other."""

    case: Case
    therapist: User
    decision: Decision
    replaced: Letter
    letter: Letter

    def record(self, reader: Reader = READER) -> CaseRecord:
        """Read within the scope of the clinic."""
        return CaseRecord(cases_with_context().get(pk=self.case.pk), reader)


def make_full_case(therapist: User, **answers: Any) -> FullCase:
    """Reached by the actions that pages use."""
    said = {
        "comorbidities": ["ptsd", "ocd"],
        "bp_systolic": 132,
        "bp_diastolic": "unknown",
        "pregnancy": "unknown",
        "psychosis": "none",
        "ketamine_allergy": "yes",
        **answers,
    }
    decision = make_decision(therapist, **said)
    case = decision.case
    write_facts(
        case,
        therapist,
        diagnosis_code="F33.1 (ICD-10-CM)",
        goals=NEVER,
        told=NEVER,
        other=NEVER,
        emergency_contact=NEVER,
        patient_contact=NEVER,
        medical=NEVER,
        medicines="Rows say this",
    )
    with clinic_of(therapist):
        _add_rows(case, therapist)
        _add_forms(case, therapist)
        _add_consents(case, therapist)
        add_course(
            case=case,
            actor=therapist,
            values={
                "option": "ketamine",
                "state": "running",
                "first_session_on": date(2026, 11, 2),
                "given_as": "infusion",
                "sessions": 3,
            },
        )
        asked = PlanAsked(
            tms_first_day=date(2026, 12, 1), tms_weekdays=(0, 2), tms_sessions=4, watcher=NEVER
        )
        save_plan(case=case, actor=therapist, asked=asked, version=None)
    replaced = sign(make_draft(therapist, decision, reasoning=NEVER, goals=NEVER), therapist)
    letter = _correction(replaced, therapist)
    return FullCase(case, therapist, decision, replaced, letter)


def _add_rows(case: Case, therapist: User) -> None:
    for kind, rows in ROWS.items():
        for values in rows:
            row = KINDS[kind].model_validate(values)
            add_row(case=case, actor=therapist, kind=kind, values=row)
    NothingOf.objects.create(case=case, kind="allergies", said_by=therapist)


def _add_forms(case: Case, therapist: User) -> None:
    every = Assessment.Source.CLINICIAN
    for instrument, items in (
        ("phq9", (2, 2, 2, 2, 2, 2, 2, 2, 0)),
        ("gad7", (1, None) * 3 + (2,)),
    ):
        record_assessment(
            case=case,
            instrument=instrument,
            scores=Scores(items=items),
            taken_on=timezone.localdate(),
            source=every,
            actor=therapist,
        )


def _add_consents(case: Case, therapist: User) -> None:
    for kind in Consent.Kind:
        record_consent(case=case, actor=therapist, values=consent_of(kind, "Somebody else"))


def consent_of(kind: str, recipient: str) -> dict[str, Any]:
    """What was signed for somebody."""
    return {
        "kind": kind,
        "reference": NEVER,
        "recipient": recipient,
        "purpose": NEVER,
        "scope": NEVER,
        "covers_substance_use": kind == Consent.Kind.PART2,
        "signed_by": NEVER,
        "signed_on": date(2026, 11, 1),
        "expires_on": date(2027, 11, 1),
    }


def _correction(letter: Letter, therapist: User) -> Letter:
    with clinic_of(therapist):
        found = start_correction(letter=letter, actor=therapist)
        values = {"replaces_because": "Another day", "request_how_soon": "weeks"}
        save_draft(letter=found, actor=therapist, values=values, saved_at=found.saved_at)
        found = Letter.objects.select_related("clinic", "case__clinic", "decision__case").get(
            pk=found.pk
        )
    return sign(found, therapist)
