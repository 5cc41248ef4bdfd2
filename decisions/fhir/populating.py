"""`$populate` from resources of another system: what they propose, and nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils import timezone

from decisions.cases.models import Case
from decisions.fhir.names import Resource
from decisions.fhir.observed.codes import observed_codes
from decisions.fhir.observed.proposing import propose
from decisions.fhir.observed.reading import (
    Looking,
    is_born_otherwise,
    mapping,
    objects,
    word,
)
from decisions.fhir.observed.writing import write_proposals
from decisions.fhir.questionnaires.forms import Form
from decisions.fhir.received.addressing import keys_in
from decisions.treatment_history.medicine_lists import medicine_list
from kapnet.core.web.fhir_answers import FhirRefused

MOST_RESOURCES = 2000
DEEPEST = 3
"""Bundles within bundles that are opened."""


def populate_from(form: Form, patient: str, body: Mapping[str, Any]) -> Resource:
    """A response with what the resources of a context propose. patient: the id of a case, or none.

    Raises FhirRefused for resources of more than one patient, of none, or of another than the case.
    """
    found = list(_resources(body))
    if len(found) > MOST_RESOURCES:
        raise FhirRefused(413, "", f"context: send at most {MOST_RESOURCES} resources.")
    case = _case(patient)
    names = _names(found, case)
    codes = observed_codes(form.edition.id)
    if codes is None:
        return write_proposals(form, (), subject=patient)
    proposals = propose(
        [resource for _, resource in found],
        looking=Looking(names, timezone.now(), timezone.get_current_timezone()),
        edition=form.edition,
        codes=codes,
        medicines=medicine_list(form.edition.id),
    )
    return write_proposals(form, proposals, subject=patient)


def _case(patient: str) -> Case | None:
    if not patient:
        return None
    case: Case | None = Case.objects.filter(pk__in=keys_in(patient)).first()
    if case is None:
        raise FhirRefused(422, "", "subject: is no patient of this clinic.")
    return case


def _names(found: Sequence[tuple[str, Resource]], case: Case | None) -> frozenset[str]:
    """By which references the resources may name the patient. Raises FhirRefused."""
    patients = [(url, one) for url, one in found if one.get("resourceType") == "Patient"]
    ids = {word(one.get("id")) or url for url, one in patients}
    if len(ids) > 1:
        raise FhirRefused(422, "", "context: has more than one Patient. Send one.")
    if not patients and case is None:
        raise FhirRefused(422, "", "Name a subject, or send a Patient in the context.")
    if any(_is_another(one, case) for _, one in patients):
        raise FhirRefused(422, "", "context: its Patient is another than the subject.")
    named = {f"Patient/{one['id']}" for _, one in patients if word(one.get("id"))}
    urls = {url for url, _ in patients if url}
    return frozenset(named | urls | ({f"Patient/{case.pk}"} if case else set()))


def _is_another(patient: Resource, case: Case | None) -> bool:
    """Whether dates of birth differ, as far as both are known."""
    return is_born_otherwise(case.date_of_birth if case else None, word(patient.get("birthDate")))


def _resources(body: Mapping[str, Any]) -> Iterator[tuple[str, Resource]]:
    """Every resource of a context with its full address, if it has one."""
    for parameter in objects(body.get("parameter")):
        if parameter.get("name") != "context":
            continue
        parts = [one for one in objects(parameter.get("part")) if one.get("name") == "content"]
        for one in (parameter, *parts):
            yield from _opened(mapping(one.get("resource")), "", DEEPEST)


def _opened(resource: Mapping[str, Any], url: str, deep: int) -> Iterator[tuple[str, Resource]]:
    if resource.get("resourceType") != "Bundle":
        if resource:
            yield url, dict(resource)
        return
    for entry in objects(resource.get("entry")) if deep else []:
        yield from _opened(mapping(entry.get("resource")), word(entry.get("fullUrl")), deep - 1)
