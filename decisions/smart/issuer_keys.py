"""The public keys that sign the identity tokens of an EHR, pasted as a JWK Set by a manager."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from jwt import PyJWK
from jwt.exceptions import InvalidKeyError, PyJWKError

PRIVATE: Final = frozenset(("d", "p", "q", "dp", "dq", "qi", "oth", "k"))
ALGORITHMS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-384"): ("ES384",),
    ("RSA", ""): ("RS256", "RS384"),
}
"""Kind and curve of a key -> in what it may sign."""
MEMBERS: Final = ("kty", "crv", "x", "y", "n", "e", "kid", "alg")
LEAST_BITS, MOST_BITS, MOST_KEYS, LONGEST_ID = 2048, 8192, 20, 200


class IssuerKeysRefused(ValueError):
    """These are no keys that can be used; the message says why."""


def read_issuer_keys(text: str) -> list[dict[str, str]]:
    """Every key of a set that can sign here; others, as for encrypting, are left out.

    Raises IssuerKeysRefused.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise IssuerKeysRefused("This is not JSON. Paste what the EHR's jwks_uri shows.") from None
    keys = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(keys, list) or not all(isinstance(one, dict) for one in keys):
        raise IssuerKeysRefused("This is no JWK Set: {“keys”: [...]}.")
    if any(PRIVATE & one.keys() for one in keys):
        raise IssuerKeysRefused("A private key is among them. Paste the public keys alone.")
    kept = [read for one in keys[:MOST_KEYS] if (read := _kept(one))]
    if not kept:
        raise IssuerKeysRefused(
            "None of these keys can be used: they have to sign, in ES384, RS384, ES256 or RS256."
        )
    if len({one.get("kid", "") for one in kept}) < len(kept):
        raise IssuerKeysRefused("Two keys have the same “kid”, or more than one has none.")
    return kept


def _kept(one: Mapping[str, Any]) -> dict[str, str] | None:
    """The members that a check needs; None for a key that cannot sign here."""
    if one.get("use", "sig") != "sig" or len(str(one.get("kid", ""))) > LONGEST_ID:
        return None
    kept = {name: one[name] for name in MEMBERS if isinstance(one.get(name), str)}
    allowed = algorithms_of(kept)
    if not allowed:
        return None
    try:
        key: Any = PyJWK.from_dict(kept, algorithm=allowed[0]).key
    except (PyJWKError, InvalidKeyError, ValueError, TypeError):
        return None
    is_long = kept["kty"] != "RSA" or LEAST_BITS <= key.key_size <= MOST_BITS
    return kept if is_long else None


def algorithms_of(kept: Mapping[str, str]) -> tuple[str, ...]:
    """In what a key may sign: all that its kind allows, or the one that it names itself."""
    of_kind = ALGORITHMS.get((kept.get("kty", ""), kept.get("crv", "")), ())
    named = kept.get("alg")
    return of_kind if named is None else tuple(one for one in of_kind if one == named)


def key_for(keys: Sequence[Mapping[str, str]], kid: str, algorithm: str) -> PyJWK | None:
    """The key of this name that may sign so. Without a name, the only one that there is."""
    named = [one for one in keys if one.get("kid", "") == kid] if kid else list(keys)
    fitting = [one for one in named if algorithm in algorithms_of(one)]
    if len(fitting) != 1 or (not kid and len(keys) != 1):
        return None
    return PyJWK.from_dict(dict(fitting[0]), algorithm=algorithm)
