"""The addresses by which resources of FHIR name what is ours, and those of others that they use."""

from __future__ import annotations

from typing import Any, Final

Resource = dict[str, Any]
"""A resource of FHIR, or a part of one, as JSON has it."""

OURS: Final = "https://kapnet.example/fhir"
"""Where our names begin, the same in every installation. It need not answer."""

LOINC: Final = "http://loinc.org"
UCUM: Final = "http://unitsofmeasure.org"
ABSENT_REASON: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
ABSENT_EXTENSION: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
OBSERVATION_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/observation-category"

ASKED_UNKNOWN, TEMP_UNKNOWN = "asked-unknown", "temp-unknown"
"""Asked and not known; and left to somebody who will find out."""


def code_system(edition_id: str, question_id: str = "") -> str:
    """The system of the questions of an edition, or of the values of one of them."""
    system = f"{OURS}/CodeSystem/edition-{edition_id}"
    return f"{system}/{question_id}" if question_id else system


def naming_system(name: str) -> str:
    """The system of an identifier of ours: case, letter, ..."""
    return f"{OURS}/NamingSystem/{name}"


def coding(system: str, code: str, display: str = "") -> Resource:
    """One code of a system, with the words for it."""
    found = {"system": system, "code": code}
    return {**found, "display": display} if display else found
