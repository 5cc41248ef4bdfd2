"""Answers that do not fit each other: each draws a question on the page, never an error."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

from decisions.cases.case_file import CaseFile
from decisions.cases.question_links import QuestionLink, link_to
from decisions.cases.told import mismatches_of
from decisions.documents.contradictions.compared import Mismatch


class Doubt(StrEnum):
    """What does not fit; the template has the words."""

    AGE = "age"
    LAST_RESPONSE = "last_response"
    ITEM9 = "item9"
    BLOOD_PRESSURE = "blood_pressure"
    MISMATCH = "mismatch"


@dataclass(frozen=True)
class Contradiction:
    """One doubt, the questions that it is about with links, and a number for its sentence.

    says: the whole sentence, where it is not one of the template's.
    """

    doubt: Doubt
    questions: tuple[str, ...]
    expected: int | None = None
    says: str = ""
    links: tuple[QuestionLink, ...] = ()


class SaidElsewhere(Protocol):
    """An answer that a patient or another system proposes, beside that of the case.

    would: the answer that it would be; empty where a clinician has to choose one. now: as it is
    answered now; is_answered_since: saved after it was said.
    """

    @property
    def would(self) -> str: ...

    @property
    def now(self) -> str: ...

    @property
    def is_known(self) -> bool: ...

    @property
    def is_answered_since(self) -> bool: ...


def speaks_against(one: SaidElsewhere) -> bool:
    """Who does not know contradicts nobody, and who answered by hand afterwards has decided."""
    if one.would:
        return bool(one.now) and one.would != one.now and one.is_known
    return bool(one.now) and not one.is_answered_since


def age_on(born: date, day: date) -> int:
    """Completed years of age on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def contradictions_in(
    file: CaseFile,
    among: Collection[str] | None = None,
    *,
    told: Iterable[Mismatch] | None = None,
) -> tuple[Contradiction, ...]:
    """Every doubt that the answers asked now raise, by themselves and beside what rooms above keep.

    among: only what is about one of these questions, of all the edition where it is left out.
    told: what rooms above say, where it was read already.
    """
    every = {one.id for one in file.edition.questionnaire.questions}
    asked = every if among is None else every & set(among)
    beside = mismatches_of(file, asked) if told is None else told
    found = (_age(file), *(look(file.answers.facts) for look in _LOOKS), *_mismatches(beside))
    return _linked(file, (one for one in found if one and asked & set(one.questions)))


def contradictions_beside(file: CaseFile, among: Collection[str]) -> tuple[Contradiction, ...]:
    """What rooms above keep and does not fit answers to these questions."""
    asked, found = set(among), _mismatches(mismatches_of(file, among))
    return _linked(file, (one for one in found if asked & set(one.questions)))


def _linked(file: CaseFile, found: Iterable[Contradiction]) -> tuple[Contradiction, ...]:
    return tuple(
        replace(one, links=tuple(link_to(file, name) for name in one.questions)) for one in found
    )


def _mismatches(told: Iterable[Mismatch]) -> Iterator[Contradiction]:
    for one in told:
        yield Contradiction(Doubt.MISMATCH, one.questions, says=one.says)


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
