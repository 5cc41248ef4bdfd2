"""Identity tokens of an EHR: who somebody is there, by the keys that a manager pasted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Any, Final

import jwt

from decisions.smart.issuer_keys import key_for

LEEWAY_SECONDS: Final = 60
OLDEST_SECONDS: Final = 10 * 60
LONGEST_TOKEN, LONGEST_USER = 16_000, 300
REQUIRED: Final = ["iss", "aud", "exp", "iat", "sub", "nonce"]


class IdTokenRefused(ValueError):
    """A token that proves nothing. The message says why, without a value of it."""


def person_of(
    token: str,
    *,
    keys: Sequence[Mapping[str, str]],
    issuer: str,
    client_id: str,
    nonce: str,
    now: datetime | None = None,
) -> str:
    """The `fhirUser` of a token that proves it. Raises IdTokenRefused."""
    claims = _claims(token, keys, issuer, client_id)
    if not compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise IdTokenRefused("its nonce is not that of this launch")
    audience = claims["aud"]
    is_of_more = isinstance(audience, list) and len(audience) > 1
    if (is_of_more or "azp" in claims) and claims.get("azp") != client_id:
        raise IdTokenRefused("it was made for another program")
    begun = (now or datetime.now(UTC)).timestamp() - float(claims["iat"])
    if begun > OLDEST_SECONDS + LEEWAY_SECONDS:
        raise IdTokenRefused("it was made too long ago")
    person = claims.get("fhirUser")
    if not isinstance(person, str) or not 1 <= len(person) <= LONGEST_USER:
        raise IdTokenRefused("it does not say who you are (fhirUser)")
    return person


def _claims(
    token: str, keys: Sequence[Mapping[str, str]], issuer: str, client_id: str
) -> dict[str, Any]:
    if len(token) > LONGEST_TOKEN:
        raise IdTokenRefused("it is too long")
    try:
        header = jwt.get_unverified_header(token)
        algorithm, kid = str(header.get("alg", "")), str(header.get("kid", ""))
        key = key_for(keys, kid, algorithm)
        if key is None:
            raise IdTokenRefused(
                "it is signed by a key, or in a way, that your clinic did not list"
            )
        return jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=client_id,
            issuer=issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": REQUIRED},
        )
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as wrong:
        if isinstance(wrong, IdTokenRefused):
            raise
        raise IdTokenRefused(WHY.get(type(wrong), "it cannot be checked")) from None


WHY: Final[Mapping[type[Exception], str]] = {
    jwt.InvalidSignatureError: "its signature does not fit the key",
    jwt.ExpiredSignatureError: "it has ended",
    jwt.ImmatureSignatureError: "it is not valid yet",
    jwt.InvalidAudienceError: "it was made for another program",
    jwt.InvalidIssuerError: "another system made it",
    jwt.MissingRequiredClaimError: "a claim is missing",
}
