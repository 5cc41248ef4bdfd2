"""Letters in the database for tests: reached by the actions that pages use."""

from __future__ import annotations

from datetime import date
from typing import Any

from decisions.cases.actions import record_decision
from decisions.cases.models import Case, Decision
from decisions.consents.actions import save_source
from decisions.letters.actions import compose, save_draft, save_facts, start_letter
from decisions.letters.models import Letter
from decisions.letters.signing.actions import sign_letter
from decisions.letters.signing.confirming import Confirmation
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of, file_for, make_case
from tests.decisions.letters.letter_factories import vignettes

REASONING = "TMS held for eight months, and the patient wants it again."
DRAFT = {
    "recipient_organization": "Harbor TMS Center",
    "recipient_name": "Dr. D. Beispiel",
    "request_kind": "assess",
    "request_option": "repeat_tms",
    "request_how_soon": "weeks",
    "shared_for_treatment": True,
}


def make_sender(user: User) -> User:
    """The profile that a letter needs."""
    user.profession, user.phone, user.license_number = "psychotherapist", "555-0100", "00000"
    user.save(update_fields=["profession", "phone", "license_number"])
    return user


def make_decision(
    therapist: User, *, chosen: str = "repeat_tms", name: str = "Maren Testcase", **answers: Any
) -> Decision:
    """A recorded decision about the relapsed responder, with these answers changed."""
    make_sender(therapist)
    said = {**vignettes()["responder-relapsed"], **answers}
    case = make_case(therapist, name=name, born=date(1984, 3, 14), **said)
    return decide_case(case, therapist, chosen=chosen)


def decide_case(case: Case, therapist: User, *, chosen: str = "repeat_tms") -> Decision:
    """Record one more decision about a case as it stands: the same twice would be one."""
    fingerprint = file_for(case, therapist).fingerprint
    with clinic_of(therapist):
        return record_decision(
            case=case,
            actor=therapist,
            chosen=chosen,
            reasoning=REASONING + " Looked at again." * case.decisions.count(),
            fingerprint=fingerprint,
        )


def make_draft(therapist: User, decision: Decision | None = None, **values: Any) -> Letter:
    """A draft that can be signed, with these values changed."""
    decision = decision or make_decision(therapist)
    say_source(decision.case, therapist)
    with clinic_of(therapist):
        letter = start_letter(case=decision.case, actor=therapist, decision=decision)
        save_draft(
            letter=letter, actor=therapist, values={**DRAFT, **values}, saved_at=letter.saved_at
        )
        return Letter.objects.select_related("clinic", "case__clinic", "decision__case").get(
            pk=letter.pk
        )


def fingerprint_of(letter: Letter, therapist: User) -> str:
    """What the page of the draft shows, in short."""
    with clinic_of(therapist):
        return compose(letter.pk, therapist).fingerprint


def sign(letter: Letter, therapist: User) -> Letter:
    """Sign as somebody who sees the newest page."""
    with clinic_of(therapist):
        shown = compose(letter.pk, therapist)
        return sign_letter(
            letter_id=letter.pk,
            actor=therapist,
            fingerprint=shown.fingerprint,
            confirmed=tuple(Confirmation),
            stated=shown.words_found,
        )


def say_source(case: Case, therapist: User, source: str = "self_report") -> None:
    """Where the answers on substance use come from."""
    with clinic_of(therapist):
        save_source(case=case, actor=therapist, source=source)


def make_signed(therapist: User, **values: Any) -> Letter:
    """A signed letter."""
    return sign(make_draft(therapist, **values), therapist)


def write_facts(case: Case, therapist: User, **values: Any) -> None:
    """Facts for the letters of a case."""
    with clinic_of(therapist):
        save_facts(case=case, actor=therapist, values=values, saved_at=None)
