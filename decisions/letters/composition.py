"""From stored rows to the letter as data: what it says now, and what it still lacks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from decisions.case_file import CaseFile
from decisions.consents.models import Consent as StoredConsent
from decisions.consents.queries import source_of
from decisions.domain import letter_blocks
from decisions.domain.answers_in_words import AnswerInWords, describe_answer
from decisions.domain.letter import compose_letter
from decisions.domain.letter_history import gaps_of
from decisions.domain.letter_left_out import decided_without, outcome_without, words_found
from decisions.domain.letter_material import (
    Decided,
    Facts,
    FollowUp,
    Issue,
    LetterMaterial,
    Patient,
    Plan,
    PlanOfDays,
    Recipient,
    Request,
    Sender,
)
from decisions.domain.letter_missing import MissingBlock, missing_blocks
from decisions.domain.letter_sayings import Sayings, say_date
from decisions.domain.letter_sharing import Consent, Sharing
from decisions.domain.outcomes import Outcome
from decisions.domain.plan_annex import compose_plan
from decisions.domain.values import sha256_of
from decisions.history.queries import history_of
from decisions.letters.boxes import unprintable
from decisions.letters.codes import code_of, say_code, verify_address
from decisions.letters.confirming import Confirmation, confirmations_of
from decisions.letters.models import Letter, LetterFacts
from decisions.letters.queries import facts_of
from decisions.letters.recipients import recipient_at
from decisions.letters.wording import load_words
from decisions.loading import load_edition
from decisions.models import Case, Decision
from decisions.plan.queries import LaidOut, plan_of
from decisions.queries import closed_tasks_of, decisions_of
from decisions.question_names import question_names
from decisions.withdrawn import withdrawn_since
from evidence.ending import Endings
from kapnet.clinics.models import Clinic, User

MINUTE = 60
UNSIGNED = {"signed_at": None, "moment": "", "code": "", "check_at": ""}
"""What a letter's issue says before it is signed."""


@dataclass(frozen=True)
class Composition:
    """One letter of one case, put together once for a request. file: the case as it is now."""

    letter: Letter
    file: CaseFile
    sender: User
    signed_at: datetime | None = None

    @cached_property
    def material(self) -> LetterMaterial:
        """Everything that the letter says, before it has words."""
        whole = self._whole_material
        return self._without_substance_use(whole) if whole.withholds_substance_use else whole

    def _without_substance_use(self, whole: LetterMaterial) -> LetterMaterial:
        """The letter as if nobody had asked for what may not leave with it."""
        row, file = self.letter, self.file
        edition = load_edition(row.decision.edition)
        questions = load_words(row.decision.edition).substance.questions
        today = outcome_without(
            file.raw_answers, questions, edition=file.edition, evidence=file.evidence
        )
        decided = decided_without(whole.decided, questions, edition=edition, evidence=file.evidence)
        changes = {
            "decided": decided,
            "urgent_now": tuple(one.because for one in today.urgent),
            "measured_now": _measured_now(file, today, but=questions),
            "left_out": questions,
            "can_leave_out": whole.decided.outcome.evidence_sha256 == file.evidence.sha256,
        }
        return whole.model_copy(update=changes)

    @cached_property
    def _whole_material(self) -> LetterMaterial:
        row, case = self.letter, self.file.case
        issue = _issue(row, self.signed_at)
        return LetterMaterial(
            decided=_decided(row.decision),
            sender=_sender(self.sender, case.clinic),
            recipient=_recipient(row),
            patient=_patient(case),
            facts=_facts(facts_of(case), row),
            request=_request(row),
            plan=_plan(row),
            issue=issue,
            follow_up=_follow_up(case),
            has_open_safety_task=self.file.has_open_task,
            urgent_now=tuple(one.because for one in self.file.outcome.urgent),
            measured_now=_measured_now(self.file, self.file.outcome),
            withdrawn=tuple(
                one.label for one in withdrawn_since([row.decision], self.file.evidence)
            ),
            ended=_ended(self.file, issue),
            plan_of_days=_plan_of_days(self.file, row.decision),
            sharing=_sharing(row),
            history=history_of(case),
        )

    @cached_property
    def text(self) -> letter_blocks.Letter:
        """The letter as data: what preview and PDF show."""
        return self._compose(self.material)

    def _compose(self, material: LetterMaterial) -> letter_blocks.Letter:
        edition = self.letter.decision.edition
        return compose_letter(
            edition=load_edition(edition),
            words=load_words(edition),
            names=question_names(edition),
            material=material,
        )

    @cached_property
    def fingerprint(self) -> str:
        """Changes with everything that somebody reads before signing, and not with the signature.

        So a draft and what is signed of it have the same one.
        """
        material = self.material
        issue = material.issue.model_copy(update=UNSIGNED)
        draft = self._compose(material.model_copy(update={"issue": issue}))
        newer = self.newer_decision
        beside = [self.answers_have_changed, newer and newer.number]
        return sha256_of([draft.content_sha256, *beside])

    @cached_property
    def missing(self) -> tuple[MissingBlock, ...]:
        """What keeps it from being signed: what it lacks, and what no font can print."""
        edition = self.letter.decision.edition
        lacking = missing_blocks(
            edition=load_edition(edition),
            words=load_words(edition),
            names=question_names(edition),
            material=self.material,
        )
        return (*lacking, *unprintable(self.text))

    @cached_property
    def words_found(self) -> tuple[str, ...]:
        """Words in the free texts that may tell what is left out; none where nothing is."""
        if not self.material.left_out:
            return ()
        return words_found(
            load_words(self.letter.decision.edition).substance.mentions, self.material
        )

    @cached_property
    def gaps(self) -> tuple[str, ...]:
        """What the history lacks, in sentences: it is printed as not known and blocks nothing."""
        edition = self.letter.decision.edition
        words = load_words(edition)
        return tuple(gaps_of(Sayings(self.material, words, question_names(edition))))

    @property
    def confirmations(self) -> tuple[Confirmation, ...]:
        """What the signer has to confirm besides the letter itself."""
        material = self.material
        return tuple(
            confirmations_of(
                self.letter,
                leaves_out=bool(material.left_out),
                in_emergency=material.sharing.leaves_in_emergency,
            )
        )

    @cached_property
    def newer_decision(self) -> Decision | None:
        """A decision that was recorded after the one of this letter; None where there is none."""
        newest = decisions_of(self.letter.case).first()
        return newest if newest and newest.pk != self.letter.decision_id else None

    @property
    def answers_have_changed(self) -> bool:
        """Whether the case has other answers by now than the decision rests on."""
        return bool(self.file.answers_with_dates != self.letter.decision.answers)


def _decided(decision: Decision) -> Decided:
    answers = decision.answers
    return Decided(
        number=decision.number,
        recorded_on=timezone.localdate(decision.recorded_at),
        outcome=Outcome.model_validate(decision.outcome),
        answers={name: one["value"] for name, one in answers.items()},
        assessed_on={name: date.fromisoformat(one["assessed_on"]) for name, one in answers.items()},
        in_words=tuple(AnswerInWords.model_validate(one) for one in decision.answers_in_words),
    )


def _sender(user: User, clinic: Clinic) -> Sender:
    return Sender(
        name=user.name,
        profession=user.profession,
        license_number=user.license_number,
        phone=user.phone or clinic.phone,
        secure_reply=user.secure_reply or clinic.secure_reply,
        clinic=clinic.name,
        clinic_address=clinic.address,
    )


def _recipient(row: Letter) -> Recipient:
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


def _measured_now(
    file: CaseFile, outcome: Outcome, *, but: Collection[str] = ()
) -> dict[str, tuple[str, ...]]:
    """Act-first sentence of today -> the answers that it rests on, each with its day."""
    return {
        one.because: tuple(_said_today(file, name) for name in one.questions if name not in but)
        for one in outcome.urgent
    }


def _said_today(file: CaseFile, name: str) -> str:
    question, day = file.edition.questionnaire.question(name), file.assessed_on(name)
    words = load_words(file.edition.id)
    return words.why_now["score"].format(
        scale=f"{question_names(file.edition.id)[name]}:",
        score=describe_answer(file.edition, question, file.answers).words,
        day=say_date(day) if day else words.not_known,
    )


def _sharing(row: Letter) -> Sharing:
    basis = {None: "", True: "treatment", False: "authorization"}[row.shared_for_treatment]
    source = source_of(row.case)
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


def _patient(case: Case) -> Patient:
    return Patient(
        name=case.patient_name,
        born=case.date_of_birth,
        clinic_number=f"{case.number:04d}",
        reference=case.reference,
    )


def _facts(row: LetterFacts | None, letter: Letter) -> Facts:
    """Those of the case, but what the letter says in words of its own."""
    stored = {name: getattr(row, name) for name in Facts.model_fields} if row else {}
    own = {} if letter.goals is None else {"goals": letter.goals}
    return Facts(**{**stored, **own})


def _request(row: Letter) -> Request:
    return Request.model_validate(
        {
            "kind": row.request_kind,
            "option": row.request_option,
            "how_soon": row.request_how_soon,
            "reply_by": row.reply_by,
        }
    )


def _plan(row: Letter) -> Plan:
    written = {name: getattr(row, name) for name in Plan.model_fields}
    return Plan(**{**written, "questions": row.questions or ""})


def _ended(file: CaseFile, issue: Issue) -> dict[str, str]:
    """What has ended on the day of the letter, in the words of a sentence."""
    endings = Endings(file.evidence, issue.written_on)
    return {key: endings.within([key]) for key in endings.sources}


def _plan_of_days(file: CaseFile, decision: Decision) -> PlanOfDays | None:
    """The plan of the case; None where there is none, or no day can be given yet."""
    stored = plan_of(file.case)
    if stored is None:
        return None
    plan = LaidOut(stored, decision.edition, file.evidence)
    if not plan.planned.visits:
        return None
    block = compose_plan(
        asked=plan.asked, planned=plan.planned, findings=plan.findings, words=plan.words
    )
    return PlanOfDays(block=block, is_sequence=plan.planned.is_sequence)


def _issue(row: Letter, signed_at: datetime | None) -> Issue:
    return Issue(
        number=row.number,
        written_on=timezone.localdate(signed_at) if signed_at else timezone.localdate(),
        replaces=row.replaces.number if row.replaces else "",
        replaces_because=row.replaces_because,
        signed_at=signed_at,
        moment=say_moment_with_zone(signed_at) if signed_at else "",
        code=say_code(code_of(row.pk, signed_at)) if signed_at else "",
        check_at=verify_address() if signed_at else "",
    )


def say_moment_with_zone(moment: datetime) -> str:
    """A moment on the clinic's clock with its zone: 23 November 2026, 14:31 (UTC-5)."""
    local = timezone.localtime(moment)
    offset = local.utcoffset()
    minutes = int(offset.total_seconds()) // MINUTE if offset else 0
    hours, rest = divmod(abs(minutes), MINUTE)
    zone = f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02d}' if rest else ''}"
    return f"{say_date(local.date())}, {local:%H:%M} ({zone})"


def _follow_up(case: Case) -> FollowUp | None:
    task = closed_tasks_of(case).first()
    if task is None or task.closed_at is None:
        return None
    return FollowUp(
        closed_on=timezone.localdate(task.closed_at),
        assessment=task.assessment,
        agreed=task.agreed,
    )
