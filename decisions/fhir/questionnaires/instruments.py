"""PHQ-9 and GAD-7: their items for a Questionnaire, in the instrument's own words and codes."""

from __future__ import annotations

from typing import Final

from decisions.fhir.names import LOINC, OURS, UCUM, Resource, coding
from decisions.rules.questionnaire.instruments import Instrument

ORDINAL: Final = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
CALCULATED: Final = (
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
)
UNIT: Final = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit"
TOTALS: Final = {"phq9": "44261-6", "gad7": "70274-6"}
PANELS: Final = {"phq9": "44249-1", "gad7": "69737-5"}
"""LOINC codes of the total and of the form as a whole, by instrument."""


def instrument_questionnaire(instrument: Instrument, version: str) -> Resource:
    """The form alone, with a total that is there when all items are. version: of the edition."""
    return {
        "resourceType": "Questionnaire",
        "id": instrument.id,
        "url": f"{OURS}/Questionnaire/{instrument.id}",
        "version": version,
        "name": instrument.short_name.replace("-", ""),
        "title": instrument.name,
        "status": "active",
        "experimental": False,
        "subjectType": ["Patient"],
        "code": [coding(LOINC, PANELS[instrument.id])],
        "description": instrument.stem,
        "copyright": instrument.attribution,
        "item": [*instrument_items(instrument), _total(instrument)],
    }


def instrument_items(instrument: Instrument) -> list[Resource]:
    """One choice for each item, each answer with its points."""
    return [
        {
            "linkId": item.link_id,
            "code": [coding(LOINC, item.loinc or "", item.loinc_display or "")],
            "text": item.text,
            "type": "choice",
            "answerOption": [
                {
                    "extension": [{"url": ORDINAL, "valueDecimal": one.value}],
                    "valueCoding": coding(LOINC, one.loinc_answer or "", one.text),
                }
                for one in instrument.options
            ],
        }
        for item in instrument.items
    ]


def total_link_id(instrument_id: str) -> str:
    """The id of the item that holds the total."""
    return f"/{TOTALS[instrument_id]}"


def _total(instrument: Instrument) -> Resource:
    expression = {"language": "text/fhirpath", "expression": total_expression(instrument)}
    return {
        "linkId": total_link_id(instrument.id),
        "code": [coding(LOINC, TOTALS[instrument.id])],
        "text": f"{instrument.short_name} total",
        "type": "integer",
        "readOnly": True,
        "extension": [
            {"url": CALCULATED, "valueExpression": expression},
            {"url": UNIT, "valueCoding": coding(UCUM, "{score}", "{score}")},
        ],
    }


def total_expression(instrument: Instrument) -> str:
    """The total in FHIRPath; nothing while an item is missing.

    Counted by codes: engines differ in `sum()` and in the name of `ordinal()`.
    """
    ids = "|".join(f"'{item.link_id}'" for item in instrument.items)
    values = f"%resource.repeat(item).where(linkId in ({ids})).answer.value"
    points = " + ".join(
        f"{one.value} * {values}.where(code='{one.loinc_answer}').count()"
        for one in instrument.options
        if one.value
    )
    return f"iif({values}.count() = {len(instrument.items)}, {points}, {{}})"
