"""The patient, and what they signed about sharing. Nothing else is known of them here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from decisions.cases.models import Case
from decisions.consents.models import Consent
from decisions.fhir.names import LOINC, Resource, coding
from decisions.fhir.parts import concept, identifier, known, period, reference, resource, stated

RULES: Final = {
    Consent.Kind.AUTHORIZATION: "45 CFR 164.508",
    Consent.Kind.PART2: "42 CFR Part 2",
}
CONSENT_DOCUMENT: Final = "59284-0"


def patient(case: Case, *, changed_at: datetime | None = None) -> Resource:
    """changed_at: when name or birth date were corrected last."""
    return resource(
        "Patient",
        case.pk,
        updated=changed_at or case.created_at,
        identifier=[identifier("case", f"{case.number:04d}")],
        name=[{"text": case.patient_name}],
        birthDate=case.date_of_birth.isoformat() if case.date_of_birth else "",
    )


def consent(row: Consent, *, on: date) -> Resource:
    """One signed paper; inactive once it is revoked or its last day is over."""
    is_over = row.is_revoked or (row.expires_on is not None and row.expires_on < on)
    ends = period(end=row.expires_on.isoformat()) if row.expires_on else {}
    return resource(
        "Consent",
        row.pk,
        updated=row.revoked_at or row.recorded_at,
        status="inactive" if is_over else "active",
        scope=known("consentscope", "patient-privacy"),
        category=[concept("", coding(LOINC, CONSENT_DOCUMENT))],
        patient=reference("Patient", row.case_id),
        dateTime=row.signed_on.isoformat(),
        policyRule=concept(RULES[Consent.Kind(row.kind)]),
        provision=stated(type="permit", period=ends),
    )
