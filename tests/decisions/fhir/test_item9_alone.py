"""Item 9 of PHQ-9 that a record has without a whole form: it is heard, and proposes no answer."""

from __future__ import annotations

from typing import Any

from decisions.fhir.observed.item9 import item9_alone
from decisions.rules.loading import load_edition
from tests.collecting import for_each
from tests.decisions.fhir.foreign_records import (
    LOOKING,
    items,
    observation,
    observe,
    points,
    response,
)

ITEM9, TOTAL = "44260-8", "44261-6"
TODAY, YESTERDAY, EARLIER = "2026-11-29", "2026-11-28", "2026-11-20"


def item9(given: int, **other: Any) -> dict[str, Any]:
    return observation(ITEM9, valueCodeableConcept=points(given), **other)


def unfinished(given: int, **other: Any) -> dict[str, Any]:
    whole = response("phq9", [0] * 8 + [given], status="in-progress", **other)
    return {**whole, "item": whole["item"][-1:]}


HEARD: dict[str, tuple[list[dict[str, Any]], tuple[int, str] | None]] = {
    "alone": ([item9(2)], (2, YESTERDAY)),
    "as a number": ([observation(ITEM9, valueInteger=1)], (1, YESTERDAY)),
    "preliminary": ([item9(1, status="preliminary")], (1, YESTERDAY)),
    "beside a total": ([item9(1), observation(TOTAL, valueInteger=9)], (1, YESTERDAY)),
    "items that are not all there": (items("phq9", [2] * 9)[1:], (2, YESTERDAY)),
    "a form in progress": ([unfinished(3)], (3, YESTERDAY)),
    "answered twice": ([item9(0), item9(3, id="b")], (3, YESTERDAY)),
    "before a newer total alone": (
        [
            response("phq9", [2] * 9, authored=EARLIER),
            observation(TOTAL, valueInteger=9),
        ],
        (2, EARLIER),
    ),
    "after a whole form": (
        [response("phq9", [0] * 9), item9(1, effectiveDateTime=TODAY)],
        (1, TODAY),
    ),
    "higher than the whole form of its day": (
        [response("phq9", [1] * 9), item9(3)],
        (3, YESTERDAY),
    ),
    "as the whole form has it": ([response("phq9", [1] * 9)], None),
    "nothing": ([], None),
    "no points": ([item9(0)], None),
    "none by now": ([item9(2, effectiveDateTime=EARLIER), item9(0, id="b")], None),
    "in error": ([item9(2, status="entered-in-error")], None),
    "a form in error": ([{**unfinished(2), "status": "entered-in-error"}], None),
    "of somebody else": ([item9(2, subject={"reference": "Patient/another"})], None),
    "of tomorrow": ([item9(2, effectiveDateTime="2026-11-30")], None),
    "changed by a part unknown to us": ([item9(2, modifierExtension=[{"url": "x"}])], None),
}


@for_each("name", HEARD)
def test_item_9_is_heard_without_a_whole_form(name: str) -> None:
    resources, heard = HEARD[name]

    found = list(item9_alone(resources, LOOKING, load_edition(), observe(*resources)))

    assert [(one.points, one.day) for one in found] == ([heard] if heard else [])
    assert all(one.question == "phq9" for one in found)
