"""What an EHR says of itself, as far as a launch needs it (SMART App Launch 2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from decisions.smart.models import EhrIssuer
from decisions.smart.outbound import EhrFailed, get, host_of, refuse_address

PATH = "/.well-known/smart-configuration"
S256 = "S256"
TYPES = (
    "Patient",
    "Condition",
    "Observation",
    "QuestionnaireResponse",
    "MedicationStatement",
    "MedicationRequest",
    "AllergyIntolerance",
)
"""What is read, each on its own: an EHR may give a part of it."""


@dataclass(frozen=True)
class Configuration:
    """Where to send the browser and where to fetch the token; who signs; what is asked for."""

    authorization: str
    token: str
    issuer: str
    scope: str


def hosts_of(issuer: EhrIssuer) -> frozenset[str]:
    """The hosts to which the addresses of an EHR may lead."""
    return frozenset({host_of(issuer.iss), *issuer.hosts})


def read_configuration(issuer: EhrIssuer) -> Configuration:
    """Ask the EHR, and refuse what leads elsewhere or is not safe. Raises EhrFailed."""
    hosts = hosts_of(issuer)
    said = get(issuer.iss + PATH, hosts=hosts)
    addresses = {name: said.get(f"{name}_endpoint") for name in ("authorization", "token")}
    for name, address in addresses.items():
        if not isinstance(address, str):
            raise EhrFailed(f"its configuration has no {name}_endpoint")
        refuse_address(address, hosts)
    if S256 not in _texts(said.get("code_challenge_methods_supported")):
        raise EhrFailed("it does not offer PKCE with S256")
    signs = issuer.token_issuer or said.get("issuer")
    if not isinstance(signs, str) or not signs:
        raise EhrFailed("its configuration does not say who signs (issuer)")
    return Configuration(
        authorization=str(addresses["authorization"]),
        token=str(addresses["token"]),
        issuer=signs,
        scope=_scope(_texts(said.get("capabilities"))),
    )


def _scope(capabilities: Sequence[str]) -> str:
    """Reading this patient, in the older words where the EHR knows no others."""
    is_older = "permission-v1" in capabilities and "permission-v2" not in capabilities
    rights = "read" if is_older else "rs"
    return " ".join(("launch", "openid", "fhirUser", *(f"patient/{one}.{rights}" for one in TYPES)))


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def granted(scope: str, kind: str) -> bool:
    """Whether a scope lets this type of resource be searched, in the older or newer words."""
    for one in scope.split():
        who, _, what = one.partition("/")
        named, _, rights = what.partition("?")[0].partition(".")
        if who != "patient" or named not in (kind, "*"):
            continue
        if rights in ("read", "*") or {"r", "s"} <= set(rights):
            return True
    return False
