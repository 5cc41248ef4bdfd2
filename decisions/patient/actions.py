"""The one write to who a case is about, with its audit events."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from decisions.cases.actions import AGE, save_answer
from decisions.cases.case_columns import lock_open_case
from decisions.cases.case_events import record_case_event
from decisions.cases.case_file import CaseFile
from decisions.cases.contradictions import age_on
from decisions.cases.models import Case
from decisions.cases.patients import Details, details_of
from decisions.cases.queries import file_of
from decisions.patient.models import PatientCorrection, PatientNeeds
from decisions.patient.queries import needs_of
from kapnet.core.people.models import Membership, Role, User

NEEDS = ("preferred_name", "language", "interpreter")


class PatientChangedError(Exception):
    """Somebody else corrected the patient meanwhile."""


class NotTheirTherapistError(Exception):
    """Only the therapist of a case corrects its patient, unless that one has left."""


def may_correct(case: Case, person: User) -> bool:
    """Whether this therapist of the clinic may correct the patient of a case."""
    if case.therapist_id == person.pk:
        return True
    works_here = Membership.objects.filter(
        user_id=case.therapist_id,
        user__is_active=True,
        is_active=True,
        role=Role.THERAPIST,
        clinic_id=case.clinic_id,
    )
    return not works_here.exists()


@transaction.atomic
def correct_patient(
    *, case: Case, actor: User, seen: Details, details: Details, reason: str
) -> None:
    """Store the right details and keep the old ones; a new date of birth answers the age.

    seen: what the person was looking at. Raises PatientChangedError, NotTheirTherapistError and
    CaseClosedError.
    """
    case = lock_open_case(case)
    if not may_correct(case, actor):
        raise NotTheirTherapistError
    before = details_of(case)
    if before == details:
        return
    if before != seen:
        raise PatientChangedError
    correction = PatientCorrection.objects.create(
        case=case,
        **before._asdict(),
        reason=reason,
        corrected_at=timezone.now(),
        corrected_by=actor,
    )
    for name, value in details._asdict().items():
        setattr(case, name, value)
    case.save(update_fields=[*details._fields, "patient_index"])
    record_case_event("patient.corrected", case, actor, correction.pk)
    if details.date_of_birth != before.date_of_birth:
        _answer_the_age(file_of(case), actor)


def new_age(file: CaseFile, details: Details) -> int | None:
    """What the answer about age becomes; None where it stays as it is."""
    born = details.date_of_birth
    if born is None or born == file.case.date_of_birth:
        return None
    age = age_on(born, timezone.localdate())
    return None if age == file.raw_answers.get(AGE) else age


def _answer_the_age(file: CaseFile, actor: User) -> None:
    born, row = file.case.date_of_birth, file.rows.get(AGE)
    if born is None:
        return
    save_answer(
        file=file,
        question_id=AGE,
        raw=age_on(born, timezone.localdate()),
        version=row.version if row else 0,
        actor=actor,
    )


@transaction.atomic
def save_needs(
    *, case: Case, actor: User, preferred_name: str, language: str, interpreter: str
) -> None:
    """How to speak with the patient, in place of what was said before. Raises CaseClosedError."""
    case = lock_open_case(case)
    PatientNeeds.objects.update_or_create(
        case=case,
        defaults={
            "preferred_name": preferred_name,
            "language": language,
            "interpreter": interpreter,
            "saved_at": timezone.now(),
            "saved_by": actor,
        },
    )
    record_case_event("patient.needs_saved", case, actor)


def copy_needs(*, case: Case, to: Case, actor: User) -> None:
    """Nobody is asked again in a later episode."""
    needs = needs_of(case)
    if needs is not None:
        said = {name: getattr(needs, name) for name in NEEDS}
        save_needs(case=to, actor=actor, **said)
