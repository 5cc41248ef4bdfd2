"""Signed assertions (I-07, S-58): what counts, and everything that does not."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from kapnet.core.clients.assertions import AssertionRefused, check, look_into
from kapnet.core.clients.models import ApiClient
from kapnet.core.clients.public_keys import read_public_keys
from kapnet.core.people.models import Clinic
from tests.collecting import for_each
from tests.kapnet.core.clients.client_factories import claims, ec_key, rsa_key, signed, two_keys

AUDIENCE = "https://kapnet.example/oauth/token"
KEYS_ADDRESS = "https://ehr.example/jwks.json"
CLIENT = ApiClient(clinic=Clinic(name="Clinic"), name="Program")
DAY = 24 * 60 * 60


def said(**changed: Any) -> dict[str, Any]:
    return claims(CLIENT, AUDIENCE, **changed)


def now() -> int:
    return int(timezone.now().timestamp())


def unsigned() -> str:
    parts = ({"alg": "none", "typ": "JWT", "kid": "a"}, said())
    encoded = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in parts]
    return b".".join(encoded).decode() + "."


def signed_with_public_key() -> str:
    """As an attacker would, whom a verifier lets choose the algorithm."""
    key = ec_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    parts = ({"alg": "HS384", "typ": "JWT", "kid": "a"}, said())
    encoded = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in parts]
    mac = hmac.digest(key, b".".join(encoded), "sha384")
    return b".".join([*encoded, base64.urlsafe_b64encode(mac).rstrip(b"=")]).decode()


def signed_list() -> str:
    encoded = jwt.api_jws.encode(b"[1]", ec_key(), "ES384", headers={"kid": "a"})
    return str(encoded)


def checked(token: str, **more: Any) -> str:
    """A word of why it was refused; empty: it counts."""
    try:
        check(
            token,
            keys=read_public_keys(two_keys()),
            keys_address=KEYS_ADDRESS,
            issuer=str(CLIENT.pk),
            subject=str(CLIENT.pk),
            audience=AUDIENCE,
            **more,
        )
    except AssertionRefused as refused:
        return str(refused)
    return ""


COUNTS: dict[str, Callable[[], str]] = {
    "ES384": lambda: signed(said()),
    "RS384": lambda: signed(said(), rsa_key(), "RS384", kid="b"),
    "its address in a list": lambda: signed(said(aud=[AUDIENCE])),
    "no iat": lambda: signed(said(iat=None)),
    "a clock that is half a minute ahead": lambda: signed(
        said(iat=now() + 30, exp=now() + 30 + 300)
    ),
    "ended a moment ago": lambda: signed(said(iat=now() - 200, exp=now() - 30)),
    "the jku that the clinic wrote down": lambda: signed(said(), jku=KEYS_ADDRESS),
}
REFUSED: dict[str, tuple[Callable[[], str], str]] = {
    "no token": (lambda: "abc", "not a signed JWT"),
    "alg none": (unsigned, "has to be signed"),
    "HS256": (lambda: signed(said(), "x" * 64, "HS256"), "has to be signed"),
    "HS384 by the public key": (
        signed_with_public_key,
        "has to be signed",
    ),
    "RS256": (lambda: signed(said(), rsa_key(), "RS256", kid="b"), "has to be signed"),
    "RS384 by the name of the other key": (
        lambda: signed(said(), rsa_key(), "RS384", kid="a"),
        "another algorithm",
    ),
    "another key by the same name": (lambda: signed(said(), ec_key("other")), "signature"),
    "changed after it was signed": (
        lambda: signed(said())[:-8] + ("A" * 8),
        "signature",
    ),
    "no kid": (lambda: signed(said(), kid=None), "no kid"),
    "unknown kid": (lambda: signed(said(), kid="z"), "names no key"),
    "a jku of this machine": (lambda: signed(said(), jku="http://127.0.0.1/jwks"), "jku"),
    "a key in its header": (lambda: signed(said(), jwk={"kty": "oct", "k": "x"}), "header says"),
    "a certificate in its header": (lambda: signed(said(), x5u="http://127.0.0.1/"), "header says"),
    "crit": (lambda: signed(said(), crit=["exp"]), "it"),
    "wrong aud": (lambda: signed(said(aud="https://kapnet.example/fhir/r4/")), "aud"),
    "aud with a slash more": (lambda: signed(said(aud=AUDIENCE + "/")), "aud"),
    "two addresses": (lambda: signed(said(aud=[AUDIENCE, "https://other.example"])), "aud"),
    "no aud": (lambda: signed(said(aud=None)), "missing"),
    "another iss": (lambda: signed(said(iss="https://evil.example")), "iss"),
    "no iss": (lambda: signed(said(iss=None)), "no iss"),
    "another sub": (lambda: signed(said(sub="somebody")), "sub"),
    "no sub": (lambda: signed(said(sub=None)), "sub"),
    "ended": (lambda: signed(said(iat=now() - 300, exp=now() - 61)), "ended"),
    "no end": (lambda: signed(said(exp=None)), "missing"),
    "an end that is no time": (lambda: signed(said(exp="soon")), "it"),
    "an end after all time": (lambda: signed(said(exp=10**400)), "5 minutes"),
    "a beginning before all time": (lambda: signed(said(iat=-(10**400))), "5 minutes"),
    "an endless end": (lambda: signed(said(exp=float("inf"))), "it"),
    "lives a day": (lambda: signed(said(exp=now() + DAY)), "5 minutes"),
    "a day, with an iat of tomorrow": (
        lambda: signed(said(iat=now() + DAY, exp=now() + DAY + 60)),
        "not valid yet",
    ),
    "ten minutes, begun five minutes ago": (
        lambda: signed(said(iat=now() - 300, exp=now() + 300)),
        "5 minutes",
    ),
    "iat ahead": (lambda: signed(said(iat=now() + 90, exp=now() + 200)), "not valid yet"),
    "nbf ahead": (lambda: signed(said(nbf=now() + 90)), "not valid yet"),
    "no jti": (lambda: signed(said(jti=None)), "missing"),
    "an empty jti": (lambda: signed(said(jti="")), "jti"),
    "a long jti": (lambda: signed(said(jti="x" * 201)), "jti"),
    "half a character as jti": (lambda: signed(said(jti="\ud800")), "jti"),
    "a NUL in its iss": (lambda: signed(said(iss="a\0b")), "no name"),
    "half a character as iss": (lambda: signed(said(iss="\ud800")), "no name"),
    "letters of another script": (lambda: "é.é.é", "not a signed JWT"),
    "an end in a list": (lambda: signed(said(exp=[now() + 60])), "it"),
    "an iat in a list": (lambda: signed(said(iat=[now()])), "it"),
    "a list of claims": (signed_list, "not a signed JWT"),
    "too long": (lambda: signed(said(more="x" * 20_000)), "too long"),
}


@for_each("name", list(COUNTS))
def test_i07_assertion_that_counts(name: str) -> None:
    assert checked(COUNTS[name]()) == ""


@for_each("name", list(REFUSED))
def test_i07_s58_assertion_that_is_refused(name: str) -> None:
    make, why = REFUSED[name]

    assert why in checked(make())


def test_i07_hooks_need_an_iat() -> None:
    assert "missing" in checked(signed(said(iat=None)), needs_iat=True)


def test_assertion_ends() -> None:
    token = signed(said())

    with time_machine.travel(timezone.now() + timedelta(minutes=4)):
        assert "ended" in checked(token)


def test_nothing_of_a_token_is_in_a_refusal() -> None:
    with pytest.raises(AssertionRefused) as refused:
        look_into(signed(said(iss=None, secret="quillfeather")))

    assert "quillfeather" not in str(refused.value)
