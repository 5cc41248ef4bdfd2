"""Every write to forms that patients filled in: keyword-only, atomic, each with one audit event."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from decisions.cases.case_columns import lock_open_case
from decisions.cases.case_events import record_case_event
from decisions.cases.case_file import item9_of
from decisions.cases.models import Case
from decisions.cases.safety.sources import OF_LINK, Source
from decisions.cases.safety.tasks import POSITIVE_ITEM9, raise_safety_task
from decisions.follow_up.assessments.models import Assessment
from decisions.follow_up.courses.due import settle_due_forms
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.instruments import SAFETY_ITEM, Instrument, Scores
from kapnet.core.people.models import User

CORRECTED = "corrected"
"""Why a form is voided that the same person entered again on the same day."""


class AlreadyVoidedError(Exception):
    """Somebody voided it meanwhile."""


def instrument_of(case: Case, instrument: str) -> Instrument:
    """The instrument as the edition of a case has it. Raises KeyError."""
    found = load_edition(case.edition).questionnaire.question(instrument).instrument
    if found is None:
        raise KeyError(instrument)
    return found


@transaction.atomic
def record_assessment(
    *,
    case: Case,
    instrument: str,
    scores: Scores,
    taken_on: date,
    source: str,
    actor: User | None,
    authored_at: datetime | None = None,
    external_id: str = "",
) -> Assessment:
    """Keep one form as it came in, finished or not. actor: None where a system sent it.

    A positive item 9 opens or raises the safety task in the same transaction. The same form of
    this case from another system twice is one row, and no second task. Raises CaseClosedError.
    """
    case = lock_open_case(case)
    known = _from_elsewhere(case, source, external_id)
    form = instrument_of(case, instrument)
    item9 = item9_of(form, scores, taken_on)
    if item9 is not None and item9.points >= POSITIVE_ITEM9:
        is_news = known is None or known.item9 != item9.points
        raise_safety_task(
            case=case, item9=item9, actor=actor, source=_of_task(source), opens=is_news
        )
    if known is not None:
        return known
    return keep_assessment(
        case=case,
        instrument=form,
        scores=scores,
        taken_on=taken_on,
        source=source,
        actor=actor,
        authored_at=authored_at,
        external_id=external_id,
    )


def keep_assessment(
    *,
    case: Case,
    instrument: Instrument,
    scores: Scores,
    taken_on: date,
    source: str,
    actor: User | None,
    authored_at: datetime | None = None,
    external_id: str = "",
    link_id: UUID | None = None,
) -> Assessment:
    """The row itself, in a transaction, for a form whose item 9 was heard already.

    actor: None for the patient, who sent it by a link, and for another system.
    """
    row = Assessment.objects.create(
        clinic=case.clinic,
        case=case,
        instrument=instrument.id,
        edition=case.edition,
        taken_on=taken_on,
        authored_at=authored_at or timezone.now(),
        items=None if scores.items is None else list(scores.items),
        total=scores.total,
        item9=scores.item(SAFETY_ITEM) if instrument.has_safety_item else None,
        source=source,
        entered_by=actor,
        external_id=external_id,
        link_id=link_id,
    )
    settle_due_forms(case)
    by_link = f"{OF_LINK}{link_id}" if link_id else ""
    record_case_event("assessment.recorded", case, actor, row.pk, reason=by_link)
    return row


def _of_task(source: str) -> str:
    """Where a safety task came from: people copy totals and enter items, systems send forms."""
    elsewhere = (Source.FHIR.value, Source.IMPORT.value)
    return source if source in elsewhere else Source.CLINICIAN


def _from_elsewhere(case: Case, source: str, external_id: str) -> Assessment | None:
    if not external_id:
        return None
    return Assessment.objects.filter(case=case, source=source, external_id=external_id).first()


@transaction.atomic
def void_assessment(*, assessment: Assessment, actor: User, because: str) -> None:
    """It counts for nothing from now on, and stays. The safety task that it opened stays open.

    The case is locked first, as whoever saves an answer does: the other way round each of two could
    wait for the other. Raises AlreadyVoidedError and CaseClosedError.
    """
    case = lock_open_case(assessment.case)
    standing = Assessment.objects.filter(pk=assessment.pk, voided_at=None)
    written = standing.update(voided_at=timezone.now(), voided_by=actor, voided_because=because)
    if not written:
        raise AlreadyVoidedError
    settle_due_forms(case)
    record_case_event("assessment.voided", case, actor, assessment.pk)
