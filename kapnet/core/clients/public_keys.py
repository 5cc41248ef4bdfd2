"""Public keys of a client, pasted as JSON Web Keys (RFC 7517). Never a private one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from jwt import PyJWK
from jwt.exceptions import InvalidKeyError, PyJWKError

PublicKey = dict[str, str]
"""The members of a public key that are kept."""

PRIVATE = re.compile(r'"(?:d|p|q|dp|dq|qi|oth|k)"\s*:')
"""Names of secret members, wherever they are: in JSON that cannot be read as well."""
ALGORITHMS: Final[Mapping[str, str]] = {"EC": "ES384", "RSA": "RS384"}
"""kty -> the one algorithm in which keys of this kind may sign."""
MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {"EC": ("crv", "x", "y"), "RSA": ("n", "e")}
MOST_KEYS, LONGEST_ID = 10, 200
LEAST_BITS, MOST_BITS = 2048, 8192
PRIVATE_PASTED: Final = (
    "This is a private key. Nothing of it was kept. It has been seen on this page: have a"
    " new pair of keys made, and paste the public key alone."
)


class KeysRefused(ValueError):
    """These are no keys that can be used; the message says why and what to do.

    is_private: a secret was pasted, which nobody may show or keep.
    """

    def __init__(self, words: str, *, is_private: bool = False) -> None:
        super().__init__(words)
        self.is_private = is_private


def read_public_keys(text: str) -> list[PublicKey]:
    """The keys of a JWK Set, of a list, or one key. Raises KeysRefused."""
    if "PRIVATE KEY" in text or PRIVATE.search(text):
        raise KeysRefused(PRIVATE_PASTED, is_private=True)
    if "-----BEGIN" in text:
        raise KeysRefused("This is a PEM file. Paste the key as JSON: a JWK or a JWK Set.")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise KeysRefused("This is not JSON. Paste a JWK Set: {“keys”: [...]}.") from None
    keys = _keys_in(found)
    if not 1 <= len(keys) <= MOST_KEYS:
        raise KeysRefused(f"Paste between 1 and {MOST_KEYS} keys.")
    read = [_public(one, place) for place, one in enumerate(keys, start=1)]
    if len({one["kid"] for one in read}) < len(read):
        raise KeysRefused("Two keys have the same “kid”. Each needs its own.")
    return read


def _keys_in(found: object) -> Sequence[object]:
    if isinstance(found, dict) and "keys" in found:
        found = found["keys"]
    return found if isinstance(found, list) else [found]


def _public(one: object, place: int) -> PublicKey:
    """What is kept of a key: what it takes to check a signature, and its name."""
    if not isinstance(one, dict):
        raise KeysRefused(f"Key {place} is not a JSON object.")
    kind, name = one.get("kty"), one.get("kid")
    if kind not in ("EC", "RSA"):
        raise KeysRefused(f"Key {place}: “kty” has to be EC (ES384) or RSA (RS384).")
    if not isinstance(name, str) or not 1 <= len(name) <= LONGEST_ID:
        raise KeysRefused(f"Key {place} has no “kid”, which says which key signed.")
    if not name.isprintable():
        raise KeysRefused(f"Key {place}: its “kid” has a character that cannot be shown.")
    if one.get("alg", ALGORITHMS[kind]) != ALGORITHMS[kind]:
        raise KeysRefused(f"Key {place}: {kind} keys sign in {ALGORITHMS[kind]} here.")
    if one.get("use", "sig") != "sig":
        raise KeysRefused(f"Key {place} is not for signing: its “use” says so.")
    parts = MEMBERS[kind]
    values = {part: one[part] for part in parts if isinstance(one.get(part), str)}
    if len(values) < len(parts):
        raise KeysRefused(f"Key {place} is not complete: {', '.join(parts)}.")
    if not all(one.isascii() and one.isprintable() for one in values.values()):
        raise KeysRefused(f"Key {place} cannot be read. Copy it again.")
    kept: PublicKey = {"kty": kind, "kid": name, **values}
    _check(kept, place)
    return kept


def _check(kept: PublicKey, place: int) -> None:
    """Raises KeysRefused for a curve, a point or a length that cannot be used."""
    if kept.get("crv", "P-384") != "P-384":
        raise KeysRefused(f"Key {place}: ES384 needs the curve P-384.")
    try:
        key: Any = loaded(kept).key
    except (PyJWKError, InvalidKeyError, ValueError, TypeError):
        raise KeysRefused(f"Key {place} cannot be read. Copy it again.") from None
    if kept["kty"] == "RSA" and not LEAST_BITS <= key.key_size <= MOST_BITS:
        raise KeysRefused(
            f"Key {place} has {key.key_size} bits. RSA needs {LEAST_BITS} to {MOST_BITS}."
        )


def loaded(kept: Mapping[str, Any]) -> PyJWK:
    """A kept key, for a check in its one algorithm."""
    return PyJWK.from_dict(dict(kept), algorithm=ALGORITHMS[kept["kty"]])


def key_named(keys: Sequence[Mapping[str, Any]], name: str) -> PyJWK | None:
    """The kept key of this “kid”."""
    return next((loaded(one) for one in keys if one["kid"] == name), None)
