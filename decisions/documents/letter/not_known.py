"""What nobody has said: facts without a row, and answers that are "not known"."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.documents.letter.page_one.treatment import KINDS_OF
from decisions.documents.letter.phrasing import Sayings
from decisions.rules.engine.answers_in_words import AnswerState

ROWS_FOR = {
    "tms_details": "tms_courses",
    "earlier_scores": "scores",
    "trials": "trials",
    "medicines": "medicines",
    "allergies": "allergies",
}
"""Fact -> the rows of the history that say the same."""


def has_rows(sayings: Sayings, field: str) -> bool:
    """Whether the history has rows for a fact, or somebody said that there are none."""
    history, kind = sayings.material.history, ROWS_FOR.get(field, "")
    return bool(kind) and bool(getattr(history, kind) or kind in history.none_of)


def said_not_known(sayings: Sayings) -> Iterator[str]:
    """Every question that was asked and has no answer, or "not known", where no row says more."""
    others = {one.kind for one in sayings.material.history.others}
    in_rows = {f"{name}_history" for name, kinds in KINDS_OF.items() if others & set(kinds)}
    for one in sayings.material.decided.in_words:
        is_said = one.question in sayings.material.left_out or one.question in in_rows
        if one.state in (AnswerState.NOT_KNOWN, AnswerState.OPEN) and not is_said:
            yield sayings.name(one.question)


def facts_not_known(sayings: Sayings) -> list[str]:
    """What a reader would miss and nobody has said.

    How suicide risk was asked is said by the assessment that closed a safety task.
    """
    material = sayings.material
    said = {"suicide_method"} if material.follow_up else set()
    if material.decided.outcome.first_course:
        said.add("tms_details")
    return [
        name
        for field, name in sayings.words.fact_names.items()
        if field not in said and not (getattr(material.facts, field) or has_rows(sayings, field))
    ]
