"""What the resources of a call say: blood pressure, PHQ-9, depression, TMS, what is ordered. Pure.

What cannot be read for certain is not known. Nothing that was taken back counts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from decisions.cds.asked import Resource
from decisions.cds.words import HookWords, Order
from decisions.rules.engine.rules import OptionId

LOINC: Final = "http://loinc.org"
PHQ9_TOTAL, SYSTOLIC, DIASTOLIC = "44261-6", "8480-6", "8462-4"
MOST_POINTS, LARGEST = 27, 1e9
COUNTS: Final = frozenset({"final", "amended", "corrected", "preliminary"})
"""Statuses of a measurement that somebody vouches for."""
TAKEN_BACK: Final = frozenset({"entered-in-error", "not-done", "revoked", "cancelled", "stopped"})
OVER: Final = frozenset({"resolved", "remission", "inactive"})
NOT_SO: Final = frozenset({"refuted", "entered-in-error", "differential"})
MERCURY: Final = frozenset({"mm[Hg]", "mmHg", "mm Hg"})
AHEAD: Final = -1
"""A day is counted where it was written: it may be tomorrow's here."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Phq9:
    """A total, and its day."""

    points: int
    day: date


@dataclass(frozen=True)
class BloodPressure:
    """In mmHg; None where it is not known."""

    systolic: int | None = None
    diastolic: int | None = None

    @property
    def is_known(self) -> bool:
        """Whether both are."""
        return self.systolic is not None and self.diastolic is not None

    def __str__(self) -> str:
        return "/".join("?" if one is None else str(one) for one in self.parts) + " mmHg"

    @property
    def parts(self) -> tuple[int | None, int | None]:
        """Both, the upper first."""
        return self.systolic, self.diastolic


def has_depression(conditions: Iterable[Resource], words: HookWords) -> bool:
    """Whether a condition that holds is coded as depression."""
    return any(
        code.get("code", "").upper().startswith(words.depression)
        for one in conditions
        if one["resourceType"] == "Condition" and _holds(one)
        for code in _codings(one.get("code"))
        if "icd-10" in code.get("system", "").lower()
    )


def _holds(condition: Resource) -> bool:
    clinical = {code.get("code") for code in _codings(condition.get("clinicalStatus"))}
    verified = {code.get("code") for code in _codings(condition.get("verificationStatus"))}
    return not clinical & OVER and not verified & NOT_SO


def has_tms(procedures: Iterable[Resource], words: HookWords) -> bool:
    """Whether a treatment or an order names TMS."""
    return OptionId.REPEAT_TMS in ordered(procedures, words)


def ordered(orders: Iterable[Resource], words: HookWords) -> tuple[OptionId, ...]:
    """The options that these orders or treatments are about, in the order of options."""
    rows = [one for one in orders if _status(one) not in TAKEN_BACK]
    return tuple(
        option
        for option in OptionId
        if option in words.orders and any(_is_of(words.orders[option], one) for one in rows)
    )


def _is_of(order: Order, resource: Resource) -> bool:
    for concept in _concepts(resource):
        codes = {(one.get("system"), one.get("code")) for one in _codings(concept)}
        if codes & {(one.system, one.code) for one in order.codes}:
            return True
        if any(_names(order.words, text) for text in _texts(concept)):
            return True
    return False


def _concepts(resource: Resource) -> Iterator[Any]:
    """What an order is for: in R4 a code or a medicine, in R5 one inside the other."""
    for name in ("code", "medicationCodeableConcept", "medication", "medicationReference"):
        found = resource.get(name)
        if isinstance(found, dict):
            yield found
            yield found.get("concept")
    contained = resource.get("contained")
    for one in contained if isinstance(contained, list) else ():
        if isinstance(one, dict) and one.get("resourceType") == "Medication":
            yield one.get("code")


def _texts(concept: Any) -> Iterator[str]:
    if isinstance(concept, dict):
        named = [concept.get("text"), concept.get("display")]
        named += [one.get("display") for one in _codings(concept)]
        yield from (one for one in named if isinstance(one, str))


def _names(words: Iterable[str], text: str) -> bool:
    lower = text.casefold()
    return any(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", lower) for one in words)


def _codings(concept: Any) -> list[Mapping[str, str]]:
    """The codings of a concept, each with those members that are texts."""
    found = concept.get("coding") if isinstance(concept, dict) else None
    rows = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return [{name: said for name, said in one.items() if isinstance(said, str)} for one in rows]


def _status(resource: Resource) -> str:
    return str(resource.get("status"))


# Measurements


def newest_phq9(observations: Iterable[Resource], *, today: date) -> Phq9 | None:
    """The newest total that can be read."""
    read = [
        Phq9(points, day)
        for one in observations
        if _is_measured(one, PHQ9_TOTAL) and (day := _day_of(one)) and (today - day).days >= AHEAD
        if (points := _points(one.get("valueQuantity"))) is not None
    ]
    return max(read, key=lambda one: one.day, default=None)


def _points(quantity: Any) -> int | None:
    value = _number(quantity.get("value")) if isinstance(quantity, dict) else None
    is_total = value is not None and value == int(value) and 0 <= value <= MOST_POINTS
    return int(value) if value is not None and is_total else None


def newest_pressure(
    observations: Iterable[Resource], *, today: date, days: int, most: Callable[[str], range]
) -> BloodPressure:
    """The newest blood pressure of these days. most: what systolic and diastolic can be."""
    taken = [
        one
        for one in observations
        if one["resourceType"] == "Observation" and _status(one) in COUNTS
        if (day := _day_of(one)) and AHEAD <= (today - day).days <= days
        if any(_parts(one, code) for code in (SYSTOLIC, DIASTOLIC))
    ]
    newest = max(map(_moment_of, taken), default="")
    rows = [one for one in taken if _moment_of(one) == newest]
    return BloodPressure(
        _highest(rows, SYSTOLIC, most("systolic")), _highest(rows, DIASTOLIC, most("diastolic"))
    )


def _highest(rows: list[Resource], code: str, possible: range) -> int | None:
    """Of two at one time the higher; None where one cannot be read, or cannot be."""
    values = [_in_mercury(part.get("valueQuantity")) for one in rows for part in _parts(one, code)]
    numbers = [math.ceil(one) for one in values if one is not None]
    if not numbers or len(numbers) < len(values):
        return None
    return max(numbers) if all(one in possible for one in numbers) else None


def _parts(observation: Resource, code: str) -> list[Resource]:
    """The observation itself, or components of it, that have this code."""
    components = observation.get("component")
    parts = [observation, *(components if isinstance(components, list) else ())]
    return [one for one in parts if isinstance(one, dict) and _has_code(one, code)]


def _in_mercury(quantity: Any) -> float | None:
    if not isinstance(quantity, dict) or quantity.get("comparator"):
        return None
    units = {quantity[name] for name in ("code", "unit") if isinstance(quantity.get(name), str)}
    return _number(quantity.get("value")) if units and units <= MERCURY else None


def _is_measured(one: Resource, code: str) -> bool:
    is_observation = one["resourceType"] == "Observation" and _status(one) in COUNTS
    return is_observation and _has_code(one, code)


def _has_code(one: Resource, code: str) -> bool:
    return any(
        found.get("system") == LOINC and found.get("code") == code
        for found in _codings(one.get("code"))
    )


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and abs(value) < LARGEST else None


def _moment_of(one: Resource) -> str:
    """Comparable within what one system writes."""
    return str(one.get("effectiveDateTime", ""))


def _day_of(one: Resource) -> date | None:
    said = one.get("effectiveDateTime")
    if not isinstance(said, str) or not DAY.match(said):
        return None
    try:
        return datetime.fromisoformat(said).date() if "T" in said else date.fromisoformat(said)
    except ValueError:
        return None
