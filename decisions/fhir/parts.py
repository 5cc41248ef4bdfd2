"""What every resource is made of: its head, words with codes, references and times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from decisions.fhir.names import ABSENT_REASON, Resource, coding, naming_system

TERMINOLOGY: Final = "http://terminology.hl7.org/CodeSystem"
EMPTY: Final[tuple[object, ...]] = (None, "", [], {}, ())
"""What R4 does not write: it leaves the element out."""


def stated(**parts: Any) -> Resource:
    """These elements without those that are empty. 0 and False say something, and stay."""
    return {name: one for name, one in parts.items() if one not in EMPTY}


def resource(
    kind: str, of: object, *, updated: datetime | None, version: object = "", **parts: Any
) -> Resource:
    """A resource with its head. version: where one is stored; empty: none is told."""
    meta = stated(lastUpdated=instant(updated) if updated else "", versionId=str(version))
    return {"resourceType": kind, "id": str(of), **stated(meta=meta, **parts)}


def concept(text: str = "", *codings: Resource) -> Resource:
    """Words, codes, or both."""
    return stated(coding=list(codings), text=text)


def known(name: str, code: str, display: str = "") -> Resource:
    """A concept with one code of HL7's own terminology."""
    return concept("", coding(f"{TERMINOLOGY}/{name}", code, display))


def absent(code: str, text: str = "") -> Resource:
    """Why there is no value."""
    return concept(text, coding(ABSENT_REASON, code))


def reference(kind: str, of: object) -> Resource:
    """To a resource that this server has."""
    return {"reference": f"{kind}/{of}"}


def identifier(name: str, value: str) -> Resource:
    """A number that we give."""
    return {"system": naming_system(name), "value": value}


def notes(*texts: str) -> list[Resource]:
    """Annotations, without those that say nothing."""
    return [{"text": one} for one in texts if one]


def period(start: str = "", end: str = "") -> Resource:
    """From and to, as far as they are known; a year or a month stays one."""
    return stated(start=start, end=end)


def instant(moment: datetime) -> str:
    """A time with its zone."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
