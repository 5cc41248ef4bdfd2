"""From a stored decision to its copy: what may leave of it, and what became of it since."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from decisions.cases.case_file import CaseFile
from decisions.cases.decision.cited import Cited, cited_by
from decisions.cases.decision.ended import with_ended_said
from decisions.cases.decision.withdrawn_evidence import withdrawn_in
from decisions.cases.edition.releases import stricter_judgment
from decisions.cases.models import Decision
from decisions.cases.page_frame import recorded_line, recorded_preference
from decisions.cases.queries import decisions_of
from decisions.consents.queries import source_of
from decisions.documents.letter.loading import load_words
from decisions.documents.letter.sharing import FREE_SOURCES
from decisions.documents.letter.withheld import mentioned, outcome_without
from decisions.documents.words.reading import result_words
from decisions.letters.copies.decision_text import DecisionSaid, decision_as_text
from decisions.letters.material import INVENTED, patient_of, say_moment_with_zone
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.engine.result_words import option_name
from decisions.rules.loading import load_edition
from decisions.rules.question_names import question_names
from evidence.domain.entries import EvidenceBase
from evidence.models import Release
from evidence.queries import ReleaseAlteredError, kept_evidence_of
from kapnet.core.web.days import say_day

REASONING_LEFT_OUT = "Left out here: it may tell what else is left out."
NEWER = "Decision {number} is newer."
WITHDRAWN = "Evidence that it rests on was withdrawn since: {labels}."
STRICTER = "Edition {edition}, released since, is stricter than this decision."


class CannotLeaveOut(Exception):
    """What may not leave cannot be taken out: the evidence of the decision is not kept."""


def copy_of(recorded: Decision, file: CaseFile) -> str:
    """The decision as plain text. Raises CannotLeaveOut."""
    edition = load_edition(recorded.edition)
    kept_back = _kept_back(recorded, file)
    outcome, cited = Outcome.model_validate(recorded.outcome), Cited.model_validate(recorded.cited)
    if kept_back:
        evidence = _evidence_of(recorded, file)
        values = {name: one["value"] for name, one in recorded.answers.items()}
        outcome = outcome_without(values, kept_back, edition=edition, evidence=evidence)
        cited = cited_by(outcome, evidence)
    return decision_as_text(
        _said(recorded, file, kept_back, outcome),
        with_ended_said(outcome, edition, file.endings),
        cited=cited,
        names=question_names(edition.id),
        endings=file.endings,
    )


def _kept_back(recorded: Decision, file: CaseFile) -> tuple[str, ...]:
    """The questions on substance use, where a letter without a consent would leave them out.

    A copy has no reader whom a consent could name.
    """
    source = source_of(file.case)
    if source is not None and source.source in FREE_SOURCES:
        return ()
    asked = load_words(recorded.edition).substance.questions
    return tuple(asked) if set(asked) & recorded.answers.keys() else ()


def _evidence_of(recorded: Decision, file: CaseFile) -> EvidenceBase:
    """The evidence that the decision rests on. Raises CannotLeaveOut where it is not kept."""
    if file.evidence.sha256 == recorded.evidence_sha256:
        return file.evidence
    release = Release.objects.filter(sha256=recorded.evidence_sha256).first()
    try:
        evidence = kept_evidence_of(release) if release else None
    except ReleaseAlteredError:
        evidence = None
    if evidence is None or evidence.sha256 != recorded.evidence_sha256:
        raise CannotLeaveOut
    return evidence


def _said(
    recorded: Decision, file: CaseFile, kept_back: tuple[str, ...], outcome: Outcome
) -> DecisionSaid:
    """outcome: what the copy says, without what is kept back."""
    words, names = result_words(recorded.edition), question_names(recorded.edition)
    first_course = Outcome.model_validate(recorded.outcome).first_course
    return DecisionSaid(
        number=recorded.number,
        case=f"{file.case.number:04d}",
        moment=say_moment_with_zone(recorded.recorded_at),
        person=str(recorded.recorded_by),
        patient="\n".join(_patient(recorded, file)),
        chosen=option_name(words, recorded.chosen, first_course=first_course),
        reasoning=_reasoning(recorded, kept_back),
        left_out=tuple(names[one] for one in kept_back),
        since=tuple(_since(recorded, file, kept_back, outcome)),
    )


def _patient(recorded: Decision, file: CaseFile) -> Iterator[str]:
    patient = patient_of(file.case, needs=None)
    born = f"born {say_day(patient.born)}" if patient.born else ""
    yield ", ".join(filter(None, (patient.name, born, f"clinic number {patient.clinic_number}")))
    yield "; ".join((*recorded_line(recorded), recorded_preference(recorded)))


def _reasoning(recorded: Decision, kept_back: tuple[str, ...]) -> str:
    """The clinician's own words; none where they may tell what is kept back."""
    mentions = load_words(recorded.edition).substance.mentions if kept_back else ()
    return REASONING_LEFT_OUT if mentioned(mentions, recorded.reasoning) else recorded.reasoning


def _since(
    recorded: Decision, file: CaseFile, kept_back: tuple[str, ...], outcome: Outcome
) -> Iterator[str]:
    """What somebody who reads the copy has to know beside it; nothing that tells an answer kept
    back, such as a source that only a rule on it cites."""
    if settings.DEMO:
        yield INVENTED
    newest = decisions_of(file.case)[0].number
    if newest != recorded.number:
        yield NEWER.format(number=newest)
    if withdrawn := withdrawn_in(outcome, file.evidence):
        yield WITHDRAWN.format(labels=", ".join(one.label for one in withdrawn))
    if judged := stricter_judgment(recorded, file.evidence, without=kept_back, said=outcome):
        yield STRICTER.format(edition=judged.edition)
