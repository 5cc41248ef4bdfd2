"""The newest reading of blood pressure, if it is new enough and in mmHg."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from decisions.fhir.names import LOINC, UCUM
from decisions.fhir.observed.codes import BloodPressure
from decisions.fhir.observed.observations import observed_when, whole_number
from decisions.fhir.observed.proposed import Proposed, takes
from decisions.fhir.observed.reading import (
    Looking,
    Resource,
    When,
    codes_of,
    mapping,
    may_be_read,
    name_of,
    objects,
    word,
)
from decisions.rules.questionnaire.questionnaire import Questionnaire

WRITTEN_UNITS = frozenset({"mmHg", "mm Hg", "mm[Hg]"})


class Reading(NamedTuple):
    """One number: which part of the pressure, when, and where it is written."""

    question: str
    number: int
    when: When
    source: str


def pressures_in(
    resources: Sequence[Resource],
    looking: Looking,
    codes: BloodPressure,
    questionnaire: Questionnaire,
) -> Iterator[Proposed]:
    """Both numbers of the newest reading; never one of each of two readings."""
    earliest = (looking.today - timedelta(days=codes.within_days)).isoformat()
    by_when: dict[When, list[Reading]] = {}
    for one in _readings(resources, looking, codes):
        if one.when.is_whole and one.when.day >= earliest:
            by_when.setdefault(one.when, []).append(one)
    possible = [
        when for when, readings in by_when.items() if _are_possible(readings, codes, questionnaire)
    ]
    if not possible:
        return
    newest = max(possible, key=lambda when: (when.day, when.moment))
    for one in dict.fromkeys(by_when[newest]):
        says = f"{one.number} mmHg"
        yield Proposed(one.question, one.number, newest.day, (one.source,), says)


def _readings(
    resources: Iterable[Resource], looking: Looking, codes: BloodPressure
) -> Iterator[Reading]:
    for one in resources:
        when = observed_when(one, looking)
        if when is None:
            continue
        is_panel = codes.panel in codes_of(one.get("code"), LOINC)
        parts = objects(one.get("component")) if is_panel else [one]
        for part in filter(may_be_read, parts):
            known = set(codes_of(part.get("code"), LOINC))
            number = whole_number(part.get("valueQuantity"))
            if number is None or not _is_in_unit(part.get("valueQuantity"), codes.unit):
                continue
            for question, code in codes.parts.items():
                if code in known:
                    yield Reading(question, number, when, name_of(one))


def _is_in_unit(quantity: object, unit: str) -> bool:
    """By its code; by its written unit where it has none."""
    said = mapping(quantity)
    if said.get("code"):
        return said.get("system") in (UCUM, None) and said["code"] == unit
    return word(said.get("unit")) in WRITTEN_UNITS


def _are_possible(
    readings: Sequence[Reading], codes: BloodPressure, questionnaire: Questionnaire
) -> bool:
    """Whether each question takes its number, and each upper number is above each lower one."""
    if not all(takes(questionnaire.question(one.question), one.number) for one in readings):
        return False
    upper, lower = codes.parts
    highs = [one.number for one in readings if one.question == upper]
    lows = [one.number for one in readings if one.question == lower]
    return not highs or not lows or min(highs) > max(lows)
