"""When a card is shown and what it says: pure, by the published rules of the edition."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from markdown_it import MarkdownIt

from decisions.cds.asked import ORDER, RELAPSE, read_call
from decisions.cds.cards import Card, Guidance, Kind, Link, cards_for, in_json
from decisions.cds.markdown import plain
from decisions.cds.words import LONGEST_SUMMARY, hook_words, problems_of
from decisions.rules.loading import load_edition
from evidence.loading import load_dossier
from kapnet.core.web.fhir_answers import FhirRefused
from tests.collecting import for_each
from tests.decisions.cds.calls import (
    PATIENT,
    Resource,
    bundle,
    condition,
    medicine,
    observation,
    order_call,
    part,
    patient,
    phq9,
    pressure,
    procedure,
    status_of,
    tms_order,
    view_call,
)
from tests.decisions.cds.schemas import CALL, CARDS, assert_fits

TODAY = date(2026, 11, 29)
HOSTILE = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) `a` **b** | # &lt;"


def guidance() -> Guidance:
    return Guidance(load_edition(), hook_words(), load_dossier())


def cards(call: Resource) -> list[Card]:
    assert_fits(CALL, call)
    service = RELAPSE if call["hook"] == "patient-view" else ORDER
    found = cards_for(service, read_call(service, call), guidance(), today=TODAY)
    link = Link("https://kapnet.example/cases/", "absolute")
    shown = [
        in_json(one, "6f1c7f0e-9c1c-4f0e-8b0e-0123456789ab", guidance(), link=link, label="Kapnet")
        for one in found
    ]
    assert_fits(CARDS, {"cards": shown})
    return found


SHOWN: dict[str, Callable[[], Resource]] = {
    "depression and TMS": view_call,
    "one episode": lambda: view_call(conditions=bundle(condition("F32.2"))),
    "active": lambda: view_call(conditions=bundle(condition(clinicalStatus=status_of("relapse")))),
    "TMS in a display": lambda: view_call(
        procedures=bundle(
            procedure(code={"coding": [{"display": "Transcranial Magnetic Stimulation"}]})
        )
    ),
    "no PHQ-9": lambda: view_call(phq9=None),
    "ketamine": lambda: order_call(medicine("Ketamine 50 mg/mL")),
    "esketamine by its code": lambda: order_call(
        medicine(
            medicationCodeableConcept={
                "coding": [{"system": "http://www.whocc.no/atc", "code": "N06AX27"}]
            }
        )
    ),
    "a medicine inside": lambda: order_call(
        medicine(
            medicationCodeableConcept=None,
            medicationReference={"reference": "#x"},
            contained=[{"resourceType": "Medication", "id": "x", "code": {"text": "Spravato"}}],
        )
    ),
    "TMS": lambda: order_call(tms_order()),
    "chosen": lambda: order_call(tms_order(), hook="order-select"),
    "a third release of a call": lambda: {
        **view_call(),
        "extension": {"com.example.x": 1},
        "hookVersion": "1.1",
    },
}
NOT_SHOWN: dict[str, Callable[[], Resource]] = {
    "no TMS": lambda: view_call(procedures=None),
    "no depression": lambda: view_call(conditions=bundle(condition("F41.1"))),
    "depression of another coding": lambda: view_call(
        conditions=bundle(condition(code={"coding": [{"system": "urn:x", "code": "F33.1"}]}))
    ),
    "over": lambda: view_call(conditions=bundle(condition(clinicalStatus=status_of("remission")))),
    "refuted": lambda: view_call(
        conditions=bundle(condition(verificationStatus=status_of("refuted")))
    ),
    "TMS not done": lambda: view_call(procedures=bundle(procedure(status="not-done"))),
    "part of a word": lambda: view_call(procedures=bundle(procedure("Bitmstest"))),
    "another medicine": lambda: order_call(medicine("sertraline 50 mg")),
    "part of the word": lambda: order_call(medicine("Pseudoketaminex")),
    "chosen is another": lambda: {
        **order_call(tms_order(), medicine("sertraline"), hook="order-select"),
        "context": {
            **order_call(tms_order(), medicine("sertraline"))["context"],
            "selections": ["MedicationRequest/m1"],
        },
    },
    "no orders": order_call,
}


@for_each("name", list(SHOWN))
def test_card_is_shown(name: str) -> None:
    found = cards(SHOWN[name]())

    assert [one.kind for one in found] == [Kind.COMPARE]
    assert "compare ketamine, TMS again, both, none now" in found[0].summary


@for_each("name", list(NOT_SHOWN))
def test_no_card_is_shown(name: str) -> None:
    assert cards(NOT_SHOWN[name]()) == []


def warned(bp: object, *orders: Resource) -> tuple[str, tuple[str, ...]]:
    found = cards(order_call(*(orders or (medicine(),)), bp=bp))
    assert [one.kind for one in found] == [Kind.COMPARE, Kind.WARNING][: len(found)]
    return (found[1].summary, found[1].rules) if len(found) > 1 else ("", ())


STOP, URGENT = "ketamine-stop-blood-pressure", "urgent-blood-pressure"
NOT_KNOWN = ("Blood pressure not known; ketamine rules need it", (URGENT, STOP))
PRESSURES: dict[str, tuple[object, tuple[str, tuple[str, ...]]]] = {
    "known and fine": (bundle(pressure(180, 100)), ("", ())),
    "upper too high": (
        bundle(pressure(181, 80)),
        ("Blood pressure 181/80 mmHg: a published rule stops ketamine", (URGENT, STOP)),
    ),
    "lower too high": (
        bundle(pressure(150, 101)),
        ("Blood pressure 150/101 mmHg: a published rule stops ketamine", (STOP,)),
    ),
    "a fraction above": (
        bundle(pressure(150, 100.4)),
        ("Blood pressure 150/101 mmHg: a published rule stops ketamine", (STOP,)),
    ),
    "the newest counts": (
        bundle(pressure(120, 70, "2026-11-19"), pressure(190, 90, "2026-11-21T08:00:00Z")),
        ("Blood pressure 190/90 mmHg: a published rule stops ketamine", (URGENT, STOP)),
    ),
    "upper alone stops": (
        bundle(pressure(190, None)),
        ("Blood pressure 190/? mmHg: a published rule stops ketamine", (URGENT, STOP)),
    ),
    "in two observations": (
        bundle(
            observation("8480-6", effectiveDateTime="2026-11-20", **part("8480-6", 200)),
            observation("8462-4", effectiveDateTime="2026-11-20", **part("8462-4", 90)),
        ),
        ("Blood pressure 200/90 mmHg: a published rule stops ketamine", (URGENT, STOP)),
    ),
    "none": (None, NOT_KNOWN),
    "upper alone": (bundle(pressure(120, None)), NOT_KNOWN),
    "too old": (bundle(pressure(120, 70, "2026-10-29")), NOT_KNOWN),
    "just in time": (bundle(pressure(120, 70, "2026-10-30")), ("", ())),
    "of the future": (bundle(pressure(120, 70, "2026-12-24")), NOT_KNOWN),
    "without a day": (bundle(pressure(120, 70, "")), NOT_KNOWN),
    "no day there is": (bundle(pressure(120, 70, "2026-02-31")), NOT_KNOWN),
    "entered in error": (bundle(pressure(120, 70, status="entered-in-error")), NOT_KNOWN),
    "another unit": (
        bundle(pressure(120, 70, component=[part("8480-6", 16, "kPa"), part("8462-4", 9, "kPa")])),
        NOT_KNOWN,
    ),
    "the newest in another unit": (
        bundle(
            pressure(120, 70, "2026-11-18"),
            pressure(0, 0, component=[part("8480-6", 25, "kPa"), part("8462-4", 9, "kPa")]),
        ),
        NOT_KNOWN,
    ),
    "more than": (
        bundle(
            pressure(
                120,
                70,
                component=[
                    {**part("8480-6", 120), "valueQuantity": {"value": 120, "comparator": ">"}},
                    part("8462-4", 70),
                ],
            )
        ),
        NOT_KNOWN,
    ),
    "not possible": (bundle(pressure(1200, 70)), NOT_KNOWN),
    "a text": (bundle(pressure("120", "70")), NOT_KNOWN),
    "true": (bundle(pressure(True, True)), NOT_KNOWN),
}


@for_each("name", list(PRESSURES))
def test_warning_says_what_stops_a_rule_or_is_missing(name: str) -> None:
    bp, expected = PRESSURES[name]

    assert warned(bp) == expected


def test_order_of_tms_is_stopped_by_nothing_but_what_comes_first() -> None:
    """The rule of an emergency is about everything that is ordered."""
    assert warned(bundle(pressure(150, 105)), tms_order()) == ("", ())
    summary, rules = warned(bundle(pressure(190, 105)), tms_order(), medicine())
    assert summary == "Blood pressure 190/105 mmHg: a published rule stops ketamine and TMS"
    assert rules == (URGENT, STOP)


def test_warning_names_each_rule_with_its_sources() -> None:
    (_, warning) = cards(order_call(medicine(), bp=None))

    text = MarkdownIt().render(warning.detail)
    assert text.count("<li>") == 2
    assert "Rule ketamine-stop-blood-pressure. Sources: " in text
    assert "Above 180/100 mmHg ketamine is contraindicated" in text
    assert "last 30 days" in text


PHQ9: dict[str, tuple[object, str]] = {
    "newest": (bundle(phq9(), phq9(9, "2026-11-20")), "9 of 27 points, Nov 20, 2026"),
    "zero": (bundle(phq9(0)), "0 of 27 points"),
    "none": (None, ""),
    "half a point": (bundle(phq9(9.5)), ""),
    "too many": (bundle(phq9(28)), ""),
    "preliminary": (bundle(phq9(status="preliminary")), "17 of 27"),
    "entered in error": (bundle(phq9(status="entered-in-error")), ""),
    "of the future": (bundle(phq9(17, "2027-01-01")), ""),
    "a text": (bundle(phq9("17")), ""),
    "another code": (bundle(observation("70274-6", valueQuantity={"value": 12})), ""),
}


@for_each("name", list(PHQ9))
def test_newest_phq9_is_named(name: str) -> None:
    sent, said = PHQ9[name]
    (card,) = cards(view_call(phq9=sent))

    shown = MarkdownIt().render(card.detail)
    assert said in shown if said else "PHQ-9" not in shown
    assert "Edition 2026.2, evidence" in shown


def refusal(call: Resource, service: str = RELAPSE) -> int:
    """The status of a call; 0 where the refusal names the patient."""
    try:
        read_call(service, call)
    except FhirRefused as refused:
        is_named = PATIENT in str(refused)
        return 0 if is_named else refused.status
    return 200


def without(call: Resource, *names: str) -> Resource:
    return {name: value for name, value in call.items() if name not in names}


def prefetched(**changed: Any) -> Resource:
    call = view_call()
    return {**call, "prefetch": {**call["prefetch"], **changed}}


def prefetch_without(name: str) -> Resource:
    call = view_call()
    return {**call, "prefetch": without(call["prefetch"], name)}


def context(**changed: Any) -> Resource:
    call = view_call()
    return {**call, "context": {**call["context"], **changed}}


OTHER = {"reference": "Patient/other"}
CALLS: dict[str, tuple[Callable[[], Resource], int]] = {
    "right": (view_call, 200),
    "an absolute reference": (
        lambda: prefetched(
            conditions=bundle(
                condition(subject={"reference": f"https://ehr.example/fhir/Patient/{PATIENT}"})
            )
        ),
        200,
    ),
    "of a version": (
        lambda: prefetched(
            conditions=bundle(condition(subject={"reference": f"Patient/{PATIENT}/_history/2"}))
        ),
        200,
    ),
    "a warning of the server inside": (
        lambda: prefetched(
            conditions=bundle(condition(), {"resourceType": "OperationOutcome", "issue": []})
        ),
        200,
    ),
    "no prefetch": (lambda: without(view_call(), "prefetch"), 412),
    **{
        f"no {name}": (lambda name=name: prefetch_without(name), 412)  # type: ignore[misc]
        for name in ("patient", "conditions", "procedures", "phq9")
    },
    "a patient that is null": (lambda: prefetched(patient=None), 412),
    "what could not be had": (
        lambda: prefetched(conditions={"resourceType": "OperationOutcome", "issue": []}),
        412,
    ),
    "another patient": (lambda: prefetched(patient=patient(id="other")), 400),
    "a patient without an id": (lambda: prefetched(patient={"resourceType": "Patient"}), 400),
    "another patient’s condition": (
        lambda: prefetched(conditions=bundle(condition(), condition(subject=OTHER))),
        400,
    ),
    "a patient of another server": (
        lambda: prefetched(
            conditions=bundle(
                condition(subject={"reference": f"https://other.example/fhir/Patient/{PATIENT}"})
            )
        ),
        400,
    ),
    "a condition of nobody": (
        lambda: prefetched(conditions=bundle(without(condition(), "subject"))),
        400,
    ),
    "a condition of a group": (
        lambda: prefetched(conditions=bundle(condition(subject={"reference": "Group/1"}))),
        400,
    ),
    "a subject inside": (
        lambda: prefetched(conditions=bundle(condition(subject={"reference": "#p"}))),
        400,
    ),
    "a subject by name": (
        lambda: prefetched(conditions=bundle(condition(subject={"display": "Somebody"}))),
        400,
    ),
    "a subject that begins alike": (
        lambda: prefetched(
            conditions=bundle(condition(subject={"reference": f"Patient/{PATIENT}0"}))
        ),
        400,
    ),
    "two that disagree": (
        lambda: prefetched(conditions=bundle(condition(patient=OTHER))),
        400,
    ),
    "another patient in a bundle": (
        lambda: prefetched(phq9=bundle(phq9(), patient(id="other"))),
        400,
    ),
    "another hook": (lambda: {**view_call(), "hook": "order-sign"}, 400),
    "no hook": (lambda: without(view_call(), "hook"), 400),
    "a hook that is a list": (lambda: {**view_call(), "hook": ["patient-view"]}, 400),
    "no instance": (lambda: without(view_call(), "hookInstance"), 400),
    "no context": (lambda: without(view_call(), "context"), 400),
    "a context that is a text": (lambda: {**view_call(), "context": "x"}, 400),
    "no patient id": (lambda: context(patientId=None), 400),
    "a patient id that is a path": (lambda: context(patientId="../x"), 400),
    "no user": (lambda: context(userId=""), 400),
    "a server that is a number": (lambda: {**view_call(), "fhirServer": 7}, 400),
    "a prefetch that is a list": (lambda: {**view_call(), "prefetch": []}, 400),
    "a bundle that is none": (lambda: prefetched(conditions=condition()), 400),
    "entries that are none": (
        lambda: prefetched(conditions={"resourceType": "Bundle", "entry": {}}),
        400,
    ),
    "an empty entry": (
        lambda: prefetched(conditions={"resourceType": "Bundle", "entry": [{}]}),
        400,
    ),
    "a resource without a type": (lambda: prefetched(conditions=bundle({})), 400),
}
ORDERS: dict[str, tuple[Callable[[], Resource], int]] = {
    "right": (lambda: order_call(medicine()), 200),
    "another patient’s order": (lambda: order_call(medicine(subject=OTHER)), 400),
    "another patient’s order that was not chosen": (
        lambda: {
            **order_call(medicine(), hook="order-select"),
            "context": {
                **order_call(medicine(), hook="order-select")["context"],
                "draftOrders": bundle(medicine(), tms_order(subject=OTHER)),
            },
        },
        400,
    ),
    "no orders": (
        lambda: {
            **order_call(),
            "context": {"userId": "Practitioner/1", "patientId": PATIENT},
        },
        400,
    ),
    "selections that are a text": (
        lambda: {
            **order_call(medicine(), hook="order-select"),
            "context": {**order_call(medicine())["context"], "selections": "x"},
        },
        400,
    ),
    "no blood pressure": (
        lambda: {**order_call(medicine()), "prefetch": {"patient": patient(), "phq9": None}},
        412,
    ),
}


@for_each("name", list(CALLS))
def test_i03_i04_call_is_taken_or_refused(name: str) -> None:
    make, status = CALLS[name]

    assert refusal(make()) == status


@for_each("name", list(ORDERS))
def test_i03_i04_call_about_orders_is_taken_or_refused(name: str) -> None:
    make, status = ORDERS[name]

    assert refusal(make(), ORDER) == status


@pytest.mark.slow
def test_odd_parts_of_a_resource_break_nothing() -> None:
    """Each part in turn as something else: no card is worse than none, and nothing is raised."""
    odd: list[Any] = [None, 7, "x", [], {}, [None], [{}], {"coding": "x"}, {"coding": [7]}]
    tried = 0
    for value in odd:
        for name in ("code", "status", "clinicalStatus", "verificationStatus", "component"):
            for call in (
                view_call(conditions=bundle(condition(**{name: value}))),
                view_call(phq9=bundle(phq9(**{name: value}))),
                order_call(medicine(), bp=bundle(pressure(120, 80, **{name: value}))),
                order_call(medicine(**{name: value})),
                order_call(medicine(medicationCodeableConcept=value, contained=value)),
                order_call(medicine(), bp=bundle(pressure(120, 80, valueQuantity=value))),
                view_call(phq9=bundle(phq9(valueQuantity=value, effectiveDateTime=value))),
            ):
                cards(call)
                tried += 1
    assert tried > 300


def test_s30_i05_what_is_put_in_stays_text() -> None:
    rendered = MarkdownIt("gfm-like", {"linkify": False}).render(plain(HOSTILE))

    assert "<img" not in rendered
    assert "<a " not in rendered
    assert "<strong>" not in rendered
    assert "<code>" not in rendered
    assert "alert(1)" in rendered
    assert plain("a\n\n# b\u2028c\x00d") == "a \\# b c d"


def test_nothing_of_a_call_but_numbers_is_in_a_card() -> None:
    call = order_call(
        medicine(f"ketamine {HOSTILE}", note=[{"text": "quillfeather"}]),
        patient=patient(name=[{"text": "quillfeather"}]),
        bp=bundle(pressure(190, 100, note=[{"text": "quillfeather"}])),
    )

    shown = str(cards(call))

    assert "quillfeather" not in shown
    assert "alert" not in shown
    assert PATIENT not in shown


def test_words_that_do_not_fit_are_named() -> None:
    words, edition = hook_words(), load_edition()
    long = words.compare.model_copy(update={"relapse": "x" * (LONGEST_SUMMARY + 1)})
    odd = words.warning.model_copy(update={"missing": "{patient}"})
    fact = words.facts[0].model_copy(update={"questions": {"systolic": "a", "diastolic": "b"}})
    wrong = words.model_copy(
        update={
            "edition": "2020.1",
            "compare": long,
            "warning": odd,
            "facts": (fact,),
            "orders": {},
        }
    )

    found = problems_of(wrong, edition)
    filled = problems_of(wrong.model_copy(update={"warning": words.warning}), edition)

    assert len(found) == 5
    assert any("fill in" in one for one in found)
    assert len(filled) == 5
    assert any("too long" in one for one in filled)
    assert problems_of(words, edition) == []
