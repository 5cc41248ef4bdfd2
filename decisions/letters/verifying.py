"""Whether a PDF is, byte for byte, a letter that was signed here. Says nothing about a patient."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.letters.models import Letter
from decisions.letters.queries import correction_of, signed_letters
from kapnet.audit.actions import record_event
from kapnet.clinics.models import User


class Standing(StrEnum):
    """How a PDF stands to the letters signed here."""

    GENUINE = "genuine"
    SUPERSEDED = "superseded"
    NOT_KNOWN = "not known"


@dataclass(frozen=True)
class Verified:
    """What an outsider is told: the standing, and the days of signing and of replacement."""

    standing: Standing
    signed_on: date | None = None
    replaced_on: date | None = None


def is_intact(letter: Letter) -> bool:
    """Whether the stored PDF is still the one whose hash was kept at signing."""
    return hashlib.sha256(bytes(letter.pdf or b"")).hexdigest() == letter.pdf_sha256


def verify_pdf(*, pdf: bytes, actor: User | None) -> Verified:
    """Compare a PDF with every letter signed here, of any clinic; leaves one audit event."""
    with scopes_disabled():
        sha256 = hashlib.sha256(pdf).hexdigest()
        letter = signed_letters().filter(pdf_sha256=sha256).first()
        found = _standing_of(letter)
        record_event(
            action="letter.verified",
            actor=actor,
            clinic=letter.clinic if letter else None,
            object_type="letter",
            object_id=letter.pk if letter else "",
            reason=found.standing.value,
        )
    return found


def _standing_of(letter: Letter | None) -> Verified:
    if letter is None or letter.signed_at is None:
        return Verified(Standing.NOT_KNOWN)
    signed_on = timezone.localdate(letter.signed_at)
    correction = correction_of(letter)
    if correction is None or correction.signed_at is None:
        return Verified(Standing.GENUINE, signed_on)
    return Verified(Standing.SUPERSEDED, signed_on, timezone.localdate(correction.signed_at))
