"""From stored rows to the letter as data: what it says now, and what it still lacks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from decisions.cases.case_file import CaseFile
from decisions.cases.decision.withdrawn_evidence import withdrawn_since
from decisions.cases.edition.releases import JudgedStricter, judge, stricter_judgment
from decisions.cases.models import Decision
from decisions.cases.queries import decisions_of
from decisions.documents.contradictions.compared import Mismatch
from decisions.documents.letter import blocks as letter_blocks
from decisions.documents.letter.compose import compose_letter
from decisions.documents.letter.history_tables import gaps_of
from decisions.documents.letter.loading import load_words
from decisions.documents.letter.material import Decided, LetterMaterial, Stricter
from decisions.documents.letter.missing import MissingBlock, missing_blocks
from decisions.documents.letter.phrasing import Sayings, say_short_date
from decisions.documents.letter.unlisted import lists_lacking, unlisted_of
from decisions.documents.letter.withheld import decided_without, outcome_without, words_found
from decisions.letters.boxes import unprintable
from decisions.letters.checking.mismatches import mismatches_of_letter
from decisions.letters.gathering import Gathered, gather
from decisions.letters.material import (
    decided_of,
    follow_up_of,
    issue_of,
    patient_of,
    printed_days,
    recipient_of,
    references_of,
    request_of,
    sender_of,
    sharing_of,
    stated_facts,
    stricter_of,
    what_ended,
    written_plan,
)
from decisions.letters.models import Letter
from decisions.letters.signing.confirming import Confirmation, confirmations_of
from decisions.rules.engine.answers_in_words import describe_answer
from decisions.rules.engine.outcomes import Finding
from decisions.rules.loading import edition_ids, load_edition
from decisions.rules.logic.values import sha256_of
from decisions.rules.question_names import question_names
from kapnet.core.people.models import User

UNSIGNED = {"signed_at": None, "moment": "", "code": "", "check_at": "", "reply_code": ""}
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
            file.raw_answers,
            self._substance_questions(edition.id, file.edition.id),
            edition=file.edition,
            evidence=file.evidence,
        )
        decided = decided_without(whole.decided, questions, edition=edition, evidence=file.evidence)
        changes = {
            "decided": decided,
            "urgent_now": (*today.urgent, *self._urgent_kept),
            "measured_now": _measured_now(file, (*today.urgent, *self._urgent_kept), but=questions),
            "left_out": questions,
            "stricter": self._stricter_without_substance_use(decided),
            "can_leave_out": whole.decided.outcome.evidence_sha256 == file.evidence.sha256,
        }
        return whole.model_copy(update=changes)

    @property
    def _urgent_kept(self) -> Iterator[Finding]:
        """Act-first rules by answers that are asked again and may leave."""
        kept_back = self._substance_questions(*edition_ids())
        for finding in self.file.urgent_until_asked_again:
            if not kept_back & set(finding.questions):
                yield finding

    def _substance_questions(self, *editions: str) -> frozenset[str]:
        """The questions on substance use of these editions: an answer may be read by any."""
        return frozenset(
            question for one in editions for question in load_words(one).substance.questions
        )

    def _stricter_without_substance_use(self, decided: Decided) -> Stricter | None:
        if self.judged is None:
            return None
        later = self.judged.edition
        changes = judge(
            answers=dict(decided.answers),
            said=decided.outcome,
            by=load_edition(later),
            evidence=self.file.evidence,
            without=self._substance_questions(decided.outcome.edition, later),
        )
        return stricter_of(self.judged, changes)

    @cached_property
    def judged(self) -> JudgedStricter | None:
        """What the edition that was released last holds back, by all answers of the decision."""
        return stricter_judgment(self.letter.decision, self.file.evidence)

    @cached_property
    def gathered(self) -> Gathered:
        """What was read for it."""
        return gather(self.file)

    @cached_property
    def _whole_material(self) -> LetterMaterial:
        row, case, read = self.letter, self.file.case, self.gathered
        issue = issue_of(row, self.signed_at)
        ended = what_ended(read.evidence, issue)
        urgent = (*self.file.outcome.urgent, *self.file.urgent_until_asked_again)
        return LetterMaterial(
            decided=decided_of(row.decision),
            sender=sender_of(self.sender, case.clinic),
            recipient=recipient_of(row),
            patient=patient_of(case, read.needs),
            facts=stated_facts(read.facts, row, read.needs),
            request=request_of(row),
            plan=written_plan(row),
            issue=issue,
            follow_up=follow_up_of(read.closed_task),
            has_open_safety_task=self.file.has_open_task,
            urgent_now=urgent,
            measured_now=_measured_now(self.file, urgent),
            withdrawn=tuple(one.label for one in withdrawn_since([row.decision], read.evidence)),
            ended=ended,
            references=references_of(read.evidence),
            stricter=stricter_of(self.judged, self.judged.changes) if self.judged else None,
            is_judged_stricter=self.judged is not None,
            plan_of_days=printed_days(read.plan, self.file, row.decision, ended),
            sharing=sharing_of(row, read.source),
            history=read.history,
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
        newer, judged = self.newer_decision, self.judged
        beside = [
            self.answers_have_changed,
            newer and newer.number,
            judged and [judged.edition, judged.changes.model_dump(mode="json")],
            [one.says for one in self.mismatches],
        ]
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
        """What letter and history lack, in sentences: printed as not known, it blocks nothing."""
        return (*unlisted_of(self._sayings), *gaps_of(self._sayings))

    @property
    def lacks_lists(self) -> bool:
        """Whether its reader needs medicines or allergies of which it has nothing."""
        return any(lists_lacking(self._sayings))

    @property
    def _sayings(self) -> Sayings:
        edition = self.letter.decision.edition
        return Sayings(self.material, load_words(edition), question_names(edition))

    @cached_property
    def mismatches(self) -> tuple[Mismatch, ...]:
        """What in it does not fit, in sentences: the signer is asked, and nothing is changed."""
        return (
            *mismatches_of_letter(self.letter, self.file, self.material, self.gathered.plan),
            *self.gathered.statements,
        )

    @property
    def confirmations(self) -> tuple[Confirmation, ...]:
        """What the signer has to confirm besides the letter itself."""
        material = self.material
        return tuple(
            confirmations_of(
                self.letter,
                leaves_out=bool(material.left_out),
                is_doubted=bool(self.mismatches),
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


def _measured_now(
    file: CaseFile, findings: Iterable[Finding], *, but: Collection[str] = ()
) -> dict[str, tuple[str, ...]]:
    """Act-first sentence of today -> the answers that it rests on, each with its day."""
    asked = {one.id for one in file.edition.questionnaire.questions} - set(but)
    return {
        one.because: tuple(_said_today(file, name) for name in one.questions if name in asked)
        for one in findings
    }


def _said_today(file: CaseFile, name: str) -> str:
    question, day = file.edition.questionnaire.question(name), file.assessed_on(name)
    words = load_words(file.edition.id)
    return words.why_now["score"].format(
        scale=f"{question_names(file.edition.id)[name]}:",
        score=describe_answer(file.edition, question, file.answers).words,
        day=say_short_date(day) if day else words.not_known,
    )
