"""Whether a PDF or a code is a letter that was signed here. Says nothing about a patient."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.letters.models import Letter, Seal
from decisions.letters.queries import correction_of
from decisions.rules.logic.values import sha256_of
from kapnet.core.audit.actions import record_event
from kapnet.core.audit.models import Event, Outcome
from kapnet.core.encryption.keys import UnreadableError
from kapnet.core.people.models import User
from kapnet.core.people.one_place import the_only

IDENTIFIER = re.compile(
    rb"/ID\s*+\[\s*+(?:<([0-9a-fA-F]{32})>|\(((?>\\(?:[0-7]{1,3}|[^0-7])|[^\\()]){16})\))"
)
"""What a PDF says of itself, as digits or as text; other programs keep the first part of it."""

LOOKED_AT = 64 * 1024
"""How many bytes at each end of a file are searched for it: programs write it at one of them."""

ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
"""How the text of a PDF writes bytes that would read as something else."""


class Standing(StrEnum):
    """What a PDF or a code is to the letters signed here."""

    GENUINE = "genuine"
    SUPERSEDED = "superseded"
    ALTERED = "altered"
    DAMAGED = "damaged"
    NOT_KNOWN = "not known"


@dataclass(frozen=True)
class Verified:
    """What an outsider is told: the standing, and the days of signing and of replacement."""

    standing: Standing
    signed_on: date | None = None
    replaced_on: date | None = None


ARCHIVED = "letter.archived"
"""The event of handing out an archival copy; its reason is the hash of that copy."""


def hash_of(pdf: bytes) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(pdf).hexdigest()


def is_intact(letter: Letter) -> bool:
    """Whether the stored PDF and content are those whose hashes were kept at signing.

    What no key opens is not what was signed. Letters from before seals were kept have the hash of
    their PDF only.
    """
    try:
        if hash_of(bytes(letter.pdf or b"")) != letter.pdf_sha256:
            return False
        seal: Seal | None = getattr(letter, "seal", None)
        return seal is None or sha256_of(letter.content) == seal.content_sha256
    except UnreadableError:
        return False


def noted_hash(pdf_sha256: str) -> str:
    """What the event of signing says of the PDF, so that row and file cannot change together."""
    return f"PDF {pdf_sha256}"


def verify_pdf(*, pdf: bytes, actor: User | None) -> Verified:
    """Compare a PDF with every letter signed here, of any clinic; leaves one audit event.

    It is never opened: its bytes are hashed, and both ends searched for the identifier of a letter.
    """
    with scopes_disabled():
        received = hash_of(pdf)
        letter = _signed_here(pdf_sha256=received)
        if letter is not None:
            return _told(letter, _standing_of(letter), actor)
        letter = _with_identifier(pdf)
        if letter is not None and _is_archival_copy(letter, received):
            return _told(letter, _standing_of(letter), actor)
        return _told(letter, Verified(Standing.ALTERED, _day(letter)) if letter else None, actor)


def verify_code(*, code: str, actor: User | None) -> Verified:
    """Look a code up among the letters signed here, of any clinic; leaves one audit event."""
    with scopes_disabled():
        letter = _signed_here(seal__code=code)
        if letter is not None and not is_intact(letter):
            return _told(letter, Verified(Standing.DAMAGED, _day(letter)), actor)
        return _told(letter, _standing_of(letter) if letter else None, actor)


def _signed_here(**by: str) -> Letter | None:
    """The one letter with this value, without what only its own page shows."""
    signed = Letter.objects.filter(status=Letter.Status.SIGNED, **by)
    return the_only(signed.select_related("clinic", "seal").defer("pdf", "content"))


def _is_archival_copy(letter: Letter, received: str) -> bool:
    """Whether a file of this hash was handed out as a copy of this letter."""
    copies = Event.objects.filter(object_type="letter", object_id=str(letter.pk), action=ARCHIVED)
    return copies.filter(outcome=Outcome.DONE, reason=noted_hash(received)).exists()


def _with_identifier(pdf: bytes) -> Letter | None:
    found = IDENTIFIER.search(pdf[:LOOKED_AT]) or IDENTIFIER.search(pdf[-LOOKED_AT:])
    if found is None:
        return None
    identifier = found[1].decode().lower() if found[1] else _unescaped(found[2]).hex()
    return _signed_here(seal__identifier=identifier)


def _unescaped(text: bytes) -> bytes:
    return ESCAPED.sub(lambda one: _byte(one[1]), text)


def _byte(escaped: bytes) -> bytes:
    if escaped[0] in b"01234567":
        return bytes([int(escaped, 8) & 0xFF])
    return LETTERS.get(escaped, escaped)


def _told(letter: Letter | None, found: Verified | None, actor: User | None) -> Verified:
    told = found or Verified(Standing.NOT_KNOWN)
    record_event(
        action="letter.verified",
        actor=actor,
        clinic=letter.clinic if letter else None,
        object_type="letter",
        object_id=letter.pk if letter else "",
        reason=told.standing.value,
    )
    return told


def _standing_of(letter: Letter) -> Verified:
    correction = correction_of(letter)
    if correction is None:
        return Verified(Standing.GENUINE, _day(letter))
    return Verified(Standing.SUPERSEDED, _day(letter), _day(correction))


def _day(letter: Letter) -> date | None:
    """The day on the clock of its clinic, as the letter prints it."""
    zone = letter.clinic.zone
    return timezone.localdate(letter.signed_at, zone) if letter.signed_at else None
