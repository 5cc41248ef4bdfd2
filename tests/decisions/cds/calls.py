"""Calls as a record system makes them, and the resources that come with them."""

from __future__ import annotations

import uuid
from typing import Any

PATIENT = "smart-1288992"
LOINC = "http://loinc.org"
SUBJECT = {"reference": f"Patient/{PATIENT}"}
ICD = "http://hl7.org/fhir/sid/icd-10-cm"

Resource = dict[str, Any]


def patient(**more: Any) -> Resource:
    return {"resourceType": "Patient", "id": PATIENT, "birthDate": "1980-02-01", **more}


def bundle(*resources: Resource) -> Resource:
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [{"resource": one} for one in resources],
    }


def condition(icd: str = "F33.1", /, **more: Any) -> Resource:
    return {
        "resourceType": "Condition",
        "subject": SUBJECT,
        "code": {"coding": [{"system": ICD, "code": icd}], "text": "As typed"},
        **more,
    }


def status_of(code: str) -> Resource:
    return {"coding": [{"code": code}]}


def procedure(text: str = "Repetitive TMS, left DLPFC", **more: Any) -> Resource:
    return {
        "resourceType": "Procedure",
        "status": "completed",
        "subject": SUBJECT,
        "code": {"text": text},
        **more,
    }


def medicine(text: str = "esketamine 56 mg nasal spray", **more: Any) -> Resource:
    return {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": "draft",
        "intent": "order",
        "subject": SUBJECT,
        "medicationCodeableConcept": {"text": text},
        **more,
    }


def tms_order(**more: Any) -> Resource:
    return {
        "resourceType": "ServiceRequest",
        "id": "s1",
        "status": "draft",
        "intent": "order",
        "subject": SUBJECT,
        "code": {"text": "rTMS, 36 sessions"},
        **more,
    }


def observation(loinc: str, /, **more: Any) -> Resource:
    return {
        "resourceType": "Observation",
        "status": "final",
        "subject": SUBJECT,
        "code": {"coding": [{"system": LOINC, "code": loinc}]},
        **more,
    }


def phq9(points: Any = 17, day: str = "2026-11-02", **more: Any) -> Resource:
    total = {"effectiveDateTime": day, "valueQuantity": {"value": points}}
    return observation("44261-6", **{**total, **more})


def part(code: str, value: Any, unit: str = "mm[Hg]") -> Resource:
    return {
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "valueQuantity": {"value": value, "unit": "mmHg", "code": unit},
    }


def pressure(systolic: Any, diastolic: Any, day: str = "2026-11-20", **more: Any) -> Resource:
    parts = [("8480-6", systolic), ("8462-4", diastolic)]
    components = [part(code, value) for code, value in parts if value is not None]
    said = {"effectiveDateTime": day, "component": components}
    return observation("85354-9", **{**said, **more})


def view_call(**prefetch: Any) -> Resource:
    """A call of patient-view by which the card is shown."""
    return {
        "hook": "patient-view",
        "hookInstance": str(uuid.uuid4()),
        "fhirServer": "https://ehr.example/fhir",
        "fhirAuthorization": {"access_token": "transient", "token_type": "Bearer"},
        "context": {"userId": "Practitioner/1", "patientId": PATIENT},
        "prefetch": {
            "patient": patient(),
            "conditions": bundle(condition()),
            "procedures": bundle(procedure()),
            "phq9": bundle(phq9()),
            **prefetch,
        },
    }


def order_call(*orders: Resource, hook: str = "order-sign", **prefetch: Any) -> Resource:
    """A call about orders; while somebody chooses, all of them were chosen."""
    context = {
        "userId": "Practitioner/1",
        "patientId": PATIENT,
        "draftOrders": {**bundle(*orders), "type": "collection"},
    }
    if hook == "order-select":
        context["selections"] = [f"{one['resourceType']}/{one['id']}" for one in orders]
    return {
        "hook": hook,
        "hookInstance": str(uuid.uuid4()),
        "context": context,
        "prefetch": {
            "patient": patient(),
            "phq9": None,
            "bp": bundle(pressure(130, 80)),
            **prefetch,
        },
    }
