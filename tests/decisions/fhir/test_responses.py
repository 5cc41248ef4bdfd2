"""QuestionnaireResponses read and written: what comes back, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

import pytest

from decisions.fhir.questionnaires.forms import Form, form_named
from decisions.fhir.responses.observations import Taken, extracted
from decisions.fhir.responses.reading import (
    Response,
    ResponseRefused,
    item9_said,
    read_response,
    subject_of,
)
from decisions.fhir.responses.writing import Head, write_response
from tests.collecting import for_each
from tests.decisions.random_lines import random_answers

EDITION, PHQ9, GAD7 = "edition-2026.2", "phq9", "gad7"
LOINC = "http://loinc.org"
PATIENT = "4f8d4d6e-6f2b-4c53-9d5e-2d9a3b6f3c11"


def form(form_id: str) -> Form:
    found = form_named(form_id)
    assert found is not None
    return found


def written(form_id: str, answers: dict[str, Any], **head: Any) -> dict[str, Any]:
    return write_response(form(form_id), answers, Head("completed", **head))


def answers_in(resource: object) -> dict[str, Any]:
    return dict(read_response(resource).answers)


def problems_of(resource: object) -> tuple[str, ...]:
    with pytest.raises(ResponseRefused) as refused:
        read_response(resource)
    return refused.value.problems


def test_what_is_written_is_read_again() -> None:
    rng = Random(4)

    for _ in range(200):
        answers = {name: one for name, one in random_answers(rng).items() if one is not None}
        said = {name: one for name, one in answers.items() if not _says_nothing(one)}
        read = answers_in(written(EDITION, said))
        for name, one in said.items():
            wanted = sorted(one) if isinstance(one, list) else one
            found = sorted(read[name]) if isinstance(read[name], list) else read[name]
            assert found == wanted, name
        assert read.keys() == said.keys()


def _says_nothing(raw: Any) -> bool:
    """A form of which no item is answered."""
    return isinstance(raw, dict) and all(one is None for one in raw.get("items", [0]))


def test_what_was_left_to_who_clears_it_and_what_is_not_known_stay_apart() -> None:
    said = {
        "head_metal": "left_to_tms_provider",
        "tms_last_sessions": "left_to_tms_provider",
        "bp_systolic": "unknown",
        "medicines": "unknown",
        "comorbidities": [],
        "phq9": "unknown",
    }

    assert answers_in(written(EDITION, said)) == said


def test_what_lforms_sends_is_taken() -> None:
    sent = {
        "resourceType": "QuestionnaireResponse",
        "meta": {"tag": [{"code": "lformsVersion: 40.1.3"}]},
        "status": "completed",
        "authored": "2026-11-28T09:30:00.000Z",
        "questionnaire": "https://kapnet.example/fhir/Questionnaire/phq9|2026.2",
        "item": [
            {
                "linkId": "/44260-8",
                "text": "Thoughts that you would be better off dead",
                "answer": [
                    {
                        "valueCoding": {
                            "extension": [
                                {
                                    "url": "http://hl7.org/fhir/StructureDefinition/ordinalValue",
                                    "valueDecimal": 1,
                                }
                            ],
                            "system": LOINC,
                            "code": "LA6569-3",
                            "display": "Several days",
                        }
                    }
                ],
            }
        ],
    }

    read = read_response(sent)

    assert read.answers == {"phq9": {"items": [None] * 8 + [1]}}
    assert (read.subject, read.identifier, read.status) == ("", None, "completed")
    assert item9_said(sent) == 1


def test_forms_whose_total_alone_is_known() -> None:
    said: dict[str, Any] = {"phq9": {"total": 14, "item9": 1}, "gad7": {"total": 9}}

    assert answers_in(written(EDITION, said)) == said
    assert answers_in(written(PHQ9, {"phq9": said["phq9"]})) == {
        "phq9": {"items": [None] * 8 + [1]}
    }


def _of(change: Callable[[dict[str, Any]], object], form_id: str = EDITION) -> dict[str, Any]:
    """A response that is right but for one change."""
    full: dict[str, dict[str, Any]] = {
        EDITION: {"age_years": 40, "diagnosis": "mdd", "comorbidities": ["ocd"], "phq9": ALL_ONES},
        PHQ9: {"phq9": ALL_ONES},
    }
    resource = deepcopy(
        written(
            form_id,
            full[form_id],
            subject=PATIENT,
            authored="2026-11-28",
            identifier=("urn:x", "1"),
        )
    )
    change(resource)
    return resource


ALL_ONES = {"items": [1] * 9}


def _item(resource: dict[str, Any], link_id: str) -> dict[str, Any]:
    waiting = list(resource["item"])
    while waiting:
        one: dict[str, Any] = waiting.pop()
        if one["linkId"] == link_id:
            return one
        waiting += one.get("item", [])
    raise KeyError(link_id)


def _set(link_id: str, *answers: dict[str, Any]) -> Callable[[dict[str, Any]], object]:
    return lambda resource: _item(resource, link_id).update(answer=list(answers))


def _code(code: str, question: str, system: str = "") -> dict[str, Any]:
    own = f"https://kapnet.example/fhir/CodeSystem/edition-2026.2/{question}"
    return {"valueCoding": {"system": system or own, "code": code}}


ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
UNKNOWN = _code("asked-unknown", "", ABSENT)
REFUSED: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "unknown linkId": (lambda r: r["item"].append({"linkId": "mood"}), "no linkId “mood”"),
    "no linkId": (lambda r: r["item"].append({"answer": []}), "no linkId of this kind"),
    "item twice": (lambda r: r["item"].append(_item(r, "age_years")), "is there twice"),
    "items no list": (lambda r: r.update(item={"linkId": "age_years"}), "must be a list"),
    "answer no list": (lambda r: _item(r, "age_years").update(answer=5), "must be a list"),
    "answer to a group": (_set("section.scope", {"valueInteger": 1}), "takes no answer"),
    "answer to a form": (_set("phq9", {"valueInteger": 1}), "takes no answer"),
    "code not offered": (_set("diagnosis", _code("grief", "diagnosis")), "answerOption"),
    "code of another question": (_set("diagnosis", _code("mdd", "psychosis")), "answerOption"),
    "code without system": (_set("diagnosis", {"valueCoding": {"code": "mdd"}}), "needs system"),
    "number out of range": (_set("age_years", {"valueInteger": 121}), "from 0 to 120"),
    "number below": (_set("age_years", {"valueInteger": -1}), "from 0 to 120"),
    "true for a number": (_set("age_years", {"valueInteger": True}), "one value"),
    "text for a number": (_set("age_years", {"valueInteger": "40"}), "one value"),
    "decimal for a number": (_set("age_years", {"valueDecimal": 40}), "one value"),
    "code for a number": (_set("age_years", _code("mdd", "diagnosis")), "valueInteger"),
    "number for a code": (_set("diagnosis", {"valueInteger": 1}), "answerOption"),
    "words for a code": (_set("diagnosis", {"valueString": "mdd"}), "one value"),
    "two values in one": (
        _set("diagnosis", {**_code("mdd", "diagnosis"), "valueInteger": 1}),
        "one value",
    ),
    "two answers where one": (
        _set("diagnosis", _code("mdd", "diagnosis"), _code("bipolar", "diagnosis")),
        "more than one",
    ),
    "value twice": (
        _set("comorbidities", _code("ocd", "comorbidities"), _code("ocd", "comorbidities")),
        "holds a value twice",
    ),
    "none and some": (
        _set(
            "comorbidities", _code("none-of-these", "comorbidities"), _code("ocd", "comorbidities")
        ),
        "excludes every other",
    ),
    "not known and some": (
        _set("comorbidities", UNKNOWN, _code("ocd", "comorbidities")),
        "excludes every other",
    ),
    "not known where not offered": (
        _set("age_years", {"extension": [{"url": ABSENCE, "valueCode": "asked-unknown"}]})
        if (ABSENCE := "http://hl7.org/fhir/StructureDefinition/data-absent-reason")
        else str,
        "not offered",
    ),
    "another reason": (_set("diagnosis", _code("masked", "", ABSENT)), "not offered"),
    "no value": (_set("diagnosis", {}), "without a value"),
    "item with another code": (_set("/44260-8", _code("LA32-8", "", LOINC)), "item 9 takes"),
    "item twice answered": (
        _set("/44260-8", _code("LA6568-5", "", LOINC), _code("LA6569-3", "", LOINC)),
        "item 9 takes one",
    ),
    "paper total beside items": (
        lambda r: _item(r, "phq9")["item"].append(
            {"linkId": "phq9.paper-total", "answer": [{"valueInteger": 9}]}
        ),
        "without the items",
    ),
    "status": (lambda r: r.update(status="bogus"), "status: must be one of"),
    "no status": (lambda r: r.pop("status"), "status: must be one of"),
    "authored": (lambda r: r.update(authored="2026-13-01"), "authored: must be"),
    "authored in part": (lambda r: r.update(authored="2026-11"), "authored: must be"),
    "authored without zone": (lambda r: r.update(authored="2026-11-28T10:00:00"), "its zone"),
    "authored at the beginning of time": (
        lambda r: r.update(authored="0001-01-01T00:00:00+14:00"),
        "authored: must be",
    ),
    "authored as a number": (lambda r: r.update(authored=20261128), "authored: must be"),
    "another questionnaire": (
        lambda r: r.update(questionnaire="https://example.org/Questionnaire/phq9"),
        "questionnaire: names none",
    ),
    "no questionnaire": (lambda r: r.pop("questionnaire"), "questionnaire: names none"),
    "another version": (
        lambda r: r.update(questionnaire=r["questionnaire"].replace("|2026.2", "|2026.1")),
        "this version",
    ),
    "subject no patient": (
        lambda r: r.update(subject={"reference": "Group/1"}),
        "must be a Patient",
    ),
    "source another patient": (
        lambda r: r.update(source={"reference": "Patient/2"}),
        "another patient",
    ),
    "identifier": (lambda r: r.update(identifier={"system": "urn:x"}), "must have a value"),
    "modifier": (lambda r: r.update(modifierExtension=[{"url": "urn:x"}]), "leave it out"),
    "modifier of an item": (
        lambda r: _item(r, "diagnosis").update(modifierExtension=[{"url": "urn:x"}]),
        "leave it out",
    ),
    "modifier of an answer": (
        _set("diagnosis", {**_code("mdd", "diagnosis"), "modifierExtension": []}),
        "leave it out",
    ),
}


@for_each("name", REFUSED)
def test_what_does_not_fit_is_refused(name: str) -> None:
    change, says = REFUSED[name]

    found = problems_of(_of(change))

    assert any(says in one for one in found), found
    assert len(found) == 1, found


def test_a_total_has_to_be_that_of_all_items() -> None:
    wrong = problems_of(_of(_set("/44261-6", {"valueInteger": 10}), PHQ9))
    missing = problems_of(_of(lambda r: r["item"].pop(0), PHQ9))
    alone = problems_of(_of(lambda r: r.update(item=r["item"][-1:]), PHQ9))

    for found in (wrong, missing, alone):
        assert "the total is not that of the items" in found[0]
    assert answers_in(_of(lambda r: None, PHQ9)) == {"phq9": ALL_ONES}


def test_everything_that_is_wrong_is_told_at_once_and_quotes_no_answer() -> None:
    bad = _of(_set("diagnosis", {"valueString": "Sentinel words"}))
    _item(bad, "age_years")["answer"] = [{"valueInteger": 4711}]
    bad["item"].append({"linkId": "Sentinel words of a patient"})

    found = problems_of(bad)

    assert len(found) == 3
    assert "Sentinel" not in str(found)
    assert "4711" not in str(found)


@for_each("resource", [None, [], {}, {"resourceType": "Bundle"}, "text"], ids=str)
def test_what_is_no_response_is_refused(resource: object) -> None:
    assert problems_of(resource) == ("this is no QuestionnaireResponse",)
    assert item9_said(resource) is None
    assert subject_of(resource) == ""


def test_item_9_is_heard_however_wrong_the_rest_is() -> None:
    bad = _of(lambda r: r.update(status="bogus", questionnaire="x"), PHQ9)
    _item(bad, "/44260-8")["answer"] += [_code("LA6571-9", "", LOINC), _code("?", "", LOINC), 3]
    bad["item"] += [{"linkId": 5, "answer": 7, "item": {"a": 1}}, 7]

    assert item9_said(bad) == 3
    assert subject_of(bad) == PATIENT
    assert item9_said(_of(lambda r: r["item"].clear())) is None
    for given, heard in (
        ({"valueInteger": 2}, 2),
        ({"valueDecimal": 1.0}, 1),
        ({"valueCoding": {"code": "LA6569-3"}}, 1),
        ({"valueInteger": 0}, None),
        ({"valueInteger": 44}, None),
        ({"valueBoolean": True}, None),
        ({"valueCoding": {"system": "urn:other", "code": "LA6569-3"}}, None),
    ):
        assert item9_said({"item": [{"linkId": "44260-8", "answer": [given]}]}) == heard


# As Observations


def observations(form_id: str, answers: dict[str, Any], **known: Any) -> list[dict[str, Any]]:
    taken = Taken(form(form_id), known.pop("status", "completed"), "key", **known)
    bundle = extracted(taken, answers)
    assert bundle["type"] == "transaction"
    assert len({one["fullUrl"] for one in bundle["entry"]}) == len(bundle["entry"])
    return [one["resource"] for one in bundle["entry"]]


def _codes(found: list[dict[str, Any]]) -> list[str]:
    return [one["code"]["coding"][0]["code"] for one in found]


def test_a_complete_form_gives_items_a_total_and_a_panel() -> None:
    derived = {"reference": "QuestionnaireResponse/1"}
    known = {"subject": PATIENT, "authored": "2026-11-28", "derived_from": derived}
    *items, total, panel = observations(PHQ9, {"phq9": {"items": [1] * 8 + [2]}}, **known)

    assert len(items) == 9
    assert items[8]["valueCodeableConcept"]["coding"][0]["code"] == "LA6570-1"
    assert (total["code"]["coding"][0]["code"], total["valueQuantity"]["value"]) == ("44261-6", 10)
    assert total["valueQuantity"]["code"] == total["valueQuantity"]["unit"] == "{score}"
    assert len(panel["hasMember"]) == 10
    for one in (*items, total, panel):
        assert one["effectiveDateTime"] == "2026-11-28"
        assert one["derivedFrom"] == [derived]
        assert one["subject"] == {"reference": f"Patient/{PATIENT}"}
        assert one["status"] == "final"
        assert one["category"][0]["coding"][0]["code"] == "survey"


def test_a_form_that_is_not_finished_gives_items_and_no_total() -> None:
    found = observations(GAD7, {"gad7": {"items": [1, 2, None, 0, 0, 0, 0]}}, status="in-progress")

    assert len(found) == 6
    assert "70274-6" not in _codes(found)
    assert {one["status"] for one in found} == {"preliminary"}
    assert all("hasMember" not in one for one in found)


def test_other_answers_give_one_observation_for_each_value() -> None:
    said = {
        "bp_systolic": 132,
        "bp_diastolic": "unknown",
        "age_years": 40,
        "comorbidities": ["ocd", "ptsd"],
        "medicines": [],
        "head_metal": "left_to_tms_provider",
        "seizures": "unknown",
        "phq9": {"total": 14, "item9": 1},
    }
    pressure, *others = observations(EDITION, said)
    by_code: dict[str, list[dict[str, Any]]] = {}
    for one in others:
        by_code.setdefault(one["code"]["coding"][0]["code"], []).append(one)

    systolic, diastolic = pressure["component"]
    assert (systolic["valueQuantity"]["value"], systolic["valueQuantity"]["code"]) == (
        132,
        "mm[Hg]",
    )
    assert "dataAbsentReason" in diastolic
    assert by_code["age_years"][0]["valueInteger"] == 40
    assert len(by_code["comorbidities"]) == 2
    assert by_code["medicines"][0]["valueCodeableConcept"]["text"] == "None of these"
    assert by_code["head_metal"][0]["dataAbsentReason"]["coding"][0]["code"] == "temp-unknown"
    assert by_code["seizures"][0]["dataAbsentReason"]["coding"][0]["code"] == "asked-unknown"
    assert by_code["44261-6"][0]["valueQuantity"]["value"] == 14
    assert "diagnosis" not in by_code


def test_the_same_response_gives_the_same_addresses() -> None:
    one = [observations(PHQ9, {"phq9": ALL_ONES}) for _ in range(2)]

    assert one[0] == one[1]


def test_a_response_says_what_it_is_of() -> None:
    read: Response = read_response(_of(lambda r: None))

    assert (read.form.id, read.subject, read.identifier) == (EDITION, PATIENT, ("urn:x", "1"))
    assert str(read.authored) == "2026-11-28"
