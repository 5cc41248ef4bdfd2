"""All resources of a case, by type: for searches, for one of them, and for taking all along."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from django.utils import timezone

from decisions.consents.models import Consent
from decisions.desk.models import Status
from decisions.fhir.names import Resource
from decisions.fhir.observations import FilledIn, form_observations
from decisions.fhir.records import history, people
from decisions.fhir.records.answers import answer_observations
from decisions.fhir.records.case_record import CaseRecord, standing_of
from decisions.fhir.records.conditions import conditions, said_allergies
from decisions.fhir.records.decided import guidance
from decisions.fhir.records.given import care_plan, course_procedure
from decisions.fhir.records.referrals import document_reference, service_request, task
from decisions.follow_up.assessments.actions import instrument_of
from decisions.follow_up.assessments.models import Assessment
from decisions.letters.models import Letter
from decisions.letters.verification.verifying import hash_of
from kapnet.core.encryption.keys import UnreadableError


def resources_of(record: CaseRecord, kinds: Iterable[str] = ()) -> Iterator[Resource]:
    """All resources of a case, or those of these types. Letters are opened one after another."""
    for kind in kinds or KINDS:
        yield from KINDS[kind](record)


def _patient(record: CaseRecord) -> Iterator[Resource]:
    yield people.patient(record.case, changed_at=record.corrected_at)


def _conditions(record: CaseRecord) -> Iterator[Resource]:
    yield from conditions(
        record.case.pk,
        record.answers,
        diagnosis_code=record.diagnosis_code,
        code_saved_at=record.facts.saved_at if record.facts else None,
    )


def _observations(record: CaseRecord) -> Iterator[Resource]:
    case_id, edition = record.case.pk, record.case.edition
    yield from answer_observations(case_id, edition, record.answers)
    yield from history.history_observations(
        case_id, record.history, record.none_said, record.written, record.words.history
    )
    for form in record.forms:
        yield from form_observations(_filled_in(record, form))


def _filled_in(record: CaseRecord, form: Assessment) -> FilledIn:
    return FilledIn(
        id=str(form.pk),
        instrument=instrument_of(record.case, form.instrument),
        raw={"items": form.items, "total": form.total, "item9": form.item9},
        authored=form.authored_at,
        updated=form.voided_at or form.authored_at,
        patient=str(record.case.pk),
        response=str(form.pk) if form.items is not None else "",
        is_voided=form.is_voided,
    )


def _medications(record: CaseRecord) -> Iterator[Resource]:
    yield from history.medications(record.case.pk, record.history, record.words.history)


def _allergies(record: CaseRecord) -> Iterator[Resource]:
    yield from history.allergies(record.case.pk, record.history)
    yield from said_allergies(record.case.pk, record.answers)


def _procedures(record: CaseRecord) -> Iterator[Resource]:
    yield from history.procedures(record.case.pk, record.history, record.words.history)
    for course in record.courses:
        yield course_procedure(course)


def _plans(record: CaseRecord) -> Iterator[Resource]:
    if (plan := record.plan) is not None:
        yield care_plan(plan.stored, plan.asked, plan.planned.visits, plan.words)


def _consents(record: CaseRecord) -> Iterator[Resource]:
    """A consent for records of a program tells that there are some: it is kept back with them."""
    for one in record.consents:
        if one.kind != Consent.Kind.PART2 or not record.gate.is_closed:
            yield people.consent(one, on=timezone.localdate())


def _decisions(record: CaseRecord) -> Iterator[Resource]:
    for one in record.decisions():
        reasoning = one.decision.reasoning
        may_see = record.reader.sees_reasoning and record.gate.lets(reasoning)
        yield guidance(
            one.decision,
            one.outcome,
            robustness=one.robustness,
            reasoning=reasoning if may_see else "",
        )


def _requests(record: CaseRecord) -> Iterator[Resource]:
    for letter in record.letters():
        yield service_request(letter, standing_of(letter))


def _documents(record: CaseRecord) -> Iterator[Resource]:
    for letter in record.letters().iterator(chunk_size=10):
        yield document_reference(letter, standing_of(letter), intact_pdf(letter))


def intact_pdf(letter: Letter) -> bytes:
    """The stored bytes; empty where they are not those that were signed, or no key opens them."""
    try:
        pdf = bytes(Letter.objects.only("pdf").get(pk=letter.pk).pdf or b"")
    except UnreadableError:
        return b""
    return pdf if hash_of(pdf) == letter.pdf_sha256 else b""


def _tasks(record: CaseRecord) -> Iterator[Resource]:
    for letter in record.letters():
        yield letter_task(letter, lets=record.gate.lets)


def letter_task(letter: Letter, *, lets: Callable[[str], bool]) -> Resource:
    """The way of a letter of `referral_letters`. lets: whether a text may leave."""
    why = ""
    if letter.delivery.status == Status.DECLINED:
        why = letter.why_declined or ""  # type: ignore[attr-defined]
    return task(
        letter,
        letter.delivery,
        changed_at=letter.stepped_at,  # type: ignore[attr-defined]
        why_declined=why if why and lets(why) else "",
    )


KINDS: Final[Mapping[str, Callable[[CaseRecord], Iterator[Resource]]]] = {
    "Patient": _patient,
    "Condition": _conditions,
    "Observation": _observations,
    "MedicationStatement": _medications,
    "AllergyIntolerance": _allergies,
    "Procedure": _procedures,
    "CarePlan": _plans,
    "Consent": _consents,
    "GuidanceResponse": _decisions,
    "ServiceRequest": _requests,
    "DocumentReference": _documents,
    "Task": _tasks,
}
"""Type -> its resources of a case."""
