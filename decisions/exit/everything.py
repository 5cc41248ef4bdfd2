"""Every FHIR resource of some cases: the records, and the forms that patients filled in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

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
from decisions.fhir.records.case_record import CaseRecord
from decisions.fhir.records.everything import KINDS, resources_of
from decisions.fhir.records.gate import Reader

RESPONSE: Final = "QuestionnaireResponse"
EXPORTED: Final = (*KINDS, RESPONSE)
"""The types, in the order in which they are written."""


def records_of(
    cases: list[UUID], reader: Reader, kinds: Collection[str] = EXPORTED
) -> Iterator[Resource]:
    """The resources of these cases that this reader may have."""
    of_record = [one for one in KINDS if one in kinds]
    for case in cases_with_context().filter(pk__in=cases).order_by("number"):
        record = CaseRecord(case, reader)
        if of_record:
            yield from resources_of(record, of_record)
        if RESPONSE in kinds:
            yield from _responses(record)


def _responses(record: CaseRecord) -> Iterator[Resource]:
    for form in forms_by_item().filter(case=record.case).order_by("authored_at", "pk"):
        changed_at = form.voided_at or form.authored_at
        yield _dated(of_assessment(form, identifier_of(form)), changed_at)
    for sent in sent_answers().filter(case=record.case).order_by("received_at", "pk"):
        kept_back = (one for one in sent.answers if record.gate.keeps_back(one))
        yield _dated(of_received(sent, frozenset(kept_back)), sent.received_at)


def _dated(resource: Resource, changed_at: datetime) -> Resource:
    """With the moment by which `_since` goes."""
    return {**resource, "meta": {"lastUpdated": instant(changed_at)}}
