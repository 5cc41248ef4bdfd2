"""Reading resources that other systems wrote: nothing of their shape is taken for granted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

Resource = Mapping[str, Any]
CLOCKS_DIFFER = timedelta(minutes=5)
LONGEST_WORDS = 200

WRITTEN = re.compile(
    r"(?P<day>(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?)"
    r"(?P<time>T[\d:.]+(?:Z|[+-]\d\d:\d\d))?"
)
A_WORD = re.compile(r"[\w']+")
WHOLE_DAY = len("2026-11-29")
VERSION = re.compile(r"/_history/[^/]*$")


class When(NamedTuple):
    """A moment as a record has it. day: YYYY, YYYY-MM or YYYY-MM-DD, in the zone of the clinic."""

    day: str
    moment: str

    @property
    def is_whole(self) -> bool:
        """Whether the day is known."""
        return len(self.day) == WHOLE_DAY


@dataclass(frozen=True)
class Looking:
    """Whose records are read, where, and when.

    names: references to the patient that a resource may have, such as Patient/1.
    """

    names: frozenset[str]
    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The day at the clinic."""
        return self.now.astimezone(self.zone).date()

    def is_of_patient(self, resource: Resource) -> bool:
        """Whether it is about this patient: a resource that names nobody is not."""
        who = resource.get("subject") or resource.get("patient")
        return VERSION.sub("", word(mapping(who).get("reference"))) in self.names

    def when(self, *written: object) -> When | None:
        """The first of these that says a day or a part of one; None for one still to come."""
        for one in written:
            found = WRITTEN.fullmatch(word(one))
            if found is None:
                continue
            if not found["time"]:
                return self._of_day(found["day"])
            return self._of_moment(word(one))
        return None

    def is_to_come(self, *written: object) -> bool:
        """Whether one of these says a day, or a moment, that is not there yet."""
        said = [one for one in written if WRITTEN.fullmatch(word(one))]
        return any(self.when(one) is None for one in said)

    def _of_day(self, day: str) -> When | None:
        if len(day) == WHOLE_DAY and not is_day(day):
            return None
        return None if day > self.today.isoformat()[: len(day)] else When(day, "")

    def _of_moment(self, written: str) -> When | None:
        try:
            moment = datetime.fromisoformat(written).astimezone(self.zone)
        except (ValueError, OverflowError):
            return None
        is_past = moment <= self.now + CLOCKS_DIFFER
        return When(moment.date().isoformat(), moment.isoformat()) if is_past else None


def is_day(text: str) -> bool:
    """Whether the calendar has this day."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def birth_of(patient: Resource) -> str:
    """The date of birth, or a part of it, as 1984-03; empty for anything else."""
    said = word(patient.get("birthDate"))
    found = WRITTEN.fullmatch(said)
    if found is None or found["time"] or (len(said) == WHOLE_DAY and not is_day(said)):
        return ""
    return said


def is_born_otherwise(ours: date | None, birth: str) -> bool:
    """Whether dates of birth differ, as far as both are known."""
    return bool(ours and birth) and not str(ours).startswith(birth)


def mapping(value: object) -> Resource:
    """An object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> list[Resource]:
    """The objects of a list; none of anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def word(value: object) -> str:
    """A text; an empty one for anything else."""
    return value if isinstance(value, str) else ""


def short(text: str) -> str:
    """Words of another system on one line, not too long."""
    plain = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return plain if len(plain) <= LONGEST_WORDS else plain[: LONGEST_WORDS - 1] + "…"


def may_be_read(resource: Resource) -> bool:
    """Whether no part changes the meaning in a way that we do not know (FHIR: must not process)."""
    return not resource.get("modifierExtension") and not resource.get("implicitRules")


def name_of(resource: Resource) -> str:
    """How a proposal names its source, as Condition/12."""
    kind, key = word(resource.get("resourceType")), word(resource.get("id"))
    return short(f"{kind}/{key}" if key else kind)


def codes_of(concept: object, system: str) -> Iterator[str]:
    """The codes of one system."""
    for one in objects(mapping(concept).get("coding")):
        if one.get("system") == system and word(one.get("code")):
            yield word(one["code"])


def texts_of(concept: object) -> Iterator[str]:
    """How a concept is named, its own words first."""
    for one in (mapping(concept), *objects(mapping(concept).get("coding"))):
        if named := word(one.get("text")) or word(one.get("display")):
            yield named


def status_of(resource: Resource, name: str) -> str:
    """The code of a status that is a concept, as verificationStatus; empty where it says none."""
    codings = objects(mapping(resource.get(name)).get("coding"))
    return next((word(one.get("code")) for one in codings), "")


def words_in(text: str, wanted: Iterable[str]) -> list[str]:
    """Those of the wanted names that a text has as whole words, in the order of the text."""
    said = _spaced(text)
    found = [(said.find(_spaced(name)), name) for name in wanted]
    return [name for place, name in sorted(found) if place >= 0]


@lru_cache(maxsize=2000)
def _spaced(text: str) -> str:
    """The words alone, with one space around each."""
    return f" {' '.join(A_WORD.findall(text.casefold().replace('’', chr(39))))} "
