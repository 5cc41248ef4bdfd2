"""What the resources of R5 are made of: codes, ids, references, notes and numbers."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any, Final

from evidence.domain.entries import EvidenceBase, Withdrawal
from evidence.domain.terms import Term, WithdrawnAs

Resource = dict[str, Any]
Part = dict[str, Any]

OURS: Final = "https://kapnet.example/fhir"
"""Where names of ours begin, the same in every installation. It need not answer."""

TERMINOLOGY: Final = "http://terminology.hl7.org/CodeSystem/"
LONGEST_ID, LETTERS_KEPT, DIGITS_OF_HASH = 64, 47, 16
"""An id of FHIR has at most 64 letters; a key of ours may have 80."""


def filled(**fields: Any) -> Part:
    """The fields that say something: FHIR knows no empty value."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {}, ())}


def id_of(*parts: str) -> str:
    """An id of FHIR. No key holds a dot, so that no two of these meet."""
    whole = ".".join(parts)
    if len(whole) <= LONGEST_ID:
        return whole
    hashed = hashlib.sha256(whole.encode()).hexdigest()[:DIGITS_OF_HASH]
    return f"{whole[:LETTERS_KEPT]}.{hashed}"


def coded(system: str, code: str, display: str) -> Part:
    """A code of our own, with its words."""
    where = f"{OURS}/CodeSystem/{system}"
    return {"coding": [{"system": where, "code": code, "display": display}]}


def term(system: str, value: Term) -> Part:
    """The same for a term of the evidence."""
    return coded(system, value.value, value.label)


def of_hl7(system: str, code: str) -> Part:
    """A code of HL7's terminology."""
    return {"coding": [{"system": TERMINOLOGY + system, "code": code}]}


def citation_of(evidence: EvidenceBase, key: str) -> Part:
    """A reference to a source, by the name under which it is cited."""
    return {"reference": f"Citation/{id_of(key)}", "display": evidence.source(key).label}


def note(label: str, text: str | date | None) -> list[Part]:
    """A note that says what it is about; none where there is nothing. A day is said in ISO."""
    return [{"text": f"{label}: {text}"}] if text else []


def extension(name: str, **value: Any) -> Part:
    """What R5 has no place for. value: as valueDate=…"""
    return {"url": f"{OURS}/StructureDefinition/{name}", **value}


def number(value: float) -> int | float:
    """A number as printed: 63, and not 63.0, which would claim a digit more."""
    return int(value) if float(value).is_integer() else value


def quantity(value: float | None, unit: str | None = None) -> Part:
    """A number in the unit as printed; nothing without a number."""
    return {} if value is None else filled(value=number(value), unit=unit)


def status_of(*, is_withdrawn: bool) -> str:
    """What of the publication-status of FHIR holds."""
    return "retired" if is_withdrawn else "active"


def since(activity: Part, day: date) -> Part:
    """A state, with the day from which it holds."""
    return {"activity": activity, "actual": True, "period": {"start": day.isoformat()}}


def withdrawn_as(withdrawal: Withdrawal | None) -> WithdrawnAs:
    """As what; releases from before reasons were kept say no more than "retracted"."""
    return withdrawal.withdrawn_as if withdrawal else WithdrawnAs.RETRACTED
