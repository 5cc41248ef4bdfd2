"""Answers that do not fit each other: each draws a question on the page, never an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from decisions.cases.case_file import CaseFile
from decisions.cases.question_links import QuestionLink, link_to


class Doubt(StrEnum):
    """What does not fit; the template has the words."""

    AGE = "age"
    LAST_RESPONSE = "last_response"
    ITEM9 = "item9"
    BLOOD_PRESSURE = "blood_pressure"


@dataclass(frozen=True)
class Contradiction:
    """One doubt, the questions that it is about with links, and a number for its sentence."""

    doubt: Doubt
    questions: tuple[str, ...]
    expected: int | None = None
    links: tuple[QuestionLink, ...] = ()


def age_on(born: date, day: date) -> int:
    """Completed years of age on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def contradictions_in(file: CaseFile) -> tuple[Contradiction, ...]:
    """Every doubt that the answers asked now raise."""
    found = (_age(file), *(look(file.answers.facts) for look in _LOOKS))
    return tuple(
        replace(one, links=tuple(link_to(file, name) for name in one.questions))
        for one in found
        if one is not None
    )


def _age(file: CaseFile) -> Contradiction | None:
    born, age = file.case.date_of_birth, file.answers.facts["age_years"]
    day = file.assessed_on("age_years")
    if born is None or day is None or not isinstance(age, int):
        return None
    expected = age_on(born, day)
    return None if age == expected else Contradiction(Doubt.AGE, ("age_years",), expected)


_BEST_FIRST = ("remission", "response", "partial", "none", "worse")
"""The responses to TMS from the best to the worst."""


def _last_response(facts: Mapping[str, object]) -> Contradiction | None:
    best, last = facts["tms_best_response"], facts["tms_last_response"]
    if best not in _BEST_FIRST or last not in _BEST_FIRST:
        return None
    if _BEST_FIRST.index(str(last)) >= _BEST_FIRST.index(str(best)):
        return None
    return Contradiction(Doubt.LAST_RESPONSE, ("tms_best_response", "tms_last_response"))


def _item9(facts: Mapping[str, object]) -> Contradiction | None:
    item9 = facts["phq9_item9"]
    if not isinstance(item9, int) or item9 < 1 or facts["suicide_risk"] != "none":
        return None
    return Contradiction(Doubt.ITEM9, ("phq9", "suicide_risk"))


def _blood_pressure(facts: Mapping[str, object]) -> Contradiction | None:
    systolic, diastolic = facts["bp_systolic"], facts["bp_diastolic"]
    if not isinstance(systolic, int) or not isinstance(diastolic, int) or diastolic < systolic:
        return None
    return Contradiction(Doubt.BLOOD_PRESSURE, ("bp_systolic", "bp_diastolic"))


_LOOKS: tuple[Callable[[Mapping[str, object]], Contradiction | None], ...] = (
    _last_response,
    _item9,
    _blood_pressure,
)
