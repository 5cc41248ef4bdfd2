"""Proposals as a QuestionnaireResponse: each with its source; where records differ, no answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from decisions.fhir.observed.writing import CHECK, DIFFERS, SAID, SAID_ON, SOURCE, write_proposals
from decisions.fhir.questionnaires.forms import form_named
from tests.decisions.fhir.foreign_records import (
    allergy,
    condition,
    observation,
    observe,
    patient,
    pressure,
    response,
    taking,
)

EIGHTEEN = [2] * 9


def written(*records: dict[str, Any], form: str = "edition-2026.2") -> dict[str, Any]:
    """The response, and its items by their link id."""
    asked = form_named(form)
    assert asked is not None
    return write_proposals(asked, observe(*records), subject="")


def items_of(resource: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every item within the groups."""
    return {item["linkId"]: item for group in resource["item"] for item in group["item"]}


def told(extensions: list[dict[str, Any]]) -> dict[str, Any]:
    """Extension -> its value, a list of values for sources."""
    found: dict[str, Any] = {}
    for one in extensions:
        (value,) = (value for name, value in one.items() if name.startswith("value"))
        if one["url"] == SOURCE:
            found.setdefault(SOURCE, []).append(value["reference"])
        else:
            found[one["url"]] = value
    return found


def test_each_answer_says_where_it_is_from(emitted: Callable[..., Any]) -> None:
    resource = written(
        patient(),
        condition(),
        pressure(137, 85),
        response("phq9", EIGHTEEN),
        allergy(),
        taking("Quetiapine"),
        taking("Lorazepam", id="m2"),
    )
    emitted([resource])
    items = items_of(resource)

    assert resource["status"] == "in-progress"
    assert set(items) == {
        *("age_years", "diagnosis", "phq9", "ketamine_allergy", "bp_systolic", "bp_diastolic"),
        "medicines",
    }
    (diagnosis,) = items["diagnosis"]["answer"]
    assert diagnosis["valueCoding"]["code"] == "mdd"
    said = told(diagnosis["extension"])
    assert said[SOURCE] == ["Condition/c1"]
    assert said[SAID_ON] == "2026-10-02"
    assert said[SAID] == "F33.1"
    assert said[CHECK]
    assert told(items["phq9"]["extension"])[SOURCE] == ["QuestionnaireResponse/r1"]
    assert len(items["phq9"]["item"]) == 9
    medicines = {
        one["valueCoding"]["code"]: told(one["extension"])[SOURCE]
        for one in items["medicines"]["answer"]
    }
    assert medicines == {
        "antipsychotic": ["MedicationStatement/m1"],
        "other_sedative": ["MedicationStatement/m1"],
        "benzodiazepine": ["MedicationStatement/m2"],
    }


def test_where_records_differ_nothing_is_answered(emitted: Callable[..., Any]) -> None:
    resource = written(
        condition("F33.1"),
        condition("F31.9", id="c2", recordedDate="2021"),
        response("phq9", EIGHTEEN),
        observation("44261-6", valueInteger=11),
    )
    emitted([resource])
    items = items_of(resource)

    for name in ("diagnosis", "phq9"):
        assert not {"answer", "item"} & items[name].keys()
        assert {one["url"] for one in items[name]["extension"]} == {DIFFERS}
        assert len(items[name]["extension"]) == 2
    days = [told(one["extension"])[SAID_ON] for one in items["diagnosis"]["extension"]]
    assert days == ["2026-10-02", "2021"]


def test_form_by_itself(emitted: Callable[..., Any]) -> None:
    resource = written(response("phq9", EIGHTEEN), condition(), form="phq9")
    differing = written(
        response("phq9", EIGHTEEN), observation("44261-6", valueInteger=11), form="phq9"
    )
    emitted([resource, differing])

    assert told(resource["extension"])[SOURCE] == ["QuestionnaireResponse/r1"]
    assert len(resource["item"]) >= 9
    assert "item" not in differing
    assert written(form="phq9").keys() == {"resourceType", "questionnaire", "status"}
