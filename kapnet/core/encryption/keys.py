"""The keys under which patients are kept in the database: `DATA_KEYS`, the newest first.

Every key is one of Fernet's: 32 random bytes in URL-safe base64. The newest encrypts; each of them
reads. For the search index each key gives another one by HKDF, so that neither tells of the other.
None of them is derived from SECRET_KEY, and none is in the database or in a backup of it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEY_BYTES = 32
INDEX_PURPOSE = b"kapnet: index for searching patients"
MAKE_ONE = "Make one with: manage.py data_keys make"


NO_KEY_FITS = (
    "No key of DATA_KEYS opens what is in the database. Set the keys that it was written with, the "
    "newest first."
)


class DataKeyProblem(Exception):
    """DATA_KEYS cannot be used; the message says why and what to do."""


class UnreadableError(Exception):
    """Something stored opens with none of the keys: a key is missing, or it was changed."""

    def __init__(self) -> None:
        super().__init__(
            "Something stored cannot be read: a key is missing in DATA_KEYS, or it was changed."
        )


@dataclass(frozen=True)
class Keyring:
    """The keys in use. index_keys: one for each of them, in the same order."""

    newest: Fernet
    every: MultiFernet
    index_keys: tuple[bytes, ...]

    def encrypt(self, plain: bytes) -> bytes:
        """A token that nobody without the newest key reads or changes."""
        return self.newest.encrypt(plain)

    def decrypt(self, token: bytes) -> bytes:
        """What was encrypted, under whichever key. Raises UnreadableError."""
        try:
            return self.every.decrypt(token)
        except InvalidToken:
            raise UnreadableError from None

    def renew(self, token: bytes) -> bytes | None:
        """The same under the newest key; None where it is so already. Raises UnreadableError."""
        try:
            self.newest.decrypt(token)
        except InvalidToken:
            return self.encrypt(self.decrypt(token))
        return None


def make_key() -> str:
    """A new random key, as DATA_KEYS takes it."""
    return Fernet.generate_key().decode()


def keyring() -> Keyring:
    """The keys of the settings. Raises DataKeyProblem."""
    return read_keys(tuple(settings.DATA_KEYS))


@lru_cache(maxsize=8)
def read_keys(keys: Sequence[str]) -> Keyring:
    """Keys as DATA_KEYS names them, the newest first. Raises DataKeyProblem."""
    if not keys:
        raise DataKeyProblem(f"DATA_KEYS is not set: patients cannot be stored. {MAKE_ONE}")
    raw = [_read_key(place, key) for place, key in enumerate(keys, start=1)]
    fernets = [Fernet(key) for key in keys]
    return Keyring(fernets[0], MultiFernet(fernets), tuple(map(_index_key, raw)))


def _read_key(place: int, key: str) -> bytes:
    try:
        raw = base64.b64decode(key.encode("ascii"), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raw = b""
    if len(raw) != KEY_BYTES:
        raise DataKeyProblem(
            f"Key {place} of DATA_KEYS is not 32 random bytes in URL-safe base64. {MAKE_ONE}"
        )
    return raw


def _index_key(raw: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=INDEX_PURPOSE).derive(raw)
