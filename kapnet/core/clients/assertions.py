"""Signed assertions of clients (RFC 7523): who says so, to whom, until when. No outbound call."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import jwt
from jwt.exceptions import InvalidJTIError

from kapnet.core.clients.models import ApiClient
from kapnet.core.clients.public_keys import ALGORITHMS, key_named

SIGNED_IN: Final = tuple(ALGORITHMS.values())
KNOWN_HEADERS: Final = frozenset(("alg", "typ", "kid", "jku", "cty"))
LEEWAY_SECONDS: Final = 60
MOST_SECONDS: Final = 5 * 60
"""How far ahead an assertion may end, and how long it may last."""
LONGEST_TOKEN, LONGEST_ISSUER, LONGEST_JTI = 16_000, 300, 200


class AssertionRefused(ValueError):
    """An assertion that proves nothing. The message says why, without a value of it.

    client: whose name it used, where that is one.
    """

    client: ApiClient | None = None


@dataclass(frozen=True)
class Unchecked:
    """What an assertion says before anybody checked it: to find whose keys check it."""

    issuer: str
    subject: str | None
    key_id: str
    keys_address: str
    tenant: str


@dataclass(frozen=True)
class Assertion:
    """What a signature has proved. jti_sha256: it may be used once."""

    jti_sha256: str
    claims: Mapping[str, Any]


def look_into(token: str) -> Unchecked:
    """Raises AssertionRefused for what is no signed token, or is signed in a way not used here."""
    if len(token) > LONGEST_TOKEN:
        raise AssertionRefused("it is too long")
    try:
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise AssertionRefused("it is not a signed JWT") from None
    if header.get("alg") not in SIGNED_IN:
        raise AssertionRefused(f"it has to be signed in {' or '.join(SIGNED_IN)}")
    if not header.keys() <= KNOWN_HEADERS:
        raise AssertionRefused("its header says more than alg, kid, typ and jku")
    key_id, issuer, subject = header.get("kid"), claims.get("iss"), claims.get("sub")
    if not isinstance(key_id, str):
        raise AssertionRefused("its header names no kid")
    if not isinstance(issuer, str):
        raise AssertionRefused("it has no iss")
    if not issuer.isprintable() or len(issuer) > LONGEST_ISSUER:
        raise AssertionRefused("its iss is no name")
    return Unchecked(
        issuer=issuer,
        subject=subject if isinstance(subject, str) else None,
        key_id=key_id,
        keys_address=str(header.get("jku", "")),
        tenant=str(claims.get("tenant", "")),
    )


def check(
    token: str,
    *,
    keys: Sequence[Mapping[str, Any]],
    keys_address: str,
    issuer: str,
    audience: str,
    subject: str | None = None,
    needs_iat: bool = False,
    said: Unchecked | None = None,
) -> Assertion:
    """What the assertion proves, by these keys. Raises AssertionRefused.

    keys_address: the only `jku` that it may name. audience: exactly this address and no other.
    subject: what `sub` has to be, where it is asked for. said: what `look_into` found in it.
    """
    said = said or look_into(token)
    if said.keys_address and said.keys_address != keys_address:
        raise AssertionRefused("its jku is not the one that the clinic wrote down")
    key = key_named(keys, said.key_id)
    if key is None:
        raise AssertionRefused("its kid names no key that the clinic has")
    required = ["iss", "aud", "exp", "jti", *(["iat"] if needs_iat else [])]
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[key.algorithm_name],
            issuer=issuer,
            audience=audience,
            leeway=LEEWAY_SECONDS,
            options={"require": required, "strict_aud": False},
        )
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError) as wrong:
        raise AssertionRefused(WHY.get(type(wrong), "it cannot be checked")) from None
    _check_claims(claims, audience, subject)
    return Assertion(hashlib.sha256(claims["jti"].encode()).hexdigest(), claims)


WHY: Final[Mapping[type[Exception], str]] = {
    jwt.InvalidSignatureError: "its signature does not fit the key",
    jwt.InvalidAlgorithmError: "its key signs in another algorithm",
    jwt.ExpiredSignatureError: "it has ended",
    jwt.ImmatureSignatureError: "it is not valid yet",
    jwt.InvalidIssuedAtError: "its iat is not a time",
    jwt.InvalidAudienceError: "its aud is not the address that was called",
    jwt.InvalidIssuerError: "its iss is not this client",
    InvalidJTIError: "its jti is not a text",
    jwt.MissingRequiredClaimError: "a claim is missing: iss, aud, exp, iat or jti",
}


def _check_claims(claims: Mapping[str, Any], audience: str, subject: str | None) -> None:
    """What the library leaves open."""
    if claims["aud"] not in (audience, [audience]):
        raise AssertionRefused("its aud names other addresses, too")
    if subject is not None and claims.get("sub") != subject:
        raise AssertionRefused("its sub is not this client")
    jti = claims["jti"]
    if not isinstance(jti, str) or not 1 <= len(jti) <= LONGEST_JTI or not jti.isprintable():
        raise AssertionRefused("its jti is not a text of up to 200 characters")
    now, ends = datetime.now(UTC).timestamp(), int(claims["exp"])
    begins = int(claims.get("iat", now))
    if ends > now + MOST_SECONDS + LEEWAY_SECONDS or ends - begins > MOST_SECONDS:
        raise AssertionRefused("it is valid for more than 5 minutes")
