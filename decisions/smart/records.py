"""What is read of a patient in the EHR: who it is, and the records that can propose answers."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from decisions.fhir.names import LOINC
from decisions.fhir.observed.codes import ObservedCodes
from decisions.fhir.observed.reading import (
    WHOLE_DAY,
    Looking,
    Resource,
    birth_of,
    mapping,
    objects,
    word,
)
from decisions.rules.engine.edition import Edition
from decisions.smart.configuration import granted, hosts_of
from decisions.smart.launching import Context, stop_for
from decisions.smart.models import EhrIssuer
from decisions.smart.outbound import EhrFailed, get
from decisions.smart.stops import Reason, Stop

RECORD_BYTES = 512 * 1024
ALL_SECONDS = 15
PAGE = 50
NAMES = {
    "Condition": "Diagnoses",
    "AllergyIntolerance": "Allergies",
    "MedicationStatement": "Medicines taken",
    "MedicationRequest": "Medicines ordered",
    "QuestionnaireResponse": "Forms",
    "Observation": "Blood pressure and scores",
}


@dataclass(frozen=True)
class Person:
    """The patient as the EHR names them. birth: a date or a part of one; empty where not said."""

    name: str
    birth: str
    resource: Resource

    @property
    def born(self) -> date | None:
        """The date of birth; None where the EHR gives no whole one."""
        return date.fromisoformat(self.birth) if len(self.birth) == WHOLE_DAY else None


@dataclass(frozen=True)
class Records:
    """What came. missing: what was not read, each with why. parts: what was longer than a page."""

    resources: tuple[Resource, ...]
    missing: tuple[str, ...]
    parts: tuple[str, ...]


def read_patient(issuer: EhrIssuer, context: Context) -> Person:
    """Who the EHR says the patient is. Raises Stop."""
    address = f"{issuer.iss}/Patient/{context.patient}"
    try:
        found = get(address, hosts=hosts_of(issuer), token=context.token)
    except EhrFailed as failed:
        raise stop_for(failed) from None
    if found.get("resourceType") != "Patient" or found.get("id") != context.patient:
        raise Stop(Reason.OTHER_PATIENT)
    return Person(name=_name(found), birth=birth_of(found), resource=found)


def _name(patient: Mapping[str, Any]) -> str:
    """The official name, else the usual one, else the first that is not out of use."""
    names = [one for one in objects(patient.get("name")) if one.get("use") != "old"]
    order = {"official": 0, "usual": 1}
    for one in sorted(names, key=lambda one: order.get(word(one.get("use")), 2)):
        given = one.get("given")
        parts = [*(given if isinstance(given, list) else []), one.get("family")]
        said = word(one.get("text")) or " ".join(filter(None, map(word, parts)))
        if said.strip():
            return " ".join(said.split())
    return ""


def read_records(
    issuer: EhrIssuer, context: Context, codes: ObservedCodes, edition: Edition
) -> Records:
    """All that can propose an answer, as far as the EHR gives it in time."""
    found: list[Resource] = []
    missing: dict[str, str] = {}
    parts: dict[str, None] = {}
    until = time.monotonic() + ALL_SECONDS
    for kind, query in _searches(codes, edition):
        name = NAMES[kind]
        if not granted(context.scope, kind):
            missing[name] = "the EHR did not allow it"
            continue
        if time.monotonic() > until:
            missing[name] = "the EHR took too long"
            continue
        # With the type: a server may find nobody by the id alone, and say nothing.
        asked = {"patient": f"Patient/{context.patient}", **query}
        address = f"{issuer.iss}/{kind}?{urlencode(asked)}"
        try:
            bundle = get(address, hosts=hosts_of(issuer), token=context.token, most=RECORD_BYTES)
        except EhrFailed as failed:
            missing[name] = str(failed)
            continue
        found += [mapping(one.get("resource")) for one in objects(bundle.get("entry"))]
        if any(one.get("relation") == "next" for one in objects(bundle.get("link"))):
            parts[name] = None
    said = tuple(f"{name}: {why}" for name, why in missing.items())
    return Records(tuple(found), said, tuple(parts))


def _searches(codes: ObservedCodes, edition: Edition) -> Iterator[tuple[str, dict[str, str]]]:
    """Observations by their codes, the newest first; all else of the patient."""
    for kind in NAMES:
        if kind != "Observation":
            yield kind, {"_count": str(PAGE)}
    pressure = codes.blood_pressure
    asked = [[pressure.panel, *pressure.parts.values()]]
    asked += [
        [total, *(item.loinc for item in form.items if item.loinc)]
        for form in edition.instruments
        if (total := codes.totals.get(form.id))
    ]
    for those in asked:
        listed = ",".join(f"{LOINC}|{code}" for code in those)
        yield "Observation", {"code": listed, "_sort": "-date", "_count": str(PAGE)}


def looking_at(issuer: EhrIssuer, context: Context) -> Looking:
    """By which references the EHR names this patient, and when it is at the clinic."""
    own = f"Patient/{context.patient}"
    return Looking(
        names=frozenset({own, f"{issuer.iss}/{own}"}),
        now=timezone.now(),
        zone=issuer.clinic.zone,
    )
