"""Who somebody is in an EHR: which identity tokens prove it, and which keys can be listed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from decisions.smart.id_tokens import IdTokenRefused, person_of
from decisions.smart.issuer_keys import IssuerKeysRefused, read_issuer_keys
from tests.collecting import for_each

ISSUER, CLIENT, NONCE = "https://ehr.example", "kapnet", "a-nonce"
NO_KEY: Any = None
DOCTOR = "https://ehr.example/fhir/Practitioner/1"


@cache
def private(name: str) -> Any:
    """A key that signs, by its name."""
    if name == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    if name == "short":
        return rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505, to be refused
    return ec.generate_private_key({"p384": ec.SECP384R1, "p256": ec.SECP256R1}[name[:4]]())


def public(name: str, **other: Any) -> dict[str, Any]:
    """The same as a public JWK."""
    kind = RSAAlgorithm if name in ("rsa", "short") else ECAlgorithm
    return {**json.loads(kind.to_jwk(private(name).public_key())), "kid": name, **other}


def listed(*names: str) -> list[dict[str, str]]:
    """Keys as a manager pasted them."""
    return read_issuer_keys(json.dumps({"keys": [public(name) for name in names]}))


def claims(**other: Any) -> dict[str, Any]:
    """What a good token says; None takes a claim away."""
    now = int(time.time())
    said = {
        "iss": ISSUER,
        "aud": CLIENT,
        "sub": "dr",
        "nonce": NONCE,
        "iat": now,
        "exp": now + 300,
        "fhirUser": DOCTOR,
        **other,
    }
    return {name: value for name, value in said.items() if value is not None}


def signed(algorithm: str = "ES384", key: str = "p384", headers: Any = None, **other: Any) -> str:
    """A token in an algorithm by a key."""
    named = {"kid": key, **(headers or {})}
    return jwt.encode(claims(**other), private(key), algorithm=algorithm, headers=named)


def tell(token: str, *names: str) -> str:
    """Who it proves, by these keys."""
    keys = listed(*(names or ("p384", "p256", "rsa")))
    return person_of(token, keys=keys, issuer=ISSUER, client_id=CLIENT, nonce=NONCE)


GOOD: dict[str, Callable[[], str]] = {
    "ES384": signed,
    "ES256": lambda: signed("ES256", "p256"),
    "RS256": lambda: signed("RS256", "rsa"),
    "RS384": lambda: signed("RS384", "rsa"),
    "a clock a little ahead": lambda: signed(iat=int(time.time()) + 30),
    "audience in a list": lambda: signed(aud=[CLIENT]),
    "for more, by azp for us": lambda: signed(aud=[CLIENT, "other"], azp=CLIENT),
}
NOW = int(time.time())
BAD: dict[str, Callable[[], str]] = {
    "no token": lambda: "not-a-token",
    "empty": lambda: "",
    "too long": lambda: "a" * 20_000,
    "signed by nobody": lambda: jwt.encode(claims(), NO_KEY, algorithm="none"),
    "signed by nobody, with a kid": lambda: jwt.encode(
        claims(), NO_KEY, algorithm="none", headers={"kid": "p384"}
    ),
    "a shared secret": lambda: jwt.encode(
        claims(), "k" * 64, algorithm="HS256", headers={"kid": "p384"}
    ),
    "an algorithm that is not listed": lambda: signed("RS512", "rsa"),
    "another pair with the same kid": lambda: signed("ES384", "p384-2", {"kid": "p384"}),
    "a kid that is not listed": lambda: signed(headers={"kid": "other"}),
    "an algorithm of another key": lambda: signed("RS256", "rsa", {"kid": "p384"}),
    "a changed claim": lambda: _changed(signed()),
    "without a signature": lambda: signed().rpartition(".")[0] + ".",
    "another issuer": lambda: signed(iss="https://other.example"),
    "no issuer": lambda: signed(iss=None),
    "another audience": lambda: signed(aud="other"),
    "no audience": lambda: signed(aud=None),
    "for more, by nobody for us": lambda: signed(aud=[CLIENT, "other"]),
    "azp of another": lambda: signed(azp="other"),
    "ended": lambda: signed(exp=NOW - 120),
    "no end": lambda: signed(exp=None),
    "made in time to come": lambda: signed(iat=int(time.time()) + 600),
    "made long ago": lambda: signed(iat=int(time.time()) - 3600),
    "no time": lambda: signed(iat=None),
    "not valid yet": lambda: signed(nbf=int(time.time()) + 600),
    "another nonce": lambda: signed(nonce="other"),
    "no nonce": lambda: signed(nonce=None),
    "a nonce of another kind": lambda: signed(nonce=["a-nonce"]),
    "nobody": lambda: signed(fhirUser=None),
    "an empty person": lambda: signed(fhirUser=""),
    "a person of another kind": lambda: signed(fhirUser={"reference": DOCTOR}),
    "a very long person": lambda: signed(fhirUser="x" * 400),
}


def _changed(token: str) -> str:
    head, _, signature = token.split(".")
    other = signed("ES384", "p384-2", fhirUser="https://ehr.example/fhir/Practitioner/2")
    return ".".join((head, other.split(".")[1], signature))


@for_each("name", GOOD)
def test_token_proves_who_it_is(name: str) -> None:
    assert tell(GOOD[name]()) == DOCTOR


@for_each("name", BAD)
def test_token_proves_nothing(name: str) -> None:
    with pytest.raises(IdTokenRefused) as refused:
        tell(BAD[name]())
    assert "a-nonce" not in str(refused.value)


def test_token_without_kid_counts_where_there_is_one_key() -> None:
    without = jwt.encode(claims(), private("p384"), algorithm="ES384")

    assert tell(without, "p384") == DOCTOR
    with pytest.raises(IdTokenRefused):
        tell(without, "p384", "p256")


KEYS_REFUSED = {
    "no JSON": "{",
    "a list": "[]",
    "no keys": '{"keys": []}',
    "keys that are none": '{"keys": [1]}',
    "very deep": '{"keys": ' + "[" * 50_000,
    "another kind": '{"keys": [{"kty": "oct", "kid": "a"}]}',
    "not complete": '{"keys": [{"kty": "RSA", "kid": "a"}]}',
    "odd members": '{"keys": [{"kty": "EC", "crv": "P-384", "x": 1, "y": [], "kid": "a"}]}',
}


@for_each("name", KEYS_REFUSED)
def test_keys_are_refused(name: str) -> None:
    with pytest.raises(IssuerKeysRefused):
        read_issuer_keys(KEYS_REFUSED[name])


@for_each("name", ("short", "private", "doubled", "nameless", "encrypting", "of another algorithm"))
def test_keys_that_cannot_be_used_are_refused(name: str) -> None:
    keys = {
        "short": [public("short")],
        "private": [json.loads(ECAlgorithm.to_jwk(private("p384")))],
        "doubled": [public("p384"), public("p256", kid="p384")],
        "nameless": [{**public("p384"), "kid": None}, {**public("p256"), "kid": None}],
        "encrypting": [public("rsa", use="enc")],
        "of another algorithm": [public("rsa", alg="RS512")],
    }[name]

    with pytest.raises(IssuerKeysRefused):
        read_issuer_keys(json.dumps({"keys": keys}))


def test_keys_for_other_things_are_left_out() -> None:
    pasted = {"keys": [public("p384", use="sig"), public("rsa", use="enc", kid="e")]}

    assert [one["kid"] for one in read_issuer_keys(json.dumps(pasted))] == ["p384"]
