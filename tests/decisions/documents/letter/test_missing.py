"""What keeps a letter from being signed: each thing alone, and "not known" never."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from decisions.documents.letter.loading import load_words
from decisions.documents.letter.material import Facts, Issue, Plan, Recipient, Request, Sender
from decisions.documents.letter.phrasing import Sayings
from decisions.documents.letter.treatment_history import Allergy, History, Medicine
from decisions.documents.letter.unlisted import unlisted_of
from decisions.rules.question_names import question_names
from tests.collecting import for_each
from tests.decisions.letters.letter_factories import WRITTEN, decided, material, missing, vignettes

WHOLE = vignettes()["responder-relapsed"]
DONE = {"reasoning": "R"}
ASKED = {
    option: Request(kind="assess", option=option, how_soon="weeks")
    for option in ("ketamine", "repeat_tms", "both", "none_now")
}


def ids(**parts: Any) -> list[str]:
    return [one.id for one in missing(material(**parts))]


def without(question: str) -> dict[str, Any]:
    return {name: raw for name, raw in WHOLE.items() if name != question}


def test_whole_letter_lacks_nothing() -> None:
    assert ids() == []


def test_facts_are_never_required() -> None:
    assert ids(facts=Facts()) == []


@for_each(
    ("parts", "expected"),
    [
        ({"request": Request(kind="assess", option="both")}, ["request", "coordinator"]),
        ({"recipient": Recipient(phone="1")}, ["recipient"]),
        ({"plan": Plan()}, ["reasoning"]),
        ({"answers": without("diagnosis")}, ["diagnosis"]),
        ({"answers": {**WHOLE, "diagnosis": "unknown"}}, ["diagnosis"]),
        ({"answers": without("phq9")}, ["score"]),
        ({"answers": {**WHOLE, "phq9": {"items": [None] * 9}}}, ["score"]),
        ({"answers": without("suicide_risk")}, ["suicide_assessment"]),
        ({"answers": {**WHOLE, "suicide_risk": "unknown"}}, ["suicide_assessment"]),
        ({"answers": without("head_metal")}, ["tms_safety"]),
        ({"answers": without("bladder")}, ["ketamine_safety"]),
        ({"answers": {**WHOLE, "head_metal": "unknown", "bladder": "unknown"}}, []),
        ({"answers": {**WHOLE, "head_metal": "left_to_tms_provider"}}, []),
        ({"answers": {**WHOLE, "vascular_disease": "left_to_prescriber"}}, []),
        ({"answers": {**WHOLE, "vascular_disease": "unknown"}}, []),
        ({"answers": {**WHOLE, "mania_now": "yes"}}, ["act_first"]),
        ({"has_open_safety_task": True}, ["safety_task"]),
        ({"urgent_now": decided({**WHOLE, "mania_now": "yes"}).outcome.urgent}, ["act_first"]),
        ({"sender": Sender(name="A")}, ["sender"]),
        (
            {"issue": Issue(number="L-2026-0002", written_on=WRITTEN, replaces="L-2026-0001")},
            ["correction"],
        ),
    ],
)
def test_each_part_is_asked_for(parts: dict[str, Any], expected: list[str]) -> None:
    assert ids(**parts) == expected


@pytest.mark.parametrize(
    ("option", "tms_now", "needs"),
    [("both", "no", True), ("ketamine", "yes", True), ("ketamine", "no", False)],
)
def test_coordinator_where_two_treatments_run_together(
    option: Any, tms_now: str, needs: bool
) -> None:
    request = Request(kind="assess", option=option, how_soon="weeks")
    answers = {**WHOLE, "tms_now": tms_now}

    assert ids(answers=answers, request=request) == (["coordinator"] if needs else [])
    lead = Plan(**DONE, coordinator_name="Dr. B. Muster", coordinator_phone="555")
    assert ids(answers=answers, request=request, plan=lead) == []


def test_none_now_asks_for_the_next_look() -> None:
    request = Request(kind="advise", option="none_now", how_soon="can_wait")
    look = Plan(**DONE, next_look_on=date(2027, 1, 4), next_look_by="Dr. A. Sample")

    assert ids(request=request) == ["next_look"]
    assert ids(request=request, plan=look) == []


def test_missing_safety_answers_are_named_and_linked() -> None:
    answers = {name: raw for name, raw in WHOLE.items() if name not in ("heart", "liver")}

    (one,) = missing(material(answers))

    assert "heart disease; liver disease" in one.label
    assert one.where == "question:heart"


@for_each(
    ("parts", "expected"),
    [
        ({"request": ASKED["ketamine"]}, ["medicines", "allergies"]),
        ({"request": ASKED["both"]}, ["medicines", "allergies"]),
        ({"request": ASKED["repeat_tms"]}, ["medicines"]),
        ({"request": ASKED["none_now"]}, []),
        ({"request": ASKED["ketamine"], "facts": Facts(medicines="Sertraline")}, ["allergies"]),
        (
            {"request": ASKED["ketamine"], "history": History(none_of=("allergies",))},
            ["medicines"],
        ),
        (
            {
                "request": ASKED["ketamine"],
                "history": History(
                    medicines=(Medicine(name="Lithium"),), allergies=(Allergy(substance="Latex"),)
                ),
            },
            [],
        ),
    ],
)
def test_f3_what_a_prescriber_needs_first_never_passes_silently(
    parts: dict[str, Any], expected: list[str]
) -> None:
    nobody = Recipient(name="Dr. D. Beispiel")
    words, whole = load_words(), material(**{"facts": Facts(), "recipient": nobody, **parts})

    found = list(unlisted_of(Sayings(whole, words, question_names(words.edition))))

    assert found == [words.unlisted[name] for name in expected]
    assert [one.id for one in missing(whole)] in ([], ["coordinator"], ["next_look"])


def test_copy_of_two_treatments_that_asks_nothing_is_named_before_signing() -> None:
    words = load_words()
    copies = "Dr. Coil: plan the sessions; Dr. Other"
    to = Recipient(name="Dr. D. Beispiel", copies=copies)

    asked = {
        option: " ".join(
            unlisted_of(
                Sayings(
                    material(request=ASKED[option], recipient=to),
                    words,
                    question_names(words.edition),
                )
            )
        )
        for option in ("both", "repeat_tms")
    }

    assert "nothing is asked of Dr. Other" in asked["both"]
    assert "Dr. Coil" not in asked["both"]
    assert asked["repeat_tms"] == ""
