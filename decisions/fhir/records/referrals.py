"""Signed letters as a ServiceRequest and a DocumentReference; their way over the desk as a Task."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from decisions.desk.models import Delivery, Status
from decisions.fhir.names import LOINC, OURS, Resource, coding, naming_system
from decisions.fhir.parts import (
    concept,
    identifier,
    instant,
    notes,
    period,
    reference,
    resource,
    stated,
)
from decisions.letters.models import Letter

SNOMED: Final = "http://snomed.info/sct"
REFERRAL: Final = coding(SNOMED, "3457005", "Patient referral")
REFERRAL_NOTE: Final = "57133-1"
OPTION_SYSTEM: Final = f"{OURS}/CodeSystem/option"
DELIVERY_SYSTEM: Final = f"{OURS}/CodeSystem/delivery-status"
TASK_CODE: Final = "http://hl7.org/fhir/CodeSystem/task-code"
SHA_256: Final = f"{OURS}/StructureDefinition/sha-256"
PDF: Final = "application/pdf"
WITHIN: Final = {
    Letter.HowSoon.DAYS: timedelta(days=7),
    Letter.HowSoon.WEEKS: timedelta(weeks=3),
    Letter.HowSoon.CAN_WAIT: timedelta(weeks=6),
}
"""The end of what a letter asks for: "within days" is over in a week."""

TASK_STATUS: Final = {
    Status.READY: "ready",
    Status.EXPORTED: "ready",
    Status.SENT: "requested",
    Status.RECEIVED: "received",
    Status.ACCEPTED: "accepted",
    Status.DECLINED: "rejected",
    Status.APPOINTMENT: "in-progress",
    Status.DONE: "completed",
}
STEPS: Final = {
    "received": Status.RECEIVED,
    "accepted": Status.ACCEPTED,
    "rejected": Status.DECLINED,
    "in-progress": Status.APPOINTMENT,
    "completed": Status.DONE,
}
"""Status that a program may set -> step of the desk."""


@dataclass(frozen=True)
class Standing:
    """What became of a signed letter. replaced_at, revoked_at: None where nothing did."""

    replaced_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether nobody should follow it any more."""
        return bool(self.replaced_at or self.revoked_at)

    def changed_at(self, signed_at: datetime | None) -> datetime | None:
        """The last of its moments."""
        every = (signed_at, self.replaced_at, self.revoked_at)
        return max((one for one in every if one), default=None)


def service_request(letter: Letter, standing: Standing) -> Resource:
    """What a letter asks for."""
    return resource(
        "ServiceRequest",
        letter.pk,
        updated=standing.changed_at(letter.signed_at),
        identifier=[identifier("letter", letter.number)],
        replaces=_earlier("ServiceRequest", letter),
        status="revoked" if standing.is_over else "active",
        intent="order",
        category=[concept("", REFERRAL)],
        priority="urgent" if letter.request_how_soon == Letter.HowSoon.DAYS else "routine",
        code=_asked_for(letter),
        subject=reference("Patient", letter.case_id),
        occurrencePeriod=_how_soon(letter),
        authoredOn=instant(letter.signed_at) if letter.signed_at else "",
        requester=_signer(letter),
        performer=[one] if (one := _recipient(letter)) else [],
        supportingInfo=[reference("DocumentReference", letter.pk)],
        note=notes(letter.get_request_how_soon_display()),
    )


def _asked_for(letter: Letter) -> Resource:
    words = f"{letter.get_request_option_display()}: {letter.get_request_kind_display().lower()}"
    return concept(words, coding(OPTION_SYSTEM, letter.request_option))


def _how_soon(letter: Letter) -> Resource:
    within = WITHIN.get(Letter.HowSoon(letter.request_how_soon)) if letter.signed_at else None
    if within is None or letter.signed_at is None:
        return {}
    start = timezone.localdate(letter.signed_at)
    return period(start.isoformat(), (start + within).isoformat())


def _signer(letter: Letter) -> Resource:
    name = letter.signed_by.name if letter.signed_by else ""
    return stated(type="Practitioner", display=name)


def _recipient(letter: Letter) -> Resource:
    if not letter.recipient:
        return {}
    site = letter.recipient_site_id
    number = {"system": naming_system("site"), "value": str(site)} if site else None
    return stated(type="Organization", identifier=number, display=letter.recipient)


def _earlier(kind: str, letter: Letter) -> list[Resource]:
    return [reference(kind, letter.replaces_id)] if letter.replaces_id else []


def document_reference(letter: Letter, standing: Standing, pdf: bytes) -> Resource:
    """The letter itself. pdf: the stored bytes; empty where they are not what was signed."""
    replaces = [
        {"code": "replaces", "target": one} for one in _earlier("DocumentReference", letter)
    ]
    return resource(
        "DocumentReference",
        letter.pk,
        updated=standing.changed_at(letter.signed_at),
        identifier=[identifier("letter", letter.number)],
        status="superseded" if standing.is_over else "current",
        docStatus="final",
        type=concept("Referral note", coding(LOINC, REFERRAL_NOTE)),
        subject=reference("Patient", letter.case_id),
        date=instant(letter.signed_at) if letter.signed_at else "",
        authenticator=_signer(letter),
        relatesTo=replaces,
        content=[{"attachment": _attachment(letter, pdf)}],
        context={"related": [reference("ServiceRequest", letter.pk)]},
    )


def _attachment(letter: Letter, pdf: bytes) -> Resource:
    """R4 wants the SHA-1 of the bytes; an extension has the SHA-256 that was kept at signing."""
    sha_1 = hashlib.sha1(pdf, usedforsecurity=False).digest()
    return stated(
        extension=[{"url": SHA_256, "valueString": letter.pdf_sha256}],
        contentType=PDF,
        url=f"Binary/{letter.pk}",
        size=len(pdf) or None,
        hash=base64.b64encode(sha_1).decode() if pdf else "",
        title=letter.number,
    )


def task(
    letter: Letter, delivery: Delivery, *, changed_at: datetime | None, why_declined: str = ""
) -> Resource:
    """Where a letter is. changed_at: its last step. why_declined: what was noted of a refusal."""
    status = Status(delivery.status)
    due = delivery.due_on.isoformat() if delivery.due_on else ""
    parts = resource(
        "Task",
        letter.pk,
        updated=changed_at or letter.signed_at,
        version=delivery.version,
        basedOn=[reference("ServiceRequest", letter.pk)],
        status=TASK_STATUS[status],
        statusReason=concept(why_declined),
        businessStatus=concept("", coding(DELIVERY_SYSTEM, status.value, str(status.label))),
        intent="order",
        code=concept("", coding(TASK_CODE, "fulfill")),
        focus=reference("ServiceRequest", letter.pk),
        authoredOn=instant(letter.signed_at) if letter.signed_at else "",
        lastModified=instant(moment) if (moment := changed_at or letter.signed_at) else "",
        requester=_signer(letter),
        owner=_recipient(letter),
        restriction={"period": {"end": due}} if due else {},
    )
    return parts | {"for": reference("Patient", letter.case_id)}
