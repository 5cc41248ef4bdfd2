"""Records of another system as tests write them: the least that each needs, and what to change."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from decisions.fhir.observed.codes import observed_codes
from decisions.fhir.observed.proposed import Proposed
from decisions.fhir.observed.proposing import propose
from decisions.fhir.observed.reading import Looking
from decisions.rules.loading import CURRENT_EDITION, load_edition
from decisions.treatment_history.medicine_lists import medicine_list

NOW = datetime(2026, 11, 29, 15, 0, tzinfo=UTC)
LOOKING = Looking(frozenset({"Patient/maren"}), NOW, ZoneInfo("America/New_York"))
OF_MAREN = {"reference": "Patient/maren"}
ICD, LOINC, UCUM = (
    "http://hl7.org/fhir/sid/icd-10-cm",
    "http://loinc.org",
    "http://unitsofmeasure.org",
)


def observe(*resources: dict[str, Any], looking: Looking = LOOKING) -> tuple[Proposed, ...]:
    """What these resources propose in the current edition."""
    codes = observed_codes(CURRENT_EDITION)
    assert codes is not None
    return propose(
        resources,
        looking=looking,
        edition=load_edition(),
        codes=codes,
        medicines=medicine_list(CURRENT_EDITION),
    )


def proposed(*resources: dict[str, Any]) -> list[tuple[str, object]]:
    """The questions and the answers alone."""
    return [(one.question, one.value) for one in observe(*resources)]


def patient(**other: Any) -> dict[str, Any]:
    """Maren, born in 1984."""
    return {"resourceType": "Patient", "id": "maren", "birthDate": "1984-03-14", **other}


def condition(icd: str = "F33.1", **other: Any) -> dict[str, Any]:
    """A diagnosis by its code of ICD-10-CM."""
    return {
        "resourceType": "Condition",
        "id": "c1",
        "subject": OF_MAREN,
        "code": {"coding": [{"system": ICD, "code": icd}]},
        "recordedDate": "2026-10-02",
        **other,
    }


def status(code: str) -> dict[str, Any]:
    """A status that is a concept."""
    return {"coding": [{"code": code}]}


def observation(code: str, **other: Any) -> dict[str, Any]:
    """A final observation of yesterday by its LOINC code."""
    return {
        "resourceType": "Observation",
        "id": f"o-{code}",
        "status": "final",
        "subject": OF_MAREN,
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "effectiveDateTime": "2026-11-28T09:00:00-05:00",
        **other,
    }


def mmhg(number: float, **other: Any) -> dict[str, Any]:
    """A pressure."""
    return {"value": number, "unit": "mmHg", "system": UCUM, "code": "mm[Hg]", **other}


def pressure(upper: Any, lower: Any, **other: Any) -> dict[str, Any]:
    """A panel of blood pressure; numbers, or whole quantities."""
    said = zip(("8480-6", "8462-4"), (upper, lower), strict=True)
    parts = [
        {
            "code": {"coding": [{"system": LOINC, "code": code}]},
            "valueQuantity": number if isinstance(number, dict) else mmhg(number),
        }
        for code, number in said
        if number is not None
    ]
    return observation("85354-9", component=parts, **other)


def points(given: int) -> dict[str, Any]:
    """An answer to an item, by its LOINC answer code."""
    codes = ("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9")
    return {"coding": [{"system": LOINC, "code": codes[given]}]}


def item_codes(instrument: str) -> list[str]:
    """The LOINC codes of the items, in order."""
    form = load_edition().questionnaire.question(instrument).instrument
    assert form is not None
    return [one.loinc or "" for one in form.items]


def items(instrument: str, given: list[int], **other: Any) -> list[dict[str, Any]]:
    """An observation for each item."""
    return [
        observation(code, **{"valueCodeableConcept": points(one), **other})
        for code, one in zip(item_codes(instrument), given, strict=True)
    ]


def response(instrument: str, given: list[int], **other: Any) -> dict[str, Any]:
    """A finished response with the link ids of LOINC."""
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "r1",
        "status": "completed",
        "subject": OF_MAREN,
        "authored": "2026-11-28T10:00:00-05:00",
        "item": [
            {"linkId": f"/{code}", "answer": [{"valueCoding": points(one)["coding"][0]}]}
            for code, one in zip(item_codes(instrument), given, strict=True)
        ],
        **other,
    }


def allergy(text: str = "Ketamine", **other: Any) -> dict[str, Any]:
    """An allergy by its name."""
    return {
        "resourceType": "AllergyIntolerance",
        "id": "a1",
        "patient": OF_MAREN,
        "code": {"text": text},
        "recordedDate": "2020-05",
        **other,
    }


def taking(text: str = "Lorazepam 1 MG Oral Tablet", **other: Any) -> dict[str, Any]:
    """A medicine that is taken now."""
    return {
        "resourceType": "MedicationStatement",
        "id": "m1",
        "status": "active",
        "subject": OF_MAREN,
        "medicationCodeableConcept": {"text": text},
        "effectiveDateTime": "2026-09-01",
        **other,
    }


def ordered(text: str = "Lorazepam 1 MG Oral Tablet", **other: Any) -> dict[str, Any]:
    """A medicine that was ordered."""
    return {
        "resourceType": "MedicationRequest",
        "id": "q1",
        "status": "active",
        "intent": "order",
        "subject": OF_MAREN,
        "medicationCodeableConcept": {"text": text},
        "authoredOn": "2026-09-01",
        **other,
    }
