"""Treatment history as MedicationStatements, AllergyIntolerances, Procedures and Observations.

Names are text as they were written: no code of a drug is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone

from decisions.documents.letter.history_words import HistoryWords
from decisions.documents.letter.treatment_history import (
    Allergy,
    DrugTrial,
    EarlierScore,
    Medicine,
    OtherTreatment,
    TmsCourse,
)
from decisions.fhir.names import OURS, Resource, coding
from decisions.fhir.observations import SURVEY
from decisions.fhir.parts import (
    absent,
    concept,
    known,
    notes,
    period,
    reference,
    resource,
)
from decisions.rules.logic.values import Frozen

TMS: Final = "Transcranial magnetic stimulation, course"
HISTORY_SYSTEM: Final = f"{OURS}/CodeSystem/treatment-history"


@dataclass(frozen=True)
class Kept:
    """One row of a case. row: of one of the kinds of treatment history."""

    id: str
    row: Frozen
    saved_at: datetime


@dataclass(frozen=True)
class NoneSaid:
    """Somebody asked, and there is none of a kind. label: of the kind."""

    kind: str
    label: str
    at: datetime


@dataclass(frozen=True)
class Written:
    """A list that was written as text for letters, while the case has no rows of its kind."""

    kind: str
    label: str
    text: str
    saved_at: datetime


def medications(case_id: object, rows: Iterable[Kept], words: HistoryWords) -> Iterator[Resource]:
    """Medicines taken now, and those that were tried."""
    for kept in rows:
        match kept.row:
            case Medicine() as taken:
                yield _taken_now(case_id, kept, taken)
            case DrugTrial() as tried:
                yield _tried(case_id, kept, tried, words)


def _taken_now(case_id: object, kept: Kept, row: Medicine) -> Resource:
    dosage = ", ".join(filter(None, (row.dose, row.route, row.frequency)))
    return resource(
        "MedicationStatement",
        kept.id,
        updated=kept.saved_at,
        status="active",
        medicationCodeableConcept=concept(row.name),
        subject=reference("Patient", case_id),
        effectivePeriod=period(row.since),
        dosage=[{"text": dosage}] if dosage else [],
    )


def _tried(case_id: object, kept: Kept, row: DrugTrial, words: HistoryWords) -> Resource:
    """Stopped where an end or a reason is known; else it is not known whether it is taken."""
    has_ended = bool(row.ended or row.why_stopped)
    return resource(
        "MedicationStatement",
        kept.id,
        updated=kept.saved_at,
        status="stopped" if has_ended else "unknown",
        statusReason=[concept(row.why_stopped)] if row.why_stopped else [],
        medicationCodeableConcept=concept(row.drug),
        subject=reference("Patient", case_id),
        effectivePeriod=period(row.started, row.ended),
        dosage=[{"text": row.highest_dose}] if row.highest_dose else [],
        note=notes(
            row.drug_class,
            f"{row.weeks} weeks at the highest dose" if row.weeks is not None else "",
            f"Episode: {row.episode}" if row.episode else "",
            _scores(words, row.scale, row.score_before, row.score_after),
            _labelled("Result", words, "results", row.result),
            _labelled("Taken", words, "adherence", row.adherence),
            _labelled("Source", words, "sources", row.source),
        ),
    )


def allergies(case_id: object, rows: Iterable[Kept]) -> Iterator[Resource]:
    """Each allergy, with what happened."""
    for kept in rows:
        if not isinstance(kept.row, Allergy):
            continue
        reaction = kept.row.reaction
        yield resource(
            "AllergyIntolerance",
            kept.id,
            updated=kept.saved_at,
            clinicalStatus=known("allergyintolerance-clinical", "active"),
            code=concept(kept.row.substance),
            patient=reference("Patient", case_id),
            reaction=[{"manifestation": [concept(reaction)]}] if reaction else [],
        )


def procedures(case_id: object, rows: Iterable[Kept], words: HistoryWords) -> Iterator[Resource]:
    """Courses of TMS, ECT, psychotherapy and ketamine, as they were told."""
    for kept in rows:
        match kept.row:
            case TmsCourse() as course:
                yield _tms(case_id, kept, course, words)
            case OtherTreatment() as other:
                yield _other(case_id, kept, other, words)


def _tms(case_id: object, kept: Kept, row: TmsCourse, words: HistoryWords) -> Resource:
    where = (row.device, row.target, row.protocol)
    return _procedure(
        case_id,
        kept,
        TMS,
        row,
        note=notes(
            f"{row.sessions} sessions" if row.sessions is not None else "",
            "; ".join(filter(None, where)),
            _scores(words, row.scale, row.score_before, row.score_after),
            f"Response lost: {row.lost_on}" if row.lost_on else "",
            f"Side effects: {row.adverse_events}" if row.adverse_events else "",
            f"Threshold: {row.threshold}" if row.threshold else "",
        ),
    )


def _other(case_id: object, kept: Kept, row: OtherTreatment, words: HistoryWords) -> Resource:
    result = words.say("results", row.result, "")
    return _procedure(
        case_id,
        kept,
        words.say("kinds", row.kind, row.kind),
        row,
        outcome=concept(result) if result else None,
        note=notes(
            row.details,
            f"Number: {row.number}" if row.number is not None else "",
            _labelled("Source", words, "sources", row.source),
        ),
    )


def _procedure(
    case_id: object, kept: Kept, text: str, row: TmsCourse | OtherTreatment, **parts: object
) -> Resource:
    """Completed where an end is known, stopped where a reason is; else it is not known."""
    status = "stopped" if row.why_stopped else "completed" if row.ended else "unknown"
    return resource(
        "Procedure",
        kept.id,
        updated=kept.saved_at,
        status=status,
        statusReason=concept(row.why_stopped) if row.why_stopped else None,
        code=concept(text),
        subject=reference("Patient", case_id),
        performedPeriod=period(row.started, row.ended),
        **parts,
    )


def _scores(words: HistoryWords, scale: str, before: int | None, after: int | None) -> str:
    known_scores = [
        f"{score} {when}"
        for score, when in ((before, "before"), (after, "after"))
        if score is not None
    ]
    name = words.say("scales", scale, "Score")
    return f"{name}: {', '.join(known_scores)}" if known_scores else ""


def _labelled(label: str, words: HistoryWords, list_name: str, value: str) -> str:
    return f"{label}: {words.say(list_name, value, '')}" if value else ""


# Observations


def history_observations(
    case_id: object,
    rows: Iterable[Kept],
    none_said: Iterable[NoneSaid],
    written: Iterable[Written],
    words: HistoryWords,
) -> Iterator[Resource]:
    """Earlier scores, kinds of which somebody said that there are none, and lists as text."""
    for kept in rows:
        if isinstance(kept.row, EarlierScore):
            yield _earlier_score(case_id, kept, kept.row, words)
    for none in none_said:
        said = f"None known, said on {timezone.localdate(none.at).isoformat()}"
        yield _about(case_id, none.kind, none.label, none.at, said)
    for one in written:
        yield _about(case_id, one.kind, one.label, one.saved_at, one.text)


def _earlier_score(case_id: object, kept: Kept, row: EarlierScore, words: HistoryWords) -> Resource:
    return resource(
        "Observation",
        kept.id,
        updated=kept.saved_at,
        status="final",
        category=[SURVEY],
        code=concept(words.say("scales", row.scale, row.scale)),
        subject=reference("Patient", case_id),
        effectiveDateTime=row.taken,
        note=notes(
            _labelled("Moment", words, "moments", row.moment),
            "Not all items were answered" if row.is_incomplete else "",
        ),
        valueInteger=row.score,
        dataAbsentReason=absent("unknown") if row.score is None else {},
    )


def _about(case_id: object, kind: str, label: str, at: datetime, text: str) -> Resource:
    return resource(
        "Observation",
        f"{case_id}.history-{kind.replace('_', '-')}",
        updated=at,
        status="final",
        category=[SURVEY],
        code=concept(label, coding(HISTORY_SYSTEM, kind, label)),
        subject=reference("Patient", case_id),
        effectiveDateTime=timezone.localdate(at).isoformat(),
        valueString=text,
    )
