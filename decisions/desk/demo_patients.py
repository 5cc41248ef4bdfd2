"""The patients of a demo: the vignettes of the edition, with decisions and letters on their way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from decisions.cases.actions import open_case, record_decision, save_answer
from decisions.cases.models import Case, Decision
from decisions.cases.queries import cases_with_context, file_of
from decisions.consents.actions import save_source
from decisions.desk.actions import take_step
from decisions.letters.actions import compose, save_draft, start_letter
from decisions.letters.models import Letter
from decisions.letters.signing.actions import sign_letter
from decisions.letters.signing.confirming import Confirmation
from decisions.replay.vignettes import answers_of_vignette
from kapnet.core.people.at_clinic import at_clinic
from kapnet.core.people.demo import DEMO_PEOPLE
from kapnet.core.people.models import User


@dataclass(frozen=True)
class DemoPatient:
    """One vignette with a name. chosen: of its decision. to: of a letter, and whom it goes to."""

    vignette: str
    name: str
    born: date
    chosen: str
    reasoning: str
    to: tuple[str, str] | None = None
    how_soon: str = ""
    is_sent: bool = False


PATIENTS = (
    DemoPatient(
        "responder-relapsed",
        "Maren Sample",
        date(1984, 3, 14),
        "repeat_tms",
        "TMS held for eight months. The patient can come on weekdays and wants it again.",
        to=("Harbor TMS Center", "Dr. D. Beispiel"),
        how_soon="weeks",
        is_sent=True,
    ),
    DemoPatient(
        "needs-relief-in-days",
        "Jonas Sample",
        date(1979, 8, 2),
        "ketamine",
        "Work is failing now. The patient knows that the effect may be short.",
        to=("Bay Ketamine Clinic", "Dr. B. Muster"),
        how_soon="days",
    ),
    DemoPatient(
        "blood-pressure-unknown",
        "Alma Sample",
        date(1991, 11, 23),
        "ketamine",
        "Ketamine fits best so far. Blood pressure is taken at the next visit.",
    ),
)


def make_demo_patients() -> int:
    """Make those that the demo clinic does not have; how many were made."""
    therapist = _person(DEMO_PEOPLE[0].email)
    staff = _person(DEMO_PEOPLE[1].email)
    with at_clinic(therapist.membership.clinic):
        there = {case.patient_name for case in Case.objects.all()}
        missing = [one for one in PATIENTS if one.name not in there]
        for one in missing:
            with transaction.atomic():
                _make(one, therapist, staff)
    return len(missing)


def _person(email: str) -> User:
    return User.objects.select_related("membership__clinic").get(email=email)


def _make(one: DemoPatient, therapist: User, staff: User) -> None:
    case = open_case(
        clinic=therapist.membership.clinic,
        therapist=therapist,
        patient_name=one.name,
        date_of_birth=one.born,
    )
    file = file_of(cases_with_context().get(pk=case.pk))
    for question, raw in answers_of_vignette(one.vignette).items():
        if question not in file.rows:
            saved = save_answer(
                file=file, question_id=question, raw=raw, version=0, actor=therapist
            )
            file = saved.file
    decision = record_decision(
        case=case,
        actor=therapist,
        chosen=one.chosen,
        reasoning=one.reasoning,
        fingerprint=file.fingerprint,
    )
    if one.to:
        letter = _sign(one, decision, therapist)
        if one.is_sent:
            version = letter.delivery.version
            take_step(letter=letter, by=staff, seen_version=version, status="sent", how="fax")


def _sign(one: DemoPatient, decision: Decision, therapist: User) -> Letter:
    save_source(case=decision.case, actor=therapist, source="self_report")
    letter = start_letter(case=decision.case, actor=therapist, decision=decision)
    organization, name = one.to or ("", "")
    values = {
        "recipient_organization": organization,
        "recipient_name": name,
        "request_kind": "assess",
        "request_option": one.chosen,
        "request_how_soon": one.how_soon,
        "shared_for_treatment": True,
    }
    save_draft(letter=letter, actor=therapist, values=values, saved_at=letter.saved_at)
    shown = compose(letter.pk, therapist)
    return sign_letter(
        letter_id=letter.pk,
        actor=therapist,
        fingerprint=shown.fingerprint,
        confirmed=tuple(Confirmation),
        stated=shown.words_found,
    )
