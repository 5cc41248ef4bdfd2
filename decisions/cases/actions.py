"""Every write to a case: keyword-only, atomic, each with one audit event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from decisions.cases.case_columns import keep_urgency_of, lock_open_case, note_answer, note_decision
from decisions.cases.case_events import record_case_event
from decisions.cases.case_file import CaseFile, Item9, OpenTask, item9_in
from decisions.cases.contradictions import age_on
from decisions.cases.decision.cited import cited_by
from decisions.cases.models import Answer, Case, Decision
from decisions.cases.patients import Details, details_of
from decisions.cases.queries import REPLACE_ANSWER, WRITTEN, decisions_of, file_of
from decisions.cases.safety.tasks import POSITIVE_ITEM9, raise_safety_task
from decisions.cases.section.signals import answer_saved
from decisions.cases.told import highest_deleted_number_of
from decisions.documents.digest import words_sha256
from decisions.rules.loading import CURRENT_EDITION
from decisions.rules.questionnaire.answer_values import read_answer
from decisions.rules.questionnaire.questionnaire import Question
from kapnet.core.people.models import Clinic, User
from kapnet.core.web.once import made_by, same_just_now

AGE = "age_years"
"""The question that a date of birth answers."""


class AnswerConflictError(Exception):
    """Somebody else answered meanwhile; `theirs` is what is stored now.

    open_task: the safety task that is open now: an answer that is not stored can raise it.
    """

    def __init__(self, theirs: Answer, open_task: OpenTask | None) -> None:
        super().__init__("This answer has been changed since.")
        self.theirs, self.open_task = theirs, open_task


class AnswersChangedError(Exception):
    """Answers or evidence are no longer those that the clinician was looking at."""


@transaction.atomic
def open_case(
    *,
    clinic: Clinic,
    therapist: User,
    patient_name: str,
    date_of_birth: date | None = None,
    reference: str = "",
    copied_from: Case | None = None,
    once: str | None = None,
) -> Case:
    """A new case with the next number of the clinic; a date of birth answers the age.

    A number is never given twice: letters and the audit log name a deleted case by it.
    once: the token of the form. What it opened already for this patient is given back as it is.
    """
    now = timezone.now()
    Clinic.objects.select_for_update().get(pk=clinic.pk)
    details = Details(patient_name, date_of_birth, reference)
    if opened := opened_by(clinic, once, details):
        return opened
    highest = Case.objects.filter(clinic=clinic).aggregate(highest=Max("number"))["highest"] or 0
    case = Case.objects.create(  # type: ignore[misc] # null, like all that no form made
        clinic=clinic,
        therapist=therapist,
        number=max(highest, highest_deleted_number_of(clinic)) + 1,
        patient_name=patient_name,
        date_of_birth=date_of_birth,
        reference=reference,
        edition=CURRENT_EDITION,
        copied_from=copied_from,
        once=None if made_by(Case.objects.filter(clinic=clinic), once) else once,
        created_at=now,
        last_change=now,
    )
    if date_of_birth is not None:
        age = age_on(date_of_birth, timezone.localdate())
        _insert(_new_row(case, AGE, age, therapist, at=now))
        keep_urgency_of(case)
    record_case_event("case.opened", case, therapist)
    return case


def opened_by(clinic: Clinic, once: str | None, details: Details) -> Case | None:
    """The case of this patient that a form opened already.

    Back can bring a form back with its token, to be filled in for the next patient.
    """
    opened = made_by(Case.objects.filter(clinic=clinic), once)
    return opened if opened and details_of(opened) == details else None


@dataclass(frozen=True)
class Saved:
    """The case after a save, and whether anything was written."""

    file: CaseFile
    row: Answer | None
    changed: bool


def save_answer(
    *,
    file: CaseFile,
    question_id: str,
    raw: object,
    version: int,
    actor: User,
    assessed_on: date | None = None,
) -> Saved:
    """Save one answer as plain data of the contract; None clears it.

    A positive item 9 opens or raises the safety task, even where the answer is not stored.

    version: that of the answer the person was looking at, 0 where there was none.
    assessed_on: None when the person named no day: today, unless they said it earlier today.
    Raises AnswerProblem for a value the question does not take, AnswerConflictError when
    somebody else changed the answer meanwhile to another value, and CaseClosedError.
    """
    question = file.edition.questionnaire.question(question_id)
    if raw is not None:
        read_answer(question, raw)
    before = file.rows.get(question_id)
    is_asked_again = question_id in file.set_aside
    day = assessed_on or _default_day(None if is_asked_again else before, raw)
    if before is None and raw is None:
        return Saved(file, None, changed=False)
    if before is not None and not is_asked_again and _says(before, raw, day):
        return Saved(file, before, changed=False)
    row = _new_row(file.case, question_id, raw, actor, day=day)
    if before is not None and before.version != version:
        raise _conflict(file, mine=row, theirs=before)
    return _write(file, before, row)


def _says(row: Answer, raw: object, day: date) -> bool:
    return row.value == raw and (raw is None or row.assessed_on == day)


def _default_day(before: Answer | None, raw: object) -> date:
    """A day given earlier today stays while items are filled in; an older one gives way."""
    today = timezone.localdate()
    if before is None or before.value is None:
        return today
    said_today = timezone.localdate(before.saved_at) == today
    return before.assessed_on if said_today or before.value == raw else today


def _write(file: CaseFile, before: Answer | None, row: Answer) -> Saved:
    row.version = before.version + 1 if before else 1
    try:
        with transaction.atomic():
            after = note_answer(file, row)
            _insert(row) if before is None else _replace(before, row)
            open_task = _raise_safety_task(file, before, row)
            record_case_event("answer.saved", file.case, row.saved_by, row.question)
            answer_saved.send(Answer, file=file, before=before, row=row)
    except (IntegrityError, _StaleError):
        return _same_or_conflict(file, row)
    if open_task is not file.open_task:
        after = file.with_answer(row, open_task=open_task)
    return Saved(after, row, changed=True)


class _StaleError(Exception):
    """The row is no longer at the version it was read at."""


def _new_row(
    case: Case,
    question_id: str,
    raw: object,
    actor: User,
    *,
    day: date | None = None,
    at: datetime | None = None,
) -> Answer:
    return Answer(
        case=case,
        question=question_id,
        value=raw,
        edition=case.edition,
        assessed_on=day or timezone.localdate(),
        saved_at=at or timezone.now(),
        saved_by=actor,
    )


def _insert(row: Answer) -> None:
    row.save(force_insert=True)


def _replace(before: Answer, row: Answer) -> None:
    written = {name: getattr(row, name) for name in WRITTEN}
    if not REPLACE_ANSWER.write(id=before.pk, before=before.version, **written):
        raise _StaleError
    row.pk = before.pk


def _same_or_conflict(file: CaseFile, mine: Answer) -> Saved:
    """Two saves at nearly the same time: the same value is no conflict."""
    theirs = Answer.objects.select_related("saved_by").get(case=file.case, question=mine.question)
    if not _says(theirs, mine.value, mine.assessed_on):
        raise _conflict(file, mine=mine, theirs=theirs)
    return Saved(file.with_answer(theirs, open_task=file.open_task), theirs, changed=False)


def _conflict(file: CaseFile, *, mine: Answer, theirs: Answer) -> AnswerConflictError:
    return AnswerConflictError(theirs, _raise_safety_task(file, theirs, mine))


def _raise_safety_task(file: CaseFile, before: Answer | None, row: Answer) -> OpenTask | None:
    """The safety task that is open after this answer. before: what is, or was, stored."""
    question = file.edition.questionnaire.question(row.question)
    item9 = item9_in(question, row)
    if item9 is None or item9.points < POSITIVE_ITEM9:
        return file.open_task
    return raise_safety_task(
        case=file.case, item9=item9, actor=row.saved_by, opens=_is_news(question, before, item9)
    )


def _is_news(question: Question, before: Answer | None, item9: Item9) -> bool:
    """Whether this is another form: the task of one that is stored was opened, or closed, then."""
    return before is None or item9 != item9_in(question, before)


def record_decision(
    *, case: Case, actor: User, chosen: str, reasoning: str, fingerprint: str
) -> Decision:
    """Store the outcome of today whole and for good, with the clinician's choice and reasoning.

    The same recorded twice is one decision. fingerprint: that of the page on which the clinician
    decided. Raises AnswersChangedError when answers or evidence are others by now, and
    CaseClosedError.
    """
    with transaction.atomic():
        case = lock_open_case(case)
        file = file_of(case)
        if file.fingerprint != fingerprint:
            raise AnswersChangedError
        if recorded := _recorded_just_now(file, actor, chosen, reasoning):
            return recorded
        decision = _decision(file, actor, chosen, reasoning, note_decision(case))
        decision.save(force_insert=True)
        record_case_event("decision.recorded", case, actor, decision.pk)
    return decision


def _recorded_just_now(file: CaseFile, actor: User, chosen: str, reasoning: str) -> Decision | None:
    """The latest decision, where this person recorded exactly this just now."""
    latest = decisions_of(file.case).filter(recorded_by=actor)[:1].values("pk")
    outcome = file.outcome
    said = {
        "answers": file.answers_with_dates,
        "edition_sha256": outcome.edition_sha256,
        "evidence_sha256": outcome.evidence_sha256,
        "chosen": chosen,
        "reasoning": reasoning,
    }
    return same_just_now(Decision.objects.filter(pk__in=latest), "recorded_at", said)


def _decision(file: CaseFile, actor: User, chosen: str, reasoning: str, now: datetime) -> Decision:
    outcome = file.outcome
    highest = Decision.objects.filter(case=file.case).aggregate(highest=Max("number"))["highest"]
    words = file.answers_in_words
    return Decision(
        case=file.case,
        number=(highest or 0) + 1,
        edition=outcome.edition,
        edition_sha256=outcome.edition_sha256,
        words_sha256=words_sha256(outcome.edition),
        evidence_release=outcome.evidence_release,
        evidence_sha256=outcome.evidence_sha256,
        answers=file.answers_with_dates,
        answers_in_words=[one.model_dump(mode="json") for one in words],
        outcome=outcome.model_dump(mode="json"),
        cited=cited_by(outcome, file.evidence).model_dump(mode="json"),
        questioned=file.questioned.model_dump(mode="json"),
        chosen=chosen,
        reasoning=reasoning,
        recorded_at=now,
        recorded_by=actor,
    )
