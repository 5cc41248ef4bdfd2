"""A hook as another system calls it: its shape, what came with it, and whose record it is.

Pure: a mapping in, a value out. What is not sent is never fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from kapnet.core.web.fhir_answers import FhirRefused

Resource = Mapping[str, Any]

PATIENT: Final = "patient"
RELAPSE, ORDER = "tms-relapse", "tms-ketamine-order"
SERVICES: Final[Mapping[str, str]] = {
    RELAPSE: RELAPSE,
    ORDER: ORDER,
    f"{ORDER}-select": ORDER,
}
"""address -> service. Callers know a service by its address: so each hook is listed at its own."""
HOOKS: Final[Mapping[str, tuple[str, ...]]] = {
    RELAPSE: ("patient-view",),
    ORDER: ("order-sign", "order-select"),
    f"{ORDER}-select": ("order-select",),
}
"""address -> the hooks at which it may be called; it is listed for the first."""

PHQ9 = (
    "Observation?patient={{context.patientId}}&code=http://loinc.org|44261-6&_sort=-date&_count=1"
)
BLOOD_PRESSURE = (
    "Observation?patient={{context.patientId}}&code=http://loinc.org|85354-9&_sort=-date&_count=1"
)
PREFETCH: Final[Mapping[str, Mapping[str, str]]] = {
    RELAPSE: {
        PATIENT: "Patient/{{context.patientId}}",
        "conditions": "Condition?patient={{context.patientId}}",
        "procedures": "Procedure?patient={{context.patientId}}",
        "phq9": PHQ9,
    },
    ORDER: {
        PATIENT: "Patient/{{context.patientId}}",
        "phq9": PHQ9,
        "bp": BLOOD_PRESSURE,
    },
}
"""service -> what has to come with a call, and no more than is looked at."""

OF_A_PATIENT: Final = frozenset(
    (
        *("AllergyIntolerance", "CarePlan", "CommunicationRequest", "Condition", "DeviceRequest"),
        *("Immunization", "ImmunizationRecommendation", "MedicationAdministration"),
        *("MedicationDispense", "MedicationRequest", "MedicationStatement", "NutritionOrder"),
        *("Observation", "Procedure", "ServiceRequest", "SupplyRequest", "VisionPrescription"),
    )
)
"""Resources that have to say whose they are."""

REFERENCE = re.compile(r"(?:(.+)/)?Patient/([A-Za-z0-9\-.]{1,64})(?:/_history/[^/]+)?")
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
LONGEST = 2000
MOST_RESOURCES: Final = 2000


@dataclass(frozen=True)
class Asked:
    """A call that may be answered. fhir_server: where the caller keeps its record; blank if unsaid.

    found: what came with it, by its name. orders: those that are about to be placed.
    """

    hook: str
    patient_id: str
    fhir_server: str
    found: Mapping[str, tuple[Resource, ...]]
    orders: tuple[Resource, ...]


def read_call(address: str, body: Mapping[str, Any]) -> Asked:
    """Raises FhirRefused: 400 for the shape or another patient, 412 for what did not come."""
    hook, context = body.get("hook"), body.get("context")
    service = SERVICES[address]
    if hook not in HOOKS[address]:
        raise _odd(f"This service is for {' and '.join(HOOKS[address])}")
    if not _is_text(body.get("hookInstance")):
        raise _odd("hookInstance has to be a text")
    if not isinstance(context, dict):
        raise _odd("context has to be an object")
    patient_id = context.get("patientId")
    if not _is_text(patient_id) or not ID.fullmatch(patient_id):
        raise _odd("context.patientId has to be the id of a patient")
    if not _is_text(context.get("userId")):
        raise _odd("context.userId has to be a text")
    server = body.get("fhirServer", "")
    if server != "" and not _is_text(server):
        raise _odd("fhirServer has to be an address")
    found = _found(service, body.get("prefetch"))
    drafts = _drafts(context) if hook != "patient-view" else ()
    _check_whose(patient_id, server, found, drafts)
    orders = _selected(drafts, context) if hook == "order-select" else drafts
    return Asked(hook, patient_id, server, found, orders)


def _found(service: str, prefetch: object) -> dict[str, tuple[Resource, ...]]:
    if prefetch is not None and not isinstance(prefetch, dict):
        raise _odd("prefetch has to be an object")
    sent: Mapping[str, Any] = prefetch or {}
    missing = [name for name in PREFETCH[service] if name not in sent or _is_outcome(sent[name])]
    if not missing and sent[PATIENT] is None:
        missing = [PATIENT]
    if missing:
        raise FhirRefused(
            412,
            "",
            f"prefetch has no {', '.join(missing)}. This service never calls fhirServer: send it.",
        )
    return {name: _resources(name, sent[name]) for name in PREFETCH[service]}


def _resources(name: str, sent: object) -> tuple[Resource, ...]:
    """The resources of a prefetch; none where the caller found none."""
    if sent is None:
        return ()
    if name == PATIENT:
        return (_resource(sent, "Patient"),)
    return tuple(_entries(f"prefetch.{name}", sent))


def _entries(place: str, sent: object) -> Iterator[Resource]:
    bundle = _resource(sent, "Bundle", place)
    entries = bundle.get("entry", [])
    if not isinstance(entries, list) or len(entries) > MOST_RESOURCES:
        raise _odd(f"{place}.entry has to be a list of up to {MOST_RESOURCES}")
    for one in entries:
        resource = one.get("resource") if isinstance(one, dict) else None
        if not isinstance(resource, dict) or not _is_text(resource.get("resourceType")):
            raise _odd(f"{place} has an entry without a resource")
        if not _is_outcome(resource):
            yield resource


def _resource(sent: object, kind: str, place: str = "prefetch.patient") -> Resource:
    if not isinstance(sent, dict) or sent.get("resourceType") != kind:
        raise _odd(f"{place} has to be a {kind}")
    return sent


def _drafts(context: Mapping[str, Any]) -> tuple[Resource, ...]:
    """The orders about to be placed."""
    return tuple(_entries("context.draftOrders", context.get("draftOrders")))


def _selected(drafts: tuple[Resource, ...], context: Mapping[str, Any]) -> tuple[Resource, ...]:
    """While somebody chooses, the orders that they chose."""
    selections = context.get("selections")
    if not isinstance(selections, list) or not all(map(_is_text, selections)):
        raise _odd("context.selections has to be a list of texts")
    return tuple(
        one for one in drafts if f"{one['resourceType']}/{one.get('id', '')}" in selections
    )


def _check_whose(
    patient_id: str,
    server: str,
    found: Mapping[str, tuple[Resource, ...]],
    orders: tuple[Resource, ...],
) -> None:
    """Everything is of the patient of the call, and says so."""
    (patient,) = found[PATIENT]
    if patient.get("id") != patient_id:
        raise _other_patient()
    for resource in (*(one for rows in found.values() for one in rows), *orders):
        kind = resource["resourceType"]
        if kind == "Patient" and resource.get("id") != patient_id:
            raise _other_patient()
        named = [resource[name] for name in ("subject", "patient") if name in resource]
        if kind in OF_A_PATIENT and not named:
            raise _other_patient()
        if kind != "Patient" and any(_whose(one, server) != patient_id for one in named):
            raise _other_patient()


def _whose(reference: object, server: str) -> str | None:
    """An id of this server. Another server has other patients under the same ids."""
    text = reference.get("reference") if isinstance(reference, dict) else None
    found = REFERENCE.fullmatch(text) if _is_text(text) else None
    is_here = found and (not found[1] or not server or found[1] == server.rstrip("/"))
    return found[2] if found and is_here else None


def _is_outcome(sent: object) -> bool:
    return isinstance(sent, dict) and sent.get("resourceType") == "OperationOutcome"


def _is_text(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and 0 < len(value) <= LONGEST


def _odd(words: str) -> FhirRefused:
    return FhirRefused(400, "", f"{words}.")


def _other_patient() -> FhirRefused:
    return FhirRefused(
        400,
        "",
        "Something in this call is not about the patient of the context, or does not say whose "
        "it is.",
    )
