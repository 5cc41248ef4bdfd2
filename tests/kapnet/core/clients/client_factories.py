"""Programs that call, with keys of their own, and what they send."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.test import Client
from django_scopes import scope

from kapnet.core.clients.models import ApiClient
from kapnet.core.clients.public_keys import read_public_keys
from kapnet.core.clients.scopes import scopes_of
from kapnet.core.clients.tokens import issue
from kapnet.core.people.models import Clinic, Role
from tests.factories import make_member

TOKEN_ADDRESS = "http://testserver/oauth/token"
ISSUER = "https://ehr.example"
ALL_BUT_EVERYTHING = scopes_of(
    ("questionnaires", "forms", "record", "letters", "reasoning", "tasks", "evidence")
)
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@cache
def ec_key(name: str = "a") -> ec.EllipticCurvePrivateKey:
    """A key for ES384; another one for each name."""
    return ec.generate_private_key(ec.SECP384R1())


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key for RS384."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def jwk_of(key: PrivateKey, kid: str, *, private: bool = False) -> dict[str, Any]:
    """The key as JSON."""
    shown: Any = key if private else key.public_key()
    algorithm = "ES384" if isinstance(key, ec.EllipticCurvePrivateKey) else "RS384"
    made = json.loads(jwt.get_algorithm_by_name(algorithm).to_jwk(shown))
    return {**made, "kid": kid, "alg": algorithm}


@cache
def two_keys() -> str:
    """A set of two public keys as somebody pastes it: kid a (ES384) and b (RS384)."""
    return json.dumps({"keys": [jwk_of(ec_key(), "a"), jwk_of(rsa_key(), "b")]})


def make_api_client(
    clinic: Clinic,
    *,
    scopes: Sequence[str] = ALL_BUT_EVERYTHING,
    kind: str = ApiClient.Kind.BACKEND,
    **more: Any,
) -> ApiClient:
    """A client of a clinic that may do all but take everything along."""
    issuer = "" if kind == ApiClient.Kind.BACKEND else ISSUER
    maker = clinic.memberships.filter(role=Role.MANAGER).first()
    with scope(clinic=clinic):
        return ApiClient.objects.create(
            clinic=clinic,
            name=str(more.pop("name", "Record system")),
            kind=kind,
            issuer=more.pop("issuer", issuer),
            keys=read_public_keys(two_keys()),
            scopes=list(scopes),
            made_by=maker.user if maker else make_member(clinic=clinic, role=Role.MANAGER),
            **more,
        )


def program(client: ApiClient, *, scopes: Sequence[str] = (), **headers: str) -> Client:
    """A test client that shows a token. scopes: of the token; all that the client has."""
    issued = issue(client, list(scopes or client.scopes))
    return Client(headers={"Authorization": f"Bearer {issued.text}", **headers})


def claims(client: ApiClient, audience: str = TOKEN_ADDRESS, **changed: Any) -> dict[str, Any]:
    """What a right assertion says; None takes a claim out."""
    now = int(datetime.now(UTC).timestamp())
    name = client.issuer or str(client.pk)
    said = {
        "iss": name,
        "sub": name,
        "aud": audience,
        "iat": now,
        "exp": now + 120,
        "jti": str(uuid.uuid4()),
        **changed,
    }
    return {key: value for key, value in said.items() if value is not None}


def signed(
    said: Mapping[str, Any],
    key: Any = None,
    algorithm: str = "ES384",
    **header: Any,
) -> str:
    """An assertion; by key "a" where none is named."""
    named = {name: value for name, value in {"kid": "a", **header}.items() if value is not None}
    return jwt.encode(dict(said), key or ec_key(), algorithm, headers=named)


def ask_for_token(assertion: str, scope: str = "system/Patient.rs", **changed: str) -> Any:
    """The answer of the token endpoint."""
    sent = {
        "grant_type": "client_credentials",
        "scope": scope,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion,
        **changed,
    }
    body = "&".join(f"{name}={value}" for name, value in sent.items()).replace(" ", "+")
    return Client().post("/oauth/token", body, content_type="application/x-www-form-urlencoded")
