"""Where a resource is, and the pages of a search: only ever within the clinic in scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from decisions.cases.models import Case, Decision
from decisions.cases.queries import cases_with_context
from decisions.consents.models import Consent
from decisions.fhir.names import Resource
from decisions.fhir.records.asking import Asked
from decisions.fhir.records.case_record import CaseRecord, referral_letters, standing_of
from decisions.fhir.records.everything import KINDS, intact_pdf, letter_task
from decisions.fhir.records.gate import Reader
from decisions.fhir.records.referrals import document_reference, service_request
from decisions.follow_up.assessments.models import Assessment
from decisions.follow_up.courses.models import Course
from decisions.letters.models import Letter
from decisions.treatment_history.models import HistoryRow

OF_LETTERS: Final = ("ServiceRequest", "DocumentReference", "Task")
"""Types of which a search may leave out the patient: the letters of the clinic."""
NEVER_KEPT_BACK: Final = ("Patient", "CarePlan")
"""Types in which nothing can tell of substance use."""
HOMES: Final[dict[str, tuple[type[Model], ...]]] = {
    "Patient": (Case,),
    "Condition": (Case,),
    "Observation": (Case, Assessment, HistoryRow),
    "MedicationStatement": (HistoryRow,),
    "AllergyIntolerance": (Case, HistoryRow),
    "Procedure": (HistoryRow, Course),
    "CarePlan": (Case,),
    "Consent": (Consent,),
    "GuidanceResponse": (Decision,),
}
"""Type -> tables of whose rows the first part of an id may be."""


@dataclass(frozen=True)
class Page:
    """One page of a search. total: of all pages. next_after: where the next one begins."""

    resources: list[Resource]
    total: int
    next_after: str = ""
    keeps_back: bool = False
    """Whether records of substance use are kept back from this reader."""
    cases: frozenset[UUID] = frozenset()
    """Of letters: whose are on the page."""


EMPTY: Final = Page([], 0)


def uuid_in(resource_id: str) -> UUID | None:
    """The row that an id begins with; None where it begins with none."""
    try:
        return UUID(resource_id.partition(".")[0])
    except ValueError:
        return None


def case_of(kind: str, resource_id: str) -> Case | None:
    """The case of this clinic whose resource it would be."""
    row = uuid_in(resource_id)
    if row is None:
        return None
    for model in HOMES[kind]:
        name = "pk" if model is Case else "case_id"
        rows: Any = model._default_manager
        if case_id := rows.filter(pk=row).values_list(name, flat=True).first():
            return cases_with_context().filter(pk=case_id).first()
    return None


# Resources of a case


def resource_in(record: CaseRecord, kind: str, resource_id: str) -> Resource | None:
    """The resource of this id; None where the case has none that this reader may have."""
    return next((one for one in KINDS[kind](record) if one["id"] == resource_id), None)


def page_of_case(record: CaseRecord, asked: Asked) -> Page:
    """The resources of a case, in the order of their ids."""
    fitting = [
        one
        for one in KINDS[asked.kind](record)
        if (not asked.ids or one["id"] in asked.ids)
        and asked.fits(datetime.fromisoformat(one["meta"]["lastUpdated"]))
    ]
    rest = sorted((one for one in fitting if one["id"] > asked.after), key=lambda one: one["id"])
    shown = rest[: asked.count]
    goes_on = len(rest) > len(shown) and bool(shown)
    return Page(
        shown,
        len(fitting),
        shown[-1]["id"] if goes_on else "",
        keeps_back=asked.kind not in NEVER_KEPT_BACK and record.gate.is_closed,
    )


# Letters


def page_of_letters(asked: Asked, reader: Reader) -> Page:
    """The letters of the clinic, or of one patient, as resources of one type."""
    letters = _changed_within(_letters(asked), asked)
    rest = letters.filter(pk__gt=UUID(asked.after)) if asked.after else letters
    rows = list(rest[: asked.count + 1])
    shown = [letter_resource(asked.kind, one, reader) for one in rows[: asked.count]]
    goes_on = len(rows) > len(shown) and bool(shown)
    cases = frozenset(one.case_id for one in rows[: asked.count])
    return Page(shown, letters.count(), shown[-1]["id"] if goes_on else "", cases=cases)


def _letters(asked: Asked) -> QuerySet[Letter]:
    letters = referral_letters()
    if asked.get("patient"):
        letters = letters.filter(case=uuid_in(asked.patient))
    if asked.ids:
        letters = letters.filter(pk__in=list(_uuids(asked.ids)))
    return letters


def _uuids(ids: Iterable[str]) -> Iterator[UUID]:
    for one in ids:
        if found := uuid_in(one):
            yield found


def _changed_within(letters: QuerySet[Letter], asked: Asked) -> QuerySet[Letter]:
    if asked.since is None and asked.before is None:
        return letters
    of_task = Coalesce("stepped_at", "signed_at")
    ended = ("replaced_at", "authorization_revoked_at", "part2_revoked_at")
    of_letter = Greatest("signed_at", *(Coalesce(one, "signed_at") for one in ended))
    letters = letters.annotate(changed_at=of_task if asked.kind == "Task" else of_letter)
    since = Q(changed_at__gte=asked.since) if asked.since else Q()
    return letters.filter(since, Q(changed_at__lt=asked.before) if asked.before else Q())


def letter_resource(kind: str, letter: Letter, reader: Reader) -> Resource:
    """A letter of `referral_letters` as a resource of this type."""
    if kind == "Task":
        return letter_task(letter, lets=lambda text: _lets(letter, reader, text))
    standing = standing_of(letter)
    if kind == "ServiceRequest":
        return service_request(letter, standing)
    return document_reference(letter, standing, intact_pdf(letter))


def _lets(letter: Letter, reader: Reader, text: str) -> bool:
    case = cases_with_context().get(pk=letter.case_id)
    return CaseRecord(case, reader).gate.lets(text)
