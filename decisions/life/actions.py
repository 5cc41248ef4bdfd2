"""Every write to the life of a case: keyword-only, atomic, each with one audit event."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from decisions.cases.actions import open_case, opened_by
from decisions.cases.case_columns import keep_urgency_of, lock_open_case
from decisions.cases.case_events import record_case_event
from decisions.cases.edition.new_episode import copied_answers
from decisions.cases.models import Answer, Case
from decisions.cases.patients import details_of
from decisions.cases.queries import cases_with_context, file_of, open_task_of
from decisions.life.deleting import take_deletion_back
from decisions.life.models import LifeStep
from decisions.life.queries import can_be_taken_back, colleagues_for, open_deletions
from decisions.life.telling import HANDED_OVER
from decisions.patient.actions import NotTheirTherapistError, copy_needs, may_correct
from decisions.treatment_history.actions import take_over_history
from kapnet.core.audit.models import Event
from kapnet.core.notices.telling import tell
from kapnet.core.people.models import Clinic, User

Kind = LifeStep.Kind
TAKEN_BACK = "Taken back"


class SafetyTaskOpenError(Exception):
    """A safety task is open: the case is not closed before somebody closes that."""


class CaseOpenError(Exception):
    """The case is open (by now)."""


class NoColleagueError(Exception):
    """This person is no other therapist of the clinic (any more)."""


class HandoverSeenError(Exception):
    """The colleague has seen it by now, or somebody else handed it over."""


@transaction.atomic
def close_case(*, case: Case, actor: User, reason: str, note: str = "") -> None:
    """Close a case: it can be read and reopened, and nothing about it changes.

    Raises CaseClosedError, SafetyTaskOpenError and NotTheirTherapistError.
    """
    case = lock_open_case(case)
    _check_is_theirs(case, actor)
    if open_task_of(case) is not None:
        raise SafetyTaskOpenError
    step = _note(case, actor, Kind.CLOSED, reason=reason, note=note)
    Case.objects.filter(pk=case.pk).update(closed_at=step.taken_at)
    record_case_event("case.closed", case, actor)


@transaction.atomic
def reopen_case(*, case: Case, actor: User, note: str = "") -> None:
    """Open a closed case again, by any therapist of the clinic. Raises CaseOpenError."""
    case = cases_with_context().select_for_update(of=("self",), no_key=True).get(pk=case.pk)
    if case.closed_at is None:
        raise CaseOpenError
    _note(case, actor, Kind.REOPENED, note=note)
    Case.objects.filter(pk=case.pk).update(closed_at=None)
    record_case_event("case.reopened", case, actor)
    for deletion in open_deletions(case.clinic).filter(case_id=case.pk):
        take_deletion_back(deletion=deletion, actor=actor)


@transaction.atomic
def hand_over(*, case: Case, actor: User, to: User, note: str = "") -> None:
    """Give a case to a colleague, whose work list says so.

    Raises CaseClosedError, NotTheirTherapistError and NoColleagueError.
    """
    case = lock_open_case(case)
    _check_is_theirs(case, actor)
    if not colleagues_for(case).filter(pk=to.pk).exists():
        raise NoColleagueError
    tell(_give(case, actor, to, note))


@transaction.atomic
def take_handover_back(*, case: Case, actor: User) -> None:
    """Who gave a case to the wrong person has it themselves, while nobody has seen it.

    Raises CaseClosedError and HandoverSeenError.
    """
    case = lock_open_case(case)
    if not can_be_taken_back(case, actor):
        raise HandoverSeenError
    _give(case, actor, actor, TAKEN_BACK)
    _note(case, actor, Kind.SEEN)


@transaction.atomic
def note_handover_seen(*, case: Case, actor: User) -> None:
    """The new therapist has seen that the case is theirs."""
    _note(case, actor, Kind.SEEN)
    record_case_event("case.handover_seen", case, actor)


@transaction.atomic
def copy_case(*, case: Case, actor: User, once: str | None = None) -> Case:
    """A new case of the same patient with the answers and the history that still hold.

    Each answer and each row keeps its own days. once: the token of the form.
    """
    Clinic.objects.select_for_update().get(pk=case.clinic_id)
    if copied := opened_by(case.clinic, once, details_of(case)):
        return copied
    source = file_of(cases_with_context().get(pk=case.pk))
    of = source.case
    copy = open_case(
        clinic=of.clinic,
        therapist=actor,
        patient_name=of.patient_name,
        date_of_birth=of.date_of_birth,
        reference=of.reference,
        copied_from=of,
        once=once,
    )
    there = set(Answer.objects.filter(case=copy).values_list("question", flat=True))
    Answer.objects.bulk_create(
        Answer(
            case=copy,
            question=row.question,
            value=row.value,
            edition=row.edition,
            assessed_on=row.assessed_on,
            saved_at=copy.created_at,
            saved_by=actor,
        )
        for row in copied_answers(source, edition_id=copy.edition)
        if row.question not in there
    )
    take_over_history(case=copy, of=of, actor=actor)
    copy_needs(case=of, to=copy, actor=actor)
    keep_urgency_of(copy)
    record_case_event("case.copied", of, actor, copy.pk)
    return copy


def _check_is_theirs(case: Case, actor: User) -> None:
    if not may_correct(case, actor):
        raise NotTheirTherapistError


def _give(case: Case, actor: User, to: User, note: str) -> Event:
    people = {"from_therapist": case.therapist, "to_therapist": to}
    _note(case, actor, Kind.HANDED_OVER, note=note, **people)
    Case.objects.filter(pk=case.pk).update(therapist=to)
    return record_case_event(HANDED_OVER, case, actor, to.pk)


def _note(case: Case, actor: User, kind: str, **more: object) -> LifeStep:
    return LifeStep.objects.create(
        clinic=case.clinic,
        case=case,
        kind=kind,
        taken_at=timezone.now(),
        taken_by=actor,
        **more,
    )
