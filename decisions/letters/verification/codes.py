"""The short codes on a signed letter: by one whoever holds the paper asks whether it is genuine, by
the other its recipient answers.

Characters of Crockford's alphabet, 5 bits each: nobody guesses twelve, and they can be read aloud.
The same letter signed at the same moment has the same codes.
"""

from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from kapnet.core.people.models import Clinic

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP, BITS = 12, 4, 5
READ_AS = str.maketrans("OIL", "011", " -")
"""What people type for another character, and what they put between the groups."""

SALT = "kapnet.letters.code"
REPLY_LENGTH, REPLY_SALT = 16, "kapnet.letters.reply_code"
"""Its hash is stored alone, so that its 80 bits are also more than somebody with a copy can try."""

QUIET_ZONE = 4
"""White modules around the QR code, as its standard asks."""


def code_of(letter_id: UUID, signed_at: datetime) -> str:
    """The code of a letter signed at this moment, without its hyphens."""
    return _code(SALT, letter_id, signed_at, LENGTH)


def reply_code_of(letter_id: UUID, signed_at: datetime) -> str:
    """The code by which this letter is answered, without its hyphens."""
    return _code(REPLY_SALT, letter_id, signed_at, REPLY_LENGTH)


def _code(salt: str, letter_id: UUID, signed_at: datetime, length: int) -> str:
    said = f"{letter_id} {signed_at.isoformat()}"
    digest = salted_hmac(salt, said, algorithm="sha256").digest()
    number = int.from_bytes(digest[: ceil(length * BITS / 8)])
    places = range((length - 1) * BITS, -1, -BITS)
    return "".join(ALPHABET[(number >> place) % len(ALPHABET)] for place in places)


def say_code(code: str) -> str:
    """A code as it is printed: 4F2A-91C0-7BE3."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read_code(typed: str, length: int = LENGTH) -> str | None:
    """The code that somebody typed, or None where it cannot be one."""
    code = typed.upper().translate(READ_AS)
    fits = len(code) == length and set(code) <= set(ALPHABET)
    return code if fits else None


def verify_address() -> str:
    """Where letters are checked, in full; empty where the installation names no address."""
    return settings.SITE_ADDRESS and settings.SITE_ADDRESS + reverse("letters:verify")


def reply_address(clinic: Clinic) -> str:
    """Where letters of this clinic are answered, in full; empty where they carry no such link."""
    wanted = clinic.has_reply_links and settings.SITE_ADDRESS
    return settings.SITE_ADDRESS + reverse("desk:reply") if wanted else ""


class QrCode(NamedTuple):
    """A QR code as one SVG path of strokes one unit wide. size: of its square, in units."""

    size: int
    path: str


def qr_code(address: str) -> QrCode:
    """The QR code of an address, with the white border that readers need."""
    import segno  # its tables are loaded where a letter is drawn

    rows = tuple(segno.make(address, error="m").matrix_iter(border=QUIET_ZONE))
    strokes = (
        f"M{column} {row}.5h1"
        for row, modules in enumerate(rows)
        for column, is_dark in enumerate(modules)
        if is_dark
    )
    return QrCode(size=len(rows), path="".join(strokes))


def sources_address() -> str:
    """Where the sources of letters are listed; empty where the installation names no address."""
    return settings.SITE_ADDRESS and settings.SITE_ADDRESS + reverse("evidence:named_sources")
