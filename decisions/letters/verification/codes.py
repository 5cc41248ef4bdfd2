"""The short code on a signed letter, by which whoever holds the paper asks whether it is genuine.

Twelve characters of Crockford's alphabet, 60 bits: nobody guesses one, and it can be read aloud.
The same letter signed at the same moment has the same code.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP, BITS = 12, 4, 5
READ_AS = str.maketrans("OIL", "011", " -")
"""What people type for another character, and what they put between the groups."""

SALT = "kapnet.letters.code"
QUIET_ZONE = 4
"""White modules around the QR code, as its standard asks."""


def code_of(letter_id: UUID, signed_at: datetime) -> str:
    """The code of a letter signed at this moment, without its hyphens."""
    said = f"{letter_id} {signed_at.isoformat()}"
    number = int.from_bytes(salted_hmac(SALT, said, algorithm="sha256").digest()[:8])
    places = range((LENGTH - 1) * BITS, -1, -BITS)
    return "".join(ALPHABET[(number >> place) % len(ALPHABET)] for place in places)


def say_code(code: str) -> str:
    """A code as it is printed: 4F2A-91C0-7BE3."""
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read_code(typed: str) -> str | None:
    """The code that somebody typed, or None where it cannot be one."""
    code = typed.upper().translate(READ_AS)
    fits = len(code) == LENGTH and set(code) <= set(ALPHABET)
    return code if fits else None


def verify_address() -> str:
    """Where letters are checked, in full; empty where the installation names no address."""
    return settings.SITE_ADDRESS and settings.SITE_ADDRESS + reverse("letters:verify")


class QrCode(NamedTuple):
    """A QR code as one SVG path of strokes one unit wide. size: of its square, in units."""

    size: int
    path: str


def qr_code(address: str) -> QrCode:
    """The QR code of an address, with the white border that readers need."""
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
