"""Files under a passphrase, in the format age-encryption.org/v1, which other programs read, too.

A header holds the key of the file, encrypted by a key that scrypt makes of the passphrase. The
content follows in frames of 64 KiB, each encrypted and sealed with its place and with whether it
is the last: so it streams, and nothing of it can be changed, moved or cut off unseen.
https://c2sp.org/age
"""

from __future__ import annotations

import base64
import hmac
import io
import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

VERSION = b"age-encryption.org/v1"
SCRYPT_SALT = b"age-encryption.org/v1/scrypt"
FRAME, TAG, FILE_KEY, SALT = 64 * 1024, 16, 16, 16
SEALED_FRAME = FRAME + TAG
WORK, MOST_WORK = 17, 20
"""Powers of two of scrypt's N: 128 MiB and half a second for each guess; no file may ask for more
than a gigabyte."""
HEADER = re.compile(
    rb"age-encryption\.org/v1\n"
    rb"-> scrypt ([A-Za-z0-9+/]{22}) ([1-9][0-9]?)\n"
    rb"([A-Za-z0-9+/]{43})\n"
    rb"---(?P<mac> [A-Za-z0-9+/]{43})\n"
)
LONGEST_HEADER = 256


class SealedFileProblem(Exception):
    """A file that does not open; the message says why."""


NOT_ONE = "This is no file under a passphrase, or its beginning is damaged."
TOO_DEAR = "Trying the passphrase takes up to a gigabyte of memory, which is not free here."
WRONG = "The passphrase is wrong, or the beginning of the file is damaged."
DAMAGED = "The file is damaged: a part of it was changed, moved or cut off."


@dataclass(frozen=True)
class FileKey:
    """The key of one file, and the header that holds it under a passphrase."""

    header: bytes
    secret: bytes = field(repr=False)


def make_file_key(passphrase: str, *, work: int = WORK) -> FileKey:
    """A random key for one file. Nothing of the passphrase is needed after this."""
    secret, salt = secrets.token_bytes(FILE_KEY), secrets.token_bytes(SALT)
    wrapped = ChaCha20Poly1305(_stretched(passphrase, salt, work)).encrypt(bytes(12), secret, None)
    begin = b"%b\n-> scrypt %b %d\n%b\n---" % (VERSION, _text(salt), work, _text(wrapped))
    return FileKey(begin + b" " + _text(_mac(secret, begin)) + b"\n", secret)


def read_file_key(header: bytes, passphrase: str) -> FileKey:
    """The key that a header holds. Raises SealedFileProblem."""
    found = HEADER.match(header)
    if found is None or int(found[2]) > MOST_WORK:
        raise SealedFileProblem(NOT_ONE)
    salt, wrapped = _bytes(found[1]), _bytes(found[3])
    try:
        key = ChaCha20Poly1305(_stretched(passphrase, salt, int(found[2])))
        secret = key.decrypt(bytes(12), wrapped, None)
    except InvalidTag:
        raise SealedFileProblem(WRONG) from None
    except MemoryError:
        raise SealedFileProblem(TOO_DEAR) from None
    mac = _text(_mac(secret, header[: found.start("mac")]))
    if not hmac.compare_digest(mac, found["mac"].strip()):
        raise SealedFileProblem(NOT_ONE)
    return FileKey(found[0], secret)


def _stretched(passphrase: str, salt: bytes, work: int) -> bytes:
    said = unicodedata.normalize("NFC", passphrase).encode()
    return Scrypt(salt=SCRYPT_SALT + salt, length=32, n=2**work, r=8, p=1).derive(said)


def _mac(secret: bytes, begin: bytes) -> bytes:
    return hmac.digest(_derived(secret, b"", b"header"), begin, "sha256")


def _derived(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(secret)


def _text(raw: bytes) -> bytes:
    return base64.b64encode(raw).rstrip(b"=")


def _bytes(text: bytes) -> bytes:
    return base64.b64decode(text + b"=" * (-len(text) % 4))


def _nonce(place: int, *, is_last: bool) -> bytes:
    return place.to_bytes(11, "big") + bytes([is_last])


class SealingWriter:
    """Encrypts what is written to it, and hands on whole frames.

    It is no file of Python's, which would end by itself when it is thrown away: only `finish`
    writes the frame that says it is the last.
    """

    def __init__(self, key: FileKey, write: Callable[[bytes], object]) -> None:
        salt = secrets.token_bytes(SALT)
        self._cipher = ChaCha20Poly1305(_derived(key.secret, salt, b"payload"))
        self._write, self._waiting, self._place = write, bytearray(), 0
        self._is_open = True
        write(key.header + salt)

    def write(self, given: bytes | bytearray | memoryview) -> int:
        """Encrypt what is known not to be the end."""
        if self._is_open:
            self._waiting += given
            while len(self._waiting) > FRAME:
                self._seal(bytes(self._waiting[:FRAME]), is_last=False)
                del self._waiting[:FRAME]
        return len(given)

    def flush(self) -> None:
        """Nothing: a frame is handed on when it is whole."""

    def finish(self) -> None:
        """Write the last frame."""
        self._seal(bytes(self._waiting), is_last=True)
        self.abandon()

    def abandon(self) -> None:
        """Take nothing any more."""
        self._is_open = False
        self._waiting.clear()

    def _seal(self, plain: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._place, is_last=is_last)
        self._write(self._cipher.encrypt(nonce, plain, None))
        self._place += 1


class SealedReader(io.RawIOBase):
    """The content of such a file, read from any place. Nothing of it is written anywhere.

    Raises SealedFileProblem, also while it is read.
    """

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        super().__init__()
        key = read_file_key(file.read(LONGEST_HEADER), passphrase)
        self._file, self._begin = file, len(key.header) + SALT
        file.seek(len(key.header))
        self._cipher = ChaCha20Poly1305(_derived(key.secret, file.read(SALT), b"payload"))
        length = file.seek(0, io.SEEK_END) - self._begin
        self._last = max(0, (length - 1) // SEALED_FRAME)
        self._size = length - TAG * (self._last + 1)
        self._at, self._place, self._plain = 0, -1, b""
        if self._size < 0:
            raise SealedFileProblem(DAMAGED)
        self._load(self._last)  # whether the end is there

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place of the content."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        """The place."""
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Decrypt a part of one frame."""
        if self._at >= self._size:
            return 0
        self._load(self._at // FRAME)
        part = self._plain[self._at % FRAME :][: len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _load(self, place: int) -> None:
        if place == self._place:
            return
        self._file.seek(self._begin + place * SEALED_FRAME)
        sealed = self._file.read(SEALED_FRAME)
        try:
            nonce = _nonce(place, is_last=place == self._last)
            self._plain = self._cipher.decrypt(nonce, sealed, None)
        except InvalidTag:
            raise SealedFileProblem(DAMAGED) from None
        self._place = place
