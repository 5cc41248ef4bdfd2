"""Every FHIR resource of some cases: the records, and the forms that patients filled in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from django.db import DatabaseError

from decisions.cases.queries import cases_with_context
from decisions.fhir.names import Resource
from decisions.fhir.received.addressing import (
    forms_by_item,
    identifier_of,
    instant,
    of_assessment,
    of_received,
    sent_answers,
)
from decisions.fhir.received.models import Received
from decisions.fhir.records.case_record import CaseRecord
from decisions.fhir.records.everything import KINDS
from decisions.fhir.records.gate import Reader
from decisions.follow_up.assessments.models import Assessment
from kapnet.core.web.fhir_answers import outcome

log = structlog.get_logger()
RESPONSE: Final = "QuestionnaireResponse"
EXPORTED: Final = (*KINDS, RESPONSE)
"""The types, in the order in which they are written."""
NOT_WRITTEN: Final = "OperationOutcome"
"""Says of which case and type something could not be written."""


def records_of(
    cases: list[UUID], reader: Reader, kinds: Collection[str] = EXPORTED
) -> Iterator[Resource]:
    """The resources of these cases that this reader may have.

    Where some cannot be written, an OperationOutcome says so, and the others follow.
    """
    for case in cases_with_context().filter(pk__in=cases).order_by("number"):
        record = CaseRecord(case, reader)
        for kind in (one for one in KINDS if one in kinds):
            yield from _or_said(record, kind, KINDS[kind](record))
        if RESPONSE in kinds:
            for response in _responses(record):
                yield from _or_said(record, RESPONSE, response)


def _or_said(record: CaseRecord, kind: str, made: Iterator[Resource]) -> Iterator[Resource]:
    """These resources. One row that is stored wrongly keeps nobody's record from leaving."""
    try:
        yield from made
    except (DatabaseError, OSError):
        raise
    except Exception as error:
        case = record.case.pk
        log.warning("fhir_not_written", case=str(case), kind=kind, error=type(error).__name__)
        yield outcome("exception", f"Not every {kind} of Patient/{case} could be written.")


def _responses(record: CaseRecord) -> Iterator[Iterator[Resource]]:
    for form in forms_by_item().filter(case=record.case).order_by("authored_at", "pk"):
        yield _of_form(form)
    for sent in sent_answers().filter(case=record.case).order_by("received_at", "pk"):
        yield _of_sent(record, sent)


def _of_form(form: Assessment) -> Iterator[Resource]:
    changed_at = form.voided_at or form.authored_at
    yield _dated(of_assessment(form, identifier_of(form)), changed_at)


def _of_sent(record: CaseRecord, sent: Received) -> Iterator[Resource]:
    kept_back = (one for one in sent.answers if record.gate.keeps_back(one))
    yield _dated(of_received(sent, frozenset(kept_back)), sent.received_at)


def _dated(resource: Resource, changed_at: datetime) -> Resource:
    """With the moment by which `_since` goes."""
    return {**resource, "meta": {"lastUpdated": instant(changed_at)}}
