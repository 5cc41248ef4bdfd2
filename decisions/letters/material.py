"""Rows of the database as the values that a letter is made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from decisions.cases.case_file import CaseFile
from decisions.cases.edition.releases import JudgedStricter
from decisions.cases.models import Case, Decision, SafetyTask
from decisions.consents.models import Consent as StoredConsent
from decisions.consents.models import SubstanceSource
from decisions.documents.letter.material import (
    Decided,
    Facts,
    FollowUp,
    Issue,
    Patient,
    Plan,
    PlanOfDays,
    Recipient,
    Reference,
    Request,
    Sender,
    Stricter,
)
from decisions.documents.letter.phrasing import say_date
from decisions.documents.letter.sharing import Consent, Sharing
from decisions.documents.plan.in_words import compose_plan
from decisions.letters.models import Letter, LetterFacts
from decisions.letters.recipients import recipient_at
from decisions.letters.verification.codes import (
    code_of,
    reply_address,
    reply_code_of,
    say_code,
    sources_address,
    verify_address,
)
from decisions.patient.models import PatientNeeds
from decisions.plans.models import StoredPlan
from decisions.plans.queries import LaidOut
from decisions.rules.engine.answers_in_words import AnswerInWords
from decisions.rules.engine.edition_changes import OutcomeChanges
from decisions.rules.engine.outcomes import Outcome
from evidence.domain.entries import EvidenceBase
from evidence.ending import endings_on
from kapnet.core.people.models import Clinic, User

MINUTE = 60
INVENTED = "Invented data"


def decided_of(decision: Decision) -> Decided:
    answers = decision.answers
    return Decided(
        number=decision.number,
        recorded_on=timezone.localdate(decision.recorded_at),
        outcome=Outcome.model_validate(decision.outcome),
        answers={name: one["value"] for name, one in answers.items()},
        assessed_on={name: date.fromisoformat(one["assessed_on"]) for name, one in answers.items()},
        in_words=tuple(AnswerInWords.model_validate(one) for one in decision.answers_in_words),
    )


def sender_of(user: User, clinic: Clinic) -> Sender:
    return Sender(
        name=user.name,
        profession=user.profession,
        license_number=user.license_number,
        phone=user.phone or clinic.phone,
        secure_reply=user.secure_reply or clinic.secure_reply,
        clinic=clinic.name,
        clinic_address=clinic.address,
    )


def recipient_of(row: Letter) -> Recipient:
    """The recipient as the directory has it now, or as it was written by hand."""
    if (site := row.recipient_site) is not None:
        return Recipient(
            profession=site.colleague.profession,
            license_number=site.colleague.license_number,
            copies=row.copies,
            is_open=site.is_open,
            **recipient_at(site),
        )
    return Recipient(
        name=row.recipient_name,
        organization=row.recipient_organization,
        address=row.recipient_address,
        phone=row.recipient_phone,
        secure_reply=row.recipient_secure_reply,
        copies=row.copies,
    )


def sharing_of(row: Letter, source: SubstanceSource | None) -> Sharing:
    basis = {None: "", True: "treatment", False: "authorization"}[row.shared_for_treatment]
    return Sharing.model_validate(
        {
            "basis": basis,
            "authorization": _consent(row.authorization),
            "part2_consent": _consent(row.part2_consent),
            "substance_source": source.source if source else "",
            "medical_emergency": row.medical_emergency or "",
        }
    )


def _consent(row: StoredConsent | None) -> Consent | None:
    if row is None:
        return None
    return Consent(**{name: getattr(row, name) for name in Consent.model_fields})


def patient_of(case: Case, needs: PatientNeeds | None) -> Patient:
    called = needs.preferred_name if needs else ""
    return Patient(
        name=f"{case.patient_name} (“{called}”)" if called else case.patient_name,
        born=case.date_of_birth,
        clinic_number=f"{case.number:04d}",
        reference=case.reference,
    )


def stated_facts(row: LetterFacts | None, letter: Letter, needs: PatientNeeds | None) -> Facts:
    """Those of the case, but what the letter says in words of its own."""
    stored = {name: getattr(row, name) for name in Facts.model_fields} if row else {}
    stored = {name: value for name, value in stored.items() if value is not None}
    own = {} if letter.goals is None else {"goals": letter.goals}
    asked = {"language": needs.language_in_words} if needs and needs.language_in_words else {}
    return Facts(**{**stored, **asked, **own})


def request_of(row: Letter) -> Request:
    return Request.model_validate(
        {
            "kind": row.request_kind,
            "option": row.request_option,
            "how_soon": row.request_how_soon,
            "reply_by": row.reply_by,
        }
    )


def written_plan(row: Letter) -> Plan:
    written = {name: getattr(row, name) for name in Plan.model_fields}
    return Plan(**{name: value for name, value in written.items() if value is not None})


def stricter_of(judged: JudgedStricter, changes: OutcomeChanges) -> Stricter | None:
    """What is stricter as a letter says it; None where nothing is."""
    if not changes.is_stricter:
        return None
    return Stricter(
        edition=judged.edition,
        released_on=judged.released_on,
        verdicts=tuple((one.option, one.after) for one in changes.stricter),
        urgent=changes.urgent,
    )


def references_of(evidence: EvidenceBase) -> dict[str, Reference]:
    """Where each source was published."""
    return {
        one.key: Reference(journal=one.journal or "", year=one.year, doi=one.doi or "")
        for one in evidence.sources
    }


def what_ended(evidence: EvidenceBase, issue: Issue) -> dict[str, str]:
    """What has ended on the day of the letter, in the words of a sentence."""
    endings = endings_on(evidence, issue.written_on)
    return {key: endings.within([key]) for key in endings.sources}


def printed_days(
    stored: StoredPlan | None, file: CaseFile, decision: Decision, ended: Mapping[str, str]
) -> PlanOfDays | None:
    """The plan of the case; None where there is none, or no day can be given yet."""
    if stored is None:
        return None
    plan = LaidOut(stored, decision.edition, file.evidence)
    if not plan.planned.visits:
        return None
    block = compose_plan(
        asked=plan.asked,
        planned=plan.planned,
        findings=plan.findings,
        words=plan.words,
        ended=ended,
    )
    return PlanOfDays(block=block, is_sequence=plan.planned.is_sequence)


def issue_of(row: Letter, signed_at: datetime | None) -> Issue:
    return Issue(
        number=row.number,
        written_on=timezone.localdate(signed_at) if signed_at else timezone.localdate(),
        replaces=row.replaces.number if row.replaces else "",
        replaces_because=row.replaces_because,
        signed_at=signed_at,
        moment=say_moment_with_zone(signed_at) if signed_at else "",
        code=say_code(code_of(row.pk, signed_at)) if signed_at else "",
        check_at=verify_address() if signed_at else "",
        sources_at=sources_address(),
        reply_at=(reply_at := reply_address(row.clinic)),
        reply_code=say_code(reply_code_of(row.pk, signed_at)) if signed_at and reply_at else "",
        invented=INVENTED if settings.DEMO else "",
    )


def say_moment_with_zone(moment: datetime) -> str:
    """A moment on the clinic's clock with its zone: 23 November 2026, 14:31 (UTC-5)."""
    local = timezone.localtime(moment)
    offset = local.utcoffset()
    minutes = int(offset.total_seconds()) // MINUTE if offset else 0
    hours, rest = divmod(abs(minutes), MINUTE)
    zone = f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02d}' if rest else ''}"
    return f"{say_date(local.date())}, {local:%H:%M} ({zone})"


def follow_up_of(task: SafetyTask | None) -> FollowUp | None:
    """What came of the safety task that was closed last."""
    if task is None or task.closed_at is None:
        return None
    return FollowUp(
        closed_on=timezone.localdate(task.closed_at),
        assessment=task.assessment,
        agreed=task.agreed,
    )
