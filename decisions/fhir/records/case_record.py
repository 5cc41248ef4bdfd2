"""One case with all that leaves of it, each table read once and when it is first needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import DateTimeField, F, Max, OuterRef, QuerySet, Subquery
from django.utils import timezone

from decisions.cases.case_file import CaseFile
from decisions.cases.decision.questioned import Questioned
from decisions.cases.models import Case, Decision
from decisions.cases.queries import file_of
from decisions.consents.models import Consent, SubstanceSource
from decisions.desk.models import DeliveryStep, Status
from decisions.documents.letter.loading import load_words
from decisions.documents.letter.sharing import Consent as Paper
from decisions.documents.letter.treatment_history import KINDS
from decisions.documents.letter.withheld import outcome_without
from decisions.documents.letter.wording import LetterWords
from decisions.fhir.records.answers import Answered
from decisions.fhir.records.gate import Gate, Reader, gate_for
from decisions.fhir.records.history import Kept, NoneSaid, Written
from decisions.fhir.records.referrals import Standing
from decisions.follow_up.assessments.models import Assessment
from decisions.follow_up.courses.models import Course
from decisions.letters.models import Letter, LetterFacts
from decisions.patient.models import PatientCorrection
from decisions.plans.models import StoredPlan
from decisions.plans.queries import LaidOut, plan_of
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.loading import load_edition
from decisions.rules.question_names import question_names
from decisions.rules.sensitivity.settled import Robustness
from decisions.treatment_history.models import HistoryRow, Kind, NothingOf

STATED = {
    Kind.ALLERGIES: "allergies",
    Kind.MEDICINES: "medicines",
    Kind.TRIALS: "trials",
    Kind.TMS_COURSES: "tms_details",
    Kind.SCORES: "earlier_scores",
}
"""Kind of history -> where letters kept it as text before there were rows."""


@dataclass(frozen=True)
class Said:
    """A recorded decision with what the rules said. robustness: None where it is not known."""

    decision: Decision
    outcome: Outcome
    robustness: Robustness | None = None


@dataclass(frozen=True)
class CaseRecord:
    """case: of `cases_with_context`."""

    case: Case
    reader: Reader

    @cached_property
    def file(self) -> CaseFile:
        """With its answers."""
        return file_of(self.case)

    @cached_property
    def words(self) -> LetterWords:
        """Those of its edition."""
        return load_words(self.case.edition)

    @cached_property
    def consents(self) -> tuple[Consent, ...]:
        """All that was signed."""
        return tuple(Consent.objects.filter(case=self.case).order_by("recorded_at", "pk"))

    @cached_property
    def gate(self) -> Gate:
        """What is kept back from this reader."""
        source = SubstanceSource.objects.filter(case=self.case).first()
        papers = (one for one in self.consents if one.kind == Consent.Kind.PART2)
        return gate_for(
            self.reader,
            source=source.source if source else "",
            consents=(_paper(one) for one in papers),
            questions=self.words.substance.questions,
            mentions=self.words.substance.mentions,
            on=timezone.localdate(),
        )

    @cached_property
    def answers(self) -> dict[str, Answered]:
        """The answers that count, are asked and may leave, in the order of the questions."""
        names, file = question_names(self.case.edition), self.file
        return {
            one.id: Answered(
                question=one,
                name=names[one.id],
                value=row.value,
                day=row.assessed_on,
                saved_at=row.saved_at,
                version=row.version,
            )
            for one in file.edition.questionnaire.questions
            if one.id in file.raw_answers and file.answers.is_asked(one.id)
            if not self.gate.keeps_back(one.id) and (row := file.rows[one.id])
        }

    @cached_property
    def facts(self) -> LetterFacts | None:
        """What letters say besides; None while nobody has written any."""
        return LetterFacts.objects.filter(case=self.case).first()

    @property
    def diagnosis_code(self) -> str:
        """As it was typed; empty where it may not leave."""
        code = self.facts.diagnosis_code if self.facts else ""
        return code if self.gate.lets(code) else ""

    @cached_property
    def history(self) -> tuple[Kept, ...]:
        """The rows of treatment history that may leave."""
        rows = HistoryRow.objects.filter(case=self.case, removed_at=None)
        return tuple(
            Kept(str(one.pk), KINDS[one.kind].model_validate(one.values), one.saved_at)
            for one in rows
            if self.gate.lets(one.values)
        )

    @cached_property
    def none_said(self) -> tuple[NoneSaid, ...]:
        """Kinds of which somebody said that there are none."""
        rows = NothingOf.objects.filter(case=self.case).order_by("kind")
        return tuple(NoneSaid(one.kind, one.get_kind_display(), one.said_at) for one in rows)

    @cached_property
    def written(self) -> tuple[Written, ...]:
        """Lists that only letters have, as text: what has rows comes from its rows."""
        facts = self.facts
        if facts is None:
            return ()
        rows = HistoryRow.objects.filter(case=self.case, removed_at=None)
        told = {*rows.values_list("kind", flat=True), *(one.kind for one in self.none_said)}
        texts = ((kind, getattr(facts, field)) for kind, field in STATED.items())
        return tuple(
            Written(kind.value, str(kind.label), text, facts.saved_at)
            for kind, text in texts
            if text and kind not in told and self.gate.lets(text)
        )

    @cached_property
    def forms(self) -> tuple[Assessment, ...]:
        """Forms that were filled in; voided ones, too."""
        return tuple(Assessment.objects.filter(case=self.case))

    @cached_property
    def courses(self) -> tuple[Course, ...]:
        """Courses that may leave."""
        rows = Course.objects.filter(case=self.case)
        return tuple(one for one in rows if self.gate.lets(one.given_as, one.note))

    @cached_property
    def plan(self) -> LaidOut | None:
        """The plan of days; None while there is none."""
        stored: StoredPlan | None = plan_of(self.case)
        return LaidOut(stored, self.case.edition, self.file.evidence) if stored else None

    def decisions(self) -> Iterator[Said]:
        """The recorded decisions that may leave, each with what the rules said."""
        rows = Decision.objects.filter(case=self.case).order_by("number")
        for one in rows.iterator(chunk_size=10):
            said = self._said(one)
            if said is not None:
                yield said

    def _said(self, decision: Decision) -> Said | None:
        """As it was recorded. Where answers are kept back, as if nobody had asked for them: that
        is worked out on the evidence of today alone, as for a letter."""
        outcome = Outcome.model_validate(decision.outcome)
        raw = {name: one["value"] for name, one in decision.answers.items()}
        questions = load_words(decision.edition).substance.questions
        if not self.gate.is_closed or not set(questions) & raw.keys():
            kept = decision.questioned
            robustness = Questioned.model_validate(kept).robustness if kept else None
            return Said(decision, outcome, robustness)
        if outcome.evidence_sha256 != self.file.evidence.sha256:
            return None
        edition = load_edition(decision.edition)
        without = outcome_without(raw, questions, edition=edition, evidence=self.file.evidence)
        return Said(decision, without)

    def letters(self) -> QuerySet[Letter]:
        """The signed letters with what became of them, without their bytes."""
        return referral_letters().filter(case=self.case)

    @cached_property
    def corrected_at(self) -> datetime | None:
        """When name or birth date were corrected last."""
        found = PatientCorrection.objects.filter(case=self.case).aggregate(Max("corrected_at"))
        moment: datetime | None = found["corrected_at__max"]
        return moment


def _paper(row: Consent) -> Paper:
    return Paper(**{name: getattr(row, name) for name in Paper.model_fields})


def referral_letters() -> QuerySet[Letter]:
    """The signed letters in scope, with what became of them: one query, without their bytes."""
    replaced = Letter.objects.filter(replaces=OuterRef("pk"), status=Letter.Status.SIGNED)
    steps = DeliveryStep.objects.filter(delivery=OuterRef("pk")).order_by("-pk")
    declined = steps.filter(to_status=Status.DECLINED, is_correction=False)
    return (
        Letter.objects.filter(status=Letter.Status.SIGNED)
        .select_related("signed_by", "delivery", "clinic")
        .defer("pdf", "content")
        .annotate(
            replaced_at=Subquery(replaced.values("signed_at")[:1]),
            authorization_revoked_at=F("authorization__revoked_at"),
            part2_revoked_at=F("part2_consent__revoked_at"),
            stepped_at=Subquery(steps.values("noted_at")[:1], output_field=DateTimeField()),
            why_declined=Subquery(declined.values("note")[:1]),
        )
        .order_by("pk")
    )


def standing_of(letter: Letter) -> Standing:
    """What became of a letter of `referral_letters`."""
    revoked = (
        letter.authorization_revoked_at,  # type: ignore[attr-defined]
        letter.part2_revoked_at,  # type: ignore[attr-defined]
    )
    return Standing(
        replaced_at=letter.replaced_at,  # type: ignore[attr-defined]
        revoked_at=min((one for one in revoked if one), default=None),
    )
