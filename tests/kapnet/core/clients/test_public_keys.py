"""Keys that somebody pastes: what is kept of them, and what is refused with a reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from kapnet.core.clients.public_keys import KeysRefused, read_public_keys
from tests.collecting import for_each
from tests.kapnet.core.clients.client_factories import ec_key, jwk_of, rsa_key, two_keys

EC = jwk_of(ec_key(), "a")
RSA = jwk_of(rsa_key(), "b")
PEM = ec_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
PUBLIC_PEM = ec_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
P256 = json.loads(
    '{"kty":"EC","crv":"P-256","kid":"p","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",'
    '"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}'
)


def without(key: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in key.items() if name not in names}


PRIVATE = {
    "a private EC key": json.dumps(jwk_of(ec_key(), "a", private=True)),
    "one private RSA key of a set": json.dumps(
        {"keys": [EC, jwk_of(rsa_key(), "b", private=True)]}
    ),
    "a shared secret": json.dumps({"kty": "oct", "kid": "k", "k": "c2VjcmV0"}),
    "a private key cut off": json.dumps(jwk_of(ec_key(), "a", private=True))[:-1],
    "a private key of a set in something else": json.dumps(
        {"jwks": {"keys": [jwk_of(ec_key(), "a", private=True)]}}, indent=2
    ),
    "a PEM file": PEM,
    "a PEM file inside JSON": json.dumps({"key": PEM}),
}
REFUSED: dict[str, tuple[object, str]] = {
    "no JSON": ("my key", "not JSON"),
    "nothing": ("", "not JSON"),
    "an empty set": ({"keys": []}, "between 1 and 10"),
    "eleven keys": ([{**EC, "kid": str(n)} for n in range(11)], "between 1 and 10"),
    "a number": (7, "not a JSON object"),
    "a public PEM": (PUBLIC_PEM.decode(), "PEM file"),
    "no kid": (without(EC, "kid"), "no “kid”"),
    "a NUL in its name": ({**EC, "kid": "a\0b"}, "cannot be shown"),
    "half a character in its name": ({**EC, "kid": "\ud800"}, "cannot be shown"),
    "a NUL in a part": ({**EC, "x": EC["x"] + "\0"}, "cannot be read"),
    "two of a name": ({"keys": [EC, {**RSA, "kid": "a"}]}, "same “kid”"),
    "another kind": ({"kty": "OKP", "kid": "o", "crv": "Ed25519", "x": "AA"}, "“kty”"),
    "another curve": (P256, "P-384"),
    "a part missing": (without(EC, "y"), "not complete"),
    "not on the curve": ({**EC, "y": EC["x"]}, "cannot be read"),
    "for another algorithm": ({**RSA, "alg": "RS256"}, "RS384"),
    "for encrypting": ({**RSA, "use": "enc"}, "not for signing"),
    "1,024 bits": (jwk_of(rsa_key(1024), "s"), "1024 bits"),
    "deep": ("[" * 100_000, "not JSON"),
}


def test_members_that_check_a_signature_are_kept_and_nothing_else() -> None:
    read = read_public_keys(json.dumps({"keys": [{**EC, "note": "of Ms Example"}, RSA]}))

    assert [set(one) for one in read] == [
        {"kty", "kid", "crv", "x", "y"},
        {"kty", "kid", "n", "e"},
    ]
    assert read == read_public_keys(two_keys())
    assert read_public_keys(json.dumps(EC)) == read[:1]


@for_each("name", list(PRIVATE))
def test_private_key_is_named_as_what_it_is(name: str) -> None:
    with pytest.raises(KeysRefused, match="private key") as refused:
        read_public_keys(PRIVATE[name])

    assert refused.value.is_private


@for_each("name", list(REFUSED))
def test_key_that_cannot_be_used_is_refused_with_a_reason(name: str) -> None:
    pasted, why = REFUSED[name]

    with pytest.raises(KeysRefused, match=why) as refused:
        read_public_keys(pasted if isinstance(pasted, str) else json.dumps(pasted))

    assert not refused.value.is_private
